//! Tokens: what the text is made of, blanks and comments included.

use kdef_source::{FileId, Span};

/// One token. The tokens of a file follow each other without gap or overlap, so that their texts make the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Token {
    /// Returns the token's place.
    pub fn span(self, file: FileId) -> Span {
        Span {
            file,
            start: self.start,
            end: self.end,
        }
    }
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The end of the file, which is empty.
    End,
}
