//! Values to what the schema asks for.

mod collections;
mod json;

use std::borrow::Cow;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, nearest};
use kdef_syntax::ast::Expr;

use crate::block::Content;
use crate::schema::{AttributeSchema, AttributeType, TextKind};
use crate::value::{IntegerError, Type, Value, convert};
use crate::written::{WrittenMap, literal};

pub(super) use json::check_json;

/// What became of a value.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is what the schema asks for.
    Set(Content),
    /// It counts as not written: null, or an empty text that is optional.
    Unset,
    /// It is wrong, and the diagnostics say so, or an earlier mistake did.
    Lost,
}

/// Converts the value of an attribute. `expr` is what it was computed from.
pub(super) fn attribute(
    schema: &AttributeSchema,
    expr: &Expr,
    value: &Value,
    diagnostics: &mut Vec<Diagnostic>,
) -> Outcome {
    if value.is_null() {
        return null_attribute(schema, expr.span, diagnostics);
    }
    let mut converter = Converter {
        name: schema.name,
        diagnostics,
        lost: false,
    };
    let place = Place::of(expr);
    let content = match schema.ty {
        AttributeType::Text(kind) => converter.optional_text(schema.required, kind, value, &place),
        AttributeType::Words(words) => converter.word(words, value, &place).map(Content::Text),
        AttributeType::Bool => converter
            .convert(value, &Type::Bool, &place)
            .and_then(|value| value.as_bool())
            .map(Content::Bool),
        AttributeType::Integer { min, max } => {
            converter.integer(min, max, value, &place).map(Content::Integer)
        }
        AttributeType::TextList(kind) => converter.list(kind, value, expr).map(Content::List),
        AttributeType::TextMap(kind) => converter.map(kind, value, expr).map(Content::Map),
        AttributeType::Annotations => converter.annotations(value, expr).map(Content::Map),
        AttributeType::Any => Some(Content::Any(value.clone())),
    };
    match content {
        _ if converter.lost => Outcome::Lost,
        Some(content) => Outcome::Set(content),
        None => Outcome::Unset,
    }
}

