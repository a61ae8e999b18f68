//! Values for variables, as the inputs, roots, entries and environments give them.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::Expr;

use super::run::Run;
use crate::expand::describe;
use crate::value::Value;
use crate::written::WrittenMap;

/// A value that is given to a variable.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// The variable.
    pub(crate) name: Arc<str>,
    /// Where the name, or else the value, stands; `None` where the text is not shown.
    pub(crate) span: Option<Span>,
    /// What messages call the text that is not shown.
    pub(crate) source: Option<Arc<str>>,
    /// The value.
    pub(crate) value: Value,
    /// Whether the value is a text to be read as the declared type has it.
    pub(crate) as_text: bool,
}

impl Setting {
    /// Returns the name as messages have it.
    pub(crate) fn describe(&self) -> String {
        match &self.source {
            Some(source) => format!("`{}` in `{source}`", self.name),
            None => format!("`{}`", self.name),
        }
    }
}

/// What the `set` of a root or of an entry gives.
#[derive(Debug)]
pub(crate) struct SetLayer {
    /// The values, in source order.
    pub(crate) settings: Vec<Setting>,
    /// Whether it is that of a root, which speaks to all its sub-projects.
    pub(crate) of_root: bool,
}

impl SetLayer {
    /// Reads a map of values. `expr` is what it was computed from.
    pub(crate) fn read(run: &mut Run<'_>, value: &Value, span: Span, expr: Option<&Expr>) -> Self {
        let written = expr.map(WrittenMap::of);
        let mut settings = Vec::new();
        match value {
            Value::Map(map) => settings.extend(map.iter().filter(|(_, value)| !value.is_null()).map(
                |(name, value)| Setting {
                    name: Arc::clone(name),
                    span: Some(written.as_ref().map_or(span, |written| written.span(name))),
                    source: None,
                    value: value.clone(),
                    as_text: value.as_str().is_some(),
                },
            )),
            Value::Unknown(_) => run.files.mark_incomplete(),
            other => run.files.report(
                Diagnostic::error(
                    Code::WrongType,
                    span,
                    format!("`set`: a map is required, not {}", describe(other)),
                )
                .with_hint("write `set = { name = \"value\" }`"),
            ),
        }
        Self {
            settings,
            of_root: false,
        }
    }
}

/// Reads what the run was given as text, such as `--set`. Of equal names only the last is kept.
///
/// What is given there may be secret, so that it becomes no source, and no excerpt shows it.
pub(crate) fn given(run: &Run<'_>) -> Vec<Setting> {
    let inputs = run.inputs;
    let strongest: BTreeMap<&str, &str> = inputs
        .set
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let origin: Arc<str> = inputs.set_origin.as_str().into();
    let setting = |(name, value): (&str, &str)| Setting {
        name: name.into(),
        span: None,
        source: Some(Arc::clone(&origin)),
        value: Value::from(value),
        as_text: true,
    };
    strongest.into_iter().map(setting).collect()
}
