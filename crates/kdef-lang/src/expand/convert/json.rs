//! Values that become parts of objects as they are.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned};

use crate::block::Places;
use crate::value::Value;

/// Checks that a value can be written as JSON; `false` when it cannot, or is not known.
pub(in crate::expand) fn check_json(
    name: &Spanned<Arc<str>>,
    value: &Value,
    places: &Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let mut checker = Checker {
        diagnostics,
        sound: true,
    };
    checker.value(&name.value, value, places, name.span);
    checker.sound
}

struct Checker<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
    sound: bool,
}

impl Checker<'_> {
    /// Checks a value and what is inside; `path` is that of the field, and `span` the nearest place that is known.
    fn value(&mut self, path: &str, value: &Value, places: &Places, span: Span) {
        match value {
            Value::Unknown(_) => self.sound = false,
            Value::Reference(reference) => {
                let message = format!("`{path}`: a {} has no value here", reference.kind().name());
                self.refuse(Diagnostic::error(Code::WrongType, reference.span(), message).with_hint(
                    "references stand in `env`; here write Kubernetes' own fields, such as `secretKeyRef`",
                ));
            }
            Value::Number(number) if number.to_json().is_none() => {
                let message = format!("`{path}`: the number is too large");
                self.refuse(Diagnostic::error(Code::OutOfRange, span, message));
            }
            Value::List(list) => {
                for (index, item) in list.iter().enumerate() {
                    let index = index.to_string();
                    self.part(&format!("{path}[{index}]"), &index, item, places, span);
                }
            }
            Value::Map(map) => {
                for (key, element) in map {
                    self.part(&format!("{path}.{key}"), key, element, places, span);
                }
            }
            Value::Null(_) | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn part(&mut self, path: &str, key: &str, value: &Value, places: &Places, around: Span) {
        match places.0.get(key) {
            Some(place) => self.value(path, value, &place.inside, place.span),
            None => self.value(path, value, &Places::default(), around),
        }
    }

    fn refuse(&mut self, problem: Diagnostic) {
        self.sound = false;
        self.diagnostics.push(problem);
    }
}
