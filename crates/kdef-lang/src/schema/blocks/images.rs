//! `images`

use crate::schema::{BlockSchema, FreeForm};

/// `images { ... }`: short names for images, free-form. They are constants.
pub static IMAGES: BlockSchema =
    BlockSchema::new("images", "Gives images short names for `image()`.").free_form(FreeForm::Text);
