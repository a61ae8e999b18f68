//! `security_context` of a container and of a workload.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema};

const USER: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

/// `security_context { ... }` of a pod.
pub static POD_SECURITY_CONTEXT: BlockSchema =
    BlockSchema::new("security_context", "Says what the processes of the pod may do.")
        .attributes(&[SECURITY_ATTRIBUTES])
        .check(|block, diagnostics| {
            for name in ["privileged", "read_only_root"] {
                warn_ignored(block, name, "a container", diagnostics);
            }
        });

/// `security_context { ... }` of a container.
pub static CONTAINER_SECURITY_CONTEXT: BlockSchema = BlockSchema::new(
    "security_context",
    "Says what the processes of the container may do.",
)
.attributes(&[SECURITY_ATTRIBUTES])
.check(|block, diagnostics| warn_ignored(block, "fs_group", "the workload", diagnostics));

const SECURITY_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "run_as_user",
        USER,
        "The number of the user that processes run as.",
    ),
    AttributeSchema::optional(
        "run_as_group",
        USER,
        "The number of the group that processes run as.",
    ),
    AttributeSchema::optional(
        "run_as_non_root",
        AttributeType::Bool,
        "Whether processes that would run as root are not started.",
    ),
    AttributeSchema::optional(
        "read_only_root",
        AttributeType::Bool,
        "Whether the container's own files cannot be written; only in a container.",
    ),
    AttributeSchema::optional(
        "privileged",
        AttributeType::Bool,
        "Whether the container may do what root on the node may; only in a container.",
    ),
    AttributeSchema::optional(
        "fs_group",
        USER,
        "The group that owns the files of volumes; only in a workload.",
    ),
];

fn warn_ignored(block: &Block, name: &str, place: &str, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set(name) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                block.span_of(name),
                format!("`{name}` has no effect here"),
            )
            .with_hint(format!("it belongs in the `security_context` of {place}")),
        );
    }
}
