//! Errors, of which there is at most one a line and item, and the bounds on depth.

use kdef_source::{Code, Diagnostic};

use super::Parser;
use crate::token::TokenKind;
use crate::{MAX_DEPTH, MAX_ERRORS, MAX_HEIGHT};

impl Parser<'_> {
    /// Reports an error found at the next token, unless one was already found on its line in the same item: what
    /// follows an error is mostly its consequence.
    pub(crate) fn error(&mut self, diagnostic: Diagnostic) {
        if !self.is_blamed() {
            self.blame_next();
            self.report(diagnostic);
        }
    }

    /// Reports that the next token does not belong here. The lexer has already spoken about invalid characters.
    pub(crate) fn unexpected(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        if self.at(TokenKind::Invalid) {
            return self.blame_next();
        }
        let diagnostic = Diagnostic::error(Code::UnexpectedToken, self.next_span(), message);
        let hint = hint.into();
        self.error(if hint.is_empty() {
            diagnostic
        } else {
            diagnostic.with_hint(hint)
        });
    }

    /// Reports an error that has nothing to do with the next token.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.gave_up && self.diagnostics.len() <= MAX_ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Keeps the rest of the next token's line from making errors.
    pub(crate) fn blame_next(&mut self) {
        if self.next >= self.line_end {
            let mut ahead = self.tokens.iter().skip(self.next);
            let line = ahead.position(|token| matches!(token.kind, TokenKind::Newline | TokenKind::End));
            self.line_end = self.next + line.unwrap_or_default() + 1;
        }
        self.blamed = self.line_end;
    }

    /// Begins an item, which may have errors of its own on a line where the one before had some.
    pub(crate) fn forgive(&mut self) {
        self.blamed = 0;
    }

    /// Tells whether an error was found on the next token's line.
    pub(crate) fn is_blamed(&self) -> bool {
        self.gave_up || self.next < self.blamed
    }

    /// Goes one level deeper, if that is allowed; otherwise the item at hand is given up. Each success wants an
    /// [`Self::ascend`].
    pub(crate) fn descend(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            self.too_deep(&format!("this is nested more than {MAX_DEPTH} levels deep"));
            return false;
        }
        self.depth += 1;
        true
    }

    pub(crate) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Tells whether there is room for another level.
    pub(crate) fn may_descend(&self) -> bool {
        self.depth < MAX_DEPTH
    }

    /// Notes that an expression was made on top of others, the highest of which is given.
    pub(crate) fn grow(&mut self, highest: usize) {
        self.height = highest + 1;
        if self.height > MAX_HEIGHT {
            self.too_deep(&format!(
                "this expression has more than {MAX_HEIGHT} operators and accesses on top of each other"
            ));
        }
    }

    fn too_deep(&mut self, message: &str) {
        let diagnostic = Diagnostic::error(Code::TooDeep, self.next_span(), message);
        self.error(diagnostic.with_hint("divide it into several attributes or variables"));
        self.gave_up = true;
        self.skip_to(self.tokens.len() - 1);
    }

    pub(crate) fn is_given_up(&self) -> bool {
        self.gave_up
    }

    /// Tells whether the item at hand is given up, and takes notice.
    pub(crate) fn take_give_up(&mut self) -> bool {
        std::mem::take(&mut self.gave_up)
    }
}
