//! `disruption_budget`, in a workload or alone: a PodDisruptionBudget.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;

use super::Output;
use super::meta::{NAME_LABEL, metadata_of, object};
use super::pods::Pods;
use super::workload::Workload;
use crate::Object;
use crate::attributes::text;
use crate::provenance::{Provenance, Recorder};

/// Renders the PodDisruptionBudget of a workload that has one.
pub(super) fn render(workload: &Workload<'_>, output: &mut Output<'_>) {
    let Some(block) = workload.block.child("disruption_budget") else {
        return;
    };
    let mut provenance = workload.provenance(block.span());
    let mut fields = Recorder::new(&mut provenance);
    let metadata = workload.family.metadata_of(block, workload.name(), &mut fields);
    let selector = workload.label_selector(&mut fields.inside("spec.selector"));
    output.add_with_raw(budget(block, metadata, Some(selector), provenance), block);
}

/// Renders a PodDisruptionBudget that stands alone.
pub(super) fn render_alone(block: &Block, pods: &Pods<'_>, output: &mut Output<'_>) {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let own = [(NAME_LABEL.to_owned(), block.name().to_owned())];
    let metadata = metadata_of(block, own, &mut fields);
    let selector = pods.selector(
        block,
        block.text("namespace"),
        ["selector", "spec.selector"],
        &mut fields,
        &mut output.diagnostics,
    );
    output.add_with_raw(budget(block, metadata, selector, provenance), block);
}

fn budget(
    block: &Block,
    metadata: ObjectMeta,
    selector: Option<LabelSelector>,
    mut provenance: Provenance,
) -> Object {
    let mut fields = Recorder::new(&mut provenance);
    fields.inside("spec").attributes(
        block,
        &[
            ("minAvailable", "min_available"),
            ("maxUnavailable", "max_unavailable"),
            ("unhealthyPodEvictionPolicy", "unhealthy_pod_eviction_policy"),
        ],
    );
    let count = |name| {
        let text = block.text(name)?;
        let number = text.parse().map(IntOrString::Int);
        Some(number.unwrap_or_else(|_| IntOrString::String(text.to_owned())))
    };
    let spec = PodDisruptionBudgetSpec {
        min_available: count("min_available"),
        max_unavailable: count("max_unavailable"),
        selector,
        unhealthy_pod_eviction_policy: text(block, "unhealthy_pod_eviction_policy"),
    };
    let resource = PodDisruptionBudget {
        metadata,
        spec: Some(spec),
        ..PodDisruptionBudget::default()
    };
    object(&resource, provenance)
}
