//! The kdef syntax: text to tokens to tree.
//!
//! The syntax is HashiCorp HCL v2's native syntax. [`parse`] never fails: whatever the text, there is a tree, and what
//! is wrong with the text stands in the diagnostics. This crate knows nothing of values, of which blocks and attributes
//! exist, or of where files come from.

pub mod ast;
pub mod token;
pub mod visit;

use kdef_source::{Diagnostic, FileId, Span};

/// The greatest nesting of blocks, brackets and templates. What lies deeper is an error and not in the tree.
pub const MAX_DEPTH: usize = 128;

/// The greatest height of an expression's tree, which operators and attribute accesses in a row add to as nesting does.
/// What is higher is an error and not in the tree.
pub const MAX_HEIGHT: usize = 256;

/// The outcome of [`parse`].
#[derive(Debug, Clone)]
pub struct Parse {
    /// The tree, with everything in it that could be read.
    pub body: ast::Body,
    /// All tokens, blanks and comments included; they tile the text.
    pub tokens: Vec<token::Token>,
    /// What is wrong, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file.
pub fn parse(file: FileId, text: &str) -> Parse {
    Parse {
        body: ast::Body {
            items: Vec::new(),
            span: Span::new(file, 0, text.len()),
        },
        tokens: Vec::new(),
        diagnostics: Vec::new(),
    }
}
