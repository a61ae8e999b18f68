//! `volume_claim` of a statefulset, seen from its pods.

use k8s_openapi::api::core::v1::{Container, VolumeMount};
use kdef_lang::Block;
use kdef_lang::volumes::claims_of_first_container;

use super::volumes;
use crate::provenance::Recorder;

/// Mounts the claims that no container mounts by name into the first container. `fields` stands at the pod's spec.
pub(super) fn mount(workload: &Block, containers: &mut [Container], fields: &mut Recorder<'_>) {
    if claims(workload).next().is_none() {
        return;
    }
    let Some(first) = containers.first_mut() else {
        return;
    };
    for claim in claims_of_first_container(workload) {
        let mounts: &mut Vec<VolumeMount> = first.volume_mounts.get_or_insert_default();
        let place = ("containers[0].volumeMounts", mounts.len());
        mounts.push(volumes::mount(
            claim,
            &mut fields.item(place.0, place.1, claim.span()),
        ));
    }
}

/// Returns the claims of a workload, of which only a statefulset has any.
pub(super) fn claims(workload: &Block) -> impl Iterator<Item = &Block> {
    let kind = "volume_claim";
    let has_claims = workload.schema().child(kind).is_some();
    has_claims.then(|| workload.children(kind)).into_iter().flatten()
}
