//! What declares a value that is given from elsewhere: its name, type and default, and what it must be like.
//!
//! Variables are declared so. What is given is held against the type by [`Declaration::accept`], and once all values are
//! there, against the validations by [`Found::validate`].

use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::{Code, Diagnostic, Span, Spanned};
use kdef_syntax::ast::{self, Body, Expr, ExprKind};

use super::root::{Environment, attribute_value};
use super::run::{Run, constants};
use crate::Block;
use crate::eval::Scope;
use crate::schema::blocks::{VALIDATION, VARIABLE};
use crate::value::{DeclaredType, Map, Value};
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
    pub(crate) default: Option<Spanned<Value>>,
    /// Whether no message may show its values.
    pub(crate) sensitive: bool,
    /// What its values must be like.
    pub(crate) validations: Vec<Validation>,
}

/// A `validation` block.
#[derive(Debug)]
pub(crate) struct Validation {
    /// Where its first line stands.
    pub(crate) header: Span,
    /// What must be true.
    pub(crate) condition: Expr,
    /// What to say when it is not.
    pub(crate) message: Expr,
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
        let plain = plain_attributes(run, block, env);
        let mut declaration = Self {
            name: (&*name).into(),
            span: label.span,
            ty: ty.unwrap_or(DeclaredType::Any),
            type_span: type_expr.map_or(block.header, |expr| expr.span),
            default: None,
            sensitive: plain.flag("sensitive").unwrap_or(plain.is_lost("sensitive")),
            validations: validations(&block.body),
        };
        declaration.default = attribute_value(&block.body, "default").map(|expr| {
            let value = run.evaluate_constant(expr, env);
            let default = Given {
                value: &value,
                as_text: false,
                span: expr.span,
                subject: format!("the default of `{name}`"),
            };
            Spanned::new(declaration.accept(run, &default), expr.span)
        });
        if declaration.default.is_none() {
            declaration.default = misspelt_default(block);
        }
        Some(declaration)
    }

    /// Converts a value to the declared type. One that does not fit is reported, and unknown from then on.
    pub(crate) fn accept(&self, run: &mut Run<'_>, given: &Given<'_>) -> Value {
        let result = match given.value.as_str().filter(|_| given.as_text) {
            Some(text) => self.ty.parse_text(text),
            None => self.ty.convert(given.value),
        };
        if self.sensitive {
            run.files.hide(given.span);
            run.sensitive.add(given.value);
            if let Ok(value) = &result {
                run.sensitive.add(value);
            }
        }
        match result {
            Ok(value) if run.budget.spend_steps(value.weight(), given.span) => value,
            Ok(_) => Value::UNKNOWN,
            Err(error) => {
                let error = if self.sensitive {
                    error.without_advice()
                } else {
                    error
                };
                let message = format!("{}: {error}", given.subject);
                let problem = Diagnostic::error(Code::VariableType, given.span, message);
                run.files
                    .report(problem.with_related(self.type_span, "declared here"));
                Value::UNKNOWN
            }
        }
    }

    /// Reports a value that a validation refuses. `place` and `subject` are those of the value, as in [`Given`]. Messages
    /// are computed in `shown`, in which sensitive values are unknown.
    fn validate(&self, run: &mut Run<'_>, (place, subject): &(Span, String), scope: &Scope, shown: &Scope) {
        for validation in &self.validations {
            if run.evaluate_condition(&validation.condition, scope) != Some(false) {
                continue;
            }
            let message = match run.evaluate_in(&validation.message, shown).text() {
                Some(message) => format!("{subject}: {message}"),
                None => format!("{subject} is refused"),
            };
            let problem = Diagnostic::error(Code::ValidationFailed, *place, message);
            run.files
                .report(problem.with_related(validation.header, "by this validation"));
        }
    }
}

/// The values that have been found for declarations which can name each other.
pub(crate) struct Found<'a> {
    /// What the values are reached by, such as `var`.
    pub(crate) root: &'static str,
    /// What messages call one of them.
    pub(crate) noun: &'static str,
    /// The declarations.
    pub(crate) declarations: Vec<&'a Declaration>,
    /// The values by name.
    pub(crate) values: &'a Map,
}

impl Found<'_> {
    /// Holds the values against the validations. `base` is what conditions can name beside the values; `origin` returns the
    /// place of a value and what messages call it.
    pub(crate) fn validate(
        &self,
        run: &mut Run<'_>,
        base: &Scope,
        origin: impl Fn(&Declaration) -> (Span, String),
    ) {
        if self.declarations.iter().all(|it| it.validations.is_empty()) {
            return;
        }
        let members = |values| base.with_members(self.root, self.noun, values);
        let scope = members(Value::Map(self.values.clone()));
        let shown = members(self.shown());
        for declaration in &self.declarations {
            // What does not fit its type, or is missing, has been reported.
            let value = self.values.get(&declaration.name);
            if value.is_some_and(Value::is_wholly_known) {
                declaration.validate(run, &origin(declaration), &scope, &shown);
            }
        }
    }

    /// Returns the values that messages may show; the others are unknown.
    fn shown(&self) -> Value {
        let mut shown: IndexMap<Arc<str>, Value> = self
            .values
            .iter()
            .map(|(name, value)| (Arc::clone(name), value.clone()))
            .collect();
        for declaration in self.declarations.iter().filter(|it| it.sensitive) {
            shown.insert(Arc::clone(&declaration.name), Value::UNKNOWN);
        }
        Value::Map(Map::object(shown))
    }
}

/// Reads the `validation` blocks of a declaration. What is missing in them has been reported.
fn validations(body: &Body) -> Vec<Validation> {
    let blocks = body
        .blocks()
        .filter(|block| block.kind.as_str() == VALIDATION.kind);
    let read = |block: &ast::Block| {
        Some(Validation {
            header: block.header,
            condition: attribute_value(&block.body, "condition")?.clone(),
            message: attribute_value(&block.body, "message")?.clone(),
        })
    };
    blocks.filter_map(read).collect()
}

/// Returns an unknown default where the word is misspelt, which is reported, so that no value is said to be missing.
fn misspelt_default(block: &ast::Block) -> Option<Spanned<Value>> {
    let mut attributes = block.body.attributes();
    let misspelt = attributes.find(|attribute| {
        let name = attribute.name.as_str();
        VARIABLE.attribute(name).is_none() && VARIABLE.meant_attribute(name) == Some("default")
    });
    misspelt.map(|attribute| Spanned::new(Value::UNKNOWN, attribute.value.span))
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

/// Evaluates the attributes that hold plain constants.
fn plain_attributes(run: &mut Run<'_>, block: &ast::Block, env: Option<&Environment>) -> Block {
    let plain = block
        .body
        .attributes()
        .filter(|attribute| !matches!(attribute.name.as_str(), "type" | "default"));
    let body = Body {
        items: plain.cloned().map(ast::Item::Attribute).collect(),
        span: block.body.span,
    };
    let scope = constants(env);
    run.with_decoder(|decoder| decoder.part(&body, block.header, &VARIABLE, &scope))
}
