//! `variable` of `vars.kdef`.

use crate::schema::{ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, LabelSchema};

/// `variable "name" { ... }`
pub static VARIABLE: BlockSchema =
    BlockSchema::new("variable", "Declares a variable, for use as `var.name`.")
        .labels(&[LabelSchema::new("name", &ANY_TEXT)])
        .attributes(&[DECLARATION_ATTRIBUTES])
        .blocks(&[DECLARATION_BLOCKS]);

/// What variables and the inputs of components declare.
pub(super) const DECLARATION_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::required("type", AttributeType::Any, "The type of its values."),
    AttributeSchema::optional(
        "default",
        AttributeType::Any,
        "The value when no other is given; `null` makes it optional.",
    ),
    AttributeSchema::optional("description", AttributeType::Text(&ANY_TEXT), "What it is for."),
    AttributeSchema::optional(
        "sensitive",
        AttributeType::Bool,
        "Whether messages hide its values.",
    )
    .default("false"),
];

/// The blocks of variables and of the inputs of components.
pub(super) const DECLARATION_BLOCKS: &[ChildSchema] = &[ChildSchema::many(&VALIDATION)];

/// `validation { ... }` of a variable or an input.
pub static VALIDATION: BlockSchema = BlockSchema::new("validation", "Refuses values that the type allows.")
    .attributes(&[&[
        AttributeSchema::required(
            "condition",
            AttributeType::Any,
            "What must be true of the value; it can name the variables or inputs declared beside it.",
        ),
        AttributeSchema::required(
            "message",
            AttributeType::Text(&ANY_TEXT),
            "What to say when it is false.",
        ),
    ]]);
