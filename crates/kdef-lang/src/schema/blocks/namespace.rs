//! `namespace` of `root.kdef` and of definition files.

use super::metadata::SHARED_METADATA;
use super::raw::RAW;
use crate::schema::{BlockSchema, DNS_LABEL, LabelSchema};

/// `namespace "name" { ... }`: a Namespace. In `root.kdef` it lists the namespace too.
pub static NAMESPACE: BlockSchema = BlockSchema::new(
    "namespace",
    "Makes a Namespace; in `root.kdef` it counts as listed in `namespaces` too.",
)
.labels(&[LabelSchema::new("name", &DNS_LABEL)])
.attributes(&[SHARED_METADATA, RAW]);
