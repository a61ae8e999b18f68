//! Bodies: attributes and blocks.

use kdef_source::{Code, Diagnostic};

use crate::ast::{Attribute, Block, Body, Expr, ExprKind, Ident, Item, Label};
use crate::cursor::{Opener, Parser};
use crate::token::TokenKind;

impl Parser<'_> {
    pub(crate) fn file_body(&mut self) -> Body {
        let items = self.items(None);
        Body {
            items,
            span: self.file_span(),
        }
    }

    /// Reads items up to the end of the file or, inside of `block`, up to its closing brace.
    fn items(&mut self, block: Option<&Opener>) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            let since = self.pos();
            match self.peek() {
                TokenKind::End => break,
                TokenKind::Newline => {
                    self.bump();
                }
                _ if block.is_some_and(|opener| self.ends_by_indentation(opener)) => break,
                TokenKind::BraceClose if block.is_some() => break,
                _ => self.item(block.is_some(), &mut items),
            }
            self.ensure_progress(since);
        }
        self.find_duplicates(&items);
        items
    }

    fn item(&mut self, in_block: bool, items: &mut Vec<Item>) {
        self.forgive();
        let start = self.bookmark();
        let indentation = self.next_span().start;
        let item = match self.peek() {
            TokenKind::Ident => self.named_item(),
            TokenKind::QuoteOpen => self.quoted_name(),
            kind => {
                self.misplaced(kind);
                None
            }
        };
        if self.take_give_up() {
            self.go_to(start);
            return self.skip_item();
        }
        if self.at(TokenKind::Newline) && self.is_blamed() && !self.last_taken().ends_operand() {
            self.skip_continuation(indentation);
        }
        let after_block = matches!(item, Some(Item::Block(_)));
        items.extend(item);
        self.end_of_item(in_block, after_block);
    }

    /// Skips the lines after one that ends where a value should follow, as long as they are indented more than the item
    /// that begins at `start`: they were meant to go on with it.
    fn skip_continuation(&mut self, start: u32) {
        let indentation = self.indentation(start);
        loop {
            let line_end = self.bookmark();
            self.bump();
            let deeper = self.indentation(self.next_span().start) > indentation;
            if !deeper || self.begins_item() || matches!(self.peek(), TokenKind::Newline | TokenKind::End) {
                return self.go_to(line_end);
            }
            self.skip_item();
            if !self.at(TokenKind::Newline) {
                return;
            }
        }
    }

    fn named_item(&mut self) -> Option<Item> {
        use TokenKind as K;
        match self.peek_second() {
            K::Assign | K::Colon | K::Equal | K::Arrow => {
                let name = self.ident();
                Some(self.attribute(name))
            }
            K::HeredocOpen | K::Minus | K::Not => Some(self.attribute_without_sign()),
            K::Number | K::BracketOpen | K::ParenOpen if !self.line_has_sign() => {
                Some(self.attribute_without_sign())
            }
            _ => self.block(),
        }
    }

    /// Reads an attribute from its `=` on, or from what was written instead.
    fn attribute(&mut self, name: Ident) -> Item {
        if !self.at(TokenKind::Assign) {
            let sign = self.next_text();
            let hint = if self.peek_second() == TokenKind::Newline {
                format!("an attribute is written `{name} = ...`, and a block `{name} \"name\" {{ ... }}`")
            } else {
                format!("write `{name} = ...`")
            };
            self.unexpected(format!("`{name}` is set with `=`, not with `{sign}`"), hint);
            if self.at(TokenKind::Colon) && self.peek_second() == TokenKind::Assign {
                self.bump();
            }
        }
        let sign = self.bump().span(self.file);
        let value = match self.peek() {
            TokenKind::Newline | TokenKind::End | TokenKind::BraceClose | TokenKind::Comma => {
                let place = name.span.to(sign);
                self.error(
                    Diagnostic::error(Code::UnexpectedToken, place, format!("`{name}` has no value"))
                        .with_hint("the value begins on the line of the `=`"),
                );
                Expr {
                    kind: ExprKind::Error,
                    span: sign.at_end(),
                }
            }
            _ => self.expression(),
        };
        let span = name.span.to(value.span);
        Item::Attribute(Attribute { name, value, span })
    }

    /// Tells whether something on the rest of the line belongs to a header, or to an attribute with a strange name.
    fn line_has_sign(&self) -> bool {
        let mut line = self.rest_of_line();
        line.any(|kind| matches!(kind, TokenKind::BraceOpen | TokenKind::Assign))
    }

    fn attribute_without_sign(&mut self) -> Item {
        let name = self.ident();
        self.unexpected(
            format!("the `=` between `{name}` and its value is missing"),
            format!("write `{name} = ...`"),
        );
        let value = self.expression();
        let span = name.span.to(value.span);
        Item::Attribute(Attribute { name, value, span })
    }

    /// Reads `"name" = value`, which is an error that hurts nothing else.
    fn quoted_name(&mut self) -> Option<Item> {
        let template = self.template()?;
        let text = template.literal().unwrap_or_default();
        match self.peek() {
            TokenKind::Assign | TokenKind::Colon => {
                self.error(
                    Diagnostic::error(
                        Code::UnexpectedToken,
                        template.span,
                        "the name of an attribute is not quoted",
                    )
                    .with_hint(if is_word(&text) {
                        format!("write `{text} = ...`")
                    } else {
                        format!("only a map has keys in quotes, as in `name = {{ \"{text}\" = ... }}`")
                    }),
                );
                let name = Ident {
                    name: text.as_ref().into(),
                    span: template.span,
                };
                self.bump();
                let value = self.expression();
                let span = template.span.to(value.span);
                Some(Item::Attribute(Attribute { name, value, span }))
            }
            _ => {
                self.error(
                    Diagnostic::error(
                        Code::UnexpectedToken,
                        template.span,
                        "an attribute or block begins with its name, not with a string",
                    )
                    .with_hint("write `name = value` or `kind \"label\" { ... }`"),
                );
                None
            }
        }
    }

    /// Reads a block's body and makes the block. The next token is the opening brace, unless `opener` stands in for a
    /// missing one.
    pub(crate) fn finish_block(&mut self, kind: Ident, labels: Vec<Label>, missing: Option<Opener>) -> Item {
        let header = labels.last().map_or(kind.span, |label| kind.span.to(label.span));
        let opener = missing.unwrap_or_else(|| self.open(true));
        let start = self.here();
        let mut items = Vec::new();
        if self.may_descend() {
            self.descend();
            items = self.items(Some(&opener));
            self.ascend();
        } else {
            self.skip_deep_block(&opener);
        }
        let end = self.here();
        let close = self.close(&opener, "`}`");
        Item::Block(Block {
            body: Body {
                items,
                span: start.to(end),
            },
            header,
            open: opener.span,
            span: kind.span.to(close),
            close,
            kind,
            labels,
        })
    }

    fn skip_deep_block(&mut self, opener: &Opener) {
        let limit = crate::MAX_DEPTH;
        self.report(Diagnostic::error(
            Code::TooDeep,
            opener.span,
            format!("this block is nested more than {limit} levels deep"),
        ));
        while !matches!(self.peek(), TokenKind::End | TokenKind::BraceClose) {
            let since = self.pos();
            self.skip_item();
            if !matches!(self.peek(), TokenKind::End | TokenKind::BraceClose) {
                self.bump();
            }
            self.ensure_progress(since);
        }
    }

    /// Judges what follows an item: the end of its line, or inside of braces a comma or the next item.
    fn end_of_item(&mut self, in_block: bool, after_block: bool) {
        let next_item = self.at(TokenKind::QuoteOpen) || self.at_item();
        match self.peek() {
            TokenKind::BraceClose if !in_block && self.is_blamed() => {
                self.bump();
            }
            TokenKind::Newline | TokenKind::End | TokenKind::BraceClose => return,
            TokenKind::Comma => return self.comma_after_item(in_block),
            TokenKind::Ident if in_block && next_item => return,
            TokenKind::Ident if after_block && self.at_word("else") => return,
            TokenKind::Ident if next_item => {
                let name = self.next_text();
                return self.unexpected(
                    format!("`{name}` does not begin on a line of its own"),
                    "outside of braces each attribute and block begins a line",
                );
            }
            _ => self.after_item(after_block),
        }
        self.skip_item();
    }

    /// A comma divides attributes on one line, and only inside of braces.
    fn comma_after_item(&mut self, in_block: bool) {
        if !in_block {
            self.unexpected(
                "outside of braces commas do not separate attributes",
                "begin a new line instead",
            );
        } else if self.peek_second() != TokenKind::Ident {
            self.unexpected("nothing follows this comma", "remove it; a line break is enough");
        }
        self.bump();
    }

    fn after_item(&mut self, after_block: bool) {
        let found = self.describe();
        if after_block {
            let message = format!("expected the end of the line after the block, found {found}");
            return self.unexpected(message, "begin a new line after the `}`");
        }
        let hint = match self.peek() {
            TokenKind::Ident if matches!(self.next_text(), "and" | "or" | "not" | "is") => {
                "the operators are `&&`, `||`, `!` and `==`"
            }
            TokenKind::Assign => "to compare write `==`; an attribute has one `=`",
            TokenKind::ParenClose | TokenKind::BracketClose => {
                "it closes nothing; look for a missing opening bracket"
            }
            TokenKind::QuoteOpen => "to join strings write them as one, with `${ }` around expressions",
            TokenKind::Ident | TokenKind::Number | TokenKind::Colon | TokenKind::DoubleColon => {
                "put strings in double quotes"
            }
            _ => "a value ends with its line",
        };
        self.unexpected(
            format!("expected the end of the line after the value, found {found}"),
            hint,
        );
    }

    /// Tells whether an attribute or block begins at the next token.
    fn at_item(&self) -> bool {
        use TokenKind as K;
        self.at(K::Ident)
            && match self.peek_second() {
                K::Assign | K::Colon | K::BraceOpen => true,
                K::Ident | K::QuoteOpen => self.rest_of_line().any(|kind| kind == K::BraceOpen),
                _ => false,
            }
    }

    /// Reports a token that no item begins with.
    fn misplaced(&mut self, kind: TokenKind) {
        use TokenKind as K;
        let found = self.describe();
        match kind {
            K::BraceClose => {
                self.unexpected("this `}` closes nothing", "remove it, or look for a missing `{`");
                self.bump();
                return self.blame_next();
            }
            K::ParenClose | K::BracketClose => self.unexpected(
                format!("this {found} closes nothing"),
                "remove it, or look for a missing opening bracket",
            ),
            K::Question
            | K::Colon
            | K::Or
            | K::And
            | K::Equal
            | K::Plus
            | K::Minus
            | K::Star
            | K::Slash
            | K::Dot => {
                self.unexpected(
                    format!("an attribute or block begins with its name, not with {found}"),
                    "an expression goes on in the next line only inside of parentheses or brackets",
                );
            }
            _ => self.unexpected(
                format!("an attribute or block begins with its name, not with {found}"),
                "write `name = value` or `kind \"label\" { ... }`",
            ),
        }
        if kind.is_closer() {
            self.bump();
        }
        self.skip_item();
    }

    /// Reports attributes that stand twice in a body.
    fn find_duplicates(&mut self, items: &[Item]) {
        let mut names: Vec<&Ident> = items
            .iter()
            .filter_map(|item| match item {
                Item::Attribute(attribute) => Some(&attribute.name),
                Item::Block(_) => None,
            })
            .collect();
        names.sort_by(|a, b| a.name.cmp(&b.name).then(a.span.start.cmp(&b.span.start)));
        for same in names.chunk_by(|a, b| a.name == b.name) {
            for again in same.iter().skip(1) {
                self.report(
                    Diagnostic::error(
                        Code::DuplicateAttribute,
                        again.span,
                        format!("the attribute `{again}` is set twice"),
                    )
                    .with_label("set again here")
                    .with_related(same[0].span, "first set here")
                    .with_hint("remove one of the two"),
                );
            }
        }
    }
}

/// Tells whether a text could be the name of an attribute.
fn is_word(text: &str) -> bool {
    let mut characters = text.chars();
    let begins = characters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic());
    begins && characters.all(|next| next == '_' || next == '-' || next.is_alphanumeric())
}
