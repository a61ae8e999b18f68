//! Where a project has a `root.kdef`, every object has a namespace, and one that is listed.
//!
//! A namespace that the project itself makes counts as listed: the list is there to find names that exist nowhere, and who
//! may deploy where is for the cluster's own rights to say.

use std::collections::BTreeSet;

use kdef_source::{Code, Diagnostic, nearest};

use crate::Block;
use crate::schema::blocks::{NAMESPACE, manifest_is};

pub(super) fn check(blocks: &[Block], listed: &[Block], diagnostics: &mut Vec<Diagnostic>) {
    let made = blocks.iter().filter(|block| makes_namespace(block));
    // A name that is not known could be any.
    let checks_names = !listed.is_empty() && made.clone().all(Block::has_name);
    let names: BTreeSet<&str> = listed.iter().chain(made).map(Block::name).collect();
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
                if checks_names && !names.contains(namespace) {
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
                        Some(first) => problem.with_related(first.span(), "listed here"),
                        None => problem,
                    });
                }
            }
        }
    }
}

fn makes_namespace(block: &Block) -> bool {
    block.schema().is(&NAMESPACE) || manifest_is(block, "Namespace")
}

/// Returns how messages speak of a block.
fn subject(block: &Block) -> String {
    if block.has_name() {
        format!("{} `{}`", block.kind(), block.name())
    } else {
        format!("this {}", block.kind())
    }
}
