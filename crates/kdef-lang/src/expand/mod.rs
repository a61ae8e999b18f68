//! Trees to checked blocks: `if` and `for` expanded, attributes evaluated and converted.
//!
//! [`structure`] judges a file by the schema alone, once and whatever is taken or skipped later; [`decode`] then
//! evaluates what is there and passes over in silence what `structure` has reported.

pub(crate) mod control;
mod convert;
pub(crate) mod decode;
pub(crate) mod merge;
pub(crate) mod structure;

use kdef_syntax::ast::{Expr, ExprKind, ObjectKey};

use kdef_source::Span;

use crate::value::Value;

/// Returns an expression without the parentheses around it.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => bare(inner),
        _ => expr,
    }
}

/// Returns the place of an element of a map that is written out, else that of the whole expression.
pub(crate) fn span_of_key(expr: &Expr, key: &str) -> Span {
    element_of_key(expr, key).map_or(expr.span, |element| element.span)
}

/// Returns the place of an element of a list that is written out, else that of the whole expression.
pub(crate) fn span_of_index(expr: &Expr, index: usize) -> Span {
    element_at(expr, index).map_or(expr.span, |element| element.span)
}

/// Returns the expression of an element of a map that is written out.
pub(crate) fn element_of_key<'a>(expr: &'a Expr, key: &str) -> Option<&'a Expr> {
    let ExprKind::Object(items) = &bare(expr).kind else {
        return None;
    };
    let is_key = |item_key: &ObjectKey| match item_key {
        ObjectKey::Name(name) => name.as_str() == key,
        ObjectKey::Expr(expr) => literal(expr).is_some_and(|text| text == key),
    };
    let mut found = items.iter().rev().filter(|item| is_key(&item.key));
    found.next().map(|item| &item.value)
}

/// Returns the expression of an element of a list that is written out.
pub(crate) fn element_at(expr: &Expr, index: usize) -> Option<&Expr> {
    match &bare(expr).kind {
        ExprKind::Tuple(items) => items.get(index),
        _ => None,
    }
}

/// Returns what messages call a value, with its article.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null(_) => "null".to_owned(),
        _ => format!("a {}", value.type_name()),
    }
}

/// Returns a value that is written out, as messages may quote it. Whatever is computed may be secret, and is not quoted.
pub(crate) fn literal(expr: &Expr) -> Option<String> {
    match &bare(expr).kind {
        ExprKind::Template(template) => template.literal().map(std::borrow::Cow::into_owned),
        ExprKind::Number(digits) => Some(digits.to_string()),
        ExprKind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
