//! Lists and maps of texts.

use std::sync::Arc;

use kdef_source::{Code, Span, Spanned};
use kdef_syntax::ast::Expr;

use super::{Converter, Place};
use crate::block::TextMap;
use crate::schema::{ANNOTATIONS, ANY_TEXT, KeyKind, TextKind};
use crate::value::{Map, Type, Value};
use crate::written::{WrittenMap, element_at};

/// The longest key that a message quotes, in bytes.
const QUOTED_KEY: usize = 100;

impl Converter<'_> {
    /// Converts a list; a map counts as the list of its values in the order of the keys. Empty texts are dropped, except
    /// where any text goes.
    pub(super) fn list(
        &mut self,
        kind: &'static TextKind,
        value: &Value,
        expr: &Expr,
    ) -> Option<Vec<Spanned<Arc<str>>>> {
        let items: Vec<Value> = match value {
            Value::List(list) => list.items().to_vec(),
            Value::Map(map) => map.sorted().into_iter().map(|(_, value)| value.clone()).collect(),
            _ => {
                let refused = self.convert(value, &Type::list(Type::String), &Place::of(expr));
                let single = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
                if refused.is_none()
                    && single
                    && let Some(problem) = self.diagnostics.last_mut()
                {
                    problem.hints.push("put it in brackets: `[ ... ]`".to_owned());
                }
                return None;
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = Place::of_element(element_at(expr, index), expr, || index.to_string());
            if item.is_null() {
                let fault = format!("element {} is null", index + 1);
                self.refuse(Code::UnexpectedNull, &Place::whole(place.span), fault);
                continue;
            }
            let Some(text) = self.plain_text(item, &place) else {
                continue;
            };
            let dropped = text.is_empty() && !kind.is(&ANY_TEXT);
            if !dropped && self.check(kind, &text, &place) {
                texts.push(Spanned::new(text, place.span));
            }
        }
        Some(texts)
    }

    /// Converts a map; entries that are null count as not written.
    pub(super) fn map(&mut self, kind: &KeyKind, value: &Value, expr: &Expr) -> Option<TextMap> {
        let Value::Map(map) = value else {
            self.convert(value, &Type::map(Type::String), &Place::of(expr));
            return None;
        };
        let written = WrittenMap::of(expr);
        let mut texts = TextMap::new();
        for (key, value) in map.sorted() {
            let place = Place::of_key(key, &written);
            if value.is_null() || !self.key(kind.key, key, written.key_span(key).unwrap_or(place.span)) {
                continue;
            }
            if let Some(text) = self.text(kind.value, value, &place) {
                texts.insert(Arc::clone(key), Spanned::new(text, place.span));
            }
        }
        Some(texts)
    }

    fn key(&mut self, kind: &TextKind, key: &str, span: Span) -> bool {
        let Err(fault) = (kind.check)(key) else {
            return true;
        };
        let subject = match key.len() {
            1..=QUOTED_KEY => format!("the key `{key}`"),
            _ => "a key".to_owned(),
        };
        self.refuse(kind.code, &Place::whole(span), format!("{subject} {fault}"));
        false
    }

    /// Converts a map in which maps may be nested, joining keys with `/`.
    pub(super) fn annotations(&mut self, value: &Value, expr: &Expr) -> Option<TextMap> {
        let Value::Map(map) = value else {
            self.convert(value, &Type::map(Type::String), &Place::of(expr));
            return None;
        };
        let mut texts = TextMap::new();
        self.flatten(map, "", &WrittenMap::of(expr), &mut texts);
        Some(texts)
    }

    /// Adds the annotations of a map, whose keys follow a prefix.
    fn flatten(&mut self, map: &Map, prefix: &str, written: &WrittenMap<'_>, texts: &mut TextMap) {
        for (name, value) in map.sorted() {
            let key = match prefix {
                "" => name.to_string(),
                prefix => format!("{prefix}/{name}"),
            };
            let place = Place::of_key(name, written);
            match value {
                Value::Null(_) => {}
                Value::Map(inner) => {
                    let element = written.get(name).map(WrittenMap::of);
                    let element = element.unwrap_or_else(|| WrittenMap::part_of(written.whole()));
                    self.flatten(inner, &key, &element, texts);
                }
                _ if !self.key(
                    ANNOTATIONS.key,
                    &key,
                    written.key_span(name).unwrap_or(place.span),
                ) => {}
                _ => {
                    if let Some(text) = self.plain_text(value, &place) {
                        texts.insert(key.into(), Spanned::new(text, place.span));
                    }
                }
            }
        }
    }
}
