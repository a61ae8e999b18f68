//! `affinity` and `topology_spread`: on which nodes pods run, and beside which other pods.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodAffinity,
    PodAffinityTerm, PodAntiAffinity, PreferredSchedulingTerm, TopologySpreadConstraint,
    WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};
use kdef_lang::Block;

use crate::attributes::{none_if_empty, small, text, text_map, texts};
use crate::provenance::Recorder;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Returns which nodes and pods the pods of a workload need, prefer and avoid; `None` when nothing is said.
pub(super) fn affinity(workload: &Block, fields: &mut Recorder<'_>) -> Option<Affinity> {
    let block = workload.child("affinity")?;
    fields.record("affinity", block.span());
    let mut fields = fields.inside("affinity");
    let pods = |kind, field, fields: &mut Recorder<'_>| {
        let block = block.child(kind)?;
        fields.record(field, block.span());
        Some(terms(workload, block, &mut fields.inside(field)))
    };
    let affinity = Affinity {
        node_affinity: node(block, &mut fields),
        pod_affinity: pods("pod_affinity", "podAffinity", &mut fields).map(|(required, preferred)| {
            PodAffinity {
                required_during_scheduling_ignored_during_execution: none_if_empty(required),
                preferred_during_scheduling_ignored_during_execution: none_if_empty(preferred),
            }
        }),
        pod_anti_affinity: pods("pod_anti_affinity", "podAntiAffinity", &mut fields).map(
            |(required, preferred)| PodAntiAffinity {
                required_during_scheduling_ignored_during_execution: none_if_empty(required),
                preferred_during_scheduling_ignored_during_execution: none_if_empty(preferred),
            },
        ),
    };
    (affinity != Affinity::default()).then_some(affinity)
}

fn node(affinity: &Block, fields: &mut Recorder<'_>) -> Option<NodeAffinity> {
    let block = affinity.child("node_affinity")?;
    fields.record("nodeAffinity", block.span());
    let mut fields = fields.inside("nodeAffinity");
    let list = format!("{REQUIRED}.nodeSelectorTerms");
    let required: Vec<NodeSelectorTerm> = block
        .children("required")
        .enumerate()
        .map(|(index, term)| node_term(term, &mut fields.item(&list, index, term.span())))
        .collect();
    let preferred = block.children("preferred").enumerate().map(|(index, term)| {
        let mut fields = fields.item(PREFERRED, index, term.span());
        fields.attributes(term, &[("weight", "weight")]);
        PreferredSchedulingTerm {
            weight: small(term, "weight").unwrap_or(1),
            preference: node_term(term, &mut fields.inside("preference")),
        }
    });
    let preferred = none_if_empty(preferred.collect());
    Some(NodeAffinity {
        required_during_scheduling_ignored_during_execution: none_if_empty(required)
            .map(|node_selector_terms| NodeSelector { node_selector_terms }),
        preferred_during_scheduling_ignored_during_execution: preferred,
    })
}

fn node_term(term: &Block, fields: &mut Recorder<'_>) -> NodeSelectorTerm {
    let expression = |(index, block): (usize, &Block)| {
        record_expression(block, &mut fields.item("matchExpressions", index, block.span()));
        NodeSelectorRequirement {
            key: block.label(0).to_owned(),
            operator: block.text("operator").unwrap_or("In").to_owned(),
            values: texts(block, "values"),
        }
    };
    let expressions = term.children("match_expression").enumerate();
    NodeSelectorTerm {
        match_expressions: none_if_empty(expressions.map(expression).collect()),
        match_fields: None,
    }
}

