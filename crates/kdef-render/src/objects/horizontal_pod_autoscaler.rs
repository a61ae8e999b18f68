//! `autoscale` of a workload.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
    ResourceMetricSource,
};
use kdef_lang::Block;

use super::Output;
use super::meta::{add_custom, object};
use super::workload::Workload;
use crate::Object;
use crate::attributes::{none_if_empty, small, text};
use crate::provenance::Recorder;

/// The processor time that pods should use when nothing is said, as a percentage of what they request.
const DEFAULT_CPU: i32 = 80;

/// Renders the `HorizontalPodAutoscaler` of a workload that has one. `kind` is that of the workload's object.
pub(super) fn render(workload: &Workload<'_>, kind: &str, output: &mut Output<'_>) {
    if let Some(block) = workload.block.child("autoscale") {
        output.add_with_raw(autoscaler(workload, kind, block), block);
    }
}

fn autoscaler(workload: &Workload<'_>, kind: &str, block: &Block) -> Object {
    let mut provenance = workload.provenance(block.span());
    let mut fields = Recorder::new(&mut provenance);
    let mut metadata = workload.family.metadata(workload.name(), &mut fields);
    add_custom(block, &mut metadata, &mut fields);
    let mut fields = fields.inside("spec");
    fields.attributes(block, &[("minReplicas", "min"), ("maxReplicas", "max")]);
    let spec = HorizontalPodAutoscalerSpec {
        scale_target_ref: CrossVersionObjectReference {
            api_version: Some("apps/v1".to_owned()),
            kind: kind.to_owned(),
            name: workload.name().to_owned(),
        },
        min_replicas: small(block, "min"),
        max_replicas: small(block, "max").unwrap_or_default(),
        metrics: Some(metrics(block, &mut fields)),
        behavior: behavior(block, &mut fields),
    };
    let resource = HorizontalPodAutoscaler {
        metadata,
        spec,
        ..HorizontalPodAutoscaler::default()
    };
    object(&resource, provenance)
}

fn metrics(block: &Block, fields: &mut Recorder<'_>) -> Vec<MetricSpec> {
    let mut metrics = Vec::new();
    for resource in ["cpu", "memory"] {
        if let Some(percentage) = small(block, resource) {
            fields.item("metrics", metrics.len(), block.span_of(resource));
            metrics.push(metric(resource, percentage));
        }
    }
    if metrics.is_empty() {
        metrics.push(metric("cpu", DEFAULT_CPU));
    }
    metrics
}

fn metric(resource: &str, percentage: i32) -> MetricSpec {
    let target = MetricTarget {
        type_: "Utilization".to_owned(),
        average_utilization: Some(percentage),
        ..MetricTarget::default()
    };
    MetricSpec {
        type_: "Resource".to_owned(),
        resource: Some(ResourceMetricSource {
            name: resource.to_owned(),
            target,
        }),
        ..MetricSpec::default()
    }
}

fn behavior(block: &Block, fields: &mut Recorder<'_>) -> Option<HorizontalPodAutoscalerBehavior> {
    let block = block.child("behavior")?;
    fields.record("behavior", block.span());
    let mut fields = fields.inside("behavior");
    let behavior = HorizontalPodAutoscalerBehavior {
        scale_up: rules(block, ("scaleUp", "scale_up"), &mut fields),
        scale_down: rules(block, ("scaleDown", "scale_down"), &mut fields),
    };
    (behavior != HorizontalPodAutoscalerBehavior::default()).then_some(behavior)
}

/// `pair` is the field and the block.
fn rules(behavior: &Block, pair: (&str, &str), fields: &mut Recorder<'_>) -> Option<HPAScalingRules> {
    let (field, kind) = pair;
    let block = behavior.child(kind)?;
    fields.record(field, block.span());
    let mut fields = fields.inside(field);
    fields.attributes(
        block,
        &[
            ("stabilizationWindowSeconds", "stabilization_window_seconds"),
            ("selectPolicy", "select_policy"),
        ],
    );
    let rules = HPAScalingRules {
        stabilization_window_seconds: small(block, "stabilization_window_seconds"),
        select_policy: text(block, "select_policy"),
        policies: none_if_empty(policies(block, &mut fields)),
        ..HPAScalingRules::default()
    };
    (rules != HPAScalingRules::default()).then_some(rules)
}

fn policies(rules: &Block, fields: &mut Recorder<'_>) -> Vec<HPAScalingPolicy> {
    let policy = |(index, block): (usize, &Block)| {
        fields.item("policies", index, block.span()).attributes(
            block,
            &[
                ("type", "type"),
                ("value", "value"),
                ("periodSeconds", "period_seconds"),
            ],
        );
        HPAScalingPolicy {
            type_: text(block, "type").unwrap_or_default(),
            value: small(block, "value").unwrap_or_default(),
            period_seconds: small(block, "period_seconds").unwrap_or_default(),
        }
    };
    rules.children("policy").enumerate().map(policy).collect()
}
