//! `templatefile`

use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::{Code, Diagnostic, SourceMap, Span};

use super::{Evaluator, Scope};
use crate::functions::{Answer, CallContext, Stop, files};
use crate::value::{List, Map, Reference, Value};

impl Evaluator<'_> {
    /// Computes the template that the first argument names, with the elements of the second as names.
    ///
    /// Its text is none of the run's sources, so that whatever is wrong in it is told at the call.
    pub(super) fn template_file(&mut self, call: &CallContext<'_>) -> Answer {
        if self.in_template_file {
            let diagnostic = Diagnostic::error(
                Code::FunctionCall,
                call.span,
                "`templatefile` cannot be called in a template file",
            );
            return Err(diagnostic
                .with_hint("compute it where this template is used, and give its text as a variable")
                .into());
        }
        let (path, bytes) = files::read(call)?;
        let text = files::text_of(call, &path, &bytes)?;
        let scope = names(call)?;
        let mut sources = SourceMap::default();
        let file = sources.add(call.world.display(&path), text);
        let (template, mistakes) = kdef_syntax::parse_template(file, text);
        let at = call.arguments.first().map_or(call.span, |argument| argument.span);
        let told = |mistake: Diagnostic| Diagnostic {
            span: Some(at),
            message: match mistake.span.filter(|span| span.file == file) {
                Some(span) => format!("in {}: {}", sources.locate(span), mistake.message),
                None => mistake.message,
            },
            related: Vec::new(),
            ..mistake
        };
        let outer = std::mem::replace(&mut self.pending, mistakes);
        let mut value = Value::UNKNOWN;
        if self.pending.is_empty() {
            self.in_template_file = true;
            value = self.template(&template, &scope);
            self.in_template_file = false;
        }
        let found = std::mem::replace(&mut self.pending, outer);
        self.budget.blame(file, at);
        for mistake in found {
            self.report(told(mistake));
        }
        Ok(moved(&value, call.span))
    }
}

/// Makes the names that the template can use, of the second argument.
fn names(call: &CallContext<'_>) -> Result<Scope, Stop> {
    let mut scope = Scope::new(Arc::new(call.place.clone()));
    for (name, value) in call.map(1)? {
        if !kdef_syntax::is_identifier(name) {
            let hint = "names begin with a letter, and go on with letters, digits, `_` and `-`";
            return Err(call
                .mistake(1, "has a key that cannot be the name of a variable")
                .with_hint(hint)
                .into());
        }
        scope = scope.with(Arc::clone(name), value.clone());
    }
    Ok(scope)
}

/// Moves the references in a value to another place.
fn moved(value: &Value, span: Span) -> Value {
    match value {
        Value::Reference(reference) => {
            Value::Reference(Arc::new(Reference::new(reference.kind().clone(), span)))
        }
        Value::List(list) => {
            let items = list.iter().map(|item| moved(item, span)).collect();
            Value::List(match list.element_type() {
                Some(element) => List::of(element.clone(), items),
                None => List::tuple(items),
            })
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(key, item)| (Arc::clone(key), moved(item, span)));
            let entries: IndexMap<Arc<str>, Value> = entries.collect();
            Value::Map(match map.element_type() {
                Some(element) => Map::of(element.clone(), entries),
                None => Map::object(entries),
            })
        }
        other => other.clone(),
    }
}
