//! What every object can have in its metadata.

use crate::schema::{AttributeSchema, AttributeType, DNS_LABEL, LABELS};

/// The metadata of an object in a namespace.
pub(super) const NAMESPACED_METADATA: &[AttributeSchema] = &[NAMESPACE, MORE_LABELS, MORE_ANNOTATIONS];

/// The metadata of an object in no namespace, or of one that is in that of another.
pub(super) const SHARED_METADATA: &[AttributeSchema] = &[MORE_LABELS, MORE_ANNOTATIONS];

pub(super) const NAMESPACE: AttributeSchema = AttributeSchema::optional(
    "namespace",
    AttributeType::Text(&DNS_LABEL),
    "The namespace of the object.",
)
.default("that of the entry in `root.kdef`");

pub(super) const MORE_LABELS: AttributeSchema = AttributeSchema::optional(
    "labels",
    AttributeType::TextMap(&LABELS),
    "More labels of the object, beside kdef's own.",
);

pub(super) const MORE_ANNOTATIONS: AttributeSchema = AttributeSchema::optional(
    "annotations",
    AttributeType::Annotations,
    "The annotations of the object.",
);

/// Whether a ConfigMap or Secret stays as it is.
pub(super) const IMMUTABLE: AttributeSchema = AttributeSchema::optional(
    "immutable",
    AttributeType::Bool,
    "Whether the cluster refuses every later change of the data.",
);