/// Returns what must hold, and what should.
fn terms(
    workload: &Block,
    block: &Block,
    fields: &mut Recorder<'_>,
) -> (Vec<PodAffinityTerm>, Vec<WeightedPodAffinityTerm>) {
    let required = block
        .children("required")
        .enumerate()
        .map(|(index, term)| pod_term(workload, term, &mut fields.item(REQUIRED, index, term.span())));
    let required = required.collect();
    let preferred = block.children("preferred").enumerate().map(|(index, term)| {
        let mut fields = fields.item(PREFERRED, index, term.span());
        fields.attributes(term, &[("weight", "weight")]);
        WeightedPodAffinityTerm {
            weight: small(term, "weight").unwrap_or(1),
            pod_affinity_term: pod_term(workload, term, &mut fields.inside("podAffinityTerm")),
        }
    });
    (required, preferred.collect())
}

fn pod_term(workload: &Block, term: &Block, fields: &mut Recorder<'_>) -> PodAffinityTerm {
    fields.attributes(
        term,
        &[("topologyKey", "topology_key"), ("namespaces", "namespaces")],
    );
    PodAffinityTerm {
        topology_key: text(term, "topology_key").unwrap_or_default(),
        namespaces: texts(term, "namespaces"),
        label_selector: Some(selector(workload, term, &mut fields.inside("labelSelector"))),
        ..PodAffinityTerm::default()
    }
}

/// Returns how evenly the pods of a workload are spread.
pub(super) fn topology_spread(workload: &Block, fields: &mut Recorder<'_>) -> Vec<TopologySpreadConstraint> {
    let constraint = |(index, block): (usize, &Block)| {
        let mut fields = fields.item("topologySpreadConstraints", index, block.span());
        fields.record("topologyKey", block.label_span(0));
        fields.attributes(
            block,
            &[
                ("maxSkew", "max_skew"),
                ("whenUnsatisfiable", "when_unsatisfiable"),
                ("minDomains", "min_domains"),
                ("nodeAffinityPolicy", "node_affinity_policy"),
                ("nodeTaintsPolicy", "node_taints_policy"),
            ],
        );
        TopologySpreadConstraint {
            topology_key: block.label(0).to_owned(),
            max_skew: small(block, "max_skew").unwrap_or(1),
            when_unsatisfiable: block
                .text("when_unsatisfiable")
                .unwrap_or("DoNotSchedule")
                .to_owned(),
            min_domains: small(block, "min_domains"),
            node_affinity_policy: text(block, "node_affinity_policy"),
            node_taints_policy: text(block, "node_taints_policy"),
            label_selector: Some(selector(workload, block, &mut fields.inside("labelSelector"))),
            match_label_keys: None,
        }
    };
    let blocks = workload.children("topology_spread").enumerate();
    blocks.map(constraint).collect()
}

/// Returns which pods a block means: those of the workload unless it says.
fn selector(workload: &Block, block: &Block, fields: &mut Recorder<'_>) -> LabelSelector {
    fields.attributes(block, &[("matchLabels", "match_labels")]);
    fields.entries("matchLabels", block.map("match_labels"));
    let expression = |(index, block): (usize, &Block)| {
        record_expression(block, &mut fields.item("matchExpressions", index, block.span()));
        LabelSelectorRequirement {
            key: block.label(0).to_owned(),
            operator: block.text("operator").unwrap_or("In").to_owned(),
            values: texts(block, "values"),
        }
    };
    let expressions: Vec<_> = block
        .children("match_expression")
        .enumerate()
        .map(expression)
        .collect();
    let own = || expressions.is_empty().then(|| own_pods(workload));
    LabelSelector {
        match_labels: text_map(block, "match_labels").or_else(own),
        match_expressions: none_if_empty(expressions),
    }
}

/// Returns the labels that find the pods of a workload: its selector, or its name.
fn own_pods(workload: &Block) -> BTreeMap<String, String> {
    let selects = workload.schema().attribute("selector").is_some();
    let selector = selects.then(|| text_map(workload, "selector")).flatten();
    selector.unwrap_or_else(|| [("app.kubernetes.io/name".to_owned(), workload.name().to_owned())].into())
}

fn record_expression(block: &Block, fields: &mut Recorder<'_>) {
    fields.record("key", block.label_span(0));
    fields.attributes(block, &[("operator", "operator"), ("values", "values")]);
}
