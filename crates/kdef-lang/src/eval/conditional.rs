//! `condition ? then : otherwise`

use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Conditional, Expr};

use super::{Evaluator, Scope};
use crate::value::{Type, Value, convert, unify};

/// Characters of a type that a message shows at most.
const MAX_TYPE_TEXT: usize = 60;

impl Evaluator<'_> {
    /// Computes both results, as HCL does, since the type of the whole is what both have in common; only what is wrong
    /// with the chosen one is reported.
    pub(super) fn conditional(&mut self, conditional: &Conditional, scope: &Scope) -> Value {
        let start = self.pending.len();
        let then = self.expr(&conditional.then, scope);
        let then_mistakes = self.pending.split_off(start);
        let otherwise = self.expr(&conditional.otherwise, scope);
        let otherwise_mistakes = self.pending.split_off(start);
        let condition = self.expr(&conditional.condition, scope);
        let condition = self.truth_of(&condition, conditional.condition.span, "the condition");
        let Some(ty) = self.common_type(&then, &otherwise, conditional) else {
            return Value::UNKNOWN;
        };
        let (chosen, expr, mistakes) = match condition {
            Some(Value::Bool(true)) => (then, &conditional.then, then_mistakes),
            Some(Value::Bool(false)) => (otherwise, &conditional.otherwise, otherwise_mistakes),
            Some(_) if then.is_null() && otherwise.is_null() => return Value::Null(ty),
            _ => return Value::Unknown(ty),
        };
        self.pending.extend(mistakes);
        self.brought_to(&chosen, &ty, expr)
    }

    /// Returns the type that both results have in common, or reports that there is none.
    fn common_type(&mut self, then: &Value, otherwise: &Value, conditional: &Conditional) -> Option<Type> {
        let span = conditional.then.span.to(conditional.otherwise.span);
        let weight = then.weight().saturating_add(otherwise.weight());
        if !self.spend(weight, span) {
            return Some(Type::Any);
        }
        let (then, otherwise) = match (then, otherwise) {
            (Value::Null(Type::Any), other) | (other, Value::Null(Type::Any)) => return Some(other.ty()),
            (then, otherwise) => (then.ty(), otherwise.ty()),
        };
        if then == Type::Any || otherwise == Type::Any {
            return Some(Type::Any);
        }
        let common = unify(&[then.clone(), otherwise.clone()]);
        if common.is_none() {
            self.report(mismatch(&then, &otherwise, span));
        }
        common
    }

    fn brought_to(&mut self, value: &Value, ty: &Type, expr: &Expr) -> Value {
        match convert(value, ty) {
            Ok(value) => value,
            Err(error) => {
                let message = format!("this result does not fit the type of the other: {error}");
                self.error(Code::WrongType, expr.span, message);
                Value::Unknown(ty.clone())
            }
        }
    }
}

fn mismatch(then: &Type, otherwise: &Type, span: Span) -> Diagnostic {
    let (then, otherwise) = if then.name() == otherwise.name() {
        (shortened(then), shortened(otherwise))
    } else {
        (then.name().to_owned(), otherwise.name().to_owned())
    };
    let message = "the two results of the condition have no type in common";
    let label = format!("one is {}, the other {}", article(&then), article(&otherwise));
    Diagnostic::error(Code::WrongType, span, message).with_label(label)
}

/// Writes a type in full unless that is longer than a line.
fn shortened(ty: &Type) -> String {
    let text = ty.to_string();
    if text.chars().count() <= MAX_TYPE_TEXT {
        return text;
    }
    let start: String = text.chars().take(MAX_TYPE_TEXT).collect();
    format!("{start}...")
}

/// Puts `a` or `an` before a type, as in "an object({})".
fn article(name: &str) -> String {
    let article = if name.starts_with('o') { "an" } else { "a" };
    format!("{article} {name}")
}
