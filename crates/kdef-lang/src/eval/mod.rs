//! Expressions to values.
//!
//! An [`Evaluator`] computes what expressions mean in a [`Scope`], by the rules of HashiCorp's HCL. It does not stop at
//! the first mistake: what could not be computed is [`Value::Unknown`], which silences whatever depends on it, and all
//! mistakes stand in the diagnostics, each once.
//!
//! ```
//! use std::sync::Arc;
//!
//! use kdef_lang::eval::{Budget, Evaluator, Place, Scope};
//! use kdef_lang::value::Value;
//! use kdef_source::{MemoryWorld, SourceMap, World};
//! use kdef_syntax::ast::{Expr, ExprKind};
//!
//! let world = MemoryWorld::default();
//! let budget = Budget::new(world.limits());
//! let scope = Scope::new(Arc::new(Place::default()))
//!     .with_members("var", "variable", Value::object([("replicas", Value::from(3))]))
//!     .with_environment();
//!
//! let mut sources = SourceMap::default();
//! let file = sources.add("app.kdef", "n = var.replicas * 2\nm = var.replica\n");
//! let body = kdef_syntax::parse(file, &sources.get(file).unwrap().text().clone()).body;
//! let mut evaluator = Evaluator::new(&world, &budget);
//! let values: Vec<Value> = body.attributes().map(|it| evaluator.evaluate(&it.value, &scope)).collect();
//! assert_eq!(values, [Value::from(6), Value::UNKNOWN]);
//! let [mistake] = &*evaluator.into_diagnostics() else { panic!() };
//! assert_eq!(mistake.message, "there is no variable `replica`");
//! assert_eq!(mistake.hints, ["did you mean `replicas`?"]);
//! ```

mod access;
mod attempt;
mod budget;
mod call;
mod collections;
mod conditional;
mod for_expr;
mod operators;
mod scope;
mod splat;
mod template;
mod template_file;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, World};
use kdef_syntax::ast::{Expr, ExprKind, Label, LabelKind, Template};

pub use budget::Budget;
pub(crate) use scope::{Hidden, Slots};
pub use scope::{Images, Place, Scope};

use crate::value::{Number, Type, Value, convert, with_article};

/// Mistakes that one expression may report; further ones say nothing new.
const MAX_DIAGNOSTICS: usize = 200;

/// Computes expressions and collects what is wrong with them.
pub struct Evaluator<'w> {
    world: &'w dyn World,
    budget: &'w Budget,
    /// What stands in the diagnostics already, since a `for` evaluates one expression many times.
    seen: BTreeSet<(Code, Option<Span>, String)>,
    diagnostics: Vec<Diagnostic>,
    /// Mistakes in the expression at hand. Branches that are not taken remove theirs again.
    pending: Vec<Diagnostic>,
    /// The element that a splat is at.
    splat_item: Option<Value>,
    steps_to_check: u32,
    /// Whether the template of a `templatefile` is being computed.
    in_template_file: bool,
}

impl<'w> Evaluator<'w> {
    /// Makes an evaluator. The budget is that of the whole run, and may be shared.
    pub fn new(world: &'w dyn World, budget: &'w Budget) -> Self {
        Self {
            world,
            budget,
            seen: BTreeSet::new(),
            diagnostics: Vec::new(),
            pending: Vec::new(),
            splat_item: None,
            steps_to_check: 0,
            in_template_file: false,
        }
    }

    /// Computes an expression. The value is unknown, or has unknown parts, where something is wrong.
    pub fn evaluate(&mut self, expr: &Expr, scope: &Scope) -> Value {
        let value = self.expr(expr, scope);
        // Whoever uses the value walks all of it.
        self.spend(value.weight(), expr.span);
        self.settle();
        value
    }

    /// Computes a template. One that is nothing but `${...}` gives the value as it is.
    pub fn evaluate_template(&mut self, template: &Template, scope: &Scope) -> Value {
        let value = self.template(template, scope);
        self.spend(value.weight(), template.span);
        self.settle();
        value
    }

    /// Computes a label; `None` where something is wrong.
    pub fn label(&mut self, label: &Label, scope: &Scope) -> Option<Arc<str>> {
        match &label.kind {
            LabelKind::Bare(ident) => Some(ident.as_str().into()),
            LabelKind::Quoted(template) => {
                let value = self.template(template, scope);
                let text = self.text_of(&value, label.span);
                self.settle();
                text
            }
        }
    }

    /// Computes the condition of an `if`; `None` where something is wrong.
    pub fn condition(&mut self, expr: &Expr, scope: &Scope) -> Option<bool> {
        let value = self.expr(expr, scope);
        let result = self.truth_of(&value, expr.span, "a condition");
        self.settle();
        result.and_then(|value| value.as_bool())
    }

