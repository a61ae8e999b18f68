//! `locals`

use crate::schema::{BlockSchema, FreeForm};

/// `locals { ... }`: names for values that are computed, free-form.
pub static LOCALS: BlockSchema = BlockSchema::new(
    "locals",
    "Names values for use as `local.name`, where the file's variables are visible.",
)
.free_form(FreeForm::Any);
