//! `disruption_budget`, in a workload or alone.

use kdef_source::{Code, Diagnostic};

use super::metadata::{NAMESPACED_METADATA, SHARED_METADATA};
use super::raw::RAW;
use super::selector::{SELECTOR, check_selector};
use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, DNS_SUBDOMAIN, LabelSchema, PODS_OR_PERCENT,
};

/// `disruption_budget { ... }` in a workload.
pub static NESTED_DISRUPTION_BUDGET: BlockSchema = BlockSchema::new(
    "disruption_budget",
    "Limits how many pods may be evicted at a time, as a PodDisruptionBudget.",
)
.attributes(&[
    &[AttributeSchema::optional(
        "name",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The name of the object.",
    )
    .default("the workload's name")],
    SHARED_METADATA,
    BUDGET,
    RAW,
])
.check(check_budget);

/// `disruption_budget "name" { ... }`: a PodDisruptionBudget of its own.
pub static DISRUPTION_BUDGET: BlockSchema = BlockSchema::new(
    "disruption_budget",
    "Limits how many of some pods may be evicted at a time, as a PodDisruptionBudget.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[NAMESPACED_METADATA, SELECTOR, BUDGET, RAW])
.check(|block, diagnostics| {
    check_selector(block, "selector", diagnostics);
    check_selected(block, diagnostics);
    check_budget(block, diagnostics);
});

const BUDGET: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "min_available",
        AttributeType::Text(&PODS_OR_PERCENT),
        "How many pods must stay, as a number or a percentage.",
    ),
    AttributeSchema::optional(
        "max_unavailable",
        AttributeType::Text(&PODS_OR_PERCENT),
        "How many pods may be away, as a number or a percentage.",
    ),
    AttributeSchema::optional(
        "unhealthy_pod_eviction_policy",
        AttributeType::Words(&["IfHealthyBudget", "AlwaysAllow"]),
        "Whether pods that are not ready may be evicted beyond that.",
    )
    .default("`IfHealthyBudget`"),
];

fn check_selected(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let said = |name| block.is_set(name) || block.is_lost(name);
    if !said("workload") && !said("selector") && !block.is_set("raw") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span(),
                "this disruption_budget does not say which pods it is for",
            )
            .with_hint("set `workload` or `selector`; `selector = {}` stands for all pods of the namespace"),
        );
    }
}

fn check_budget(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let [least, most] = ["min_available", "max_unavailable"];
    if block.is_lost(least) || block.is_lost(most) || block.is_set("raw") {
        return;
    }
    let problem = match (block.is_set(least), block.is_set(most)) {
        (true, true) => Diagnostic::error(
            Code::Contradiction,
            block.span_of(most),
            "`min_available` and `max_unavailable` cannot stand together",
        )
        .with_related(block.span_of(least), "the other one")
        .with_hint("keep one of them"),
        (false, false) => Diagnostic::error(
            Code::MissingAttribute,
            block.span(),
            "this disruption_budget has no limit",
        )
        .with_hint("set `min_available` or `max_unavailable`"),
        _ => return,
    };
    diagnostics.push(problem);
}
