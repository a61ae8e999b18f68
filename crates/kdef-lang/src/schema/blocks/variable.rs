//! `variable` of `vars.kdef`.

use crate::schema::{ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, LabelSchema};

/// `variable "name" { ... }`
pub static VARIABLE: BlockSchema =
    BlockSchema::new("variable", "Declares a variable, for use as `var.name`.")
        .labels(&[LabelSchema::new("name", &ANY_TEXT)])
        .attributes(&[DECLARATION_ATTRIBUTES]);

/// What variables and the inputs of components declare.
pub(super) const DECLARATION_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::required("type", AttributeType::Any, "The type of its values."),
    AttributeSchema::optional(
        "default",
        AttributeType::Any,
        "The value when no other is given; `null` makes it optional.",
    ),
    AttributeSchema::optional("description", AttributeType::Text(&ANY_TEXT), "What it is for."),
];
