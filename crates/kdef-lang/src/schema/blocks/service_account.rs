//! `service_account` of `root.kdef`.

use crate::schema::{AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, DNS_SUBDOMAIN, LabelSchema};

/// `service_account "name" { ... }`: a ServiceAccount for each namespace in which a workload uses it.
pub static SERVICE_ACCOUNT: BlockSchema = BlockSchema::new(
    "service_account",
    "Declares a ServiceAccount that workloads may run as.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[&[
    AttributeSchema::optional(
        "namespace",
        AttributeType::Text(&DNS_LABEL),
        "The only namespace that the declaration is for.",
    )
    .default("every namespace"),
    AttributeSchema::optional(
        "image_pull_secrets",
        AttributeType::TextList(&DNS_SUBDOMAIN),
        "The Secrets that images are pulled with.",
    ),
]]);
