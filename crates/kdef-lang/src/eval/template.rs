//! Texts with interpolation and directives.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Part, Template, TemplateFor, TemplateIf};

use super::for_expr::ElementNames;
use super::{Evaluator, Scope};
use crate::value::{Type, Value, convert};

/// A text that is being built; not known any more once a part of it is not.
struct Text {
    text: String,
    known: bool,
}

impl Evaluator<'_> {
    pub(super) fn template(&mut self, template: &Template, scope: &Scope) -> Value {
        if let Some(expr) = template.sole_interpolation() {
            return self.expr(expr, scope);
        }
        let mut text = Text {
            text: String::new(),
            known: true,
        };
        self.parts(&template.parts, scope, &mut text);
        if text.known {
            text.text.into()
        } else {
            Value::Unknown(Type::String)
        }
    }

    fn parts(&mut self, parts: &[Part], scope: &Scope, into: &mut Text) {
        for part in parts {
            match part {
                Part::Literal { text, span } => self.push(text, *span, into),
                Part::Interpolation { expr, span } => {
                    let value = self.expr(expr, scope);
                    // Where the expression is missing, its own span is empty.
                    let span = if expr.span.start == expr.span.end {
                        *span
                    } else {
                        expr.span
                    };
                    match self.text_of(&value, span) {
                        Some(text) => self.push(&text, span, into),
                        None => into.known = false,
                    }
                }
                Part::If(directive) => self.if_directive(directive, scope, into),
                Part::For(directive) => self.for_directive(directive, scope, into),
            }
        }
    }

    fn push(&mut self, text: &str, span: Span, into: &mut Text) {
        into.known = into.known
            && self
                .budget
                .spend_text(into.text.len() + text.len(), text.len(), span);
        if into.known {
            into.text.push_str(text);
        }
    }

    fn if_directive(&mut self, directive: &TemplateIf, scope: &Scope, into: &mut Text) {
        let condition = self.expr(&directive.condition, scope);
        match self.truth_of(&condition, directive.condition.span, "the condition") {
            Some(Value::Bool(true)) => self.parts(&directive.then, scope, into),
            Some(Value::Bool(false)) => self.parts(&directive.otherwise, scope, into),
            _ => into.known = false,
        }
    }

    fn for_directive(&mut self, directive: &TemplateFor, scope: &Scope, into: &mut Text) {
        let collection = self.expr(&directive.collection, scope);
        let Some(elements) = self.elements_of(&collection, directive.collection.span) else {
            into.known = false;
            return;
        };
        let names = ElementNames::new(directive.key_variable.as_ref(), &directive.value_variable);
        for (key, value) in elements {
            if !self.spend(1, directive.span) {
                into.known = false;
                return;
            }
            let inner = names.scope(scope, key, value);
            self.parts(&directive.body, &inner, into);
        }
    }

    /// Returns a value as part of a text; `None` when it is unknown, or an error says that it cannot be one.
    pub(super) fn text_of(&mut self, value: &Value, span: Span) -> Option<Arc<str>> {
        if value.is_null() {
            self.error(
                Code::UnexpectedNull,
                span,
                "this is null, which cannot be part of a text",
            );
            return None;
        }
        match (convert(value, &Type::String), value) {
            (Ok(value), _) => value.text(),
            (Err(_), Value::Reference(reference)) => {
                let message = format!("a {} cannot be part of a longer text", reference.kind().name());
                let hint = "only the cluster knows its value; give the reference alone";
                self.report(Diagnostic::error(Code::WrongType, span, message).with_hint(hint));
                None
            }
            (Err(_), _) => {
                let message = format!("a {} cannot be part of a text", value.type_name());
                let mut diagnostic = Diagnostic::error(Code::WrongType, span, message);
                if matches!(value, Value::List(_)) {
                    diagnostic =
                        diagnostic.with_hint("write its elements with `%{ for x in list }${x}%{ endfor }`");
                }
                self.report(diagnostic);
                None
            }
        }
    }
}
