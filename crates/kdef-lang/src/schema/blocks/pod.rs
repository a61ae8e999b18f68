//! What the pods of all workloads have: whom they run as, and where.

use super::init::INIT;
use super::security_context::POD_SECURITY_CONTEXT;
use super::toleration::TOLERATION;
use super::volume::POD_VOLUME;
use crate::schema::{AttributeSchema, AttributeType, ChildSchema, DNS_SUBDOMAIN, LABELS};

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
];

/// The blocks of the pods of a workload that has containers.
pub(super) const POD_BLOCKS: &[ChildSchema] = &[
    ChildSchema::many(&INIT),
    ChildSchema::many(&POD_VOLUME),
    ChildSchema::single(&POD_SECURITY_CONTEXT),
];

/// The blocks of the pods of every workload.
pub(super) const POD_PARTS: &[ChildSchema] = &[ChildSchema::many(&TOLERATION)];
