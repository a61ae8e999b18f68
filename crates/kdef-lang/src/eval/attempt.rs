//! `can` and `try`, whose arguments may be mistakes.

use kdef_source::{Code, Diagnostic, Span, has_errors};
use kdef_syntax::ast::{Call, Expr};

use super::call::check_count;
use super::{Evaluator, Scope};
use crate::functions::Function;
use crate::value::{Type, Value};

impl Evaluator<'_> {
    /// Computes a call of a function that tries its arguments: the value of the first that is no mistake for `try`,
    /// whether there is one for `can`.
    pub(super) fn attempts(&mut self, function: &Function, call: &Call, span: Span, scope: &Scope) -> Value {
        let name_span = call.name_span().unwrap_or(span);
        if call.expand_final {
            return self.expanded_attempts(function, call, span, scope);
        }
        let spans: Vec<Span> = call.arguments.iter().map(|argument| argument.span).collect();
        if let Err(diagnostic) = check_count(function, &spans, name_span, span) {
            self.report(diagnostic);
            return Value::UNKNOWN;
        }
        let tells = function.variadic.is_none();
        let mut first = None;
        for argument in &call.arguments {
            match self.attempt(argument, scope) {
                Ok(value) if !tells => return value,
                Ok(value) if value.is_wholly_known() => return true.into(),
                Ok(_) => return Value::Unknown(Type::Bool),
                Err(mistake) => first = first.or(mistake),
            }
        }
        if tells {
            return false.into();
        }
        let diagnostic = Diagnostic::error(Code::FunctionCall, span, "no argument of `try` has a value");
        self.report(match first {
            Some(first) => diagnostic.with_hint(format!("of the first: {}", first.message)),
            None => diagnostic,
        });
        Value::UNKNOWN
    }

    /// The same for arguments of which the last are the elements of a list: they are computed as any others.
    fn expanded_attempts(&mut self, function: &Function, call: &Call, span: Span, scope: &Scope) -> Value {
        let start = self.pending.len();
        let Some(arguments) = self
            .arguments(call, scope)
            .filter(|_| self.pending.len() == start)
        else {
            return Value::UNKNOWN;
        };
        let spans: Vec<Span> = arguments.iter().map(|argument| argument.span).collect();
        if let Err(diagnostic) = check_count(function, &spans, call.name_span().unwrap_or(span), span) {
            self.report(diagnostic);
            return Value::UNKNOWN;
        }
        match arguments.into_iter().next() {
            Some(first) if function.variadic.is_some() => first.value,
            _ => true.into(),
        }
    }

    /// Computes an expression; where it is a mistake, the first of its errors comes back instead of being reported.
    fn attempt(&mut self, expr: &Expr, scope: &Scope) -> Result<Value, Option<Diagnostic>> {
        let outer = std::mem::take(&mut self.pending);
        let value = self.expr(expr, scope);
        let found = std::mem::replace(&mut self.pending, outer);
        if has_errors(&found) {
            return Err(found.into_iter().next());
        }
        self.pending.extend(found);
        Ok(value)
    }
}
