//! `security_context` of a container and of a workload.

use kdef_source::{Code, Diagnostic};

use super::security_profiles::{APP_ARMOR_PROFILE, CAPABILITIES, SE_LINUX_OPTIONS, SECCOMP_PROFILE};
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, ChildSchema, GROUP, SYSCTLS};

const USER: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

/// `security_context { ... }` of a pod.
pub static POD_SECURITY_CONTEXT: BlockSchema =
    BlockSchema::new("security_context", "Says what the processes of the pod may do.")
        .attributes(&[USER_ATTRIBUTES, POD_ATTRIBUTES, IGNORED_IN_POD])
        .blocks(&[PROFILES])
        .check(|block, diagnostics| {
            for name in ["privileged", "read_only_root"] {
                warn_ignored(block, name, "a container", diagnostics);
            }
            check_user(block, diagnostics);
        });

/// `security_context { ... }` of a container.
pub static CONTAINER_SECURITY_CONTEXT: BlockSchema = BlockSchema::new(
    "security_context",
    "Says what the processes of the container may do.",
)
.attributes(&[USER_ATTRIBUTES, CONTAINER_ATTRIBUTES, IGNORED_IN_CONTAINER])
.blocks(&[&[ChildSchema::single(&CAPABILITIES)], PROFILES])
.check(|block, diagnostics| {
    warn_ignored(block, "fs_group", "the workload", diagnostics);
    check_user(block, diagnostics);
    check_escalation(block, diagnostics);
});

/// `security_context { ... }` of a cronjob and a job: of their only container, or of the pod where `container` blocks stand
/// beside it.
pub(super) static JOB_SECURITY_CONTEXT: BlockSchema = BlockSchema::new(
    "security_context",
    "Says what the processes of the only container may do, or those of the pod beside `container` blocks.",
)
.attributes(&[USER_ATTRIBUTES, CONTAINER_ATTRIBUTES, POD_ATTRIBUTES])
.blocks(&[&[ChildSchema::single(&CAPABILITIES)], PROFILES])
.check(|block, diagnostics| {
    check_user(block, diagnostics);
    check_escalation(block, diagnostics);
});

const PROFILES: &[ChildSchema] = &[
    ChildSchema::single(&SECCOMP_PROFILE),
    ChildSchema::single(&APP_ARMOR_PROFILE),
    ChildSchema::single(&SE_LINUX_OPTIONS),
];

const USER_ATTRIBUTES: &[AttributeSchema] = &[
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
];

const CONTAINER_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "read_only_root",
        AttributeType::Bool,
        "Whether the container's own files cannot be written.",
    ),
    AttributeSchema::optional(
        "privileged",
        AttributeType::Bool,
        "Whether the container may do what root on the node may.",
    ),
    AttributeSchema::optional(
        "allow_privilege_escalation",
        AttributeType::Bool,
        "Whether a process may gain more rights than the one that started it.",
    ),
    AttributeSchema::optional(
        "proc_mount",
        AttributeType::Words(&["Default", "Unmasked"]),
        "Whether parts of `/proc` are hidden from the container.",
    )
    .default("`Default`"),
];

const POD_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional("fs_group", USER, "The group that owns the files of volumes."),
    AttributeSchema::optional(
        "fs_group_change_policy",
        AttributeType::Words(&["OnRootMismatch", "Always"]),
        "When the owner of the files of volumes is changed.",
    )
    .default("`Always`"),
    AttributeSchema::optional(
        "supplemental_groups",
        AttributeType::TextList(&GROUP),
        "The numbers of more groups that processes belong to.",
    ),
    AttributeSchema::optional(
        "supplemental_groups_policy",
        AttributeType::Words(&["Merge", "Strict"]),
        "Whether the groups that the image gives the user count too.",
    )
    .default("`Merge`"),
    AttributeSchema::optional(
        "se_linux_change_policy",
        AttributeType::Words(&["MountOption", "Recursive"]),
        "How the files of volumes get their SELinux label.",
    ),
    AttributeSchema::optional(
        "sysctls",
        AttributeType::TextMap(&SYSCTLS),
        "The kernel parameters of the pod, by name.",
    ),
];

/// What is accepted in every `security_context`, and does something in a container only.
const IGNORED_IN_POD: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "read_only_root",
        AttributeType::Bool,
        "Has no effect here; it belongs in a container.",
    ),
    AttributeSchema::optional(
        "privileged",
        AttributeType::Bool,
        "Has no effect here; it belongs in a container.",
    ),
];

/// What is accepted in every `security_context`, and does something in a workload only.
const IGNORED_IN_CONTAINER: &[AttributeSchema] = &[AttributeSchema::optional(
    "fs_group",
    USER,
    "Has no effect here; it belongs in the workload.",
)];

/// Warns of what the `security_context` of a job says in vain: that of the only container what belongs to the pod, else what
/// belongs to a container.
pub(super) fn warn_place(job: &Block, is_of_container: bool, diagnostics: &mut Vec<Diagnostic>) {
    let Some(block) = job.child("security_context") else {
        return;
    };
    let (ignored, place) = if is_of_container {
        (POD_ATTRIBUTES, "a workload with `container` blocks")
    } else {
        (CONTAINER_ATTRIBUTES, "a container")
    };
    for attribute in ignored {
        warn_ignored(block, attribute.name, place, diagnostics);
    }
    if let Some(capabilities) = block.child("capabilities").filter(|_| !is_of_container) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                capabilities.span(),
                "`capabilities` has no effect here",
            )
            .with_hint("it belongs in the `security_context` of a container"),
        );
    }
}

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

/// A container that may not run as root and must does not start.
fn check_user(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.flag("run_as_non_root") == Some(true) && block.integer("run_as_user") == Some(0) {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("run_as_user"),
                "user 0 is root, which `run_as_non_root` keeps from starting",
            )
            .with_related(block.span_of("run_as_non_root"), "root is ruled out"),
        );
    }
}

/// Kubernetes refuses to take the right to gain rights from a container that has them all.
fn check_escalation(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.flag("allow_privilege_escalation") != Some(false) {
        return;
    }
    let added = block
        .child("capabilities")
        .and_then(|capabilities| capabilities.list("add"));
    let admin = added
        .into_iter()
        .flatten()
        .find(|name| &*name.value == "CAP_SYS_ADMIN");
    let privileged = (block.flag("privileged") == Some(true)).then(|| block.span_of("privileged"));
    let Some(other) = privileged.or(admin.map(|name| name.span)) else {
        return;
    };
    diagnostics.push(
        Diagnostic::error(
            Code::Contradiction,
            block.span_of("allow_privilege_escalation"),
            "a container that has the rights of root on the node can always gain more rights",
        )
        .with_related(other, "these rights"),
    );
}
