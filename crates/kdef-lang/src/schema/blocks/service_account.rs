//! `service_account` of `root.kdef` and of definition files.

use super::metadata::NAMESPACED_METADATA;
use super::raw::RAW;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, DNS_SUBDOMAIN, LabelSchema};

/// `service_account "name" { ... }`: in a definition file a ServiceAccount; in `root.kdef` one for each namespace in which
/// a workload uses it, where `namespace` limits the declaration to one.
pub static SERVICE_ACCOUNT: BlockSchema = BlockSchema::new(
    "service_account",
    "Makes a ServiceAccount; in `root.kdef` one for each namespace (or for its `namespace` only) in which a workload uses \
     it.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[
    NAMESPACED_METADATA,
    RAW,
    &[
        AttributeSchema::optional(
            "image_pull_secrets",
            AttributeType::TextList(&DNS_SUBDOMAIN),
            "The Secrets that images are pulled with.",
        ),
        AttributeSchema::optional(
            "automount_service_account_token",
            AttributeType::Bool,
            "Whether pods that run as it find a token of it mounted, where they do not say so themselves.",
        )
        .default("`true`, in the cluster"),
    ],
]);
