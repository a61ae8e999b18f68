//! Names, attributes and indexes.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, nearest};
use kdef_syntax::ast::{Expr, ExprKind, Ident};

use super::scope::Binding;
use super::{Evaluator, Scope};
use crate::value::{List, Map, Number, Type, Value, convert};
use crate::written::literal;

/// Names that a message lists at most.
const MAX_LISTED: usize = 8;

/// The name of an element that is asked for.
struct Name<'a> {
    text: &'a str,
    span: Span,
    /// Whether it is written out. One that is computed may be secret, and is not quoted.
    is_written: bool,
}

impl<'a> Name<'a> {
    fn written(text: &'a str, span: Span) -> Self {
        Self {
            text,
            span,
            is_written: true,
        }
    }

    /// Writes the name for a message, as in "key `a`" or "such key".
    fn quoted(&self, what: &str) -> String {
        if self.is_written {
            format!("{what} `{}`", self.text)
        } else {
            format!("such {what}")
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn variable(&mut self, name: &Ident, scope: &Scope) -> Value {
        match scope.get(name.as_str()) {
            Some(Binding::Value(value) | Binding::Members { values: value, .. }) => value.clone(),
            Some(Binding::Environment) => {
                let diagnostic = Diagnostic::error(
                    Code::NotIterable,
                    name.span,
                    format!("`{name}` cannot be used as a whole"),
                );
                self.report(diagnostic.with_hint(format!("name one variable, as in `{name}.HOME`")));
                Value::UNKNOWN
            }
            Some(Binding::Slots(slots)) => {
                let message = format!("`{name}` cannot be used as a whole while its elements are computed");
                let hint = format!("name one {}, as in `{name}.name`", slots.noun());
                self.report(Diagnostic::error(Code::NotIterable, name.span, message).with_hint(hint));
                Value::UNKNOWN
            }
            Some(Binding::Hidden(hidden)) => {
                let message = format!("`{name}` {}", hidden.reason);
                let diagnostic = Diagnostic::error(Code::UnknownVariable, name.span, message);
                self.report(diagnostic.with_hint(hidden.hint));
                Value::UNKNOWN
            }
            None => {
                if !name.as_str().is_empty() {
                    self.report(unknown_name(name, scope));
                }
                Value::UNKNOWN
            }
        }
    }

    pub(super) fn get_attr(&mut self, base: &Expr, name: &Ident, scope: &Scope) -> Value {
        match binding_of(base, scope) {
            Some(Binding::Environment) => self.environment_variable(name.as_str(), name.span, true),
            Some(binding @ (Binding::Members { .. } | Binding::Slots(_))) => {
                self.member(binding, &Name::written(name.as_str(), name.span), scope)
            }
            None if self.is_unknown_owner(base, scope) => Value::UNKNOWN,
            _ => {
                let value = self.expr(base, scope);
                self.attribute_of(&value, base, name)
            }
        }
    }

    /// Tells whether an expression is a name that nothing defines, and reports it as one that has attributes.
    fn is_unknown_owner(&mut self, base: &Expr, scope: &Scope) -> bool {
        let ExprKind::Variable(name) = &base.kind else {
            return false;
        };
        let unknown = scope.place().is_some()
            && !name.as_str().is_empty()
            && scope.get(name.as_str()).is_none()
            && scope.owner_of(name.as_str()).is_none();
        if unknown {
            let message = format!("`{name}` is not defined");
            let problem = Diagnostic::error(Code::UnknownVariable, name.span, message);
            self.report(match nearest(name.as_str(), scope.names()) {
                Some(near) => problem.with_suggestion(Some(near)),
                None => problem.with_hint(format!("the names here are {}", listed(scope.names()))),
            });
        }
        unknown
    }

    pub(super) fn index(&mut self, base: &Expr, key: &Expr, scope: &Scope) -> Value {
        let is_written = literal(key).is_some();
        let binding = match binding_of(base, scope) {
            // The elements that a computed name may mean cannot be told before they are computed.
            Some(Binding::Slots(_)) if !is_written => None,
            Some(Binding::Members { values, .. }) if values.as_map().is_none() => None,
            binding => binding,
        };
        let Some(binding) = binding.filter(|binding| binding.has_members()) else {
            let value = self.expr(base, scope);
            let index = self.expr(key, scope);
            return self.element_of(&value, base.span, &index, key);
        };
        let index = self.expr(key, scope);
        let Some(text) = self.key_text(&index, key.span) else {
            return Value::UNKNOWN;
        };
        let name = Name {
            text: &text,
            span: key.span,
            is_written,
        };
        match binding {
            Binding::Environment => self.environment_variable(&text, key.span, is_written),
            _ => self.member(binding, &name, scope),
        }
    }

    /// Returns a variable or another thing of its kind.
    fn member(&mut self, binding: &Binding, name: &Name<'_>, scope: &Scope) -> Value {
        match binding {
            Binding::Members { noun, values } => match (values.as_map(), name.text) {
                (Some(map), text) => match map.get(text) {
                    Some(value) => value.clone(),
                    None => self.unknown_member(noun, map.keys(), name, scope),
                },
                (None, _) => Value::UNKNOWN,
            },
            Binding::Slots(slots) => match slots.get(name.text) {
                Some(value) => value,
                None => self.unknown_member(slots.noun(), slots.names(), name, scope),
            },
            _ => Value::UNKNOWN,
        }
    }

    fn environment_variable(&mut self, name: &str, span: Span, is_written: bool) -> Value {
        match self.world.env(name) {
            Some(text) => text.into(),
            None if name.is_empty() => Value::UNKNOWN,
            None => {
                let message = if is_written {
                    format!("the environment variable `{name}` is not set")
                } else {
                    "the environment variable is not set".to_owned()
                };
                let problem = Diagnostic::error(Code::UnknownEnvironmentVariable, span, message);
                self.report(problem.with_hint(
                    "set it where kdef runs; in a cluster there are none, so that a `variable` serves better",
                ));
                Value::UNKNOWN
            }
        }
    }

    fn unknown_member<'n>(
        &mut self,
        noun: &str,
        known: impl Iterator<Item = &'n str>,
        name: &Name<'_>,
        scope: &Scope,
    ) -> Value {
        if !name.text.is_empty() {
            let message = format!("there is no {}", name.quoted(noun));
            let diagnostic = Diagnostic::error(Code::UnknownVariable, name.span, message);
            let elsewhere = scope
                .owner_of(name.text)
                .map(|owner| format!("{owner}.{}", name.text));
            let known: Vec<&str> = known.collect();
            let near = nearest(name.text, known.iter().copied());
            self.report(match (elsewhere, known.len()) {
                (Some(member), _) => diagnostic.with_suggestion(Some(&member)),
                (None, _) if near.is_some() => diagnostic.with_suggestion(near),
                (None, 1..=MAX_LISTED) => {
                    diagnostic.with_hint(format!("there is {}", listed(known.into_iter())))
                }
                _ if noun == "variable" && name.is_written => diagnostic.with_hint(format!(
                    "declare it in vars.kdef: `variable \"{}\" {{ type = ... }}`",
                    name.text
                )),
                _ => diagnostic,
            });
        }
        Value::UNKNOWN
    }

    /// Returns an attribute of a value; `base` is where the value comes from.
    fn attribute_of(&mut self, value: &Value, base: &Expr, name: &Ident) -> Value {
        let text = name.as_str();
        if text.is_empty() {
            return Value::UNKNOWN;
        }
        match value {
            Value::Unknown(ty) => self.attribute_of_unknown(ty, name),
            Value::Map(map) => self.entry_of(map, "attribute", &Name::written(text, name.span)),
            Value::Null(_) => {
                let message = format!("this is null, and has no attribute `{text}`");
                self.error(Code::UnexpectedNull, base.span, message);
                Value::UNKNOWN
            }
            _ => {
                self.report(no_attributes(value.type_name(), name));
                Value::UNKNOWN
            }
        }
    }

    fn entry_of(&mut self, map: &Map, what: &str, name: &Name<'_>) -> Value {
        if let Some(value) = map.get(name.text) {
            return value.clone();
        }
        self.report(missing(map.keys(), what, name));
        Value::UNKNOWN
    }

    fn attribute_of_unknown(&mut self, ty: &Type, name: &Ident) -> Value {
        match ty {
            Type::Any => Value::UNKNOWN,
            Type::Map(element) => Value::Unknown(Type::clone(element)),
            Type::Object(attributes) => {
                if let Some(ty) = attributes.get(name.as_str()) {
                    return Value::Unknown(ty.clone());
                }
                let names = attributes.keys().map(AsRef::as_ref);
                self.report(missing(
                    names,
                    "attribute",
                    &Name::written(name.as_str(), name.span),
                ));
                Value::UNKNOWN
            }
            _ => {
                self.report(no_attributes(ty.name(), name));
                Value::UNKNOWN
            }
        }
    }

    /// Returns an element of a value. `written` is what the key was computed from.
    fn element_of(&mut self, value: &Value, span: Span, key: &Value, written: &Expr) -> Value {
        let key_span = written.span;
        match (value, key) {
            (Value::Null(_), _) => {
                self.error(Code::UnexpectedNull, span, "this is null, and has no elements");
                Value::UNKNOWN
            }
            (Value::List(list), _) => self.list_element(list, key, key_span),
            (Value::Map(map), _) => match self.key_text(key, key_span) {
                Some(text) => {
                    let name = Name {
                        text: &text,
                        span: key_span,
                        is_written: literal(written).is_some(),
                    };
                    self.entry_of(map, "key", &name)
                }
                None => Value::UNKNOWN,
            },
            (Value::Unknown(Type::List(element) | Type::Map(element)), _) => {
                Value::Unknown(Type::clone(element))
            }
            (_, Value::Unknown(Type::Any)) => Value::UNKNOWN,
            (Value::Unknown(ty), _) if !ty.is_primitive() => Value::UNKNOWN,
            _ => {
                let message = format!("a {} has no elements", value.type_name());
                self.error(Code::UnknownAttribute, span, message);
                Value::UNKNOWN
            }
        }
    }

    fn list_element(&mut self, list: &List, key: &Value, span: Span) -> Value {
        if key.is_null() {
            self.error(Code::UnexpectedNull, span, "the index is null");
            return Value::UNKNOWN;
        }
        let number = match convert(key, &Type::Number) {
            Ok(Value::Number(number)) => number,
            Ok(_) => return Value::UNKNOWN,
            Err(_) => {
                self.wrong_type(span, "the index of a list must be a number", key);
                return Value::UNKNOWN;
            }
        };
        let index = number.to_i64().ok().and_then(|index| usize::try_from(index).ok());
        if let Some(value) = index.and_then(|index| list.items().get(index)) {
            return value.clone();
        }
        self.error(Code::UnknownAttribute, span, no_such_index(list.len(), &number));
        Value::UNKNOWN
    }

    /// Converts the key of a map to text; `None` when it is unknown, or an error says that it is none.
    pub(super) fn key_text(&mut self, key: &Value, span: Span) -> Option<Arc<str>> {
        if key.is_null() {
            self.error(Code::UnexpectedNull, span, "the key is null");
            return None;
        }
        self.spend(key.weight(), span);
        match convert(key, &Type::String) {
            Ok(Value::String(text)) => Some(text),
            Ok(_) => None,
            Err(_) => {
                self.wrong_type(span, "a key must be text", key);
                None
            }
        }
    }
}

/// Returns what the name stands for when the expression is nothing but a name.
fn binding_of<'s>(expr: &Expr, scope: &'s Scope) -> Option<&'s Binding> {
    match &expr.kind {
        ExprKind::Variable(name) => scope.get(name.as_str()),
        _ => None,
    }
}

