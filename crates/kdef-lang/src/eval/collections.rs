//! Lists, maps and for-expressions.

use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Expr, ForExpr, ObjectItem, ObjectKey};

use super::{Evaluator, Scope};
use crate::value::{List, Map, Type, Value};

impl Evaluator<'_> {
    pub(super) fn tuple(&mut self, items: &[Expr], span: Span, scope: &Scope) -> Value {
        let items: Vec<Value> = items.iter().map(|item| self.expr(item, scope)).collect();
        self.bounded(Value::List(List::tuple(items)), span)
    }

    pub(super) fn object(&mut self, items: &[ObjectItem], span: Span, scope: &Scope) -> Value {
        let mut entries = IndexMap::with_capacity(items.len());
        let mut known = true;
        for item in items {
            let key = self.object_key(&item.key, scope);
            let value = self.expr(&item.value, scope);
            match key {
                Some(key) => {
                    entries.insert(key, value);
                }
                None => known = false,
            }
        }
        if !known {
            return Value::UNKNOWN;
        }
        self.bounded(Value::Map(Map::object(entries)), span)
    }

    fn object_key(&mut self, key: &ObjectKey, scope: &Scope) -> Option<Arc<str>> {
        match key {
            ObjectKey::Name(name) => Some(name.as_str().into()),
            ObjectKey::Expr(expr) => {
                let value = self.expr(expr, scope);
                self.key_text(&value, expr.span)
            }
        }
    }

    pub(super) fn for_expr(&mut self, for_expr: &ForExpr, span: Span, scope: &Scope) -> Value {
        let collection = self.expr(&for_expr.collection, scope);
        let elements = self.elements_of(&collection, for_expr.collection.span);
        if !self.condition_fits(for_expr, scope) {
            return Value::UNKNOWN;
        }
        let Some(elements) = elements else {
            return Value::UNKNOWN;
        };
        let value = match &for_expr.key {
            Some(key) => self.for_object(for_expr, key, elements, scope),
            None => self.for_tuple(for_expr, elements, scope),
        };
        self.bounded(value, span)
    }

    /// Looks at the condition before there is an element, so that one that never can be a bool is reported once.
    fn condition_fits(&mut self, for_expr: &ForExpr, scope: &Scope) -> bool {
        let Some(condition) = &for_expr.condition else {
            return true;
        };
        let start = self.pending.len();
        let scope = element_scope(for_expr, scope, Value::UNKNOWN, Value::UNKNOWN);
        let value = self.expr(condition, &scope);
        let truth = self.truth_of(&value, condition.span, "the condition");
        truth.is_some() && self.pending.len() == start
    }

    /// Tells whether an element is to be used; `None` when that is unknown.
    fn included(&mut self, for_expr: &ForExpr, scope: &Scope) -> Option<bool> {
        let Some(condition) = &for_expr.condition else {
            return Some(true);
        };
        let value = self.expr(condition, scope);
        self.truth_of(&value, condition.span, "the condition")?.as_bool()
    }

    fn for_tuple(&mut self, for_expr: &ForExpr, elements: Vec<(Value, Value)>, scope: &Scope) -> Value {
        let mut items = Vec::new();
        let mut known = true;
        for (key, value) in elements {
            if !self.spend(1, for_expr.value.span) {
                return Value::UNKNOWN;
            }
            let scope = element_scope(for_expr, scope, key, value);
            match self.included(for_expr, &scope) {
                Some(true) => items.push(self.expr(&for_expr.value, &scope)),
                Some(false) => {}
                None => known = false,
            }
        }
        if known {
            Value::List(List::tuple(items))
        } else {
            Value::UNKNOWN
        }
    }

    fn for_object(
        &mut self,
        for_expr: &ForExpr,
        key_expr: &Expr,
        elements: Vec<(Value, Value)>,
        scope: &Scope,
    ) -> Value {
        let mut entries: IndexMap<Arc<str>, Vec<Value>> = IndexMap::new();
        let mut known = true;
        for (key, value) in elements {
            if !self.spend(1, for_expr.value.span) {
                return Value::UNKNOWN;
            }
            let scope = element_scope(for_expr, scope, key, value);
            match self.included(for_expr, &scope) {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    known = false;
                    continue;
                }
            }
            let key = self.expr(key_expr, &scope);
            let Some(key) = self.key_text(&key, key_expr.span) else {
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
        if known {
            grouped(entries, for_expr.group)
        } else {
            Value::UNKNOWN
        }
    }

    /// Returns what a `for` iterates; `None` when it is unknown, or an error says that it cannot be iterated.
    pub(super) fn elements_of(&mut self, value: &Value, span: Span) -> Option<Vec<(Value, Value)>> {
        if let Some(elements) = value.elements() {
            return Some(elements);
        }
        match value {
            Value::Unknown(ty) if !ty.is_primitive() => {}
            Value::Null(_) => self.error(
                Code::UnexpectedNull,
                span,
                "this is null, which cannot be iterated",
            ),
            _ => {
                let message = format!("a {} cannot be iterated", value.type_name());
                let diagnostic = Diagnostic::error(Code::NotIterable, span, message);
                self.report(diagnostic.with_hint("only lists and maps can"));
            }
        }
        None
    }
}

fn element_scope(for_expr: &ForExpr, scope: &Scope, key: Value, value: Value) -> Scope {
    let scope = match &for_expr.key_variable {
        Some(name) => scope.with(name.as_str(), key),
        None => scope.clone(),
    };
    scope.with(for_expr.value_variable.as_str(), value)
}

fn duplicate_key(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::DuplicateKey,
        span,
        format!("two elements give the key `{key}`"),
    )
    .with_hint("to collect the values of equal keys in lists, put `...` after the value")
}

fn grouped(entries: IndexMap<Arc<str>, Vec<Value>>, group: bool) -> Value {
    let entries = entries.into_iter().map(|(key, mut values)| {
        let value = if group {
            Value::tuple(values)
        } else {
            values.pop().unwrap_or(Value::Unknown(Type::Any))
        };
        (key, value)
    });
    Value::Map(Map::object(entries.collect()))
}
