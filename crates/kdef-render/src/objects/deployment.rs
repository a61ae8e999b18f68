//! `deployment`

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use kdef_lang::Block;
use kdef_source::Diagnostic;

use super::meta::object;
use super::workload::Workload;
use super::{Output, ingress, service};
use crate::attributes::small;
use crate::provenance::Recorder;
use crate::{Object, pod};

/// Renders a Deployment, and the Service and Ingresses that go with it.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let workload = Workload::new(block);
    let deployment = deployment(&workload, &mut output.diagnostics);
    output.add_with_raw(deployment, block);
    service::render(&workload, output);
    ingress::render(&workload, output);
}

fn deployment(workload: &Workload<'_>, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let block = workload.block;
    let mut provenance = workload.provenance(block.span());
    let mut fields = Recorder::new(&mut provenance);
    let metadata = workload.metadata(&mut fields);
    let mut fields = fields.inside("spec");
    let template = PodTemplateSpec {
        metadata: Some(workload.template_metadata(&mut fields.inside("template.metadata"))),
        spec: Some(pod::spec(block, &mut fields.inside("template.spec"), diagnostics)),
    };
    let spec = DeploymentSpec {
        replicas: Some(replicas(block, &mut fields)),
        selector: workload.label_selector(&mut fields.inside("selector")),
        template,
        ..DeploymentSpec::default()
    };
    let resource = Deployment {
        metadata,
        spec: Some(spec),
        ..Deployment::default()
    };
    object(&resource, provenance)
}

/// Returns the number of pods, 1 when the block does not say.
fn replicas(block: &Block, fields: &mut Recorder<'_>) -> i32 {
    let scale = block.child("scale");
    if let Some(scale) = scale {
        fields.attributes(scale, &[("replicas", "replicas")]);
    }
    scale.and_then(|scale| small(scale, "replicas")).unwrap_or(1)
}
