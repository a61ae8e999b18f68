//! `deployment`

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use super::meta::object;
use super::workload::Workload;
use super::{Output, disruption_budget, horizontal_pod_autoscaler as autoscaler, ingress, rollout, service};
use crate::Object;
use crate::attributes::small;
use crate::provenance::Recorder;

/// Renders a Deployment, and the Service and Ingresses that go with it.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let workload = Workload::new(block);
    let deployment = deployment(&workload, &mut output.diagnostics);
    output.add_with_raw(deployment, block);
    service::render(&workload, output);
    ingress::render(&workload, output);
    autoscaler::render(&workload, "Deployment", output);
    disruption_budget::render(&workload, output);
}

fn deployment(workload: &Workload<'_>, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let mut provenance = workload.provenance(workload.block.span());
    let mut fields = Recorder::new(&mut provenance);
    let metadata = workload.metadata(&mut fields);
    let mut fields = fields.inside("spec");
    let pace = rollout::pace(workload.block, &mut fields);
    let rollout = workload.block.child("rollout");
    if let Some(rollout) = rollout {
        fields.attributes(
            rollout,
            &[
                ("progressDeadlineSeconds", "progress_deadline"),
                ("paused", "paused"),
            ],
        );
    }
    let spec = DeploymentSpec {
        strategy: rollout.and_then(|rollout| rollout::deployment(rollout, &mut fields)),
        min_ready_seconds: pace.min_ready_seconds,
        revision_history_limit: pace.revision_history_limit,
        progress_deadline_seconds: rollout.and_then(|rollout| small(rollout, "progress_deadline")),
        paused: rollout.and_then(|rollout| rollout.flag("paused")),
        replicas: workload.replicas(&mut fields),
        selector: workload.label_selector(&mut fields.inside("selector")),
        template: workload.pod_template(&mut fields.inside("template"), diagnostics),
    };
    let resource = Deployment {
        metadata,
        spec: Some(spec),
        ..Deployment::default()
    };
    object(&resource, provenance)
}
