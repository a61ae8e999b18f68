//! `role` and `clusterrole`

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic};

use super::metadata::{NAMESPACED_METADATA, SHARED_METADATA};
use super::raw::RAW;
use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, LABELS, LabelSchema, RBAC_NAME,
    WRITTEN_TEXT,
};

/// `role "name" { ... }`: a Role.
pub static ROLE: BlockSchema = BlockSchema::new("role", "Lists rights within a namespace, as a Role.")
    .labels(&[LabelSchema::new("name", &RBAC_NAME)])
    .attributes(&[NAMESPACED_METADATA, RAW])
    .blocks(&[&[ChildSchema::many(&ROLE_RULE)]]);

/// `clusterrole "name" { ... }`: a ClusterRole.
pub static CLUSTER_ROLE: BlockSchema = BlockSchema::new(
    "clusterrole",
    "Lists rights for all namespaces, as a ClusterRole.",
)
.labels(&[LabelSchema::new("name", &RBAC_NAME)])
.attributes(&[SHARED_METADATA, RAW])
.blocks(&[&[
    ChildSchema::many(&CLUSTER_ROLE_RULE),
    ChildSchema::many(&AGGREGATION_RULE),
]])
.check(check_aggregation);

/// `rule { ... }` of a role.
pub static ROLE_RULE: BlockSchema = BlockSchema::new("rule", "Allows verbs on resources.")
    .attributes(&[RESOURCE_RULE])
    .check(check_resource_rule);

/// `rule { ... }` of a clusterrole, which may be about URLs too.
pub static CLUSTER_ROLE_RULE: BlockSchema = BlockSchema::new("rule", "Allows verbs on resources or on URLs.")
    .attributes(&[
        RESOURCE_RULE,
        &[AttributeSchema::optional(
            "non_resource_urls",
            AttributeType::TextList(&WRITTEN_TEXT),
            "Paths of the API server that are no resources, such as `/healthz`.",
        )],
    ])
    .check(check_cluster_rule);

const RESOURCE_RULE: &[AttributeSchema] = &[
    AttributeSchema::required(
        "verbs",
        AttributeType::TextList(&WRITTEN_TEXT),
        "What is allowed, such as `get`.",
    ),
    AttributeSchema::optional(
        "api_groups",
        // The core group is the empty text.
        AttributeType::TextList(&ANY_TEXT),
        "The API groups of the resources.",
    )
    .default("the core group"),
    AttributeSchema::optional(
        "resources",
        AttributeType::TextList(&WRITTEN_TEXT),
        "The resources, such as `pods`.",
    ),
    AttributeSchema::optional(
        "resource_names",
        AttributeType::TextList(&WRITTEN_TEXT),
        "The names of the only objects that the rule is about.",
    ),
];

/// `aggregation_rule { ... }` of a clusterrole: where its rules come from.
pub static AGGREGATION_RULE: BlockSchema = BlockSchema::new(
    "aggregation_rule",
    "Takes over the rules of all ClusterRoles with certain labels.",
)
.attributes(&[&[AttributeSchema::required(
    "match_labels",
    AttributeType::TextMap(&LABELS),
    "The labels that those ClusterRoles carry.",
)]])
.check(|block, diagnostics| {
    if block.map("match_labels").is_some_and(BTreeMap::is_empty) {
        let message = "`match_labels` is empty, which would take over the rules of every ClusterRole";
        diagnostics.push(
            Diagnostic::error(Code::MissingAttribute, block.span_of("match_labels"), message)
                .with_hint("name a label, such as `{ \"rbac.example.com/aggregate-to-view\" = \"true\" }`"),
        );
    }
});

/// The cluster fills the rules of an aggregated role, and drops others.
fn check_aggregation(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let aggregation = block.children("aggregation_rule").next();
    if let (Some(aggregation), Some(rule)) = (aggregation, block.children("rule").next()) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                rule.span(),
                "the cluster replaces the rules of a clusterrole that has an `aggregation_rule`",
            )
            .with_related(aggregation.span(), "the aggregation_rule")
            .with_hint("move the rules to a clusterrole of their own, with the labels that are matched"),
        );
    }
}

fn is_empty(block: &Block, list: &str) -> bool {
    !block.is_lost(list) && block.list(list).unwrap_or_default().is_empty()
}

fn check_verbs(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set("verbs") && is_empty(block, "verbs") {
        let message = "`verbs` is empty, and a rule must allow something";
        diagnostics.push(
            Diagnostic::error(Code::MissingAttribute, block.span_of("verbs"), message)
                .with_hint("write `verbs = [\"get\", \"list\"]`, or `[\"*\"]` for all"),
        );
    }
}

fn check_resource_rule(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_verbs(block, diagnostics);
    if is_empty(block, "resources") {
        diagnostics.push(without_resources(block, "`resources`"));
    }
}

fn check_cluster_rule(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_verbs(block, diagnostics);
    if is_empty(block, "non_resource_urls") {
        if is_empty(block, "resources") {
            diagnostics.push(without_resources(block, "`resources` or `non_resource_urls`"));
        }
        return;
    }
    let also = ["resources", "api_groups", "resource_names"];
    let also = also
        .into_iter()
        .find(|list| block.is_set(list) && !is_empty(block, list));
    if let Some(also) = also.filter(|_| !block.is_lost("non_resource_urls")) {
        let message = format!("a rule about `non_resource_urls` has no `{also}`");
        diagnostics.push(
            Diagnostic::error(Code::Contradiction, block.span_of(also), message)
                .with_hint("write a rule for each"),
        );
    }
}

fn without_resources(block: &Block, what: &str) -> Diagnostic {
    let message = format!("this rule says nothing that it is about: it needs {what}");
    Diagnostic::error(Code::MissingAttribute, block.span(), message)
}
