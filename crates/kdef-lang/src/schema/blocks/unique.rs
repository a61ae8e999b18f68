//! Blocks that must differ in a label.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use crate::Block;

/// Reports blocks of a kind that carry the same label as an earlier one, where Kubernetes allows each once.
pub(super) fn check_unique(parent: &Block, kind: &str, label: usize, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for block in parent.children(kind) {
        let (text, span) = (block.label(label), block.label_span(label));
        if text.is_empty() {
            continue;
        }
        if let Some(first) = seen.get(text) {
            let what = block.schema().labels[label].name;
            diagnostics.push(
                Diagnostic::error(
                    Code::DuplicateBlock,
                    span,
                    format!("there is a `{kind}` with the {what} `{text}` already"),
                )
                .with_related(*first, "the first one"),
            );
        }
        seen.entry(text).or_insert(span);
    }
}
