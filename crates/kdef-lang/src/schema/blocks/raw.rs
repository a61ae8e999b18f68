//! `raw`, which every block that makes an object takes.

use crate::schema::{ANY_TEXT, AttributeSchema, AttributeType};

/// The attribute for what kdef has no words for.
pub(super) const RAW: &[AttributeSchema] = &[AttributeSchema::optional(
    "raw",
    AttributeType::Text(&ANY_TEXT),
    "YAML that is merged into the object, as a strategic merge patch.",
)];
