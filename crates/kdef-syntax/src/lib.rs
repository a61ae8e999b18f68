//! The kdef syntax: text to tokens to tree, and back to text in its canonical form.
//!
//! The syntax is the native syntax of HashiCorp HCL v2. [`parse`] never fails: whatever the text, there is a tree, and
//! what is wrong with the text stands in the diagnostics, all of it at once. Beyond HCL, attributes and blocks inside of
//! braces may share a line, `else` may follow the `}` of a block, block labels may hold `${ }`, the line that ends a
//! heredoc may be the file's last without a line break, and `enum[a, b]` is an index with several words.
//!
//! [`format`](format()) writes a file in the one form that all files are to have.
//!
//! This crate knows nothing of values, of which blocks and attributes exist, or of where files come from.
//!
//! ```
//! use kdef_source::SourceMap;
//! use kdef_syntax::ast::ExprKind;
//!
//! let text = "deployment \"web\" {\n  replicas = 3\n}\n";
//! let mut sources = SourceMap::default();
//! let file = sources.add("web.kdef", text);
//! let parsed = kdef_syntax::parse(file, text);
//! assert!(parsed.diagnostics.is_empty());
//!
//! let block = parsed.body.blocks().next().unwrap();
//! assert_eq!(block.labels[0].literal().unwrap(), "web");
//! let attribute = block.body.attributes().next().unwrap();
//! assert_eq!(attribute.value.kind, ExprKind::Number("3".into()));
//! assert_eq!(sources.text(attribute.span), "replicas = 3");
//! ```

pub mod ast;
mod cursor;
mod format;
mod lexer;
mod parser;
pub mod token;
pub mod visit;

use kdef_source::{Code, Diagnostic, FileId};

pub use format::format;

/// The greatest nesting of blocks, brackets and templates. What lies deeper is an error and not in the tree.
pub const MAX_DEPTH: usize = 128;

/// The greatest height of an expression's tree, which operators and attribute accesses in a row add to as nesting does.
/// What is higher is an error and not in the tree.
pub const MAX_HEIGHT: usize = 256;

/// The number of errors of one file that are reported; more end in a diagnostic that says so.
pub const MAX_ERRORS: usize = 100;

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
///
/// Texts of more than 4 GiB, the range of a [`Span`](kdef_source::Span), are refused with a diagnostic.
pub fn parse(file: FileId, text: &str) -> Parse {
    let refused = u32::try_from(text.len()).is_err();
    let mut lexed = lexer::lex(file, if refused { "" } else { text });
    let (body, mut diagnostics) = parser::file(file, text, &lexed);
    diagnostics.append(&mut lexed.diagnostics);
    if refused {
        diagnostics.push(Diagnostic::error(
            Code::LimitReached,
            body.span,
            "the file is larger than 4 GiB",
        ));
    }
    Parse {
        body,
        tokens: lexed.tokens,
        diagnostics: bounded(diagnostics),
    }
}

/// Parses a file that is a template, text with `${ }` and `%{ }` in it, and returns what is wrong in source order.
///
/// Of texts of more than 4 GiB nothing is read.
pub fn parse_template(file: FileId, text: &str) -> (ast::Template, Vec<Diagnostic>) {
    let text = if u32::try_from(text.len()).is_err() {
        ""
    } else {
        text
    };
    let mut lexed = lexer::lex_template(file, text);
    let (template, mut diagnostics) = parser::template(file, text, &lexed);
    diagnostics.append(&mut lexed.diagnostics);
    (template, bounded(diagnostics))
}

/// Tells whether a text is an identifier, as names of variables are.
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty() && lexer::ident_len(text) == text.len()
}

/// Sorts the errors of a file, and leaves out those that are too many.
fn bounded(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
    if let Some(next) = diagnostics.get(MAX_ERRORS) {
        let message = format!("more than {MAX_ERRORS} errors in this file, the rest is not shown");
        let reached = Diagnostic::error(Code::LimitReached, next.span, message);
        diagnostics.truncate(MAX_ERRORS);
        diagnostics.push(reached);
    }
    diagnostics
}
