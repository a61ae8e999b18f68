//! `statefulset`

use k8s_openapi::api::apps::v1::{
    StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy as RetentionPolicy, StatefulSetSpec,
};
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use kdef_source::Diagnostic;
use serde_json::Value;

use super::meta::object;
use super::workload::Workload;
use super::{Output, disruption_budget, horizontal_pod_autoscaler as autoscaler, ingress, rollout, service};
use crate::attributes::{none_if_empty, text, text_map};
use crate::provenance::Recorder;
use crate::{Object, claim};

/// Renders a StatefulSet, and the Service and Ingresses that go with it.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let workload = Workload::new(block);
    let statefulset = statefulset(&workload, &mut output.diagnostics);
    output.add_with_raw(statefulset, block);
    service::render(&workload, output);
    ingress::render(&workload, output);
    autoscaler::render(&workload, "StatefulSet", output);
    disruption_budget::render(&workload, output);
}

/// Returns the name of the Service that gives the pods of a statefulset their host names.
pub(super) fn service_name<'a>(workload: &Workload<'a>) -> &'a str {
    workload
        .block
        .text("service_name")
        .unwrap_or_else(|| workload.name())
}

fn statefulset(workload: &Workload<'_>, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let block = workload.block;
    let mut provenance = workload.provenance(block.span());
    let mut fields = Recorder::new(&mut provenance);
    let metadata = workload.metadata(&mut fields);
    let mut fields = fields.inside("spec");
    fields.attributes(
        block,
        &[
            ("serviceName", "service_name"),
            ("podManagementPolicy", "pod_management_policy"),
        ],
    );
    let pace = rollout::pace(block, &mut fields);
    let rollout = block.child("rollout");
    let spec = StatefulSetSpec {
        update_strategy: rollout.and_then(|rollout| rollout::statefulset(rollout, &mut fields)),
        min_ready_seconds: pace.min_ready_seconds,
        revision_history_limit: pace.revision_history_limit,
        replicas: workload.replicas(&mut fields),
        service_name: Some(service_name(workload).to_owned()),
        pod_management_policy: text(block, "pod_management_policy"),
        persistent_volume_claim_retention_policy: claim_retention(block, &mut fields),
        selector: workload.label_selector(&mut fields.inside("selector")),
        template: workload.pod_template(&mut fields.inside("template"), diagnostics),
        volume_claim_templates: none_if_empty(claims(block, &mut fields)),
        ..StatefulSetSpec::default()
    };
    let resource = StatefulSet {
        metadata,
        spec: Some(spec),
        ..StatefulSet::default()
    };
    let mut object = object(&resource, provenance);
    drop_types_of_claims(&mut object.value);
    object
}

fn claim_retention(statefulset: &Block, fields: &mut Recorder<'_>) -> Option<RetentionPolicy> {
    let block = statefulset.child("persistent_volume_claim_retention_policy")?;
    let field = "persistentVolumeClaimRetentionPolicy";
    fields.record(field, block.span());
    fields.inside(field).attributes(
        block,
        &[("whenDeleted", "when_deleted"), ("whenScaled", "when_scaled")],
    );
    let policy = RetentionPolicy {
        when_deleted: text(block, "when_deleted"),
        when_scaled: text(block, "when_scaled"),
    };
    (policy != RetentionPolicy::default()).then_some(policy)
}

fn claims(statefulset: &Block, fields: &mut Recorder<'_>) -> Vec<PersistentVolumeClaim> {
    let claim = |(index, block): (usize, &Block)| {
        claim(
            block,
            &mut fields.item("volumeClaimTemplates", index, block.span()),
        )
    };
    statefulset
        .children("volume_claim")
        .enumerate()
        .map(claim)
        .collect()
}

fn claim(block: &Block, fields: &mut Recorder<'_>) -> PersistentVolumeClaim {
    fields.record("metadata.name", block.label_span(0));
    fields.attributes(
        block,
        &[
            ("metadata.labels", "labels"),
            ("metadata.annotations", "annotations"),
        ],
    );
    let spec = claim::spec(block, &mut fields.inside("spec"));
    PersistentVolumeClaim {
        metadata: ObjectMeta {
            name: Some(block.label(0).to_owned()),
            labels: text_map(block, "labels"),
            annotations: text_map(block, "annotations"),
            ..ObjectMeta::default()
        },
        spec: Some(spec),
        ..PersistentVolumeClaim::default()
    }
}

/// The templates of claims are no objects of their own, so that they carry neither an API version nor a kind.
fn drop_types_of_claims(statefulset: &mut Value) {
    let claims = statefulset
        .pointer_mut("/spec/volumeClaimTemplates")
        .and_then(Value::as_array_mut);
    for claim in claims.into_iter().flatten().filter_map(Value::as_object_mut) {
        claim.remove("apiVersion");
        claim.remove("kind");
    }
}
