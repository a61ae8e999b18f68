//! `component` and `use`.

use super::locals::LOCALS;
use super::variable::{DECLARATION_ATTRIBUTES, DECLARATION_BLOCKS};
use crate::schema::files::DEFINITIONS;
use crate::schema::{ANY_TEXT, BlockSchema, ChildSchema, FreeForm, LabelSchema, WRITTEN_TEXT};

/// `component "name" { ... }`: blocks that are written once and used many times.
pub static COMPONENT: BlockSchema = BlockSchema::new(
    "component",
    "Describes blocks that `use` makes, with inputs of their own.",
)
.labels(&[LabelSchema::new("name", &WRITTEN_TEXT)])
.blocks(&[
    &[ChildSchema::many(&INPUT), ChildSchema::many(&LOCALS)],
    DEFINITIONS,
]);

/// `input "name" { ... }` of a component.
pub static INPUT: BlockSchema = BlockSchema::new(
    "input",
    "Declares an input of a component, for use as `input.name`.",
)
.labels(&[LabelSchema::new("name", &ANY_TEXT)])
.attributes(&[DECLARATION_ATTRIBUTES])
.blocks(&[DECLARATION_BLOCKS]);

/// `use "component" "name" { ... }`: the blocks of a component. Its attributes are the inputs.
pub static USE: BlockSchema = BlockSchema::new("use", "Makes the blocks of a component.")
    .labels(&[
        LabelSchema::new("component", &WRITTEN_TEXT),
        LabelSchema::new("name", &WRITTEN_TEXT),
    ])
    .free_form(FreeForm::Any);
