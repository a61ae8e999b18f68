//! Tokens to tree, by recursive descent.
//!
//! After an error the parser goes on at the next place that is likely to be sound: the end of a bracket, of a line, of a
//! block. What is never closed is blamed on its opening. Which brace lacks its partner shows only in the indentation, so
//! a file with more opening than closing braces is read with indentation as the judge. Where that finds more errors than
//! braces are missing, the file is read without it as well, and the reading with fewer errors counts.

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

use crate::ast::{Body, Template};
use crate::cursor::{Layout, Parser};
use crate::lexer::Lexed;
use crate::token::TokenKind;

/// Reads a whole file that is a template.
pub(crate) fn template(file: FileId, text: &str, lexed: &Lexed) -> (Template, Vec<Diagnostic>) {
    let mut parser = Parser::new(file, text, lexed, Layout::Braces);
    let template = parser.template_file();
    (template, parser.into_diagnostics())
}

/// Reads a whole file.
pub(crate) fn file(file: FileId, text: &str, lexed: &Lexed) -> (Body, Vec<Diagnostic>) {
    let read = |layout| {
        let mut parser = Parser::new(file, text, lexed, layout);
        let body = parser.file_body();
        (body, parser.into_diagnostics())
    };
    let count = |kind| lexed.tokens.iter().filter(|token| token.kind == kind).count();
    let missing = count(TokenKind::BraceOpen).saturating_sub(count(TokenKind::BraceClose));
    if missing == 0 {
        return read(Layout::Braces);
    }
    let by_indentation = read(Layout::Indentation);
    if by_indentation.1.len() <= missing {
        return by_indentation;
    }
    let by_braces = read(Layout::Braces);
    if by_indentation.1.len() <= by_braces.1.len() {
        by_indentation
    } else {
        by_braces
    }
}
