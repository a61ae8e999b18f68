//! Which pods a block is about: those of a workload of the project, or those with some labels.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, DNS_SUBDOMAIN, LABELS};

/// The choice of pods by `workload` or `selector`.
pub(super) const SELECTOR: &[AttributeSchema] = &[
    WORKLOAD,
    AttributeSchema::optional(
        "selector",
        AttributeType::TextMap(&LABELS),
        "The labels of the pods.",
    ),
];

/// The choice of pods by `workload` or `pod_selector`, as NetworkPolicies call it.
pub(super) const POD_SELECTOR: &[AttributeSchema] = &[
    WORKLOAD,
    AttributeSchema::optional(
        "pod_selector",
        AttributeType::TextMap(&LABELS),
        "The labels of the pods; `{}` stands for all pods.",
    ),
];

const WORKLOAD: AttributeSchema = AttributeSchema::optional(
    "workload",
    AttributeType::Text(&DNS_SUBDOMAIN),
    "The workload of the same namespace whose pods are meant.",
);

/// Reports a block that says in two ways which pods it is about. `selector` is what its selector is called.
pub(super) fn check_selector(block: &Block, selector: &str, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set("workload") && block.is_set(selector) {
        let message = format!("`workload` and `{selector}` both say which pods are meant");
        diagnostics.push(
            Diagnostic::error(Code::Contradiction, block.span_of(selector), message)
                .with_related(block.span_of("workload"), "the workload")
                .with_hint("keep one of them"),
        );
    }
}
