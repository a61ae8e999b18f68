//! `service` of a workload.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;
use kdef_source::{Code, Diagnostic};

use super::meta::object;
use super::workload::Workload;
use super::{Output, statefulset};
use crate::Object;
use crate::attributes::{none_if_empty, port_number, small};
use crate::provenance::Recorder;

/// Renders the Service of a workload that has one.
pub(super) fn render(workload: &Workload<'_>, output: &mut Output<'_>) {
    let Some(block) = workload.block.child("service") else {
        return;
    };
    if port_blocks(workload, block).is_empty() {
        output.diagnostics.push(without_ports(block));
    }
    output.add_with_raw(service(workload, block), block);
}

/// Returns the name of a workload's Service.
pub(super) fn name<'a>(workload: &Workload<'a>, block: &'a Block) -> &'a str {
    block.text("name").unwrap_or_else(|| workload.name())
}

/// Returns the blocks of a Service's ports: its own, else those of all containers.
pub(super) fn port_blocks<'a>(workload: &Workload<'a>, block: &'a Block) -> Vec<&'a Block> {
    let own: Vec<&Block> = block.children("port").collect();
    if own.is_empty() {
        workload.container_ports().collect()
    } else {
        own
    }
}

/// The API server refuses a Service without ports.
fn without_ports(block: &Block) -> Diagnostic {
    let message = "this service has no port, and neither has a container of the workload";
    Diagnostic::error(Code::MissingBlock, block.span(), message)
        .with_hint("add a `port` block to the container, as in `port \"8080\" \"http\" {}`")
}

fn service(workload: &Workload<'_>, block: &Block) -> Object {
    let mut provenance = workload.provenance(block.span());
    let mut fields = Recorder::new(&mut provenance);
    fields.attributes(block, &[("metadata.name", "name"), ("spec.type", "type")]);
    fields.attributes(workload.block, &[("spec.selector", "selector")]);
    let resource = Service {
        metadata: workload.family.metadata(name(workload, block), &mut fields),
        spec: Some(ServiceSpec {
            type_: Some(block.text("type").unwrap_or("ClusterIP").to_owned()),
            cluster_ip: is_headless(workload, block).then(|| "None".to_owned()),
            selector: Some(workload.selector()),
            ports: none_if_empty(ports(workload, block, &mut fields.inside("spec"))),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    };
    object(&resource, provenance)
}

/// The Service that gives the pods of a statefulset their host names has no address of its own, unless its type is set.
fn is_headless(workload: &Workload<'_>, block: &Block) -> bool {
    workload.block.kind() == "statefulset"
        && !block.is_set("type")
        && name(workload, block) == statefulset::service_name(workload)
}

fn ports(workload: &Workload<'_>, block: &Block, fields: &mut Recorder<'_>) -> Vec<ServicePort> {
    let listed = block.children("port").next().is_some();
    let port = |(index, port): (usize, &Block)| {
        let mut fields = fields.item("ports", index, port.span());
        let number = port_number(port)?;
        let target = if listed { small(port, "target") } else { None };
        if target.is_some() {
            fields.attributes(port, &[("targetPort", "target")]);
        }
        Some(ServicePort {
            name: Some(port.label(1).to_owned()),
            port: number,
            protocol: Some("TCP".to_owned()),
            target_port: Some(IntOrString::Int(target.unwrap_or(number))),
            ..ServicePort::default()
        })
    };
    let blocks = port_blocks(workload, block).into_iter();
    blocks.enumerate().filter_map(port).collect()
}
