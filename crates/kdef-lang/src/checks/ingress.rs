//! Ingresses that claim one name, or one certificate, in a namespace.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span};

use crate::Block;
use crate::ingress::{certificate_name, nested_name};
use crate::schema::blocks::NESTED_INGRESS;

/// What was claimed first, by namespace and name.
type Claims<'a> = BTreeMap<(Option<&'a str>, Arc<str>), Span>;

pub(super) fn check(blocks: &[Block], diagnostics: &mut Vec<Diagnostic>) {
    let mut names = Claims::new();
    let mut certificates = Claims::new();
    for block in blocks
        .iter()
        .filter(|block| block.has_name() && !block.is_lost("namespace"))
    {
        let namespace = block.namespace();
        for (name, ingress) in ingresses(block) {
            if ingress.is_lost("name") {
                continue;
            }
            if let Some(first) = claim(&mut names, namespace, Arc::clone(&name), ingress.span()) {
                let message = format!("two ingresses are named `{name}`");
                let advice = "set another `name` on one of them";
                diagnostics.push(conflict(ingress.span(), first, message, advice));
            }
            let Some(certificate) = certificate_name(ingress) else {
                continue;
            };
            if let Some(first) = claim(
                &mut certificates,
                namespace,
                certificate.as_str().into(),
                ingress.span(),
            ) {
                let message = format!("two ingresses would fill the certificate `{certificate}`");
                let advice = "give both one `tls_secret`, or different first hosts";
                diagnostics.push(conflict(ingress.span(), first, message, advice));
            }
        }
    }
}

/// Returns the ingresses of a block, itself included, with the names of their objects.
fn ingresses(block: &Block) -> Vec<(Arc<str>, &Block)> {
    if block.kind() == "ingress" {
        return vec![(block.name().into(), block)];
    }
    let nested = block
        .blocks()
        .iter()
        .filter(|inner| inner.schema().is(&NESTED_INGRESS))
        .enumerate();
    nested
        .map(|(index, ingress)| (nested_name(block, index, ingress), ingress))
        .collect()
}

/// Notes a claim; returns the place of an earlier one, which is the same place for a block that comes out twice.
fn claim<'a>(
    claims: &mut Claims<'a>,
    namespace: Option<&'a str>,
    name: Arc<str>,
    span: Span,
) -> Option<Span> {
    match claims.entry((namespace, name)) {
        Entry::Vacant(free) => {
            free.insert(span);
            None
        }
        Entry::Occupied(taken) => Some(*taken.get()),
    }
}

/// Reports a conflict. The advice is for two blocks; one that comes out several times gets other advice.
fn conflict(span: Span, first: Span, message: String, advice: &str) -> Diagnostic {
    let problem = Diagnostic::error(Code::IngressConflict, span, message);
    if span == first {
        problem.with_hint("this block comes out several times: make its name and hosts differ each time")
    } else {
        problem.with_related(first, "the first one").with_hint(advice)
    }
}