fn null_attribute(schema: &AttributeSchema, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Outcome {
    if !schema.required {
        return Outcome::Unset;
    }
    diagnostics.push(Diagnostic::error(
        Code::MissingAttribute,
        span,
        format!("`{}` is null, and it must be set", schema.name),
    ));
    Outcome::Lost
}

/// Checks a label that has been computed. It is quoted only when it is written out.
pub(super) fn label(
    name: &str,
    kind: &TextKind,
    text: &str,
    span: Span,
    written: bool,
) -> Result<(), Diagnostic> {
    (kind.check)(text).map_err(|fault| {
        let message = if written {
            format!("the {name} `{text}` {fault}")
        } else {
            format!("the {name} {fault}")
        };
        let meant = kind.meant(text).filter(|_| written);
        Diagnostic::error(kind.code, span, message).with_suggestion(meant.as_deref())
    })
}

/// Converts the value of an environment variable: a text or a reference. `None` for null and for what is wrong.
pub(super) fn text_or_reference(
    name: &str,
    value: &Value,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value> {
    match value {
        Value::Null(_) | Value::Unknown(_) => None,
        Value::Reference(_) => Some(value.clone()),
        _ => text(name, value, span, diagnostics).map(Value::String),
    }
}

/// Converts a value to text. `None` for null and for what is wrong.
pub(super) fn text(
    name: &str,
    value: &Value,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Arc<str>> {
    if value.is_null() {
        return None;
    }
    let mut converter = Converter {
        name,
        diagnostics,
        lost: false,
    };
    let place = Place {
        span,
        literal: None,
        part: String::new(),
    };
    converter.plain_text(value, &place)
}

/// Where a value stands.
struct Place {
    span: Span,
    /// Its text, if it is written out there.
    literal: Option<String>,
    /// Which part of what stands there it is, as the end of a message; empty for the whole.
    part: String,
}

impl Place {
    fn of(expr: &Expr) -> Self {
        Self {
            span: expr.span,
            literal: literal(expr).map(Cow::into_owned),
            part: String::new(),
        }
    }

    /// Returns the place of an element; one that is not written out is named as a part of the whole.
    fn of_element(element: Option<&Expr>, whole: &Expr, part: impl FnOnce() -> String) -> Self {
        element.map_or_else(
            || Self {
                span: whole.span,
                literal: None,
                part: format!(", at [{}]", part()),
            },
            Self::of,
        )
    }

    /// Makes the place for a message that names the part itself.
    fn whole(span: Span) -> Self {
        Self {
            span,
            literal: None,
            part: String::new(),
        }
    }

    fn of_key(key: &str, map: &WrittenMap<'_>) -> Self {
        Self::of_element(map.get(key), map.whole(), || format!("{key:?}"))
    }
}

struct Converter<'a> {
    name: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
    lost: bool,
}

impl Converter<'_> {
    fn refuse(&mut self, code: Code, place: &Place, fault: impl std::fmt::Display) -> &mut Diagnostic {
        self.lost = true;
        let message = format!("`{}`: {fault}{}", self.name, place.part);
        self.diagnostics
            .push(Diagnostic::error(code, place.span, message));
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    fn convert(&mut self, value: &Value, ty: &Type, place: &Place) -> Option<Value> {
        match convert(value, ty) {
            Ok(value) if value.is_unknown() => {
                self.lost = true;
                None
            }
            Ok(value) => Some(value),
            Err(error) => {
                let problem = self.refuse(Code::WrongType, place, error);
                if value.as_reference().is_some() {
                    let hint = "references stand for the value of an environment variable, in `env`";
                    problem.hints.push(hint.to_owned());
                }
                None
            }
        }
    }

    fn plain_text(&mut self, value: &Value, place: &Place) -> Option<Arc<str>> {
        match self.convert(value, &Type::String, place)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Converts to a text of a kind.
    fn text(&mut self, kind: &TextKind, value: &Value, place: &Place) -> Option<Arc<str>> {
        let text = self.plain_text(value, place)?;
        self.check(kind, &text, place).then_some(text)
    }

    fn check(&mut self, kind: &TextKind, text: &str, place: &Place) -> bool {
        let Err(fault) = (kind.check)(text) else {
            return true;
        };
        match &place.literal {
            Some(literal) if !literal.is_empty() => {
                let meant = kind.meant(literal);
                let problem = self.refuse(kind.code, place, format!("`{literal}` {fault}"));
                let hint = meant.map(|meant| format!("did you mean `{meant}`?"));
                problem.hints.extend(hint);
            }
            _ => {
                self.refuse(kind.code, place, format!("the text {fault}"));
            }
        }
        false
    }

    fn optional_text(
        &mut self,
        required: bool,
        kind: &TextKind,
        value: &Value,
        place: &Place,
    ) -> Option<Content> {
        let text = self.plain_text(value, place)?;
        if text.is_empty() && !required {
            return None;
        }
        self.check(kind, &text, place).then_some(Content::Text(text))
    }

    fn word(&mut self, words: &[&'static str], value: &Value, place: &Place) -> Option<Arc<str>> {
        let text = self.plain_text(value, place)?;
        if text.is_empty() || words.contains(&&*text) {
            return Some(text).filter(|text| !text.is_empty());
        }
        let fault = match &place.literal {
            Some(literal) => format!("`{literal}` is not allowed"),
            None => "the text is not one of the allowed words".to_owned(),
        };
        let problem = self.refuse(Code::NotAllowed, place, fault);
        problem
            .hints
            .extend(nearest(&text, words.iter().copied()).map(|word| format!("did you mean `{word}`?")));
        problem
            .hints
            .push(format!("allowed are `{}`", words.join("`, `")));
        None
    }

    fn integer(&mut self, min: i64, max: i64, value: &Value, place: &Place) -> Option<i64> {
        let number = self.convert(value, &Type::Number, place)?;
        let fault = match number.as_number()?.to_i64() {
            Ok(number) if (min..=max).contains(&number) => return Some(number),
            Err(IntegerError::Fraction) => "a whole number is required, and this is a fraction".to_owned(),
            Ok(_) | Err(_) if max == i64::from(i32::MAX) => {
                format!("the number must be at least {min} and at most {max}")
            }
            Ok(_) | Err(_) => format!("the number must be from {min} to {max}"),
        };
        self.refuse(Code::OutOfRange, place, fault);
        None
    }
}
