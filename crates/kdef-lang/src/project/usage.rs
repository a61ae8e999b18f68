//! Which variables and locals a tree uses, whether or not the branch that uses them is taken.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::Span;
use kdef_syntax::ast::{Body, Expr, ExprKind, ForExpr, Item};
use kdef_syntax::visit;

use super::locals::{self, Locals};
use crate::written::literal;

/// The name that variables are reached by.
pub(crate) const ROOT: &str = "var";

/// The variables and locals that are used, with the first place of each.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    variables: Names,
    locals: Names,
    /// The place of the last root that a name follows, which is no use of everything that it holds.
    named: Option<Span>,
    /// What lies in the reach of an iterator called `local`.
    shadowed: Vec<Span>,
}

/// The names that are used of one root.
#[derive(Debug, Default)]
struct Names {
    first: BTreeMap<Arc<str>, Span>,
    /// The first use of the root as a whole, or with a name that is computed.
    all: Option<Span>,
}

impl Names {
    fn add(&mut self, name: Option<&str>, span: Span) {
        match name {
            Some(name) => drop(self.first.entry(name.into()).or_insert(span)),
            None => self.all = self.all.or(Some(span)),
        }
    }

    fn extend(&mut self, other: &Self) {
        for (name, span) in &other.first {
            self.first.entry(Arc::clone(name)).or_insert(*span);
        }
        self.all = self.all.or(other.all);
    }
}

impl Usage {
    /// Adds what a body uses.
    pub(crate) fn add(&mut self, body: &Body) {
        visit::body(body, &mut |expr| self.see(expr));
        self.add_loops(body);
    }

    /// Adds what an expression uses.
    pub(crate) fn add_expr(&mut self, expr: &Expr) {
        visit::expr(expr, &mut |expr| self.see(expr));
    }

    /// Adds the variables that are used by way of locals.
    pub(crate) fn add_through(&mut self, locals: &Locals) {
        let mut waiting: Vec<&str> = if self.locals.all.is_some() {
            locals.keys().map(AsRef::as_ref).collect()
        } else {
            self.locals.first.keys().map(AsRef::as_ref).collect()
        };
        let mut seen: BTreeSet<&str> = waiting.iter().copied().collect();
        while let Some(name) = waiting.pop() {
            let Some(local) = locals.get(name) else { continue };
            self.variables.extend(&local.uses.variables);
            waiting.extend(local.uses.locals().filter(|name| seen.insert(name)));
        }
    }

    /// Returns the first use of a variable.
    pub(crate) fn first(&self, name: &str) -> Option<Span> {
        self.variables.first.get(name).copied().or(self.variables.all)
    }

    /// Returns the locals that are used by name.
    pub(crate) fn locals(&self) -> impl Iterator<Item = &str> {
        self.locals.first.keys().map(AsRef::as_ref)
    }

    /// Looks at one expression; the walk comes to the base of an attribute access right after it.
    fn see(&mut self, expr: &Expr) {
        let (base, name) = match &expr.kind {
            ExprKind::GetAttr { base, name } => (&**base, Some(name.to_string())),
            ExprKind::Index { base, key, .. } => (&**base, literal(key).map(Cow::into_owned)),
            ExprKind::For(node) => return self.see_for(node),
            _ if self.named == Some(expr.span) => return,
            _ => (expr, None),
        };
        let ExprKind::Variable(root) = &base.kind else {
            return;
        };
        let is_shadowed = |span: &Span| span.start <= base.span.start && base.span.end <= span.end;
        let names = match root.as_str() {
            ROOT => &mut self.variables,
            locals::ROOT if !self.shadowed.iter().any(is_shadowed) => &mut self.locals,
            _ => return,
        };
        // A name that is computed may be any, which is noted when the walk comes to the root.
        if name.is_some() {
            self.named = Some(base.span);
        }
        if name.is_some() || std::ptr::eq(base, expr) {
            names.add(name.as_deref(), expr.span);
        }
    }

    /// An iterator may have the name that locals are reached by.
    fn see_for(&mut self, node: &ForExpr) {
        let names = node.key_variable.iter().chain([&node.value_variable]);
        if names.into_iter().any(|name| name.as_str() == locals::ROOT) {
            let inside = node.key.iter().chain([&node.value]).chain(&node.condition);
            self.shadowed.extend(inside.map(|expr| expr.span));
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
                match parts.next() {
                    Some(ROOT) => self.variables.add(parts.next(), path.span),
                    Some(locals::ROOT) => self.locals.add(parts.next(), path.span),
                    _ => {}
                }
            }
            self.add_loops(&block.body);
        }
    }
}
