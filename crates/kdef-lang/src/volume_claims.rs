//! Where the volume claims of a statefulset are mounted.
//!
//! Both the check for places that are taken and rendering ask here, so that they cannot disagree.

use crate::Block;

/// Returns the claims of a statefulset that no container mounts by name, in source order. The first container mounts
/// them, where they say.
pub fn of_first_container(statefulset: &Block) -> impl Iterator<Item = &Block> {
    let is_named = |claim: &Block| {
        let names_it = |volume: &Block| volume.label(0) == claim.label(0);
        statefulset
            .children("container")
            .any(|container| container.children("volume").any(names_it))
    };
    statefulset
        .children("volume_claim")
        .filter(move |claim| !is_named(claim))
}
