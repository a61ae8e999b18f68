//! Tokens to tree, by recursive descent.
//!
//! After an error the parser goes on at the next place that is likely to be sound: the end of a bracket, of a line, of a
//! block. What is never closed is blamed on its opening. Which brace lacks its partner shows only in the indentation, so
//! a file that ends inside of braces is read a second time with indentation as the judge, and the reading with fewer
//! errors counts.

mod body;
mod collection;
mod expr;
mod header;
mod literal;
mod pieces;
mod postfix;
mod recovery;
mod template;

use kdef_source::{Diagnostic, FileId};

use crate::ast::Body;
use crate::cursor::{Layout, Parser};
use crate::lexer::Lexed;

/// Reads a whole file.
pub(crate) fn file(file: FileId, text: &str, lexed: &Lexed) -> (Body, Vec<Diagnostic>) {
    let read = |layout| {
        let mut parser = Parser::new(file, text, lexed, layout);
        let body = parser.file_body();
        (body, parser.braces_missing, parser.into_diagnostics())
    };
    let (body, braces_missing, diagnostics) = read(Layout::Braces);
    if braces_missing {
        let (second_body, _, second_diagnostics) = read(Layout::Indentation);
        if second_diagnostics.len() <= diagnostics.len() {
            return (second_body, second_diagnostics);
        }
    }
    (body, diagnostics)
}
