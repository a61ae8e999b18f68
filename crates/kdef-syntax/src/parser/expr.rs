//! Expressions: operators, and what they operate on.

use kdef_source::{Code, Diagnostic, Span, Spanned};

use crate::ast::{BinaryOperator, Call, Conditional, Expr, ExprKind, UnaryOperator};
use crate::cursor::Parser;
use crate::token::TokenKind;

impl Parser<'_> {
    /// Reads an expression. Where there is none, the result is [`ExprKind::Error`] and nothing is taken.
    pub(crate) fn expression(&mut self) -> Expr {
        if !self.descend() {
            return self.placeholder();
        }
        let mut expr = self.binary(0);
        if self.at(TokenKind::Question) {
            expr = self.conditional(expr);
        }
        self.ascend();
        expr
    }

    fn conditional(&mut self, condition: Expr) -> Expr {
        let mut highest = self.height;
        let question = self.bump().span(self.file);
        let then = self.expression();
        highest = highest.max(self.height);
        let otherwise = if self.eat(TokenKind::Colon).is_some() {
            self.expression()
        } else {
            let found = self.describe();
            if !self.at(TokenKind::Invalid) {
                self.error(
                    Diagnostic::error(
                        Code::UnexpectedToken,
                        self.next_span(),
                        format!("expected the `:` of a conditional, found {found}"),
                    )
                    .with_related(question, "of this `?`")
                    .with_hint("write `condition ? value : other value`"),
                );
            }
            self.placeholder()
        };
        self.grow(highest.max(self.height));
        let span = condition.span.to(otherwise.span);
        let conditional = Conditional {
            condition,
            then,
            otherwise,
        };
        Expr {
            kind: ExprKind::Conditional(Box::new(conditional)),
            span,
        }
    }

    /// Reads operands and the operators between them that bind at least as tightly as `lowest`; equal ones group from
    /// the left.
    fn binary(&mut self, lowest: u8) -> Expr {
        let mut left = self.unary();
        while let Some((operator, strength)) = binary_operator(self.peek())
            && strength >= lowest
        {
            let highest = self.height;
            let place = self.bump().span(self.file);
            let right = self.binary(strength + 1);
            self.grow(highest.max(self.height));
            left = Expr {
                span: left.span.to(right.span),
                kind: ExprKind::Binary {
                    operator: Spanned::new(operator, place),
                    left: Box::new(left),
                    right: Box::new(right),
                },
            };
        }
        left
    }

    fn unary(&mut self) -> Expr {
        let mut operators = Vec::new();
        loop {
            let operator = match self.peek() {
                TokenKind::Not => UnaryOperator::Not,
                TokenKind::Minus => UnaryOperator::Negate,
                _ => break,
            };
            operators.push(Spanned::new(operator, self.bump().span(self.file)));
        }
        let operand = self.primary();
        let mut expr = self.postfix(operand);
        for operator in operators.into_iter().rev() {
            self.grow(self.height);
            if self.is_given_up() {
                break;
            }
            expr = Expr {
                span: operator.span.to(expr.span),
                kind: ExprKind::Unary {
                    operator,
                    operand: Box::new(expr),
                },
            };
        }
        expr
    }

    fn primary(&mut self) -> Expr {
        self.height = 1;
        match self.peek() {
            TokenKind::Ident => self.name(),
            TokenKind::Number => self.number(),
            TokenKind::QuoteOpen | TokenKind::HeredocOpen => self.template_expression(),
            TokenKind::BracketOpen => self.tuple(),
            TokenKind::BraceOpen => self.object(),
            TokenKind::ParenOpen => self.paren(),
            TokenKind::Invalid => {
                self.blame_next();
                let span = self.bump().span(self.file);
                Expr {
                    kind: ExprKind::Error,
                    span,
                }
            }
            _ => self.no_operand(),
        }
    }

    fn template_expression(&mut self) -> Expr {
        let start = self.next_span();
        match self.template() {
            Some(template) => Expr {
                span: template.span,
                kind: ExprKind::Template(template),
            },
            None => Expr {
                kind: ExprKind::Error,
                span: start.to(self.here()),
            },
        }
    }

    /// Reads a name, or the call of a function.
    fn name(&mut self) -> Expr {
        let name = self.ident();
        let span = name.span;
        if matches!(self.peek(), TokenKind::ParenOpen | TokenKind::DoubleColon) {
            return self.call(name);
        }
        let kind = match name.as_str() {
            "null" => ExprKind::Null,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            _ => ExprKind::Variable(name),
        };
        Expr { kind, span }
    }

    fn call(&mut self, first: crate::ast::Ident) -> Expr {
        let start = first.span;
        let mut name = vec![first];
        while self.eat(TokenKind::DoubleColon).is_some() {
            if !self.at(TokenKind::Ident) {
                break;
            }
            name.push(self.ident());
        }
        if !self.at(TokenKind::ParenOpen) {
            let found = self.describe();
            self.unexpected(
                format!("expected a function's name and `(` after `::`, found {found}"),
                "write `namespace::name(...)`",
            );
            return Expr {
                kind: ExprKind::Error,
                span: start.to(self.here()),
            };
        }
        let (arguments, expand_final, end) = self.arguments();
        let call = Call {
            name,
            arguments,
            expand_final,
        };
        Expr {
            kind: ExprKind::Call(Box::new(call)),
            span: start.to(end),
        }
    }

    fn number(&mut self) -> Expr {
        let token = self.bump();
        let mut span = token.span(self.file);
        let glued = self.next_raw().kind == TokenKind::Ident;
        while glued
            && matches!(
                self.next_raw().kind,
                TokenKind::Ident | TokenKind::Number | TokenKind::Dot
            )
        {
            span = span.to(self.bump().span(self.file));
        }
        let text = self.text_at(span);
        if !glued && is_number(text) {
            let kind = ExprKind::Number(text.into());
            return Expr { kind, span };
        }
        let hint = if text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0o") {
            "numbers are decimal"
        } else {
            "put quantities, versions and addresses in double quotes"
        };
        self.report(
            Diagnostic::error(Code::InvalidNumber, span, format!("`{text}` is not a number")).with_hint(hint),
        );
        Expr {
            kind: ExprKind::Error,
            span,
        }
    }

    fn no_operand(&mut self) -> Expr {
        let found = self.describe();
        let hint = match self.peek() {
            TokenKind::Dot if self.peek_second() == TokenKind::Number => {
                "a number begins with a digit, as in 0.5"
            }
            TokenKind::Newline => {
                "an expression goes on in the next line only inside of parentheses or brackets"
            }
            TokenKind::Slash | TokenKind::Dot | TokenKind::Star | TokenKind::Percent => {
                "put strings, such as paths and patterns, in double quotes"
            }
            TokenKind::Assign | TokenKind::Equal => "to compare write `a == b`; to set write `name = value`",
            TokenKind::Plus => "positive numbers have no sign",
            TokenKind::Less => "a heredoc begins with `<<EOT`, where the marker is a word and ends the line",
            _ => "",
        };
        self.unexpected(format!("expected a value, found {found}"), hint);
        self.placeholder()
    }

    /// Stands in for an expression that is not there.
    pub(crate) fn placeholder(&mut self) -> Expr {
        self.height = 1;
        Expr {
            kind: ExprKind::Error,
            span: self.here(),
        }
    }

    fn text_at(&self, span: Span) -> &str {
        self.slice(span.range())
    }
}

/// Returns a binary operator and how tightly it binds.
fn binary_operator(kind: TokenKind) -> Option<(BinaryOperator, u8)> {
    use BinaryOperator as B;
    let found = match kind {
        TokenKind::Or => (B::Or, 1),
        TokenKind::And => (B::And, 2),
        TokenKind::Equal => (B::Equal, 3),
        TokenKind::NotEqual => (B::NotEqual, 3),
        TokenKind::Less => (B::Less, 4),
        TokenKind::LessOrEqual => (B::LessOrEqual, 4),
        TokenKind::Greater => (B::Greater, 4),
        TokenKind::GreaterOrEqual => (B::GreaterOrEqual, 4),
        TokenKind::Plus => (B::Add, 5),
        TokenKind::Minus => (B::Subtract, 5),
        TokenKind::Star => (B::Multiply, 6),
        TokenKind::Slash => (B::Divide, 6),
        TokenKind::Percent => (B::Modulo, 6),
        _ => return None,
    };
    Some(found)
}

/// Tells whether a number token is one: digits, at most one dot among them, at most one exponent at the end.
fn is_number(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let exponent = text.get(mantissa.len() + 1..).unwrap_or("0");
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    mantissa.matches('.').count() <= 1 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
