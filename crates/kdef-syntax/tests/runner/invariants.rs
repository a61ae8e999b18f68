//! What holds for every input, however broken.

use kdef_source::{FileId, SourceMap, Span};
use kdef_syntax::ast::{Body, Expr, ExprKind, Ident, Item, LabelKind, ObjectKey, Part, Template};
use kdef_syntax::token::TokenKind;
use kdef_syntax::{Parse, parse};

/// Parses a text and checks what must hold.
pub(crate) fn check(text: &str) -> Parse {
    let file = SourceMap::default().add("test.kdef", text);
    let parsed = parse(file, text);
    tokens_tile(&parsed, text);
    let root = span(file, 0, text.len());
    assert_eq!(parsed.body.span, root, "the body is the whole file");
    let tree = Tree {
        text,
        has_errors: !parsed.diagnostics.is_empty(),
    };
    tree.body(&parsed.body, root);
    for diagnostic in &parsed.diagnostics {
        let places = diagnostic.related.iter().map(|related| related.span);
        for place in places.chain(diagnostic.span) {
            assert!(
                text.get(place.range()).is_some(),
                "{diagnostic:?} points outside of the text"
            );
        }
        assert!(diagnostic.span.is_some(), "{diagnostic:?} has a place");
        assert!(!diagnostic.message.ends_with('.') && !diagnostic.message.is_empty());
    }
    assert!(
        parsed
            .diagnostics
            .is_sorted_by_key(|diagnostic| diagnostic.span.map(|span| span.start))
    );
    parsed
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span::new(file, start, end)
}

fn tokens_tile(parsed: &Parse, text: &str) {
    let mut at = 0;
    for token in &parsed.tokens {
        assert_eq!(token.start, at, "{token:?} follows the one before it");
        let empty = token.start == token.end;
        assert_eq!(
            empty,
            token.kind == TokenKind::End,
            "{token:?} is empty only at the end"
        );
        assert!(
            text.get(token.range()).is_some(),
            "{token:?} divides no character"
        );
        at = token.end;
    }
    assert_eq!(at as usize, text.len());
    assert_eq!(parsed.tokens.last().map(|token| token.kind), Some(TokenKind::End));
}

/// Checks that each node lies inside of the one around it, and that names are what stands at their place.
struct Tree<'t> {
    text: &'t str,
    has_errors: bool,
}

impl Tree<'_> {
    fn inside(&self, inner: Span, outer: Span, what: &str) {
        let fits = outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
        assert!(
            fits,
            "{what} {inner:?} is not inside of {outer:?} in {:?}",
            self.text
        );
    }

    fn ident(&self, ident: &Ident, outer: Span) {
        self.inside(ident.span, outer, "name");
        let written = &self.text[ident.span.range()];
        assert!(
            written == ident.as_str() || written.starts_with('"'),
            "{ident:?} is {written:?}"
        );
    }

    fn body(&self, body: &Body, outer: Span) {
        self.inside(body.span, outer, "body");
        let mut at = body.span.start;
        for item in &body.items {
            let span = item.span();
            assert!(at <= span.start, "items follow each other");
            at = span.end;
            self.inside(span, body.span, "item");
            match item {
                Item::Attribute(attribute) => {
                    self.ident(&attribute.name, span);
                    self.expr(&attribute.value, span);
                }
                Item::Block(block) => {
                    self.ident(&block.kind, block.header);
                    for label in &block.labels {
                        self.inside(label.span, block.header, "label");
                        match &label.kind {
                            LabelKind::Bare(name) => self.ident(name, label.span),
                            LabelKind::Quoted(template) => self.template(template, label.span),
                        }
                    }
                    for part in [block.header, block.open, block.close] {
                        self.inside(part, span, "part of a block");
                    }
                    self.body(&block.body, span.at_start().to(block.close));
                }
            }
        }
    }

    fn expr(&self, node: &Expr, outer: Span) {
        let span = node.span;
        self.inside(span, outer, "expression");
        match &node.kind {
            ExprKind::Error => assert!(self.has_errors, "{:?} is explained", self.text),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::SplatItem => {}
            ExprKind::Number(text) => assert_eq!(&self.text[span.range()], &**text),
            ExprKind::Template(template) => self.template(template, span),
            ExprKind::Tuple(items) => items.iter().for_each(|item| self.expr(item, span)),
            ExprKind::Object(items) => {
                for item in items {
                    self.inside(item.span, span, "object item");
                    match &item.key {
                        ObjectKey::Name(name) => self.ident(name, item.span),
                        ObjectKey::Expr(key) => self.expr(key, item.span),
                    }
                    self.expr(&item.value, item.span);
                }
            }
            ExprKind::Variable(name) => self.ident(name, span),
            ExprKind::GetAttr { base, name } => {
                self.expr(base, span);
                self.ident(name, span);
            }
            ExprKind::Index { base, key, .. } => {
                self.expr(base, span);
                self.expr(key, span);
            }
            ExprKind::Splat(splat) => {
                self.expr(&splat.source, span);
                self.expr(&splat.each, span);
            }
            ExprKind::Unary { operand, .. } => self.expr(operand, span),
            ExprKind::Binary { left, right, .. } => {
                self.expr(left, span);
                self.expr(right, span);
            }
            ExprKind::Conditional(node) => {
                for part in [&node.condition, &node.then, &node.otherwise] {
                    self.expr(part, span);
                }
            }
            ExprKind::Call(call) => call
                .arguments
                .iter()
                .for_each(|argument| self.expr(argument, span)),
            ExprKind::For(node) => {
                node.key_variable.iter().for_each(|name| self.ident(name, span));
                self.ident(&node.value_variable, span);
                let parts = [Some(&node.collection), node.key.as_ref(), Some(&node.value)];
                parts.into_iter().flatten().for_each(|part| self.expr(part, span));
                node.condition.iter().for_each(|test| self.expr(test, span));
            }
            ExprKind::Paren(inner) => self.expr(inner, span),
        }
    }

    fn template(&self, template: &Template, outer: Span) {
        self.inside(template.span, outer, "template");
        self.parts(&template.parts, template.span);
    }

    fn parts(&self, parts: &[Part], outer: Span) {
        let mut at = outer.start;
        for part in parts {
            let span = part.span();
            self.inside(span, outer, "part");
            assert!(at <= span.start, "parts follow each other in {:?}", self.text);
            at = span.end;
            match part {
                Part::Literal { .. } => {}
                Part::Interpolation { expr, span } => self.expr(expr, *span),
                Part::If(node) => {
                    self.expr(&node.condition, span);
                    self.parts(&node.then, span);
                    self.parts(&node.otherwise, span);
                }
                Part::For(node) => {
                    self.expr(&node.collection, span);
                    self.parts(&node.body, span);
                }
            }
        }
    }
}
