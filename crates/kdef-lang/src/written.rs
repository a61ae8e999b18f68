//! What stands in the source itself, as opposed to what is computed: its places, and the texts that may be quoted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kdef_source::Span;
use kdef_syntax::ast::{Expr, ExprKind, ObjectItem, ObjectKey};

use crate::block::{Place, Places};

/// Returns an expression without the parentheses around it.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => bare(inner),
        _ => expr,
    }
}

/// Returns a value that is written out, as messages may quote it. Whatever is computed may be secret, and is not quoted.
pub(crate) fn literal(expr: &Expr) -> Option<Cow<'_, str>> {
    match &bare(expr).kind {
        ExprKind::Template(template) => template.literal(),
        ExprKind::Number(digits) => Some(Cow::Borrowed(digits)),
        ExprKind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        _ => None,
    }
}

/// Returns the key of an item of a map, where that is written out.
pub(crate) fn key_text(item: &ObjectItem) -> Option<Cow<'_, str>> {
    match &item.key {
        ObjectKey::Name(name) => Some(Cow::Borrowed(name.as_str())),
        ObjectKey::Expr(expr) => literal(expr),
    }
}

/// Returns the items of a map that is written out, else none.
pub(crate) fn items(expr: &Expr) -> &[ObjectItem] {
    match &bare(expr).kind {
        ExprKind::Object(items) => items,
        _ => &[],
    }
}

/// Returns the expression of an element of a list that is written out.
pub(crate) fn element_at(expr: &Expr, index: usize) -> Option<&Expr> {
    match &bare(expr).kind {
        ExprKind::Tuple(items) => items.get(index),
        _ => None,
    }
}

/// Returns the place of an element of a list that is written out, else that of the whole expression.
pub(crate) fn span_of_index(expr: &Expr, index: usize) -> Span {
    element_at(expr, index).map_or(expr.span, |element| element.span)
}

/// Returns where the parts of a value are written, as far as they are written out.
pub(crate) fn places(expr: &Expr) -> Places {
    let place = |span, inside| Place {
        span,
        inside: places(inside),
    };
    match &bare(expr).kind {
        ExprKind::Object(items) => {
            let known = items.iter().filter_map(|item| Some((key_text(item)?, item)));
            let elements = known.map(|(key, item)| (key.into(), place(item.key.span(), &item.value)));
            Places(elements.collect())
        }
        ExprKind::Tuple(items) => {
            let elements = items.iter().enumerate();
            let elements = elements.map(|(index, item)| (index.to_string().into(), place(item.span, item)));
            Places(elements.collect())
        }
        _ => Places::default(),
    }
}

/// The elements of a map by their keys, as far as they are written out.
#[derive(Debug)]
pub(crate) struct WrittenMap<'a> {
    whole: &'a Expr,
    items: BTreeMap<Cow<'a, str>, &'a ObjectItem>,
}

impl<'a> WrittenMap<'a> {
    /// Indexes the map that an expression is; of equal keys the last counts, as in the value.
    pub(crate) fn of(whole: &'a Expr) -> Self {
        let items = items(whole).iter();
        Self {
            whole,
            items: items.filter_map(|item| Some((key_text(item)?, item))).collect(),
        }
    }

    /// Makes the index of a map that is a part of what an expression gives, and not written out.
    pub(crate) fn part_of(whole: &'a Expr) -> Self {
        Self {
            whole,
            items: BTreeMap::new(),
        }
    }

    /// Returns the expression that is written out around all elements.
    pub(crate) fn whole(&self) -> &'a Expr {
        self.whole
    }

    /// Returns the expression of an element.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Expr> {
        self.items.get(key).map(|item| &item.value)
    }

    /// Returns the place of an element, else that of the whole.
    pub(crate) fn span(&self, key: &str) -> Span {
        self.get(key).unwrap_or(self.whole).span
    }

    /// Returns the place of an element's key.
    pub(crate) fn key_span(&self, key: &str) -> Option<Span> {
        self.items.get(key).map(|item| item.key.span())
    }
}
