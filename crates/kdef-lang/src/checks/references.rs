//! References to ConfigMaps, Secrets and claims that the project does not define.

use std::collections::{BTreeMap, BTreeSet};

use kdef_source::{Code, Diagnostic, Span, nearest};

use crate::Block;
use crate::schema::blocks::{EXTERNAL_KINDS, manifest_defines};
use crate::schema::{DNS_SUBDOMAIN, FreeForm, Referent};
use crate::value::{ReferenceKind, Value};

/// What is defined.
#[derive(Default)]
struct Defined<'a> {
    /// The names, by object and namespace.
    names: BTreeMap<(Referent, Option<&'a str>), BTreeSet<&'a str>>,
    /// The first namespace, by object and name.
    namespaces: BTreeMap<(Referent, &'a str), Option<&'a str>>,
    /// The names that something else makes, and how such names begin, each by object.
    external: BTreeSet<(Referent, &'a str)>,
    external_starts: Vec<(Referent, &'a str)>,
}

impl<'a> Defined<'a> {
    /// Adds what `external` blocks list.
    fn add_external(&mut self, external: &'a [Block]) {
        for (block, (attribute, referent)) in external
            .iter()
            .flat_map(|block| EXTERNAL_KINDS.map(|kind| (block, kind)))
        {
            for name in block.list(attribute).unwrap_or_default() {
                match name.value.strip_suffix('*') {
                    Some(start) => self.external_starts.push((referent, start)),
                    None => drop(self.external.insert((referent, &name.value))),
                }
            }
        }
    }

    fn is_external(&self, referent: Referent, name: &str) -> bool {
        let begins = |(other, start): &(Referent, &str)| *other == referent && name.starts_with(start);
        self.external.contains(&(referent, name)) || self.external_starts.iter().any(begins)
    }
}

pub(super) fn check(blocks: &[Block], external: &[Block], diagnostics: &mut Vec<Diagnostic>) {
    if !external.iter().all(Block::is_sound) {
        // What they list is not all known.
        return;
    }
    let mut defined = Defined::default();
    defined.add_external(external);
    for block in blocks {
        let Some(referent) = block.schema().defines.or_else(|| manifest_defines(block)) else {
            continue;
        };
        if !block.has_name() || block.is_lost("namespace") {
            // It could be any.
            return;
        }
        let (namespace, name) = (block.namespace(), block.name());
        defined
            .names
            .entry((referent, namespace))
            .or_default()
            .insert(name);
        let first = defined.namespaces.entry((referent, name)).or_insert(namespace);
        *first = namespace.min(*first);
    }
    for block in blocks
        .iter()
        .filter(|block| block.is_namespaced() && !block.is_lost("namespace"))
    {
        let mut checker = Checker {
            defined: &defined,
            namespace: block.namespace(),
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
        let may_be_missing =
            block.schema().attribute("optional").is_some() && block.flag("optional") == Some(true);
        for (rule, _, span) in block.set_attributes().filter(|_| !may_be_missing) {
            if let Some(referent) = rule.refers_to
                && let Some(name) = block.text(rule.name)
            {
                self.reference(referent, name, span);
            }
        }
        let labels = block.labels().iter().zip(block.schema().labels);
        for (label, rule) in labels.filter(|(label, _)| !may_be_missing && !label.value.is_empty()) {
            if let Some(referent) = rule.refers_to {
                self.reference(referent, &label.value, label.span);
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
        let here = self.defined.names.get(&(referent, self.namespace));
        if here.is_some_and(|names| names.contains(name)) || self.defined.is_external(referent, name) {
            return;
        }
        if (DNS_SUBDOMAIN.check)(name).is_err() {
            // It has been reported as no name at all.
            return;
        }
        let what = referent.as_str();
        let elsewhere = self.defined.namespaces.get(&(referent, name));
        let place = self
            .namespace
            .map_or_else(String::new, |name| format!(" in namespace `{name}`"));
        let problem = Diagnostic::warning(
            Code::UndefinedReference,
            span,
            format!("the project defines no {what} `{name}`{place}"),
        );
        let suggestion = nearest(name, here.into_iter().flatten().copied());
        self.diagnostics.push(match elsewhere {
            Some(Some(namespace)) => problem.with_hint(format!("there is one in namespace `{namespace}`")),
            _ if suggestion.is_some() => problem.with_suggestion(suggestion),
            _ => problem.with_hint("if something else creates it, list it in a block `external`"),
        });
    }
}
