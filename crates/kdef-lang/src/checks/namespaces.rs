//! Where a project has a `root.kdef`, every object has a namespace, and one that is listed.

use std::collections::BTreeSet;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Spanned, nearest};

use crate::Block;

pub(super) fn check(blocks: &[Block], listed: &[Spanned<Arc<str>>], diagnostics: &mut Vec<Diagnostic>) {
    let names: BTreeSet<&str> = listed.iter().map(|known| &*known.value).collect();
    for block in blocks
        .iter()
        .filter(|block| block.is_namespaced() && !block.is_lost("namespace"))
    {
        match block.text("namespace") {
            None => diagnostics.push(
                Diagnostic::error(
                    Code::MissingNamespace,
                    block.span(),
                    format!("{} has no namespace", subject(block)),
                )
                .with_hint("set `namespace` here, or in its entry in root.kdef"),
            ),
            Some(namespace) => {
                if !names.is_empty() && !names.contains(namespace) {
                    let problem = Diagnostic::error(
                        Code::NamespaceNotListed,
                        block.span_of("namespace"),
                        format!(
                            "the namespace of {} is not in the `namespaces` of root.kdef",
                            subject(block)
                        ),
                    )
                    .with_suggestion(nearest(namespace, names.iter().copied()));
                    diagnostics.push(match listed.first() {
                        Some(first) => problem.with_related(first.span, "listed here"),
                        None => problem,
                    });
                }
            }
        }
    }
}

/// Returns how messages speak of a block.
fn subject(block: &Block) -> String {
    if block.has_name() {
        format!("{} `{}`", block.kind(), block.name())
    } else {
        format!("this {}", block.kind())
    }
}
