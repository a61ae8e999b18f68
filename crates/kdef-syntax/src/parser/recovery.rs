//! Going on after an error.

use kdef_source::{Code, Diagnostic, Span};

use crate::cursor::{Layout, Opener, Parser};
use crate::token::TokenKind;

impl Parser<'_> {
    /// Closes what `opener` opened and returns the end of it. `wanted` says what may stand here, for the message.
    pub(crate) fn close(&mut self, opener: &Opener, wanted: &str) -> Span {
        let closer = opener.kind.closer();
        if Some(self.peek()) == closer && !self.ends_by_indentation(opener) {
            return self.take_closer(opener).span(self.file);
        }
        if self.is_wrong_closer(opener) {
            return self.wrong_closer(opener);
        }
        if self.is_left_open(opener) {
            self.never_closed(opener);
        } else {
            let found = self.describe();
            self.unexpected(
                format!("expected {wanted}, found {found}"),
                self.closing_hint(opener),
            );
            self.skip_inside(opener);
            if Some(self.peek()) == closer {
                return self.take_closer(opener).span(self.file);
            }
        }
        self.leave(opener);
        self.here()
    }

    /// Tells whether the next token is the wrong one of `)` and `]`, with nothing else that it could close.
    fn is_wrong_closer(&self, opener: &Opener) -> bool {
        use TokenKind::{BracketClose, BracketOpen, ParenClose, ParenOpen};
        match (opener.kind, self.peek()) {
            (BracketOpen, ParenClose) => !self.is_open(ParenOpen),
            (ParenOpen, BracketClose) => !self.is_open(BracketOpen),
            _ => false,
        }
    }

    /// Reports a `)` in place of a `]`, or the other way round, and takes it for what was meant.
    fn wrong_closer(&mut self, opener: &Opener) -> Span {
        let (open, close) = match opener.kind {
            TokenKind::BracketOpen => ("[", "]"),
            _ => ("(", ")"),
        };
        let found = self.describe();
        let message = format!("this `{open}` is closed by {found}");
        let diagnostic = Diagnostic::error(Code::UnexpectedToken, self.next_span(), message);
        let diagnostic = diagnostic.with_related(opener.span, "opened here");
        self.error(diagnostic.with_hint(format!("write `{close}`")));
        self.take_closer(opener).span(self.file)
    }

    /// Says what may be meant by the next token, where `opener` should be closed.
    fn closing_hint(&self, opener: &Opener) -> &'static str {
        use TokenKind as K;
        match (opener.kind, self.peek()) {
            (K::ParenOpen, K::Assign) => "to compare write `==`",
            (K::BracketOpen, K::Assign | K::Colon | K::Arrow) => "pairs of a key and a value stand in `{ }`",
            (K::ParenOpen, K::Comma) => "a list stands in `[ ]`",
            (_, K::Newline) => "",
            _ if self.begins_operand() => "items are separated by commas; strings stand in double quotes",
            _ => "",
        }
    }

    /// Tells whether the next token shows that `opener` was never closed: it closes something else, or begins an item.
    pub(crate) fn is_left_open(&self, opener: &Opener) -> bool {
        let kind = self.peek();
        let brace = opener.kind == TokenKind::BraceOpen;
        kind == TokenKind::End
            || (kind.is_closer() && Some(kind) != opener.kind.closer())
            || self.ends_by_indentation(opener)
            || (!brace && self.begins_item())
    }

    /// Reports that nothing closes `opener`, unless a string that nothing closes has swallowed what does.
    pub(crate) fn never_closed(&mut self, opener: &Opener) {
        let what = match opener.kind {
            TokenKind::BraceOpen => "{",
            TokenKind::BracketOpen => "[",
            _ => "(",
        };
        let closer = match opener.kind {
            TokenKind::BracketOpen => ']',
            TokenKind::ParenOpen => ')',
            _ => '}',
        };
        if self.take_swallowed(opener, closer) {
            return self.blame_next();
        }
        let mut diagnostic = Diagnostic::error(
            Code::Unclosed,
            opener.span,
            format!("this `{what}` is never closed"),
        )
        .with_hint(format!("add the missing `{closer}`"));
        if !self.at(TokenKind::End) {
            diagnostic =
                diagnostic.with_related(self.next_span(), format!("`{closer}` is missing before this"));
        }
        if opener.kind == TokenKind::BraceOpen {
            self.report(diagnostic);
            self.blame_next();
        } else {
            self.error(diagnostic);
        }
    }

    /// Takes a closing bracket from a string without a closing quote that follows `opener`, if there is one: the string
    /// has been reported, and that it holds the bracket is its consequence.
    fn take_swallowed(&mut self, opener: &Opener, closer: char) -> bool {
        let inside =
            |(offset, found): &(usize, char)| *offset >= opener.span.end as usize && *found == closer;
        let at = self.swallowed.iter().position(inside);
        at.map(|at| self.swallowed.remove(at)).is_some()
    }

    /// Tells whether indentation, where it decides, says that the braces of `opener` ended before the next token.
    pub(crate) fn ends_by_indentation(&self, opener: &Opener) -> bool {
        if self.layout == Layout::Braces || opener.kind != TokenKind::BraceOpen {
            return false;
        }
        self.next_indentation().is_some_and(|inside| {
            let outside = opener.indentation;
            inside < outside || (inside == outside && !self.at(TokenKind::BraceClose))
        })
    }

    /// Tells whether the next token looks like the beginning of an attribute or block on a line of its own.
    pub(crate) fn begins_item(&self) -> bool {
        if !self.at(TokenKind::Ident) || !self.at_line_start() {
            return false;
        }
        let mut line = self.rest_of_line().skip(1);
        let is_label = |kind: &TokenKind| {
            use TokenKind::{Ident, QuoteClose, QuoteOpen, QuotedText};
            matches!(kind, Ident | QuoteOpen | QuotedText | QuoteClose)
        };
        match line.next() {
            Some(TokenKind::Assign | TokenKind::BraceOpen) => true,
            Some(first) if is_label(&first) => {
                line.find(|kind| !is_label(kind)) == Some(TokenKind::BraceOpen)
            }
            _ => false,
        }
    }

    /// Skips what is left of an item: to the end of its line, and of the brackets that were opened on the way.
    pub(crate) fn skip_item(&mut self) {
        self.skip_line();
        while self.peek().is_closer() && !self.at(TokenKind::BraceClose) {
            self.bump();
            self.skip_line();
        }
    }

    /// Skips to the end of the line, or to what closes a bracket that was opened before.
    pub(crate) fn skip_line(&mut self) {
        self.skip(|kind| kind == TokenKind::Newline, |_| false);
    }

    /// Skips what is left between a bracket and its partner, which is left to the caller. Between braces, where lines
    /// divide, it stops at the end of the line.
    fn skip_inside(&mut self, opener: &Opener) {
        self.skip(
            |kind| kind == TokenKind::Newline,
            |parser| parser.is_left_open(opener),
        );
    }

    /// Skips what is left of an interpolation or directive, up to its `}`, whatever else is open.
    pub(crate) fn skip_sequence(&mut self) {
        let mut nested = 0;
        loop {
            match self.peek() {
                TokenKind::End => return,
                TokenKind::TemplateClose if nested == 0 => return,
                TokenKind::TemplateClose => nested -= 1,
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen if self.unclosed_end().is_none() => {
                    nested += 1;
                }
                _ => {}
            }
            self.bump();
        }
    }

    /// Skips tokens, and brackets with everything in them, up to one that `is_end`, or closes a bracket that was not
    /// opened on the way, or before which `left_open` holds.
    fn skip(&mut self, is_end: impl Fn(TokenKind) -> bool, left_open: impl Fn(&Self) -> bool) {
        let mut open: Vec<TokenKind> = Vec::new();
        let mut braces = 0;
        loop {
            let kind = self.peek();
            if kind == TokenKind::End
                || (open.is_empty() && (is_end(kind) || kind.is_closer() || left_open(self)))
            {
                return;
            }
            if braces == 0 && !open.is_empty() && self.begins_item() {
                return;
            }
            if let Some(end) = self.unclosed_end() {
                self.skip_to(end);
                continue;
            }
            if let Some(closer) = kind.closer() {
                braces += usize::from(closer == TokenKind::BraceClose);
                open.push(closer);
            } else if kind.is_closer() {
                match open.iter().rposition(|closer| *closer == kind) {
                    Some(index) => {
                        let closed = open.drain(index..);
                        braces -= closed.filter(|closer| *closer == TokenKind::BraceClose).count();
                    }
                    None => return,
                }
            }
            self.bump();
        }
    }
}