    /// Computes what a `for` iterates: index and element of a list, key and element of a map in the order of its keys;
    /// `None` where something is wrong.
    pub fn elements(&mut self, expr: &Expr, scope: &Scope) -> Option<Vec<(Value, Value)>> {
        let value = self.expr(expr, scope);
        self.spend(value.weight(), expr.span);
        let elements = self.elements_of(&value, expr.span);
        self.settle();
        elements
    }

    /// Returns what is wrong so far, in the order in which it was found.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns what is wrong, in the order in which it was found.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Moves the mistakes of an expression to the others, leaving out those that stand there already.
    fn settle(&mut self) {
        let limit = self.budget.take_diagnostic();
        for diagnostic in self.pending.drain(..).chain(limit) {
            let key = (diagnostic.code, diagnostic.span, diagnostic.message.clone());
            if self.seen.insert(key) {
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        let known = self.pending.last().is_some_and(|last| *last == diagnostic);
        if !known && self.pending.len() < MAX_DIAGNOSTICS {
            self.pending.push(diagnostic);
        }
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::error(code, span, message));
    }

    /// Takes steps from the budget. Once it is used up, everything is unknown.
    fn spend(&mut self, steps: u64, span: Span) -> bool {
        if self.steps_to_check == 0 {
            self.steps_to_check = 4096;
            if self.world.cancelled() {
                self.budget.cancel(span);
            }
        }
        self.steps_to_check -= 1;
        self.budget.spend_steps(steps, span)
    }

    /// Refuses a value that is larger or deeper than any walk over it should be.
    fn bounded(&mut self, value: Value, span: Span) -> Value {
        if self.budget.admits(&value, span) {
            value
        } else {
            Value::UNKNOWN
        }
    }

    /// Computes an expression within an expression.
    ///
    /// Trees are up to [`kdef_syntax::MAX_HEIGHT`] high, so the frames of this recursion are kept small: every arm that
    /// does more than pass on is a function of its own.
    fn expr(&mut self, expr: &Expr, scope: &Scope) -> Value {
        if !self.spend(1, expr.span) {
            return Value::UNKNOWN;
        }
        match &expr.kind {
            ExprKind::Error => Value::UNKNOWN,
            ExprKind::Null => Value::NULL,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Number(text) => self.number(text, expr.span),
            ExprKind::Template(template) => self.template(template, scope),
            ExprKind::Tuple(items) => self.tuple(items, expr.span, scope),
            ExprKind::Object(items) => self.object(items, expr.span, scope),
            ExprKind::Variable(name) => self.variable(name, scope),
            ExprKind::SplatItem => self.splat_item.clone().unwrap_or(Value::UNKNOWN),
            ExprKind::GetAttr { base, name } => self.get_attr(base, name, scope),
            ExprKind::Index { base, key, .. } => self.index(base, key, scope),
            ExprKind::Splat(splat) => self.splat(splat, expr.span, scope),
            ExprKind::Unary { operator, operand } => self.unary(operator, operand, scope),
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(operator, left, right, scope),
            ExprKind::Conditional(conditional) => self.conditional(conditional, scope),
            ExprKind::Call(call) => self.call(call, expr.span, scope),
            ExprKind::For(for_expr) => self.for_expr(for_expr, expr.span, scope),
            ExprKind::Paren(inner) => self.expr(inner, scope),
        }
    }

    fn number(&mut self, text: &str, span: Span) -> Value {
        match Number::parse(text) {
            Ok(number) => Value::Number(number),
            Err(error) => {
                self.error(Code::InvalidNumber, span, format!("the number {error}"));
                Value::Unknown(Type::Number)
            }
        }
    }

    /// Converts a condition to a bool, which is unknown when the condition is; `None` when it is no condition.
    fn truth_of(&mut self, value: &Value, span: Span, what: &str) -> Option<Value> {
        if value.is_null() {
            self.error(
                Code::UnexpectedNull,
                span,
                format!("{what} is null, and must be true or false"),
            );
            return None;
        }
        let truth = convert(value, &Type::Bool).ok();
        if truth.is_none() {
            let message = format!("{what} must be true or false, {}", instead(value));
            self.error(Code::WrongType, span, message);
        }
        truth
    }

    /// Reports that a value is not what is needed, as in "`+` needs a number".
    fn wrong_type(&mut self, span: Span, need: &str, value: &Value) {
        self.error(Code::WrongType, span, format!("{need}, {}", instead(value)));
    }
}

/// Says what a value is instead of what is needed. A text might have converted, so that its type says too little.
fn instead(value: &Value) -> String {
    match value {
        Value::String(_) => "and this text is not".to_owned(),
        _ => format!("not {}", with_article(value.type_name())),
    }
}
