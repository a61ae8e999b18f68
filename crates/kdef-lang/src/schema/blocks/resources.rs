//! `resources` of a container.

use crate::schema::{AttributeSchema, AttributeType, BlockSchema, QUANTITY_RANGE};

/// `resources { ... }`: what a container asks for and may use.
pub static RESOURCES: BlockSchema = BlockSchema::new(
    "resources",
    "Says what the container asks for, and what it may use.",
)
.attributes(&[&[
    AttributeSchema::optional(
        "cpu",
        AttributeType::Text(&QUANTITY_RANGE),
        "Processor time, as `request..limit` or one quantity for both.",
    ),
    AttributeSchema::optional(
        "memory",
        AttributeType::Text(&QUANTITY_RANGE),
        "Memory, as `request..limit` or one quantity for both.",
    ),
    AttributeSchema::optional(
        "ephemeral_storage",
        AttributeType::Text(&QUANTITY_RANGE),
        "Space on the node's disk, as `request..limit` or one quantity for both.",
    ),
]]);
