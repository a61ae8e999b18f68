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
    /// Returns what a text that does not pass was probably meant to be: with the case, the signs or the unit that is
    /// asked for, or without what stands around it.
    pub(crate) fn meant(&self, text: &str) -> Option<String> {
        let name = text.to_lowercase().replace(['_', ' '], "-");
        let host = text.split_once("://").map_or(text, |(_, rest)| rest);
        let host = host.split(['/', ':']).next().unwrap_or_default().to_owned();
        let sides: Vec<String> = text.split("..").map(respelt_quantity).collect();
        let name = name.trim_matches('-').to_owned();
        let candidates = match self.code {
            Code::InvalidQuantity => vec![sides.join("..")],
            _ => vec![name, host],
        };
        candidates
            .into_iter()
            .find(|meant| !meant.is_empty() && meant != text && (self.check)(meant).is_ok())
    }

    /// Tells whether this is that very row of the table.
    pub(crate) fn is(&'static self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Spells a quantity as Kubernetes does: without spaces and `B`, and its unit in the right case.
fn respelt_quantity(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = unit.trim_end_matches(['b', 'B']);
    let known = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "G", "T", "P", "E"];
    let respelt = known.into_iter().find(|known| known.eq_ignore_ascii_case(unit));
    format!("{number}{}", respelt.unwrap_or(unit))
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
