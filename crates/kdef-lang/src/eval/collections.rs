//! Lists and maps as they are written.

use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::Span;
use kdef_syntax::ast::{Expr, ObjectItem, ObjectKey};

use super::{Evaluator, Scope};
use crate::value::{List, Map, Value};

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
}
