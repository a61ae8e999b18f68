//! `daemonset`

use k8s_openapi::api::apps::v1::{DaemonSet, DaemonSetSpec};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use super::meta::object;
use super::workload::Workload;
use super::{Output, ingress, rollout, service};
use crate::Object;
use crate::provenance::Recorder;

/// Renders a DaemonSet, and the Service and Ingresses that go with it.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let workload = Workload::new(block);
    let daemonset = daemonset(&workload, &mut output.diagnostics);
    output.add_with_raw(daemonset, block);
    service::render(&workload, output);
    ingress::render(&workload, output);
}

fn daemonset(workload: &Workload<'_>, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let mut provenance = workload.provenance(workload.block.span());
    let mut fields = Recorder::new(&mut provenance);
    let metadata = workload.metadata(&mut fields);
    let mut fields = fields.inside("spec");
    let pace = rollout::pace(workload.block, &mut fields);
    let rollout = workload.block.child("rollout");
    let spec = DaemonSetSpec {
        update_strategy: rollout.and_then(|rollout| rollout::daemonset(rollout, &mut fields)),
        min_ready_seconds: pace.min_ready_seconds,
        revision_history_limit: pace.revision_history_limit,
        selector: workload.label_selector(&mut fields.inside("selector")),
        template: workload.pod_template(&mut fields.inside("template"), diagnostics),
    };
    let resource = DaemonSet {
        metadata,
        spec: Some(spec),
        ..DaemonSet::default()
    };
    object(&resource, provenance)
}
