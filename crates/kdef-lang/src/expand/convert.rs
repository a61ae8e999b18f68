//! Values to what the schema asks for.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned, nearest};
use kdef_syntax::ast::Expr;

use super::{element_at, element_of_key, literal};
use crate::block::{Content, TextMap};
use crate::schema::{ANNOTATIONS, ANY_TEXT, AttributeSchema, AttributeType, KeyKind, TextKind};
use crate::value::{IntegerError, Map, Type, Value, convert};

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
            .convert(value, &Type::Bool, place.span)
            .and_then(|value| value.as_bool())
            .map(Content::Bool),
        AttributeType::Integer { min, max } => converter
            .integer(min, max, value, place.span)
            .map(Content::Integer),
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

/// Checks a label that has been computed. `written` is its text where it is written out.
pub(super) fn label(
    name: &str,
    kind: &TextKind,
    text: &str,
    span: Span,
    written: bool,
) -> Result<(), Diagnostic> {
    let subject = if written {
        format!("`{text}`")
    } else {
        "it".to_owned()
    };
    (kind.check)(text).map_err(|fault| {
        Diagnostic::error(
            kind.code,
            span,
            format!("label for the {name}: {subject} {fault}"),
        )
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
    converter.plain_text(value, span)
}

/// Where a value stands, and its text if it is written out there.
struct Place {
    span: Span,
    literal: Option<String>,
}

impl Place {
    fn of(expr: &Expr) -> Self {
        Self {
            span: expr.span,
            literal: literal(expr),
        }
    }

    /// Returns the place of an element, or what is left of `whole` when the element is not written out.
    fn of_element(element: Option<&Expr>, whole: &Expr) -> Self {
        element.map_or_else(
            || Self {
                span: whole.span,
                literal: None,
            },
            Self::of,
        )
    }
}

struct Converter<'a> {
    name: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
    lost: bool,
}

impl Converter<'_> {
    fn refuse(&mut self, code: Code, span: Span, fault: impl std::fmt::Display) -> &mut Diagnostic {
        self.lost = true;
        self.diagnostics
            .push(Diagnostic::error(code, span, format!("`{}`: {fault}", self.name)));
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    fn convert(&mut self, value: &Value, ty: &Type, span: Span) -> Option<Value> {
        match convert(value, ty) {
            Ok(value) if value.is_unknown() => {
                self.lost = true;
                None
            }
            Ok(value) => Some(value),
            Err(error) => {
                let problem = self.refuse(Code::WrongType, span, error);
                if value.as_reference().is_some() {
                    problem.hints.push(
                        "references stand for the value of an environment variable, in `env`".to_owned(),
                    );
                }
                None
            }
        }
    }

    fn plain_text(&mut self, value: &Value, span: Span) -> Option<Arc<str>> {
        match self.convert(value, &Type::String, span)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Converts to a text of a kind.
    fn text(&mut self, kind: &TextKind, value: &Value, place: &Place) -> Option<Arc<str>> {
        let text = self.plain_text(value, place.span)?;
        self.check(kind, &text, place).then_some(text)
    }

    fn check(&mut self, kind: &TextKind, text: &str, place: &Place) -> bool {
        let Err(fault) = (kind.check)(text) else {
            return true;
        };
        match &place.literal {
            Some(literal) if !literal.is_empty() => {
                self.refuse(kind.code, place.span, format!("`{literal}` {fault}"))
            }
            _ => self.refuse(kind.code, place.span, format!("the text {fault}")),
        };
        false
    }

    fn optional_text(
        &mut self,
        required: bool,
        kind: &TextKind,
        value: &Value,
        place: &Place,
    ) -> Option<Content> {
        let text = self.plain_text(value, place.span)?;
        if text.is_empty() && !required {
            return None;
        }
        self.check(kind, &text, place).then_some(Content::Text(text))
    }

    fn word(&mut self, words: &[&'static str], value: &Value, place: &Place) -> Option<Arc<str>> {
        let text = self.plain_text(value, place.span)?;
        if text.is_empty() || words.contains(&&*text) {
            return Some(text).filter(|text| !text.is_empty());
        }
        let fault = match &place.literal {
            Some(literal) => format!("`{literal}` is not allowed"),
            None => "the text is not one of the allowed words".to_owned(),
        };
        let problem = self.refuse(Code::NotAllowed, place.span, fault);
        problem
            .hints
            .extend(nearest(&text, words.iter().copied()).map(|word| format!("did you mean `{word}`?")));
        problem
            .hints
            .push(format!("allowed are `{}`", words.join("`, `")));
        None
    }

    fn integer(&mut self, min: i64, max: i64, value: &Value, span: Span) -> Option<i64> {
        let number = self.convert(value, &Type::Number, span)?;
        let fault = match number.as_number()?.to_i64() {
            Ok(number) if (min..=max).contains(&number) => return Some(number),
            Err(IntegerError::Fraction) => "a whole number is required, and this is a fraction".to_owned(),
            Ok(_) | Err(_) if max == i64::from(i32::MAX) => {
                format!("the number must be at least {min} and at most {max}")
            }
            Ok(_) | Err(_) => format!("the number must be from {min} to {max}"),
        };
        self.refuse(Code::OutOfRange, span, fault);
        None
    }

    /// Converts a list; a map counts as the list of its values in the order of the keys. Empty texts are dropped, except
    /// where any text goes.
    fn list(
        &mut self,
        kind: &'static TextKind,
        value: &Value,
        expr: &Expr,
    ) -> Option<Vec<Spanned<Arc<str>>>> {
        let items: Vec<Value> = match value {
            Value::List(list) => list.items().to_vec(),
            Value::Map(map) => map.sorted().into_iter().map(|(_, value)| value.clone()).collect(),
            _ => {
                self.convert(value, &Type::list(Type::String), expr.span);
                return None;
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = Place::of_element(element_at(expr, index), expr);
            if item.is_null() {
                self.refuse(
                    Code::UnexpectedNull,
                    place.span,
                    format!("element {} is null", index + 1),
                );
                continue;
            }
            let Some(text) = self.plain_text(item, place.span) else {
                continue;
            };
            let dropped = text.is_empty() && !kind.is(&ANY_TEXT);
            if !dropped && self.check(kind, &text, &place) {
                texts.push(Spanned::new(text, place.span));
            }
        }
        Some(texts)
    }

    fn map(&mut self, kind: &KeyKind, value: &Value, expr: &Expr) -> Option<TextMap> {
        let Value::Map(map) = value else {
            self.convert(value, &Type::map(Type::String), expr.span);
            return None;
        };
        let mut texts = TextMap::new();
        for (key, value) in map.sorted() {
            let place = Place::of_element(element_of_key(expr, key), expr);
            if value.is_null() || !self.key(kind.key, key, expr, place.span) {
                continue;
            }
            if let Some(text) = self.text(kind.value, value, &place) {
                texts.insert(Arc::clone(key), Spanned::new(text, place.span));
            }
        }
        Some(texts)
    }

    /// Checks a key, which is quoted only when it is written out.
    fn key(&mut self, kind: &TextKind, key: &str, expr: &Expr, span: Span) -> bool {
        let Err(fault) = (kind.check)(key) else {
            return true;
        };
        let subject = match element_of_key(expr, key) {
            Some(_) if !key.is_empty() => format!("the key `{key}`"),
            _ => "a key".to_owned(),
        };
        self.refuse(kind.code, span, format!("{subject} {fault}"));
        false
    }

    fn annotations(&mut self, value: &Value, expr: &Expr) -> Option<TextMap> {
        let Value::Map(map) = value else {
            self.convert(value, &Type::map(Type::String), expr.span);
            return None;
        };
        let mut texts = TextMap::new();
        self.flatten(map, "", Some(expr), expr.span, &mut texts);
        Some(texts)
    }

    /// Adds the annotations of a map, the keys of maps inside joined to theirs with `/`.
    fn flatten(&mut self, map: &Map, prefix: &str, expr: Option<&Expr>, outer: Span, texts: &mut TextMap) {
        for (key, value) in map.sorted() {
            let element = expr.and_then(|expr| element_of_key(expr, key));
            let span = element.map_or(outer, |element| element.span);
            let key = match prefix {
                "" => key.to_string(),
                prefix => format!("{prefix}/{key}"),
            };
            match value {
                Value::Null(_) => {}
                Value::Map(inner) => self.flatten(inner, &key, element, span, texts),
                _ => self.annotation(key, element.is_some(), value, span, texts),
            }
        }
    }

    fn annotation(&mut self, key: String, is_written: bool, value: &Value, span: Span, texts: &mut TextMap) {
        if let Err(fault) = (ANNOTATIONS.key.check)(&key) {
            let subject = if is_written {
                format!("the key `{key}`")
            } else {
                "a key".to_owned()
            };
            self.refuse(ANNOTATIONS.key.code, span, format!("{subject} {fault}"));
        } else if let Some(text) = self.plain_text(value, span) {
            texts.insert(key.into(), Spanned::new(text, span));
        }
    }
}
