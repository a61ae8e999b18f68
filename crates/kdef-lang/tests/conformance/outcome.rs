//! What comes of an expression, in a form in which both sides can be compared.

use std::fmt;

use kdef_lang::value::Value;
use kdef_source::{Diagnostic, Severity, SourceMap};
use serde_json::Value as Json;

/// A value with its type, or an error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// The type as a declaration would have it; numbers as text, since JSON would round them.
    Value { ty: String, value: Json },
    /// The line of the first error; `what` is a summary or code, which is not compared.
    Error { line: u64, what: String },
}

impl Outcome {
    pub(crate) fn recorded(result: &Json) -> Self {
        match result.get("error") {
            Some(error) => Self::recorded_error(error),
            None => Self::Value {
                // Sets are lists here, in the order in which sets are iterated.
                ty: result["type"].as_str().unwrap().replace("set(", "list("),
                value: result["value"].clone(),
            },
        }
    }

    pub(crate) fn recorded_error(error: &Json) -> Self {
        Self::Error {
            line: error["line"].as_u64().unwrap(),
            what: error["summary"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) fn ours(value: &Value, diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        Self::our_error(diagnostics, sources).unwrap_or_else(|| Self::Value {
            ty: value.ty().to_string(),
            value: plain(value),
        })
    }

    /// The error that stands first in the source, if there is one.
    pub(crate) fn our_error(diagnostics: &[Diagnostic], sources: &SourceMap) -> Option<Self> {
        let errors = diagnostics.iter().filter(|it| it.severity == Severity::Error);
        let first = errors.min_by_key(|error| error.span.map(|span| (span.start, span.end)))?;
        let span = first.span.expect("what is wrong in a text has a place in it");
        let source = sources
            .get(span.file)
            .expect("the place lies in the text that was read");
        Some(Self::Error {
            line: source.position(span.start as usize).line as u64,
            what: first.code.to_string(),
        })
    }

    /// Errors are the same when they stand on the same line, whatever they say.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Error { line: left, .. }, Self::Error { line: right, .. }) => left == right,
            (left, right) => left == right,
        }
    }
}

/// Writes `number "3"` or `error K0205 on line 1`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { ty, value } => write!(f, "{ty} {value}"),
            Self::Error { line, what } => write!(f, "error {what} on line {line}"),
        }
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Unknown(_) => "(unknown)".into(),
        Value::Null(_) => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.to_string().into(),
        Value::String(text) => (&**text).into(),
        Value::List(list) => list.iter().map(plain).collect(),
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| (key.to_string(), plain(value)))
            .collect(),
        Value::Reference(reference) => format!("{reference:?}").into(),
    }
}
