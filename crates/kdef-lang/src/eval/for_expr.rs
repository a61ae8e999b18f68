//! For-expressions, and what every `for` does.

use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Expr, ForExpr, Ident};

use super::{Evaluator, Scope};
use crate::value::{List, Map, Value};

/// Steps that one element of a result costs by itself, so that they bound the room it takes as well.
const STEPS_PER_ITEM: u64 = 2;

/// Steps that one entry of a resulting map costs by itself.
const STEPS_PER_ENTRY: u64 = 6;

/// The names that a `for` gives to each key and element.
pub(super) struct ElementNames {
    key: Option<Arc<str>>,
    value: Arc<str>,
}

impl ElementNames {
    pub(super) fn new(key: Option<&Ident>, value: &Ident) -> Self {
        Self {
            key: key.map(|name| name.as_str().into()),
            value: value.as_str().into(),
        }
    }

    /// Returns the scope of one turn.
    pub(super) fn scope(&self, outer: &Scope, key: Value, value: Value) -> Scope {
        let with_key = self.key.as_ref().map(|name| outer.with(Arc::clone(name), key));
        with_key
            .as_ref()
            .unwrap_or(outer)
            .with(Arc::clone(&self.value), value)
    }
}

impl Evaluator<'_> {
    pub(super) fn for_expr(&mut self, for_expr: &ForExpr, span: Span, scope: &Scope) -> Value {
        let collection = self.expr(&for_expr.collection, scope);
        let elements = self.elements_of(&collection, for_expr.collection.span);
        let names = ElementNames::new(for_expr.key_variable.as_ref(), &for_expr.value_variable);
        let Some(elements) = elements else {
            return Value::UNKNOWN;
        };
        if !self.condition_fits(for_expr, &names, scope) {
            return Value::UNKNOWN;
        }
        let scopes = elements
            .into_iter()
            .map(|(key, value)| names.scope(scope, key, value));
        let value = match &for_expr.key {
            Some(key) => self.for_object(for_expr, key, scopes),
            None => self.for_tuple(for_expr, scopes),
        };
        value.map_or(Value::UNKNOWN, |value| self.bounded(value, span))
    }

    /// Looks at the condition before there is an element, so that one that never can be a bool is reported once.
    fn condition_fits(&mut self, for_expr: &ForExpr, names: &ElementNames, scope: &Scope) -> bool {
        let start = self.pending.len();
        if let Some(condition) = &for_expr.condition {
            let scope = names.scope(scope, Value::UNKNOWN, Value::UNKNOWN);
            let value = self.expr(condition, &scope);
            self.truth_of(&value, condition.span, "the condition");
        }
        self.pending.len() == start
    }

    /// Tells whether an element is to be used; `None` when that is unknown.
    fn included(&mut self, for_expr: &ForExpr, scope: &Scope) -> Option<bool> {
        let Some(condition) = &for_expr.condition else {
            return Some(true);
        };
        let value = self.expr(condition, scope);
        self.truth_of(&value, condition.span, "the condition")?.as_bool()
    }

    /// Makes the list of a `for` in brackets; `None` when it is unknown which elements it has.
    fn for_tuple(&mut self, for_expr: &ForExpr, scopes: impl Iterator<Item = Scope>) -> Option<Value> {
        let mut items = Vec::new();
        let mut known = true;
        for scope in scopes {
            if !self.spend(STEPS_PER_ITEM, for_expr.value.span) {
                return None;
            }
            match self.included(for_expr, &scope) {
                Some(true) => items.push(self.expr(&for_expr.value, &scope)),
                Some(false) => {}
                None => known = false,
            }
        }
        known.then(|| Value::List(List::tuple(items)))
    }

    /// Makes the map of a `for` in braces; `None` when it is unknown which keys it has.
    fn for_object(
        &mut self,
        for_expr: &ForExpr,
        key_expr: &Expr,
        scopes: impl Iterator<Item = Scope>,
    ) -> Option<Value> {
        let mut entries: IndexMap<Arc<str>, Vec<Value>> = IndexMap::new();
        let mut known = true;
        for scope in scopes {
            if !self.spend(STEPS_PER_ENTRY, for_expr.value.span) {
                return None;
            }
            let included = self.included(for_expr, &scope);
            if included == Some(false) {
                continue;
            }
            let key = included.and_then(|_| self.key_of(key_expr, &scope));
            let Some(key) = key else {
                known = false;
                continue;
            };
            let value = self.expr(&for_expr.value, &scope);
            let values = entries.entry(Arc::clone(&key)).or_default();
            values.push(value);
            if values.len() > 1 && !for_expr.group {
                self.report(duplicate_key(&key, key_expr.span));
                known = false;
            }
        }
        known.then(|| grouped(entries, for_expr.group))
    }

    fn key_of(&mut self, key_expr: &Expr, scope: &Scope) -> Option<Arc<str>> {
        let key = self.expr(key_expr, scope);
        self.key_text(&key, key_expr.span)
    }

    /// Returns what a `for` iterates; `None` when it is unknown, or an error says that it cannot be iterated.
    pub(super) fn elements_of(&mut self, value: &Value, span: Span) -> Option<Vec<(Value, Value)>> {
        if let Some(elements) = value.elements() {
            return Some(elements);
        }
        match value {
            Value::Unknown(ty) if !ty.is_primitive() => {}
            Value::Null(_) => {
                self.error(
                    Code::UnexpectedNull,
                    span,
                    "this is null, which cannot be iterated",
                );
            }
            _ => {
                let message = format!("a {} cannot be iterated", value.type_name());
                let diagnostic = Diagnostic::error(Code::NotIterable, span, message);
                self.report(diagnostic.with_hint("only lists and maps can"));
            }
        }
        None
    }
}

fn duplicate_key(key: &str, span: Span) -> Diagnostic {
    let message = format!("two elements give the key `{key}`");
    Diagnostic::error(Code::DuplicateKey, span, message)
        .with_hint("to collect the values of equal keys in lists, put `...` after the value")
}

fn grouped(entries: IndexMap<Arc<str>, Vec<Value>>, group: bool) -> Value {
    let entries = entries.into_iter().map(|(key, mut values)| {
        let value = if group {
            Value::tuple(values)
        } else {
            values.pop().unwrap_or(Value::UNKNOWN)
        };
        (key, value)
    });
    Value::Map(Map::object(entries.collect()))
}
