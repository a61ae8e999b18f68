//! The volumes of a workload, by their names.

use crate::Block;

/// The blocks of a workload that hold blocks `volume`, in the order in which names are looked up.
const CONTAINERS: [&str; 2] = ["container", "init"];

/// Returns the blocks that make volumes of a workload's pods, in the order in which a name is looked up: those of the
/// workload, of its containers, of its init containers, and the claims that it makes for each pod. One volume may be
/// mounted by several blocks of its name.
pub fn all(workload: &Block) -> impl Iterator<Item = &Block> {
    let inside = |block, kind: &'static str| {
        Block::blocks(block)
            .iter()
            .filter(move |inner| inner.kind() == kind)
    };
    let mounted = CONTAINERS
        .into_iter()
        .flat_map(move |kind| inside(workload, kind))
        .flat_map(move |container| inside(container, "volume"));
    inside(workload, "volume")
        .chain(mounted)
        .chain(inside(workload, "volume_claim"))
}

/// Returns the block that says how the volume of a name is mounted where only its name is given, as in the `volumes` of
/// an `init`.
pub fn named<'a>(workload: &'a Block, name: &str) -> Option<&'a Block> {
    all(workload).find(|volume| volume.label(0) == name)
}

/// Returns the claims of a statefulset that no container mounts by name, in source order. The first container mounts
/// them, where they say.
pub fn claims_of_first_container(statefulset: &Block) -> impl Iterator<Item = &Block> {
    let is_named = |claim: &Block| {
        let names_it = |volume: &Block| volume.label(0) == claim.label(0);
        let mut containers = statefulset.children("container");
        containers.any(|container| container.children("volume").any(names_it))
    };
    let claims = statefulset.children("volume_claim");
    claims.filter(move |claim| !is_named(claim))
}