fn unknown_name(name: &Ident, scope: &Scope) -> Diagnostic {
    let text = name.as_str();
    if scope.place().is_none() {
        let message = format!("`{text}` cannot be used here, where only constants are allowed");
        let mut diagnostic = Diagnostic::error(Code::ConstantsOnly, name.span, message);
        let names = listed(scope.names());
        if !names.is_empty() {
            diagnostic = diagnostic.with_hint(format!("the only name that can be used here is {names}"));
        }
        return if matches!(text, "var" | "env") {
            diagnostic
        } else {
            diagnostic.with_hint(format!("write a text in quotes: \"{text}\""))
        };
    }
    let diagnostic = Diagnostic::error(
        Code::UnknownVariable,
        name.span,
        format!("`{text}` is not defined"),
    );
    if let Some(owner) = scope.owner_of(text) {
        return diagnostic.with_suggestion(Some(&format!("{owner}.{text}")));
    }
    match nearest(text, scope.names()) {
        Some(name) => diagnostic.with_suggestion(Some(name)),
        None => diagnostic.with_hint(format!("write a text in quotes: \"{text}\"")),
    }
}

/// Says that a map has no such name, and which near one or few others it has.
fn missing<'a>(names: impl Iterator<Item = &'a str> + Clone, what: &str, name: &Name<'_>) -> Diagnostic {
    let message = format!("there is no {} in this map", name.quoted(what));
    let diagnostic = Diagnostic::error(Code::UnknownAttribute, name.span, message);
    match (
        nearest(name.text, names.clone()),
        names.clone().take(MAX_LISTED + 1).count(),
    ) {
        (Some(near), _) => diagnostic.with_suggestion(Some(near)),
        (None, 0) => diagnostic.with_hint("it is empty"),
        (None, 1..=MAX_LISTED) => diagnostic.with_hint(format!("it has {}", listed(names))),
        _ => diagnostic,
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn no_attributes(type_name: &str, name: &Ident) -> Diagnostic {
    let message = format!("a {type_name} has no attribute `{name}`");
    let diagnostic = Diagnostic::error(Code::UnknownAttribute, name.span, message);
    if type_name == "list" {
        return diagnostic.with_hint(format!(
            "take one element with `[0].{name}`, or all with `[*].{name}`"
        ));
    }
    diagnostic
}

fn no_such_index(length: usize, index: &Number) -> String {
    if !index.is_integer() {
        return "the index of a list must be a whole number".to_owned();
    }
    if index.is_negative() {
        return "the index of a list must not be negative".to_owned();
    }
    match length {
        0 => "the list is empty".to_owned(),
        1 => "the list has 1 element, and its index is 0".to_owned(),
        _ => format!(
            "the list has {length} elements, and their indexes are 0 to {}",
            length - 1
        ),
    }
}
