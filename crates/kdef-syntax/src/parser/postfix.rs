//! What follows an operand: attributes, indexes, splats.

use kdef_source::{Code, Diagnostic, Span};

use crate::ast::{Expr, ExprKind, Ident, Splat};
use crate::cursor::Parser;
use crate::token::TokenKind;

impl Parser<'_> {
    /// Reads what follows `base`. Its height is the one that was noted last.
    pub(crate) fn postfix(&mut self, base: Expr) -> Expr {
        let mut expr = base;
        loop {
            let since = self.pos();
            expr = match self.peek() {
                TokenKind::Dot if self.peek_second() == TokenKind::Star => self.attribute_splat(expr),
                TokenKind::Dot => self.attribute_access(expr),
                TokenKind::BracketOpen if self.peek_second() == TokenKind::Star => self.full_splat(expr),
                TokenKind::BracketOpen => self.index(expr),
                _ => return expr,
            };
            self.ensure_progress(since);
        }
    }

    /// Reads `.name`, or the older form of an index, `.0`.
    fn attribute_access(&mut self, base: Expr) -> Expr {
        let dot = self.bump().span(self.file);
        match self.peek() {
            TokenKind::Ident => {
                let name = self.ident();
                self.get_attribute(base, name)
            }
            TokenKind::Number => self.legacy_index(base),
            _ => {
                let found = self.describe();
                if !self.at(TokenKind::Invalid) {
                    self.error(
                        Diagnostic::error(
                            Code::UnexpectedToken,
                            dot,
                            format!("expected a name after the dot, found {found}"),
                        )
                        .with_hint("write `value.name`, or `value[\"name\"]` where the name is no word"),
                    );
                }
                let name = Ident {
                    name: "".into(),
                    span: dot.at_end(),
                };
                self.get_attribute(base, name)
            }
        }
    }

    fn get_attribute(&mut self, base: Expr, name: Ident) -> Expr {
        self.grow(self.height);
        Expr {
            span: base.span.to(name.span),
            kind: ExprKind::GetAttr {
                base: Box::new(base),
                name,
            },
        }
    }

    fn legacy_index(&mut self, base: Expr) -> Expr {
        let text = self.next_text();
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.error(
                Diagnostic::error(
                    Code::UnexpectedToken,
                    self.next_span(),
                    format!("`.{text}` is no index"),
                )
                .with_hint(format!("write `[{}]`", text.replace('.', "]["))),
            );
        }
        let key = Expr {
            kind: ExprKind::Number(text.into()),
            span: self.bump().span(self.file),
        };
        self.grow(self.height);
        Expr {
            span: base.span.to(key.span),
            kind: ExprKind::Index {
                base: Box::new(base),
                key: Box::new(key),
                legacy: true,
            },
        }
    }

    fn index(&mut self, base: Expr) -> Expr {
        let highest = self.height;
        if matches!(&base.kind, ExprKind::Variable(name) if name.as_str() == "enum") {
            return self.words(base);
        }
        let opener = self.open(false);
        let key = self.expression();
        let end = self.close(&opener, "`]`");
        self.grow(highest.max(self.height));
        Expr {
            span: base.span.to(end),
            kind: ExprKind::Index {
                base: Box::new(base),
                key: Box::new(key),
                legacy: false,
            },
        }
    }

    /// Reads the words of `enum[a, b]`, which are an index that is a list.
    fn words(&mut self, base: Expr) -> Expr {
        let words = self.tuple();
        self.grow(self.height);
        Expr {
            span: base.span.to(words.span),
            kind: ExprKind::Index {
                base: Box::new(base),
                key: Box::new(words),
                legacy: false,
            },
        }
    }

    /// Reads `[*]` and everything that follows, which applies to each element.
    fn full_splat(&mut self, source: Expr) -> Expr {
        let highest = self.height;
        let opener = self.open_alike();
        self.bump();
        let mark = opener.span.to(self.close(&opener, "`]` after the `*`"));
        self.height = 1;
        let item = splat_item(mark);
        let each = if self.descend() {
            let each = self.postfix(item);
            self.ascend();
            each
        } else {
            item
        };
        self.splat(highest, source, mark, true, each)
    }

    /// Reads `.*` and the names that follow it; a bracket after them applies to the list as a whole.
    fn attribute_splat(&mut self, source: Expr) -> Expr {
        let highest = self.height;
        let dot = self.bump().span(self.file);
        let mark = dot.to(self.bump().span(self.file));
        self.height = 1;
        let mut each = splat_item(mark);
        while self.at(TokenKind::Dot) {
            if self.peek_second() == TokenKind::Star {
                self.unexpected("a `.*` cannot stand inside of another", "write `[*]` for both");
                self.bump();
                self.bump();
            } else {
                each = self.attribute_access(each);
            }
        }
        self.splat(highest, source, mark, false, each)
    }

    fn splat(&mut self, highest: usize, source: Expr, mark: Span, full: bool, each: Expr) -> Expr {
        self.grow(highest.max(self.height));
        let span = source.span.to(mark).to(each.span);
        let splat = Splat {
            source,
            mark,
            full,
            each,
        };
        Expr {
            kind: ExprKind::Splat(Box::new(splat)),
            span,
        }
    }
}

fn splat_item(mark: Span) -> Expr {
    Expr {
        kind: ExprKind::SplatItem,
        span: mark,
    }
}
