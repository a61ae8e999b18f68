//! `init` of a workload: containers that run before the others, or beside them.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span, Spanned, nearest};

use super::container::{CONTAINER_ATTRIBUTES, CONTAINER_BLOCKS, CONTAINER_PARTS, IMAGE, check_container};
use super::unique::check_unique;
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, LabelSchema};
use crate::volumes;

/// `init "name" { ... }`
pub static INIT: BlockSchema = BlockSchema::new(
    "init",
    "Runs an image in each pod before its containers start, one after the other.",
)
.labels(&[LabelSchema::new("name", &DNS_LABEL)])
.attributes(&[IMAGE, CONTAINER_ATTRIBUTES, INIT_ATTRIBUTES])
.blocks(&[CONTAINER_BLOCKS, CONTAINER_PARTS])
.check(|block, diagnostics| {
    check_container(block, diagnostics);
    check_sidecar(block, diagnostics);
});

const INIT_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "volumes",
        AttributeType::TextList(&DNS_LABEL),
        "Volumes of the workload, or of its containers, that are mounted here at the same paths.",
    ),
    AttributeSchema::optional(
        "restart_policy",
        AttributeType::Words(&["Always"]),
        "Makes it a sidecar, which goes on running beside the containers.",
    )
    .default("it runs once, and must end well"),
];

/// Only a sidecar lives long enough to be probed, reached, or told to end.
fn check_sidecar(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set("restart_policy") || block.is_lost("restart_policy") {
        return;
    }
    for kind in ["port", "probes", "lifecycle"] {
        if let Some(inner) = block.children(kind).next() {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    inner.span(),
                    format!("an `init` that ends has no use for `{kind}`"),
                )
                .with_hint("set `restart_policy = \"Always\"` to make it a sidecar, which goes on running"),
            );
        }
    }
}

/// Checks that the init containers of a workload have names of their own, and that the volumes they name are there.
pub(super) fn check_inits(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_unique(workload, "init", 0, diagnostics);
    for init in workload.children("init") {
        check_name(workload, init, diagnostics);
        check_volumes(workload, init, diagnostics);
    }
}

/// Kubernetes knows all containers of a pod by one set of names.
fn check_name(workload: &Block, init: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let same = |container: &&Block| container.label(0) == init.label(0) && !init.label(0).is_empty();
    if let Some(container) = workload.children("container").find(same) {
        diagnostics.push(
            Diagnostic::error(
                Code::DuplicateBlock,
                init.label_span(0),
                format!("there is a `container` with the name `{}` already", init.label(0)),
            )
            .with_related(container.label_span(0), "the container"),
        );
    }
}

fn check_volumes(workload: &Block, init: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let own = init.children("volume");
    let mut paths: BTreeMap<&str, Span> = own
        .filter_map(|volume| Some((volume.text("mount_path")?, volume.span_of("mount_path"))))
        .collect();
    for name in init.list("volumes").unwrap_or_default() {
        let Some(volume) = volumes::named(workload, &name.value) else {
            diagnostics.extend(unknown_volume(workload, name));
            continue;
        };
        match volume.text("mount_path") {
            Some(path) => {
                if let Some(first) = paths.insert(path, name.span) {
                    diagnostics.push(
                        Diagnostic::error(
                            Code::Contradiction,
                            name.span,
                            format!(
                                "init container `{}` has another volume at this path",
                                init.label(0)
                            ),
                        )
                        .with_related(first, "the first one"),
                    );
                }
            }
            None if volume.is_lost("mount_path") => {}
            None => diagnostics.push(
                Diagnostic::error(
                    Code::MissingAttribute,
                    name.span,
                    format!("volume `{}` says no `mount_path` to mount it at", name.value),
                )
                .with_related(volume.span(), "the volume")
                .with_hint("set `mount_path` there, or write a block `volume` here"),
            ),
        }
    }
}

/// Reports a volume that the workload does not have, as far as all of its volumes are known.
fn unknown_volume(workload: &Block, name: &Spanned<std::sync::Arc<str>>) -> Option<Diagnostic> {
    if !workload.is_sound() {
        return None;
    }
    let known: Vec<&str> = volumes::all(workload).map(|volume| volume.label(0)).collect();
    Some(
        Diagnostic::error(
            Code::UnknownPart,
            name.span,
            format!(
                "{} `{}` has no volume `{}`",
                workload.kind(),
                workload.name(),
                name.value
            ),
        )
        .with_suggestion(nearest(&name.value, known.iter().copied())),
    )
}
