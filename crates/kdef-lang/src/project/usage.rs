//! Which variables a tree uses, whether or not the branch that uses them is taken.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::Span;
use kdef_syntax::ast::{Body, Expr, ExprKind, Item};
use kdef_syntax::visit;

use crate::written::literal;

/// The name that variables are reached by.
pub(crate) const ROOT: &str = "var";

/// The variables that are used, with the first place of each.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    names: BTreeMap<Arc<str>, Span>,
    /// The first use of `var` as a whole, or with a name that is computed.
    all: Option<Span>,
    /// The place of the last `var` that a name follows, which is no use of all variables.
    named: Option<Span>,
}

impl Usage {
    /// Adds what a body uses.
    pub(crate) fn add(&mut self, body: &Body) {
        visit::body(body, &mut |expr| self.see(expr));
        self.add_loops(body);
    }

    /// Returns the first use of a variable.
    pub(crate) fn first(&self, name: &str) -> Option<Span> {
        self.names.get(name).copied().or(self.all)
    }

    /// Looks at one expression; the walk comes to the base of an attribute access right after it.
    fn see(&mut self, expr: &Expr) {
        let (base, name) = match &expr.kind {
            ExprKind::GetAttr { base, name } => (base, Some(name.to_string())),
            ExprKind::Index { base, key, .. } => (base, literal(key).map(Cow::into_owned)),
            _ => {
                if is_root(expr) && self.named != Some(expr.span) && self.all.is_none() {
                    self.all = Some(expr.span);
                }
                return;
            }
        };
        if let Some(name) = name.filter(|_| is_root(base)) {
            self.names.entry(name.into()).or_insert(expr.span);
            self.named = Some(base.span);
        }
    }

    /// Adds the collections of `for` blocks that are given as a label, as in `for "x" "var.items"`.
    fn add_loops(&mut self, body: &Body) {
        for item in &body.items {
            let Item::Block(block) = item else { continue };
            if block.kind.as_str() == "for"
                && let Some(path) = block.labels.get(1)
                && let Some(text) = path.literal()
            {
                let mut parts = text.split('.').filter(|part| !part.is_empty());
                if parts.next() == Some(ROOT) {
                    match parts.next() {
                        Some(name) => drop(self.names.entry(name.into()).or_insert(path.span)),
                        None => self.all = self.all.or(Some(path.span)),
                    }
                }
            }
            self.add_loops(&block.body);
        }
    }
}

fn is_root(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Variable(name) if name.as_str() == ROOT)
}
