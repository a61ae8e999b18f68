//! `role` and `clusterrole`

use k8s_openapi::api::rbac::v1::{AggregationRule, ClusterRole, PolicyRule, Role};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kdef_lang::Block;

use super::meta::{metadata_of, name_label, object};
use crate::Object;
use crate::attributes::{none_if_empty, text_map, texts};
use crate::provenance::{Provenance, Recorder};

pub(super) fn role(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let resource = Role {
        metadata: metadata_of(block, name_label(block), &mut fields),
        rules: rules(block, &mut fields),
    };
    object(&resource, provenance)
}

pub(super) fn cluster_role(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let resource = ClusterRole {
        metadata: metadata_of(block, name_label(block), &mut fields),
        aggregation_rule: aggregation_rule(block, &mut fields.inside("aggregationRule")),
        rules: rules(block, &mut fields),
    };
    object(&resource, provenance)
}

fn rules(block: &Block, fields: &mut Recorder<'_>) -> Option<Vec<PolicyRule>> {
    let rules = block.children("rule").enumerate();
    none_if_empty(
        rules
            .map(|(index, rule)| policy_rule(rule, &mut fields.item("rules", index, rule.span())))
            .collect(),
    )
}

fn policy_rule(rule: &Block, fields: &mut Recorder<'_>) -> PolicyRule {
    let about_urls = rule.schema().attribute("non_resource_urls").is_some();
    fields.attributes(
        rule,
        &[
            ("apiGroups", "api_groups"),
            ("resources", "resources"),
            ("resourceNames", "resource_names"),
            ("verbs", "verbs"),
        ],
    );
    if about_urls {
        fields.attributes(rule, &[("nonResourceURLs", "non_resource_urls")]);
    }
    let resources = texts(rule, "resources");
    let core = || resources.is_some().then(|| vec![String::new()]);
    PolicyRule {
        api_groups: texts(rule, "api_groups").or_else(core),
        resource_names: texts(rule, "resource_names"),
        verbs: texts(rule, "verbs").unwrap_or_default(),
        non_resource_urls: about_urls.then(|| texts(rule, "non_resource_urls")).flatten(),
        resources,
    }
}

fn aggregation_rule(block: &Block, fields: &mut Recorder<'_>) -> Option<AggregationRule> {
    let mut selectors = Vec::new();
    for (index, rule) in block.children("aggregation_rule").enumerate() {
        let mut fields = fields.item("clusterRoleSelectors", index, rule.span());
        fields.attributes(rule, &[("matchLabels", "match_labels")]);
        fields.entries("matchLabels", rule.map("match_labels"));
        selectors.push(LabelSelector {
            match_labels: text_map(rule, "match_labels"),
            ..LabelSelector::default()
        });
    }
    let cluster_role_selectors = none_if_empty(selectors)?;
    Some(AggregationRule {
        cluster_role_selectors: Some(cluster_role_selectors),
    })
}
