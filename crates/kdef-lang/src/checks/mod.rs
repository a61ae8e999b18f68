//! What must hold within finished blocks, and between them.

mod ingress;
mod namespaces;
mod references;
mod service_accounts;

use kdef_source::Diagnostic;

use crate::Block;
use crate::expand::structure;

pub(crate) use service_accounts::used_accounts;

/// What the checks need to know beside the blocks.
pub(crate) struct Context<'a> {
    /// Whether the project has a `root.kdef`.
    pub(crate) has_root: bool,
    /// Whether the blocks are all that there are, so that what is not among them does not exist.
    pub(crate) is_whole: bool,
    /// The namespaces that roots list.
    pub(crate) namespaces: &'a [Block],
    /// The service accounts that roots declare.
    pub(crate) accounts: &'a [Block],
    /// The blocks `external`.
    pub(crate) external: &'a [Block],
}

/// Runs all checks.
pub(crate) fn run(blocks: &[Block], context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for block in blocks {
        let known = diagnostics.len();
        check_block(block, diagnostics);
        if let Some(site) = block.used_by() {
            let found = diagnostics.iter_mut().skip(known);
            found.for_each(|problem| site.explain(problem));
        }
    }
    if context.has_root {
        namespaces::check(blocks, context.namespaces, diagnostics);
    }
    service_accounts::check(blocks, context.accounts, diagnostics);
    ingress::check(blocks, diagnostics);
    if context.is_whole {
        references::check(blocks, context.external, diagnostics);
    }
}

/// Tells whether a block has `raw`, which may bring what it lacks.
fn has_raw(block: &Block) -> bool {
    block.schema().attribute("raw").is_some() && (block.is_set("raw") || block.is_lost("raw"))
}

/// Checks that a block and the blocks in it have what they need, and what the schema says of them as a whole.
fn check_block(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let schema = block.schema();
    for attribute in schema.all_attributes().filter(|attribute| attribute.required) {
        if !block.is_set(attribute.name) && !block.is_lost(attribute.name) {
            diagnostics.push(structure::missing_attribute(schema, attribute.name, block.span()));
        }
    }
    for child in schema.all_children().filter(|child| child.required) {
        let kind = child.schema.kind;
        if block.children(kind).next().is_none() && !block.is_lost(kind) && !has_raw(block) {
            diagnostics.push(structure::missing_block(schema, child, block.span()));
        }
    }
    if let Some(check) = schema.check {
        check(block, diagnostics);
    }
    for inner in block.blocks() {
        check_block(inner, diagnostics);
    }
}
