//! Calls of functions.

use kdef_source::{Code, Diagnostic, Span, Spanned, nearest};
use kdef_syntax::ast::{Call, Expr};

use super::{Evaluator, Place, Scope};
use crate::functions::{self, Answer, CallContext, Function, Implementation, Parameter, Stop};
use crate::value::{Type, Value, convert};

impl Evaluator<'_> {
    pub(super) fn call(&mut self, call: &Call, span: Span, scope: &Scope) -> Value {
        let name_span = call.name_span().unwrap_or(span);
        let name = call.full_name();
        let Some(place) = scope.place() else {
            let message = format!("`{name}` cannot be called here, where only constants are allowed");
            self.error(Code::ConstantsOnly, name_span, message);
            return Value::UNKNOWN;
        };
        let Some(function) = functions::find(&name) else {
            self.report(unknown_function(&name, name_span));
            self.check_arguments(&call.arguments, scope);
            return Value::UNKNOWN;
        };
        if matches!(function.call, Implementation::Attempts) {
            return self.attempts(function, call, span, scope);
        }
        let start = self.pending.len();
        let Some(arguments) = self.arguments(call, scope) else {
            return Value::UNKNOWN;
        };
        let spans: Vec<Span> = arguments.iter().map(|argument| argument.span).collect();
        if let Err(diagnostic) = check_count(function, &spans, name_span, span) {
            self.report(diagnostic);
            return Value::UNKNOWN;
        }
        let arguments = self.converted(function, arguments);
        if self.pending.len() > start {
            return Value::UNKNOWN;
        }
        if !arguments.iter().all(|argument| argument.value.is_wholly_known()) {
            return Value::Unknown((function.returns)());
        }
        self.compute(function, &arguments, span, place)
    }

    /// Computes a function whose arguments are all as they must be. Looking at them takes steps from the budget.
    fn compute(
        &mut self,
        function: &'static Function,
        arguments: &[Spanned<Value>],
        span: Span,
        place: &Place,
    ) -> Value {
        let weight = arguments.iter().map(|argument| argument.value.weight()).sum();
        if !self.spend(weight, span) {
            return Value::UNKNOWN;
        }
        let context = CallContext {
            function,
            arguments,
            span,
            world: self.world,
            place,
            budget: self.budget,
        };
        let answer = match &function.call {
            Implementation::Values(compute) => compute(&context),
            Implementation::Template => self.template_file(&context),
            Implementation::Attempts => Ok(Value::UNKNOWN),
        };
        self.result(answer, span)
    }

    /// Charges for the text that a function has made, or reports why it has made nothing.
    fn result(&mut self, answer: Answer, span: Span) -> Value {
        match answer {
            Ok(value) => {
                let length = value.as_str().map_or(0, str::len);
                let charged =
                    self.budget.spend_text(length, length, span) && self.spend(value.weight(), span);
                if charged {
                    self.bounded(value, span)
                } else {
                    Value::UNKNOWN
                }
            }
            Err(Stop::Mistake(diagnostic)) => {
                self.report(*diagnostic);
                Value::UNKNOWN
            }
            Err(Stop::Exhausted) => Value::UNKNOWN,
        }
    }

    /// Computes the arguments of a function that does not exist, for what is wrong in them.
    fn check_arguments(&mut self, arguments: &[Expr], scope: &Scope) {
        for argument in arguments {
            self.expr(argument, scope);
        }
    }

    /// Computes the arguments, the elements of a final `...` one by one; `None` when they are not known.
    pub(super) fn arguments(&mut self, call: &Call, scope: &Scope) -> Option<Vec<Spanned<Value>>> {
        let mut values: Vec<Spanned<Value>> = call
            .arguments
            .iter()
            .map(|argument| Spanned::new(self.expr(argument, scope), argument.span))
            .collect();
        if !call.expand_final {
            return Some(values);
        }
        let last = values.pop()?;
        match &last.value {
            Value::List(items) => {
                values.extend(items.iter().map(|item| Spanned::new(item.clone(), last.span)));
                Some(values)
            }
            Value::Unknown(ty) if !ty.is_primitive() => None,
            Value::Null(_) => {
                let message = "this is null, and `...` needs a list";
                self.error(Code::UnexpectedNull, last.span, message);
                None
            }
            other => {
                let message = format!("`...` needs a list, not a {}", other.type_name());
                self.error(Code::WrongType, last.span, message);
                None
            }
        }
    }

    /// Converts the arguments to the types of their parameters.
    fn converted(&mut self, function: &Function, arguments: Vec<Spanned<Value>>) -> Vec<Spanned<Value>> {
        let convert_one = |(index, argument): (usize, Spanned<Value>)| {
            let Some(parameter) = function.parameter(index) else {
                return argument;
            };
            match convert_argument(function, parameter, &argument) {
                Ok(value) => Spanned::new(value, argument.span),
                Err(diagnostic) => {
                    self.report(*diagnostic);
                    Spanned::new(Value::UNKNOWN, argument.span)
                }
            }
        };
        arguments.into_iter().enumerate().map(convert_one).collect()
    }
}

fn unknown_function(name: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::UnknownFunction,
        span,
        format!("there is no function `{name}`"),
    );
    if IMPURE.contains(&name) {
        return problem
            .with_hint("rendering knows no clock, chance or machine: give the value with a variable");
    }
    problem.with_suggestion(nearest(name, functions::names()))
}

/// Terraform's functions whose answers depend on when or where they are asked.
const IMPURE: [&str; 8] = [
    "abspath",
    "bcrypt",
    "fileset",
    "pathexpand",
    "plantimestamp",
    "rsadecrypt",
    "timestamp",
    "uuid",
];

fn convert_argument(
    function: &Function,
    parameter: &Parameter,
    argument: &Spanned<Value>,
) -> Result<Value, Box<Diagnostic>> {
    let subject = format!("the argument `{}` of `{}`", parameter.name, function.name);
    let error = |message: String| Box::new(Diagnostic::error(Code::FunctionCall, argument.span, message));
    if argument.value.is_null() && !parameter.nullable {
        return Err(error(format!("{subject} must not be null")));
    }
    let ty: Type = (parameter.ty)();
    convert(&argument.value, &ty).map_err(|problem| error(format!("{subject} does not fit: {problem}")))
}

/// Checks the number of arguments. Too few are blamed on the name, too many on the first that is too much.
pub(super) fn check_count(
    function: &Function,
    arguments: &[Span],
    name_span: Span,
    span: Span,
) -> Result<(), Diagnostic> {
    let (name, wanted) = (function.name, function.parameters.len());
    let usage = format!("it is called as `{}`", function.signature());
    if let Some(missing) = function.parameters.get(arguments.len()) {
        let message = format!("`{name}` needs the argument `{}`", missing.name);
        return Err(Diagnostic::error(Code::FunctionCall, name_span, message).with_hint(usage));
    }
    if let Some(extra) = arguments.get(wanted)
        && function.variadic.is_none()
    {
        let span = if extra.file == span.file { *extra } else { span };
        let message = format!("`{name}` takes {}", counted(wanted, "argument"));
        return Err(Diagnostic::error(Code::FunctionCall, span, message).with_hint(usage));
    }
    Ok(())
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
