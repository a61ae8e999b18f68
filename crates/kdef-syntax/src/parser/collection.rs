//! Parentheses, lists, objects, arguments, and for-expressions.

use kdef_source::{Code, Diagnostic, Span};

use super::pieces::ForNames;
use crate::ast::{Expr, ExprKind, ForExpr, Ident, ObjectItem, ObjectKey};
use crate::cursor::{Opener, Parser};
use crate::token::TokenKind;

impl Parser<'_> {
    pub(crate) fn paren(&mut self) -> Expr {
        let opener = self.open(false);
        let inner = self.expression();
        let end = self.close(&opener, "`)`");
        self.grow(self.height);
        Expr {
            kind: ExprKind::Paren(Box::new(inner)),
            span: opener.span.to(end),
        }
    }

    pub(crate) fn tuple(&mut self) -> Expr {
        let opener = self.open(false);
        if self.at_word("for") {
            return self.for_expression(&opener);
        }
        let items = self.list(&opener);
        let highest = self.height;
        let end = self.close(&opener, "`,` or `]`");
        self.grow(highest);
        Expr {
            kind: ExprKind::Tuple(items),
            span: opener.span.to(end),
        }
    }

    /// Reads the arguments of a call; the flag tells whether the last one is followed by `...`.
    pub(crate) fn arguments(&mut self) -> (Vec<Expr>, bool, Span) {
        let opener = self.open(false);
        let arguments = self.list(&opener);
        let highest = self.height;
        let expand_final = !arguments.is_empty() && self.eat(TokenKind::Ellipsis).is_some();
        let wanted = if expand_final {
            "`)` after `...`"
        } else {
            "`,` or `)`"
        };
        let end = self.close(&opener, wanted);
        self.grow(highest);
        (arguments, expand_final, end)
    }

    /// Reads expressions with commas between them, up to what closes `opener`.
    fn list(&mut self, opener: &Opener) -> Vec<Expr> {
        let mut items = Vec::new();
        let mut highest = 0;
        let mut comma_missing = false;
        while Some(self.peek()) != opener.kind.closer() && !self.is_left_open(opener) {
            let since = self.pos();
            items.push(self.expression());
            highest = highest.max(self.height);
            if self.eat(TokenKind::Comma).is_some() {
                continue;
            }
            if self.is_blamed()
                || !self.begins_operand()
                || !self.at_line_start()
                || self.is_left_open(opener)
            {
                break;
            }
            if !comma_missing {
                self.unexpected(
                    "the comma before this item is missing",
                    "items are separated by commas, at the end of a line too",
                );
            }
            comma_missing = true;
            self.ensure_progress(since);
        }
        self.height = highest;
        items
    }

    pub(crate) fn begins_operand(&self) -> bool {
        use TokenKind as K;
        matches!(
            self.peek(),
            K::Ident | K::Number | K::QuoteOpen | K::HeredocOpen | K::BraceOpen | K::ParenOpen
        )
    }

    pub(crate) fn object(&mut self) -> Expr {
        let opener = self.open(true);
        while self.eat(TokenKind::Newline).is_some() {}
        if self.at_word("for") && !matches!(self.peek_second(), TokenKind::Assign | TokenKind::Colon) {
            self.ignore_newlines();
            return self.for_expression(&opener);
        }
        let mut items = Vec::new();
        let mut highest = 0;
        while !self.at(TokenKind::BraceClose) || self.ends_by_indentation(&opener) {
            let since = self.pos();
            if self.eat(TokenKind::Newline).is_some() {
                continue;
            }
            if self.is_left_open(&opener) {
                break;
            }
            let (item, height) = self.object_item(&opener);
            highest = highest.max(height);
            items.extend(item);
            self.ensure_progress(since);
        }
        let end = self.close(&opener, "`}`");
        self.grow(highest);
        Expr {
            kind: ExprKind::Object(items),
            span: opener.span.to(end),
        }
    }

    /// Reads an item and what divides it from the next; the number is the height of the higher of key and value.
    fn object_item(&mut self, opener: &Opener) -> (Option<ObjectItem>, usize) {
        let key = self.object_key();
        let mut highest = self.height;
        if !self.object_sign(&key) {
            self.skip_object_item();
            return (None, highest);
        }
        let value = match self.peek() {
            TokenKind::Newline | TokenKind::Comma | TokenKind::BraceClose => {
                self.no_object_value(&key);
                self.placeholder()
            }
            _ => self.expression(),
        };
        highest = highest.max(self.height);
        self.end_of_object_item(opener);
        let span = key.span().to(value.span);
        (Some(ObjectItem { key, value, span }), highest)
    }

    fn object_key(&mut self) -> ObjectKey {
        self.height = 1;
        if self.at(TokenKind::Ident) && matches!(self.peek_second(), TokenKind::Assign | TokenKind::Colon) {
            if self.at_word("for") {
                self.unexpected(
                    "`for` begins a for-expression here",
                    "as a key it stands in quotes: \"for\"",
                );
            }
            return ObjectKey::Name(self.ident());
        }
        let name = self.at(TokenKind::Ident).then(|| self.next_text());
        let expr = self.expression();
        match (expr.kind, name) {
            (ExprKind::Variable(name), _) => ObjectKey::Name(name),
            (ExprKind::Null | ExprKind::Bool(_), Some(name)) => ObjectKey::Name(Ident {
                name: name.into(),
                span: expr.span,
            }),
            (kind, _) => {
                if is_bare_reference(&kind) {
                    self.error(
                        Diagnostic::error(
                            Code::UnexpectedToken,
                            expr.span,
                            "it is not clear whether this key is a name with dots or a reference",
                        )
                        .with_hint("put a name in double quotes, and a reference in parentheses"),
                    );
                }
                ObjectKey::Expr(Expr {
                    kind,
                    span: expr.span,
                })
            }
        }
    }

    /// Takes the `=` or `:` after a key, and tells whether a value may follow.
    fn object_sign(&mut self, key: &ObjectKey) -> bool {
        match self.peek() {
            TokenKind::Assign | TokenKind::Colon => {
                self.bump();
                true
            }
            TokenKind::Equal | TokenKind::Arrow => {
                let sign = self.next_text();
                self.unexpected(
                    format!("a key is set with `=`, not with `{sign}`"),
                    "write `key = value`",
                );
                self.bump();
                true
            }
            TokenKind::Newline | TokenKind::Comma | TokenKind::BraceClose => {
                self.no_object_value(key);
                false
            }
            _ => {
                let found = self.describe();
                self.unexpected(
                    format!("expected the `=` after a key, found {found}"),
                    "write `key = value`; a key that is no word stands in double quotes",
                );
                false
            }
        }
    }

    fn no_object_value(&mut self, key: &ObjectKey) {
        self.error(
            Diagnostic::error(Code::UnexpectedToken, key.span(), "this key has no value")
                .with_hint("write `key = value`, both on one line"),
        );
    }

    fn end_of_object_item(&mut self, opener: &Opener) {
        match self.peek() {
            TokenKind::Comma | TokenKind::Newline => {
                self.bump();
            }
            TokenKind::BraceClose => {}
            _ if self.is_left_open(opener) => {}
            _ => {
                let found = self.describe();
                let hint = match self.next_text() {
                    "and" => "for \"and\" write `&&`",
                    "or" => "for \"or\" write `||`",
                    "=" => "to compare write `==`",
                    _ => "the items of an object are separated by commas or line breaks",
                };
                self.unexpected(
                    format!("expected a comma, a new line or `}}` after the value, found {found}"),
                    hint,
                );
                let second = self.peek_second();
                let next_item =
                    self.at(TokenKind::Ident) && matches!(second, TokenKind::Assign | TokenKind::Colon);
                if !next_item {
                    self.skip_object_item();
                }
            }
        }
    }

    /// Skips to the end of the line, or to the closing brace.
    fn skip_object_item(&mut self) {
        self.skip_line();
        self.eat(TokenKind::Newline);
    }

    fn for_expression(&mut self, opener: &Opener) -> Expr {
        let parts = self.for_parts(opener);
        let highest = self.height;
        let end = self.close(opener, "the end of the for-expression");
        self.grow(highest);
        Expr {
            kind: parts.map_or(ExprKind::Error, |parts| ExprKind::For(Box::new(parts))),
            span: opener.span.to(end),
        }
    }

    fn for_parts(&mut self, opener: &Opener) -> Option<ForExpr> {
        let object = opener.kind == TokenKind::BraceOpen;
        self.bump();
        let (key_variable, value_variable) = self.for_names()?;
        let collection = self.expression();
        let mut highest = self.height;
        self.for_colon(object)?;
        let first = self.expression();
        highest = highest.max(self.height);
        let mut key = None;
        let mut value = first;
        let arrow = self.eat(TokenKind::Arrow);
        if arrow.is_some() {
            key = Some(std::mem::replace(&mut value, self.expression()));
            highest = highest.max(self.height);
        }
        let group = self.eat(TokenKind::Ellipsis);
        let mut condition = None;
        if self.at_word("if") {
            self.bump();
            condition = Some(self.expression());
            highest = highest.max(self.height);
        }
        self.height = highest;
        self.check_for_shape(object, &value, arrow, group)
            .then_some(ForExpr {
                object,
                key_variable,
                value_variable,
                collection,
                key,
                value,
                group: group.is_some(),
                condition,
            })
    }

    fn for_colon(&mut self, object: bool) -> Option<Span> {
        let colon = self.eat(TokenKind::Colon);
        if colon.is_none() {
            let found = self.describe();
            let message = format!("expected the `:` of a for-expression, found {found}");
            self.unexpected(message, for_form(object));
        }
        colon
    }

    /// Reads `name in` or `key, value in`.
    pub(crate) fn for_names(&mut self) -> Option<ForNames> {
        let form = "write `for value in collection` or `for key, value in collection`";
        let mut names = Vec::new();
        loop {
            if !self.at(TokenKind::Ident) {
                let found = self.describe();
                self.unexpected(format!("expected a name after `for`, found {found}"), form);
                return None;
            }
            names.push(self.ident());
            if names.len() == 2 || self.eat(TokenKind::Comma).is_none() {
                break;
            }
        }
        if !self.at_word("in") {
            let found = self.describe();
            self.unexpected(format!("expected `in`, found {found}"), form);
            return None;
        }
        self.bump();
        let value = names.pop()?;
        Some((names.pop(), value))
    }

    /// Checks that an object is made of keys and values, and a list of values alone.
    fn check_for_shape(
        &mut self,
        object: bool,
        value: &Expr,
        arrow: Option<Span>,
        group: Option<Span>,
    ) -> bool {
        let (place, message) = match (object, arrow, group) {
            (true, None, _) => (value.span, "a for-expression in braces needs a key as well"),
            (false, Some(arrow), _) => (
                arrow,
                "a for-expression in brackets makes a list, which has no keys",
            ),
            (false, None, Some(group)) => (group, "only a for-expression in braces groups with `...`"),
            _ => return true,
        };
        if !self.is_blamed() {
            let diagnostic = Diagnostic::error(Code::UnexpectedToken, place, message);
            self.report(diagnostic.with_hint(for_form(object)));
        }
        false
    }
}

fn for_form(object: bool) -> &'static str {
    if object {
        "write `{ for k, v in collection : key => value }`"
    } else {
        "write `[ for v in collection : value ]`"
    }
}

/// Tells whether an expression is a name with attributes or constant indexes after it.
fn is_bare_reference(kind: &ExprKind) -> bool {
    let mut kind = kind;
    loop {
        kind = match kind {
            ExprKind::GetAttr { base, .. } => &base.kind,
            ExprKind::Index { base, key, .. } => match &key.kind {
                ExprKind::Number(_) => &base.kind,
                ExprKind::Template(template) if template.literal().is_some() => &base.kind,
                _ => return false,
            },
            ExprKind::Variable(_) => return true,
            _ => return false,
        };
    }
}
