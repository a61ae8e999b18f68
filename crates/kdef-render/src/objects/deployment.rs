//! `deployment`

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use super::meta::object;
use super::workload::Workload;
use super::{Output, ingress, service};
use crate::Object;
use crate::provenance::Recorder;

/// Renders a Deployment, and the Service and Ingresses that go with it.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let workload = Workload::new(block);
    let deployment = deployment(&workload, &mut output.diagnostics);
    output.add_with_raw(deployment, block);
    service::render(&workload, output);
    ingress::render(&workload, output);
}

fn deployment(workload: &Workload<'_>, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let mut provenance = workload.provenance(workload.block.span());
    let mut fields = Recorder::new(&mut provenance);
    let metadata = workload.metadata(&mut fields);
    let mut fields = fields.inside("spec");
    let spec = DeploymentSpec {
        replicas: Some(workload.replicas(&mut fields)),
        selector: workload.label_selector(&mut fields.inside("selector")),
        template: workload.pod_template(&mut fields.inside("template"), diagnostics),
        ..DeploymentSpec::default()
    };
    let resource = Deployment {
        metadata,
        spec: Some(spec),
        ..Deployment::default()
    };
    object(&resource, provenance)
}
