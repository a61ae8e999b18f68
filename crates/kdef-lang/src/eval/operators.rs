//! Operators with one and two operands.

use kdef_source::{Code, Diagnostic, Span, Spanned};
use kdef_syntax::ast::{BinaryOperator, Expr, UnaryOperator};

use super::{Evaluator, Scope, instead};
use crate::value::{Number, NumberError, Type, Value, convert, equal};

const JOIN_HINT: &str = "join texts in a template: \"${a}${b}\"";

impl Evaluator<'_> {
    pub(super) fn unary(
        &mut self,
        operator: &Spanned<UnaryOperator>,
        operand: &Expr,
        scope: &Scope,
    ) -> Value {
        let value = self.expr(operand, scope);
        let symbol = operator.value.as_str();
        match operator.value {
            UnaryOperator::Not => match self.operand(&value, &Type::Bool, symbol, operand.span) {
                Some(Value::Bool(value)) => Value::Bool(!value),
                _ => Value::Unknown(Type::Bool),
            },
            UnaryOperator::Negate => match self.operand(&value, &Type::Number, symbol, operand.span) {
                Some(Value::Number(value)) => Value::Number(value.negate()),
                _ => Value::Unknown(Type::Number),
            },
        }
    }

    pub(super) fn binary(
        &mut self,
        operator: &Spanned<BinaryOperator>,
        left: &Expr,
        right: &Expr,
        scope: &Scope,
    ) -> Value {
        match operator.value {
            BinaryOperator::Or => self.logic(operator.value, true, left, right, scope),
            BinaryOperator::And => self.logic(operator.value, false, left, right, scope),
            BinaryOperator::Equal => self.equality(left, right, scope, true),
            BinaryOperator::NotEqual => self.equality(left, right, scope, false),
            _ => self.calculation(operator, left, right, scope),
        }
    }

    fn equality(&mut self, left: &Expr, right: &Expr, scope: &Scope, wanted: bool) -> Value {
        let left_value = self.expr(left, scope);
        let right_value = self.expr(right, scope);
        let weight = left_value.weight().min(right_value.weight());
        if !self.spend(weight, left.span) {
            return Value::Unknown(Type::Bool);
        }
        match equal(&left_value, &right_value) {
            Some(same) => Value::Bool(same == wanted),
            None => Value::Unknown(Type::Bool),
        }
    }

    /// Computes `||`, which true decides, or `&&`, which false decides.
    ///
    /// Both operands are computed, as in HCL, since an operand of the wrong type is always a mistake. Where one operand
    /// decides, what is wrong with the other, or that it is null, does not matter.
    fn logic(
        &mut self,
        operator: BinaryOperator,
        decisive: bool,
        left: &Expr,
        right: &Expr,
        scope: &Scope,
    ) -> Value {
        let start = self.pending.len();
        let left_value = self.expr(left, scope);
        let left_mistakes = self.pending.split_off(start);
        let right_value = self.expr(right, scope);
        let right_mistakes = self.pending.split_off(start);
        let left_truth = self.nullable_bool(&left_value, operator, left.span);
        let right_truth = self.nullable_bool(&right_value, operator, right.span);
        let typed = self.pending.len() == start;
        if typed && left_truth.as_bool() == Some(decisive) {
            self.pending.extend(left_mistakes);
            return Value::Bool(decisive);
        }
        if typed && right_truth.as_bool() == Some(decisive) {
            self.pending.extend(right_mistakes);
            return Value::Bool(decisive);
        }
        self.pending.extend(left_mistakes);
        self.pending.extend(right_mistakes);
        for (truth, operand) in [(&left_truth, left), (&right_truth, right)] {
            if truth.is_null() {
                self.null_operand(&Type::Bool, operator.as_str(), operand.span);
            }
        }
        match (left_truth, right_truth) {
            (Value::Bool(_), Value::Bool(_)) => Value::Bool(!decisive),
            _ => Value::Unknown(Type::Bool),
        }
    }

    /// Converts an operand of `&&` and `||` to a bool, and passes null on; unknown where it is neither.
    fn nullable_bool(&mut self, value: &Value, operator: BinaryOperator, span: Span) -> Value {
        if value.is_null() && convert(value, &Type::Bool).is_ok() {
            return Value::Null(Type::Bool);
        }
        self.operand(value, &Type::Bool, operator.as_str(), span)
            .unwrap_or(Value::Unknown(Type::Bool))
    }

    fn calculation(
        &mut self,
        operator: &Spanned<BinaryOperator>,
        left: &Expr,
        right: &Expr,
        scope: &Scope,
    ) -> Value {
        let left_value = self.expr(left, scope);
        let right_value = self.expr(right, scope);
        let symbol = operator.value.as_str();
        let is_text = |value: &Value| value.as_str().is_some() && convert(value, &Type::Number).is_err();
        if operator.value == BinaryOperator::Add && is_text(&left_value) && is_text(&right_value) {
            let message = "`+` adds numbers, and these are texts";
            let problem = Diagnostic::error(Code::WrongType, left.span.to(right.span), message);
            self.report(problem.with_hint(JOIN_HINT));
            return Value::Unknown(Type::Number);
        }
        let left_number = self.operand(&left_value, &Type::Number, symbol, left.span);
        let right_number = self.operand(&right_value, &Type::Number, symbol, right.span);
        let (Some(Value::Number(left)), Some(Value::Number(right))) = (left_number, right_number) else {
            return Value::Unknown(result_type(operator.value));
        };
        match compute(operator.value, &left, &right) {
            Ok(value) => value,
            Err(error) => {
                self.error(Code::Arithmetic, operator.span, arithmetic_message(error));
                Value::Unknown(Type::Number)
            }
        }
    }

    /// Converts an operand, which is unknown when the value is; `None` when it has the wrong type or is null.
    fn operand(&mut self, value: &Value, want: &Type, symbol: &str, span: Span) -> Option<Value> {
        match convert(value, want) {
            Ok(Value::Null(_)) => {
                self.null_operand(want, symbol, span);
                None
            }
            Ok(value) => Some(value),
            Err(_) => {
                let message = format!("`{symbol}` needs a {want}, {}", instead(value));
                let mut diagnostic = Diagnostic::error(Code::WrongType, span, message);
                if symbol == "+" && matches!(value, Value::String(_)) {
                    diagnostic = diagnostic.with_hint(JOIN_HINT);
                }
                self.report(diagnostic);
                None
            }
        }
    }

    fn null_operand(&mut self, want: &Type, symbol: &str, span: Span) {
        self.error(
            Code::UnexpectedNull,
            span,
            format!("`{symbol}` needs a {want}, and this is null"),
        );
    }
}

