//! What texts and the keys of maps must look like.

use kdef_source::Code;

/// What a text must look like.
#[derive(Debug)]
pub struct TextKind {
    /// What it is, for readers, such as `DNS label`.
    pub name: &'static str,
    /// The code of the problem when it looks otherwise.
    pub code: Code,
    /// Says what is wrong with a text, as a phrase that follows "`...` ": `is longer than 63 characters`.
    pub check: fn(&str) -> Result<(), String>,
}

impl TextKind {
    /// Tells whether this is that very row of the table.
    pub(crate) fn is(&'static self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What the keys of a map, and the values beside them, must look like.
#[derive(Debug)]
pub struct KeyKind {
    /// The keys.
    pub key: &'static TextKind,
    /// The values.
    pub value: &'static TextKind,
}

/// Any text, the empty one included.
pub static ANY_TEXT: TextKind = TextKind {
    name: "text",
    code: Code::NotAllowed,
    check: |_| Ok(()),
};

/// Any text but an empty one.
pub static WRITTEN_TEXT: TextKind = TextKind {
    name: "text",
    code: Code::NotAllowed,
    check: |text| match text.trim() {
        "" => Err("is empty".to_owned()),
        _ => Ok(()),
    },
};
