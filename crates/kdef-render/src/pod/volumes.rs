//! `volume`: the volumes of a pod, and where its containers see them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Volume, VolumeMount};
use kdef_lang::Block;
use kdef_lang::volumes::{all, named};
use kdef_source::{Code, Diagnostic};

use super::claims;
use super::volume_sources::volume;
use crate::attributes::{switched_on, text};
use crate::provenance::{Provenance, Recorder};

/// Returns where a container sees its own volumes.
pub(super) fn mounts(container: &Block, fields: &mut Recorder<'_>) -> Vec<VolumeMount> {
    let own = container.children("volume").enumerate();
    own.map(|(index, block)| mount(block, &mut fields.item("volumeMounts", index, block.span())))
        .collect()
}

/// Returns where an init container sees the volumes of the workload that it names. `first` is their first index.
pub(super) fn named_mounts(
    workload: &Block,
    init: &Block,
    first: usize,
    fields: &mut Recorder<'_>,
) -> Vec<VolumeMount> {
    let names = init.list("volumes").unwrap_or_default().iter();
    // Names of nothing have been reported.
    let found = names.filter_map(|name| Some((name.span, named(workload, &name.value)?)));
    found
        .zip(first..)
        .map(|((span, block), index)| mount(block, &mut fields.item("volumeMounts", index, span)))
        .collect()
}

/// Returns how a block that makes a volume says it is mounted. `fields` stands at the mount.
pub(super) fn mount(block: &Block, fields: &mut Recorder<'_>) -> VolumeMount {
    fields.attributes(
        block,
        &[
            ("mountPath", "mount_path"),
            ("subPath", "sub_path"),
            ("readOnly", "read_only"),
        ],
    );
    let mount = VolumeMount {
        name: block.label(0).to_owned(),
        mount_path: text(block, "mount_path").unwrap_or_default(),
        sub_path: text(block, "sub_path"),
        read_only: switched_on(block, "read_only"),
        ..VolumeMount::default()
    };
    // A claim says no more than that.
    if block.kind() != "volume" {
        return mount;
    }
    fields.attributes(
        block,
        &[
            ("subPathExpr", "sub_path_expr"),
            ("mountPropagation", "mount_propagation"),
        ],
    );
    VolumeMount {
        sub_path_expr: text(block, "sub_path_expr"),
        mount_propagation: text(block, "mount_propagation"),
        ..mount
    }
}

/// Returns the volumes of the pod: those of the workload, then those of the containers, each name once. The first that
/// says a name says where the files come from; a later one that says otherwise is warned of. A volume that is named like a
/// claim is the claim.
pub(super) fn volumes(
    workload: &Block,
    fields: &mut Recorder<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Volume> {
    let mut known: Vec<(&Block, Volume)> = Vec::new();
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let claims: BTreeMap<&str, &Block> = claims::claims(workload)
        .map(|claim| (claim.label(0), claim))
        .collect();
    for block in all(workload).filter(|block| block.kind() == "volume") {
        if let Some(claim) = claims.get(block.label(0)) {
            if has_source(&unrecorded(block)) {
                diagnostics.push(ignored_source(block, claim));
            }
            continue;
        }
        match by_name.get(block.label(0)).map(|index| &known[*index]) {
            None => {
                by_name.insert(block.label(0), known.len());
                let volume = volume(block, &mut fields.item("volumes", known.len(), block.span()));
                known.push((block, volume));
            }
            Some((first, kept)) => {
                let volume = unrecorded(block);
                if volume != *kept && has_source(&volume) {
                    diagnostics.push(ignored_source(block, first));
                }
            }
        }
    }
    known.into_iter().map(|(_, volume)| volume).collect()
}

/// Returns the volume of a block that does not make it, to compare it with the one that does.
fn unrecorded(block: &Block) -> Volume {
    let mut provenance = Provenance::new(block.span());
    volume(block, &mut Recorder::new(&mut provenance))
}

/// Tells whether a volume says where its files come from.
fn has_source(volume: &Volume) -> bool {
    let bare = Volume {
        name: volume.name.clone(),
        ..Volume::default()
    };
    *volume != bare
}

fn ignored_source(block: &Block, first: &Block) -> Diagnostic {
    let message = format!(
        "volume `{}` has another source already, which is used here too",
        block.label(0)
    );
    Diagnostic::warning(Code::NoEffect, block.span(), message)
        .with_related(first.span(), "the source is set here")
        .with_hint("leave the source out to mount the same volume, or give this one another name")
}
