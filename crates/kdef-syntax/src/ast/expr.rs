//! Expressions.

use kdef_source::{Span, Spanned};

use super::{Ident, Template};

/// An expression.
///
/// Trees are at most [`MAX_HEIGHT`](crate::MAX_HEIGHT) nodes high, so that walking one by recursion is safe.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an [`Expr`] is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// Something that could not be read; an error has been reported for it.
    Error,
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A decimal number exactly as written, such as `1.50` or `2e9`; never with a sign.
    Number(Box<str>),
    /// A quoted string or a heredoc.
    Template(Template),
    /// `[a, b]`
    Tuple(Vec<Expr>),
    /// `{ a = 1, "b" = 2, (c) = 3 }`
    Object(Vec<ObjectItem>),
    /// A name on its own, the root of a reference such as `var.x`.
    Variable(Ident),
    /// The element at hand inside [`Splat::each`]; nothing is written for it, its span is that of the splat's `*`.
    SplatItem,
    /// `base.name`
    GetAttr {
        /// What stands before the dot.
        base: Box<Expr>,
        /// The name after it.
        name: Ident,
    },
    /// `base[key]`, or the older `base.0`
    Index {
        /// What stands before the bracket or dot.
        base: Box<Expr>,
        /// The index: for `base.0` a [`ExprKind::Number`] of digits.
        key: Box<Expr>,
        /// Whether it is written with a dot.
        legacy: bool,
    },
    /// `source[*].name` or `source.*.name`
    Splat(Box<Splat>),
    /// `!a` or `-a`
    Unary {
        /// The operator and its place.
        operator: Spanned<UnaryOperator>,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// `a + b`
    Binary {
        /// The operator and its place.
        operator: Spanned<BinaryOperator>,
        /// What stands before it.
        left: Box<Expr>,
        /// What stands after it.
        right: Box<Expr>,
    },
    /// `a ? b : c`
    Conditional(Box<Conditional>),
    /// `name(a, b...)`
    Call(Box<Call>),
    /// `[for v in c : v]` or `{for k, v in c : k => v}`
    For(Box<ForExpr>),
    /// `(a)`
    Paren(Box<Expr>),
}

/// One item of an object expression.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectItem {
    /// The key.
    pub key: ObjectKey,
    /// The value.
    pub value: Expr,
    /// From the key to the end of the value.
    pub span: Span,
}

/// The key of an [`ObjectItem`].
#[derive(Debug, Clone, PartialEq)]
pub enum ObjectKey {
    /// A bare word, which stands for itself; `null`, `true` and `false` too.
    Name(Ident),
    /// Anything else, evaluated and then converted to text: a quoted string, a number, an expression in parentheses.
    Expr(Expr),
}

impl ObjectKey {
    /// Returns the place of the key.
    pub fn span(&self) -> Span {
        match self {
            Self::Name(ident) => ident.span,
            Self::Expr(expr) => expr.span,
        }
    }
}

/// A splat: `each` evaluated for every element of `source`.
#[derive(Debug, Clone, PartialEq)]
pub struct Splat {
    /// What stands before the splat.
    pub source: Expr,
    /// The `.*` or `[*]`.
    pub mark: Span,
    /// Whether it is the full form `[*]`, to which indexes that follow belong as well; the older `.*` takes attributes
    /// (and `.0`) only, and a bracket after it indexes the resulting list.
    pub full: bool,
    /// What follows, applied to a [`ExprKind::SplatItem`] at its root.
    pub each: Expr,
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
}

impl UnaryOperator {
    /// Returns the operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Negate => "-",
        }
    }
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}

impl BinaryOperator {
    /// Returns the operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}

/// `condition ? then : otherwise`
#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    /// What decides.
    pub condition: Expr,
    /// The value when it is true.
    pub then: Expr,
    /// The value when it is false.
    pub otherwise: Expr,
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The name; more than one part when it has namespaces, as in `a::b()`.
    pub name: Vec<Ident>,
    /// The arguments.
    pub arguments: Vec<Expr>,
    /// Whether the last argument is followed by `...`, which passes its elements one by one.
    pub expand_final: bool,
}

impl Call {
    /// Returns the whole name, namespaces included.
    pub fn full_name(&self) -> String {
        let parts: Vec<&str> = self.name.iter().map(Ident::as_str).collect();
        parts.join("::")
    }

    /// Returns the place of the whole name; `None` never occurs in a tree that the parser made.
    pub fn name_span(&self) -> Option<Span> {
        let first = self.name.first()?;
        let last = self.name.last()?;
        Some(first.span.to(last.span))
    }
}

/// A for-expression.
#[derive(Debug, Clone, PartialEq)]
pub struct ForExpr {
    /// Whether it is in braces and makes an object; in brackets it makes a tuple.
    pub object: bool,
    /// The name of the key or index, when two names are given.
    pub key_variable: Option<Ident>,
    /// The name of the value.
    pub value_variable: Ident,
    /// What is iterated.
    pub collection: Expr,
    /// The key of each result; always there when `object`, else never.
    pub key: Option<Expr>,
    /// The value of each result.
    pub value: Expr,
    /// Whether the value is followed by `...`, which groups the values of equal keys.
    pub group: bool,
    /// What stands after `if`.
    pub condition: Option<Expr>,
}
