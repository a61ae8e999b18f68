//! What declares a value that is given from elsewhere: its name, its type and its default.
//!
//! Variables are declared so. What is given is held against the declaration by [`Declaration::accept`].

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned};
use kdef_syntax::ast::{self, Body, Expr, ExprKind};

use super::root::{Environment, attribute_value};
use super::run::{Run, constants};
use crate::schema::blocks::VARIABLE;
use crate::value::{DeclaredType, Value};
use crate::written::bare;

/// The declaration of a value.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// The name.
    pub(crate) name: Arc<str>,
    /// Where the name stands.
    pub(crate) span: Span,
    /// The type; `any` where it is wrong.
    pub(crate) ty: DeclaredType,
    /// Where the type stands.
    pub(crate) type_span: Span,
    /// The default, of that type; `None` when there is none, so that a value must be given.
    pub(crate) default: Option<Value>,
}

/// A value that is given for a declaration.
pub(crate) struct Given<'a> {
    /// The value.
    pub(crate) value: &'a Value,
    /// Whether the value is a text to be read as the declared type has it.
    pub(crate) as_text: bool,
    /// The place to blame.
    pub(crate) span: Span,
    /// What messages call it, as in "the value of `x`".
    pub(crate) subject: String,
}

impl Declaration {
    /// Reads a block such as `variable "name" { ... }`, whose attributes are those of [`VARIABLE`]; `noun` is what
    /// messages call what it declares. `None` when not even its name can be told.
    pub(crate) fn read(
        run: &mut Run<'_>,
        block: &ast::Block,
        noun: &str,
        env: Option<&Environment>,
    ) -> Option<Self> {
        let [label] = block.labels.as_slice() else {
            return None;
        };
        let Some(name) = label.literal().filter(|name| !name.is_empty()) else {
            run.files.report(Diagnostic::error(
                Code::InvalidVariable,
                label.span,
                format!("the name of {noun} is written out, and not empty"),
            ));
            run.files.mark_incomplete();
            return None;
        };
        let type_expr = attribute_value(&block.body, "type");
        let ty = type_expr.and_then(|expr| declared_type(run, expr));
        let mut declaration = Self {
            name: (&*name).into(),
            span: label.span,
            ty: ty.unwrap_or(DeclaredType::Any),
            type_span: type_expr.map_or(block.header, |expr| expr.span),
            default: None,
        };
        check_other_attributes(run, block, env);
        declaration.default = attribute_value(&block.body, "default").map(|expr| {
            let value = run.evaluate_constant(expr, env);
            let default = Given {
                value: &value,
                as_text: false,
                span: expr.span,
                subject: format!("the default of `{name}`"),
            };
            declaration.accept(run, &default)
        });
        Some(declaration)
    }

    /// Converts a value to the declared type. One that does not fit is reported, and unknown from then on.
    pub(crate) fn accept(&self, run: &mut Run<'_>, given: &Given<'_>) -> Value {
        let result = match given.value.as_str().filter(|_| given.as_text) {
            Some(text) => self.ty.parse_text(text),
            None => self.ty.convert(given.value),
        };
        match result {
            Ok(value) if run.budget.spend_steps(value.weight(), given.span) => value,
            Ok(_) => Value::UNKNOWN,
            Err(error) => {
                let message = format!("{}: {error}", given.subject);
                let problem = Diagnostic::error(Code::VariableType, given.span, message);
                run.files
                    .report(problem.with_related(self.type_span, "declared here"));
                Value::UNKNOWN
            }
        }
    }
}

fn declared_type(run: &mut Run<'_>, expr: &Expr) -> Option<DeclaredType> {
    // A type that could not be parsed has been reported.
    if matches!(bare(expr).kind, ExprKind::Error) {
        return None;
    }
    match DeclaredType::from_expr(expr) {
        Ok(ty) => Some(ty),
        Err(Spanned { value: error, span }) => {
            let mut problem = Diagnostic::error(Code::InvalidVariable, span, error.to_string())
                .with_suggestion(error.suggestion());
            problem.hints.extend(error.hint().map(str::to_owned));
            run.files.report(problem);
            None
        }
    }
}

/// Checks the attributes that hold plain constants.
fn check_other_attributes(run: &mut Run<'_>, block: &ast::Block, env: Option<&Environment>) {
    let plain = block
        .body
        .attributes()
        .filter(|attribute| !matches!(attribute.name.as_str(), "type" | "default"));
    let body = Body {
        items: plain.cloned().map(ast::Item::Attribute).collect(),
        span: block.body.span,
    };
    let scope = constants(env);
    run.with_decoder(|decoder| decoder.part(&body, block.header, &VARIABLE, &scope));
}
