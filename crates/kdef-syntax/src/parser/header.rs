//! The headers of blocks.

use kdef_source::{Code, Diagnostic};

use crate::ast::{Ident, Item, Label, LabelKind, Part, Template, TemplateKind};
use crate::cursor::Parser;
use crate::token::TokenKind;

impl Parser<'_> {
    /// Reads a block from its kind on; `None` where no block is to be recognised.
    pub(crate) fn block(&mut self) -> Option<Item> {
        let kind = self.ident();
        let mut labels = Vec::new();
        loop {
            match self.peek() {
                TokenKind::BraceOpen => return Some(self.finish_block(kind, labels, None)),
                TokenKind::Ident => {
                    let name = self.ident();
                    labels.push(Label {
                        span: name.span,
                        kind: LabelKind::Bare(name),
                    });
                }
                TokenKind::QuoteOpen => labels.extend(self.template().map(|template| Label {
                    span: template.span,
                    kind: LabelKind::Quoted(template),
                })),
                TokenKind::Number => labels.push(self.number_label()),
                TokenKind::Newline | TokenKind::End => return self.header_without_brace(kind, labels),
                TokenKind::Assign => return self.header_with_sign(kind, labels),
                _ => return self.header_with_other(kind, labels),
            }
        }
    }

    fn number_label(&mut self) -> Label {
        let text = self.next_text();
        self.unexpected(
            format!("the label {text} stands without quotes"),
            format!("write \"{text}\""),
        );
        let span = self.bump().span(self.file);
        let text = text.into();
        Label {
            kind: LabelKind::Quoted(Template {
                parts: vec![Part::Literal { text, span }],
                kind: TemplateKind::Quoted,
                span,
            }),
            span,
        }
    }

    /// The line ends before the brace. It may stand on the next one, or have been forgotten.
    fn header_without_brace(&mut self, kind: Ident, labels: Vec<Label>) -> Option<Item> {
        let header = labels.last().map_or(kind.span, |label| kind.span.to(label.span));
        let line_end = self.bookmark();
        let explained = self.is_blamed();
        while self.at(TokenKind::Newline) {
            self.bump();
        }
        let brace_follows = self.at(TokenKind::BraceOpen);
        let is_deeper = !matches!(self.peek(), TokenKind::End | TokenKind::BraceClose)
            && self.indentation(self.next_span().start) > self.indentation(header.start);
        if !brace_follows && !is_deeper {
            self.go_to(line_end);
            self.no_item(&kind, &labels);
            return None;
        }
        if !explained {
            let message = format!("the `{{` of the block `{kind}` is not on the line of its header");
            let diagnostic = Diagnostic::error(Code::UnexpectedToken, header, message);
            self.report(diagnostic.with_hint("a block's header ends with its `{`, on the same line"));
        }
        if brace_follows {
            return Some(self.finish_block(kind, labels, None));
        }
        self.go_to(line_end);
        let opener = self.missing_brace(header.at_end());
        Some(self.finish_block(kind, labels, Some(opener)))
    }

    /// Reports a line that is neither an attribute nor a block.
    fn no_item(&mut self, kind: &Ident, labels: &[Label]) {
        let place = labels.last().map_or(kind.span, |label| kind.span.to(label.span));
        let (message, hint) = match labels {
            [] => (
                format!("`{kind}` is neither an attribute nor a block"),
                format!("write `{kind} = ...` or `{kind} {{ ... }}`"),
            ),
            [
                Label {
                    kind: LabelKind::Quoted(_),
                    ..
                },
            ] => (
                format!("the `=` between `{kind}` and its value is missing, or the `{{` of a block"),
                format!("write `{kind} = ...`, or end the line with `{{`"),
            ),
            _ => (
                format!("the block `{kind}` has no `{{`"),
                "end the line with `{`".to_owned(),
            ),
        };
        self.error(Diagnostic::error(Code::UnexpectedToken, place, message).with_hint(hint));
    }

    /// `kind "label" = {`, or `two words = value`.
    fn header_with_sign(&mut self, kind: Ident, labels: Vec<Label>) -> Option<Item> {
        if self.peek_second() == TokenKind::BraceOpen {
            self.unexpected("a block has no `=` before its `{`", "remove the `=`");
            self.bump();
            return Some(self.finish_block(kind, labels, None));
        }
        self.unexpected(
            format!("`=` follows more than one word after `{kind}`"),
            "the name of an attribute is one word; a block has no `=`",
        );
        self.skip_item();
        None
    }

    /// Something else than a label stands in the header. Where its line has a brace, the block is read all the same.
    fn header_with_other(&mut self, kind: Ident, labels: Vec<Label>) -> Option<Item> {
        let found = self.describe();
        let (message, hint) = match (kind.as_str(), self.peek(), labels.as_slice()) {
            ("if", ..) => (
                "`if` takes its condition as an attribute".to_owned(),
                "write `if { condition = ... }`".to_owned(),
            ),
            ("for", ..) => (
                "`for` takes its collection as an attribute".to_owned(),
                "write `for \"item\" { in = ... }`".to_owned(),
            ),
            (_, TokenKind::Dot | TokenKind::BracketOpen, []) => (
                format!("the name `{kind}` goes on with {found}"),
                "the name of an attribute or block is one word; nested ones stand in `{ }`".to_owned(),
            ),
            (_, _, []) => (
                format!("expected `=` or `{{` after `{kind}`, found {found}"),
                format!("write `{kind} = ...` or `{kind} {{ ... }}`"),
            ),
            _ => (
                format!("expected a label or `{{`, found {found}"),
                "labels are words, or strings in double quotes".to_owned(),
            ),
        };
        self.unexpected(message, hint);
        let mut line = self.rest_of_line();
        if line.any(|kind| kind == TokenKind::BraceOpen) {
            while !self.at(TokenKind::BraceOpen) {
                self.bump();
            }
            return Some(self.finish_block(kind, labels, None));
        }
        self.skip_item();
        None
    }
}