fn result_type(operator: BinaryOperator) -> Type {
    match operator {
        BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Modulo => Type::Number,
        _ => Type::Bool,
    }
}

fn compute(operator: BinaryOperator, left: &Number, right: &Number) -> Result<Value, NumberError> {
    let number = match operator {
        BinaryOperator::Add => left.add(right),
        BinaryOperator::Subtract => left.subtract(right),
        BinaryOperator::Multiply => left.multiply(right),
        BinaryOperator::Divide => left.divide(right),
        BinaryOperator::Modulo => left.modulo(right),
        BinaryOperator::Less => return Ok(left.compare(right).is_lt().into()),
        BinaryOperator::LessOrEqual => return Ok(left.compare(right).is_le().into()),
        BinaryOperator::Greater => return Ok(left.compare(right).is_gt().into()),
        BinaryOperator::GreaterOrEqual => return Ok(left.compare(right).is_ge().into()),
        BinaryOperator::Equal => return Ok((left == right).into()),
        BinaryOperator::NotEqual => return Ok((left != right).into()),
        BinaryOperator::Or | BinaryOperator::And => return Ok(Value::Unknown(Type::Bool)),
    };
    number.map(Value::Number)
}

fn arithmetic_message(error: NumberError) -> String {
    match error {
        NumberError::DivisionByZero => "division by zero".to_owned(),
        error => format!("the result {error}"),
    }
}
