//! What a function sees of its call.

use std::fmt::Display;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned, World};

use super::{Answer, Function};
use crate::eval::{Budget, Place};
use crate::value::{List, Map, Number, Value};

/// Why a call has no value.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something is wrong with it.
    Mistake(Box<Diagnostic>),
    /// The budget of the run is used up, which the budget itself reports.
    Exhausted,
}

impl From<Box<Diagnostic>> for Stop {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Mistake(diagnostic)
    }
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Mistake(Box::new(diagnostic))
    }
}

/// What a function sees of its call and of where it is called.
pub(crate) struct CallContext<'a> {
    /// The function that is called.
    pub(crate) function: &'static Function,
    /// The arguments, converted.
    pub(crate) arguments: &'a [Spanned<Value>],
    /// The whole call.
    pub(crate) span: Span,
    /// The outside.
    pub(crate) world: &'a dyn World,
    /// Where the call stands.
    pub(crate) place: &'a Place,
    /// What may be spent.
    pub(crate) budget: &'a Budget,
}

impl<'a> CallContext<'a> {
    /// Returns an argument.
    pub(super) fn argument(&self, index: usize) -> Result<&'a Spanned<Value>, Stop> {
        self.arguments
            .get(index)
            .ok_or_else(|| self.fail("an argument is missing"))
    }

    /// Returns the value of an argument.
    pub(super) fn value(&self, index: usize) -> Result<&'a Value, Stop> {
        Ok(&self.argument(index)?.value)
    }

    /// Returns the values of the arguments from one on.
    pub(super) fn values_from(&self, index: usize) -> impl ExactSizeIterator<Item = &'a Value> + use<'a> {
        self.arguments
            .get(index..)
            .unwrap_or_default()
            .iter()
            .map(|argument| &argument.value)
    }

    /// Returns an argument whose parameter takes text.
    pub(super) fn text(&self, index: usize) -> Result<&'a Arc<str>, Stop> {
        match self.value(index)? {
            Value::String(text) => Ok(text),
            _ => Err(self.error(index, "must be a string")),
        }
    }

    /// Returns an argument whose parameter takes a number.
    pub(super) fn number(&self, index: usize) -> Result<&'a Number, Stop> {
        match self.value(index)? {
            Value::Number(number) => Ok(number),
            _ => Err(self.error(index, "must be a number")),
        }
    }

    /// Returns an argument whose parameter takes a whole number.
    pub(super) fn integer(&self, index: usize) -> Result<i64, Stop> {
        self.number(index)?.to_i64().map_err(|_| {
            let range = if self.number(index).is_ok_and(Number::is_integer) {
                "is out of range"
            } else {
                "must be a whole number"
            };
            self.error(index, range)
        })
    }

    /// Returns an argument that must be a whole number of at least 0.
    pub(super) fn count(&self, index: usize) -> Result<usize, Stop> {
        usize::try_from(self.integer(index)?).map_err(|_| self.error(index, "must not be negative"))
    }

    /// Returns an argument that must be a list.
    pub(super) fn list(&self, index: usize) -> Result<&'a List, Stop> {
        match self.value(index)? {
            Value::List(list) => Ok(list),
            other => Err(self.error(index, format!("must be a list, not {}", article(other)))),
        }
    }

    /// Returns an argument that must be a map.
    pub(crate) fn map(&self, index: usize) -> Result<&'a Map, Stop> {
        match self.value(index)? {
            Value::Map(map) => Ok(map),
            other => Err(self.error(index, format!("must be a map, not {}", article(other)))),
        }
    }

    /// Makes the error that an argument is not what it must be; `problem` says so, to stand after its name.
    pub(super) fn error(&self, index: usize, problem: impl Display) -> Stop {
        self.mistake(index, problem).into()
    }

    /// As [`CallContext::error`], for hints to be added.
    pub(crate) fn mistake(&self, index: usize, problem: impl Display) -> Diagnostic {
        let span = self
            .arguments
            .get(index)
            .map_or(self.span, |argument| argument.span);
        let name = self.function.parameter(index).map_or("", |it| it.name);
        let message = format!("the argument `{name}` of `{}` {problem}", self.function.name);
        Diagnostic::error(Code::FunctionCall, span, message)
    }

    /// Makes the error that the call as a whole has no result.
    pub(super) fn fail(&self, message: impl Display) -> Stop {
        let message = format!("`{}`: {message}", self.function.name);
        Diagnostic::error(Code::FunctionCall, self.span, message).into()
    }

    /// Takes steps from the budget, for work beyond looking at each argument once.
    pub(super) fn steps(&self, count: u64) -> Result<(), Stop> {
        if self.budget.spend_steps(count, self.span) {
            Ok(())
        } else {
            Err(Stop::Exhausted)
        }
    }

    /// Tells whether a text may be that long, before it is made.
    pub(super) fn room(&self, length: usize) -> Result<(), Stop> {
        if self.budget.spend_text(length, 0, self.span) {
            Ok(())
        } else {
            Err(Stop::Exhausted)
        }
    }

    /// Takes room for a text that becomes a part of the result.
    pub(super) fn part(&self, text: impl Into<Arc<str>>) -> Answer {
        let text: Arc<str> = text.into();
        if self.budget.spend_text(text.len(), text.len(), self.span) {
            Ok(Value::String(text))
        } else {
            Err(Stop::Exhausted)
        }
    }
}

/// Returns what messages call a value, with its article.
pub(super) fn article(value: &Value) -> String {
    crate::value::with_article(value.type_name())
}
