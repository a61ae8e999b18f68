//! Strings with interpolation and directives.

use std::borrow::Cow;

use kdef_source::Span;

use super::{Expr, Ident};

/// A quoted string or a heredoc.
///
/// Escapes are replaced, the `~` of trim marks has been applied, and so has the removal of indentation in a flush
/// heredoc (`<<-`), all of them as `hashicorp/hcl` does.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The pieces in source order; none for an empty text. Neighbouring literals are one part.
    pub parts: Vec<Part>,
    /// How it is written.
    pub kind: TemplateKind,
    /// The whole text, quotes or heredoc markers included.
    pub span: Span,
}

/// How a [`Template`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// In quotes.
    Quoted,
    /// Between markers, as in `<<EOT`.
    Heredoc {
        /// Whether it begins with `<<-`, which removes indentation.
        flush: bool,
    },
}

/// One piece of a [`Template`].
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text that stands for itself.
    Literal {
        /// The text after escapes, trim marks and indentation.
        text: Box<str>,
        /// Where it is written; longer than the text where something was removed.
        span: Span,
    },
    /// `${expr}`
    Interpolation {
        /// The expression.
        expr: Expr,
        /// From `${` to `}`.
        span: Span,
    },
    /// `%{ if condition }...%{ else }...%{ endif }`
    If(Box<TemplateIf>),
    /// `%{ for v in c }...%{ endfor }`
    For(Box<TemplateFor>),
}

impl Part {
    /// Returns the place of the part.
    pub fn span(&self) -> Span {
        match self {
            Self::Literal { span, .. } | Self::Interpolation { span, .. } => *span,
            Self::If(directive) => directive.span,
            Self::For(directive) => directive.span,
        }
    }
}

/// An `if` directive.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateIf {
    /// What decides.
    pub condition: Expr,
    /// The pieces when it is true.
    pub then: Vec<Part>,
    /// The pieces when it is false; none without `else`.
    pub otherwise: Vec<Part>,
    /// From `%{ if` to the end of `endif }`.
    pub span: Span,
}

/// A `for` directive.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateFor {
    /// The name of the key or index, when two names are given.
    pub key_variable: Option<Ident>,
    /// The name of the value.
    pub value_variable: Ident,
    /// What is iterated.
    pub collection: Expr,
    /// The pieces of each turn.
    pub body: Vec<Part>,
    /// From `%{ for` to the end of `endfor }`.
    pub span: Span,
}

impl Template {
    /// Returns the text of a template without interpolation and directives, `None` for one that has them.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match self.parts.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Part::Literal { text, .. }] => Some(Cow::Borrowed(text)),
            parts => parts
                .iter()
                .map(|part| match part {
                    Part::Literal { text, .. } => Some(&**text),
                    _ => None,
                })
                .collect::<Option<String>>()
                .map(Cow::Owned),
        }
    }

    /// Returns the expression of a template that is nothing but one `${expr}`; its value is passed on as it is, not
    /// converted to text.
    pub fn sole_interpolation(&self) -> Option<&Expr> {
        match self.parts.as_slice() {
            [Part::Interpolation { expr, .. }] => Some(expr),
            _ => None,
        }
    }
}
