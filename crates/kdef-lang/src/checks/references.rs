//! References to ConfigMaps, Secrets and claims that the project does not define.

use std::collections::BTreeSet;

use kdef_source::{Code, Diagnostic, Span, nearest};

use super::namespaces::namespace_of;
use crate::Block;
use crate::schema::{FreeForm, Referent};
use crate::value::{ReferenceKind, Value};

/// What is defined: the object, its namespace, its name.
type Defined<'a> = BTreeSet<(Referent, Option<&'a str>, &'a str)>;

pub(super) fn check(blocks: &[Block], diagnostics: &mut Vec<Diagnostic>) {
    let mut defined = Defined::new();
    for block in blocks {
        let Some(referent) = block.schema().defines else {
            continue;
        };
        if !block.has_name() || block.is_lost("namespace") {
            // It could be any.
            return;
        }
        defined.insert((referent, namespace_of(block), block.name()));
    }
    for block in blocks
        .iter()
        .filter(|block| block.schema().is_namespaced() && !block.is_lost("namespace"))
    {
        let mut checker = Checker {
            defined: &defined,
            namespace: namespace_of(block),
            diagnostics,
        };
        checker.block(block);
    }
}

struct Checker<'a> {
    defined: &'a Defined<'a>,
    namespace: Option<&'a str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn block(&mut self, block: &Block) {
        for (rule, _, span) in block.set_attributes() {
            if let Some(referent) = rule.refers_to
                && let Some(name) = block.text(rule.name)
            {
                self.reference(referent, name, span);
            }
        }
        if block.schema().free_form == Some(FreeForm::TextOrReference) {
            for entry in block.entries().values() {
                self.value(&entry.value.value);
            }
        }
        block.blocks().iter().for_each(|inner| self.block(inner));
    }

    fn value(&mut self, value: &Value) {
        let Value::Reference(reference) = value else {
            return;
        };
        match reference.kind() {
            ReferenceKind::Secret { name, .. } => self.reference(Referent::Secret, name, reference.span()),
            ReferenceKind::ConfigMap { name, .. } => {
                self.reference(Referent::ConfigMap, name, reference.span());
            }
            ReferenceKind::Field { .. } => {}
        }
    }

    fn reference(&mut self, referent: Referent, name: &str, span: Span) {
        if self.defined.contains(&(referent, self.namespace, name)) {
            return;
        }
        let what = referent.as_str();
        let of_kind = || self.defined.iter().filter(|(known, _, _)| *known == referent);
        let elsewhere = of_kind().find(|(_, _, known)| *known == name);
        let place = self
            .namespace
            .map_or_else(String::new, |name| format!(" in namespace `{name}`"));
        let problem = Diagnostic::warning(
            Code::UndefinedReference,
            span,
            format!("the project defines no {what} `{name}`{place}"),
        );
        let here = of_kind().filter(|(_, namespace, _)| *namespace == self.namespace);
        let suggestion = nearest(name, here.map(|(_, _, name)| *name));
        self.diagnostics.push(match elsewhere {
            Some((_, Some(namespace), _)) => {
                problem.with_hint(format!("there is one in namespace `{namespace}`"))
            }
            _ if suggestion.is_some() => problem.with_suggestion(suggestion),
            _ => problem.with_hint("the pods wait until something else has created it"),
        });
    }
}
