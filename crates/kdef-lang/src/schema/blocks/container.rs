//! `container`

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use super::env::{ENV, ENV_FROM};
use super::lifecycle::LIFECYCLE;
use super::port::PORT;
use super::probes::{PROBES, check_named_ports, check_port_liveness};
use super::resources::RESOURCES;
use super::security_context::CONTAINER_SECURITY_CONTEXT;
use super::unique::check_unique;
use super::volume::{VOLUME, check_propagation};
use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, LabelSchema, WRITTEN_TEXT,
};

/// `container "name" { ... }`
pub static CONTAINER: BlockSchema = BlockSchema::new("container", "Runs an image in each pod.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[IMAGE, CONTAINER_ATTRIBUTES])
    .blocks(&[CONTAINER_BLOCKS, CONTAINER_PARTS])
    .check(check_container);

pub(super) const IMAGE: &[AttributeSchema] = &[AttributeSchema::required(
    "image",
    AttributeType::Text(&WRITTEN_TEXT),
    "The image.",
)];

/// What every container can say beside its image, whenever it runs.
pub(super) const CONTAINER_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "image_pull_policy",
        AttributeType::Words(&["Always", "IfNotPresent", "Never"]),
        "When the image is pulled.",
    ),
    AttributeSchema::optional(
        "command",
        AttributeType::TextList(&ANY_TEXT),
        "The program and its first arguments, in place of the image's entry point.",
    ),
    AttributeSchema::optional(
        "args",
        AttributeType::TextList(&ANY_TEXT),
        "The arguments, in place of the image's.",
    ),
    AttributeSchema::optional(
        "working_dir",
        AttributeType::Text(&ANY_TEXT),
        "Where the program starts.",
    ),
    AttributeSchema::optional(
        "stdin",
        AttributeType::Bool,
        "Whether the program has a standard input that can be attached to.",
    ),
    AttributeSchema::optional(
        "tty",
        AttributeType::Bool,
        "Whether the program runs at a terminal; this needs `stdin`.",
    ),
    AttributeSchema::optional(
        "termination_message_policy",
        AttributeType::Words(&["File", "FallbackToLogsOnError"]),
        "Where the message of a container that has ended comes from.",
    )
    .default("`File`"),
];

/// What stands in a container, and something else of the same kind in a workload.
pub(super) const CONTAINER_BLOCKS: &[ChildSchema] = &[
    ChildSchema::many(&VOLUME),
    ChildSchema::single(&CONTAINER_SECURITY_CONTEXT),
];

/// What else stands in a container, whenever it runs.
pub(super) const CONTAINER_PARTS: &[ChildSchema] = &[
    ChildSchema::many(&PORT),
    ChildSchema::merged(&ENV),
    ChildSchema::many(&ENV_FROM),
    ChildSchema::single(&RESOURCES),
    ChildSchema::single(&PROBES),
    ChildSchema::single(&LIFECYCLE),
];

/// Checks what the parts of a container say of each other.
pub(super) fn check_container(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_unique(block, "port", 1, diagnostics);
    check_mounts(block, diagnostics);
    check_propagation(block, diagnostics);
    check_port_liveness(block, diagnostics);
    check_named_ports(block, diagnostics);
}

/// Kubernetes lets one volume be seen at a path.
fn check_mounts(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for volume in block.children("volume") {
        let Some(path) = volume.text("mount_path") else {
            continue;
        };
        let span = volume.span_of("mount_path");
        if let Some(first) = seen.get(path) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    span,
                    "the container has another volume at this path",
                )
                .with_related(*first, "the first one"),
            );
        }
        seen.entry(path).or_insert(span);
    }
}
