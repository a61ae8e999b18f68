//! `variable` of `vars.kdef`.

use crate::schema::{ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, LabelSchema};

/// `variable "name" { ... }`
pub static VARIABLE: BlockSchema =
    BlockSchema::new("variable", "Declares a variable, for use as `var.name`.")
        .labels(&[LabelSchema::new("name", &ANY_TEXT)])
        .attributes(&[&[
            AttributeSchema::required("type", AttributeType::Any, "The type of its values."),
            AttributeSchema::optional(
                "default",
                AttributeType::Any,
                "The value when no other is given; `null` makes the variable optional.",
            ),
            AttributeSchema::optional(
                "description",
                AttributeType::Text(&ANY_TEXT),
                "What the variable is for.",
            ),
        ]]);
