//! What the pods of all workloads have: whom they run as, and where.

use kdef_source::{Code, Diagnostic};

use super::host_names::{DNS_CONFIG, HOST_ALIAS, check_dns};
use super::init::INIT;
use super::placement::{AFFINITY, TOPOLOGY_SPREAD, check_spread};
use super::security_context::POD_SECURITY_CONTEXT;
use super::toleration::TOLERATION;
use super::unique::check_unique;
use super::volume::POD_VOLUME;
use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, LABELS, WRITTEN_TEXT,
};

/// The attributes of the pods of a workload.
pub(super) const POD_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "image_pull_secrets",
        AttributeType::TextList(&DNS_SUBDOMAIN),
        "The Secrets that the images are pulled with.",
    ),
    AttributeSchema::optional(
        "service_account",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The ServiceAccount that the pods run as.",
    )
    .default("that of the entry in `root.kdef`"),
    AttributeSchema::optional(
        "node_selector",
        AttributeType::TextMap(&LABELS),
        "The labels that a node must carry for the pods to run on it.",
    ),
    AttributeSchema::optional(
        "host_network",
        AttributeType::Bool,
        "Whether the pods use the node's network.",
    ),
    AttributeSchema::optional(
        "host_pid",
        AttributeType::Bool,
        "Whether the pods see the node's processes.",
    ),
    AttributeSchema::optional(
        "host_ipc",
        AttributeType::Bool,
        "Whether the pods share the node's inter-process communication.",
    ),
    AttributeSchema::optional(
        "dns_policy",
        AttributeType::Words(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
        "How the pods look names up.",
    ),
    AttributeSchema::optional(
        "pod_labels",
        AttributeType::TextMap(&LABELS),
        "More labels of the pods.",
    ),
    AttributeSchema::optional(
        "pod_annotations",
        AttributeType::Annotations,
        "The annotations of the pods.",
    ),
    AttributeSchema::optional(
        "termination_grace_period",
        AttributeType::Integer {
            min: 0,
            max: i64::MAX,
        },
        "Seconds that containers have to end before they are killed.",
    )
    .default("30"),
    AttributeSchema::optional(
        "priority_class",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The PriorityClass, which says whom to start first and whom to evict last.",
    ),
    AttributeSchema::optional(
        "runtime_class",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The RuntimeClass, which says what runs the containers.",
    ),
    AttributeSchema::optional(
        "scheduler",
        AttributeType::Text(&WRITTEN_TEXT),
        "The scheduler that chooses nodes.",
    )
    .default("`default-scheduler`"),
    AttributeSchema::optional(
        "hostname",
        AttributeType::Text(&DNS_LABEL),
        "The host name of the pods.",
    )
    .default("the pod's name"),
    AttributeSchema::optional(
        "subdomain",
        AttributeType::Text(&DNS_LABEL),
        "The headless Service under which the pods have host names.",
    ),
    AttributeSchema::optional(
        "share_process_namespace",
        AttributeType::Bool,
        "Whether the containers of a pod see each other's processes.",
    ),
    AttributeSchema::optional(
        "enable_service_links",
        AttributeType::Bool,
        "Whether each Service of the namespace sets environment variables.",
    )
    .default("`true`"),
    AttributeSchema::optional(
        "automount_service_account_token",
        AttributeType::Bool,
        "Whether the token of the ServiceAccount is mounted.",
    )
    .default("that of the ServiceAccount"),
];

/// The blocks of the pods of a workload that has containers.
pub(super) const POD_BLOCKS: &[ChildSchema] = &[
    ChildSchema::many(&INIT),
    ChildSchema::many(&POD_VOLUME),
    ChildSchema::single(&POD_SECURITY_CONTEXT),
];

/// The blocks of the pods of every workload.
pub(super) const POD_PARTS: &[ChildSchema] = &[
    ChildSchema::many(&TOLERATION),
    ChildSchema::many(&TOPOLOGY_SPREAD),
    ChildSchema::single(&AFFINITY),
    ChildSchema::single(&DNS_CONFIG),
    ChildSchema::many(&HOST_ALIAS),
];

/// Checks what the pods of every workload say of themselves.
pub(super) fn check_pod_parts(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_dns(workload, diagnostics);
    check_unique(workload, "host_alias", 0, diagnostics);
    check_spread(workload, diagnostics);
    let (shared, host) = ("share_process_namespace", "host_pid");
    if workload.flag(shared) == Some(true) && workload.flag(host) == Some(true) {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                workload.span_of(shared),
                format!("`{shared}` and `{host}` cannot both be on"),
            )
            .with_related(workload.span_of(host), "the node's processes are seen"),
        );
    }
}
