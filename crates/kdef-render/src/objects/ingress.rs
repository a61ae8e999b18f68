//! `ingress` of a workload: an Ingress, or an HTTPRoute in gateway mode, and the Certificate that goes with it.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, IngressTLS, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use kdef_lang::ingress::{certificate_name, hosts, nested_name};
use kdef_source::Span;

use super::meta::object;
use super::workload::Workload;
use super::{Output, certificate, http_route, service};
use crate::Object;
use crate::attributes::{port_number, small, text_map};
use crate::provenance::{Provenance, Recorder};

/// The port that requests go to when nothing says another.
const DEFAULT_PORT: i32 = 80;

/// One ingress block, with all that its objects are made of.
pub(super) struct Route<'a> {
    pub(super) block: &'a Block,
    pub(super) metadata: ObjectMeta,
    pub(super) hosts: Vec<&'a str>,
    /// The Service that requests go to.
    pub(super) service: String,
    /// The port of the Service.
    pub(super) port: i32,
}

/// Renders the ingresses of a workload. One without a host renders nothing.
pub(super) fn render(workload: &Workload<'_>, output: &mut Output<'_>) {
    for (index, block) in workload.block.children("ingress").enumerate() {
        if hosts(block).is_empty() {
            continue;
        }
        let mut provenance = workload.provenance(block.span());
        let route = route(workload, index, block, &mut Recorder::new(&mut provenance));
        let route_object = if block.text("mode") == Some("gateway") {
            http_route::http_route(&route, provenance)
        } else {
            ingress(&route, provenance)
        };
        output.add_with_raw(route_object, block);
        if let Some(name) = certificate_name(block) {
            let mut provenance = workload.provenance(block.span());
            let metadata = workload.metadata_of(&name, &mut Recorder::new(&mut provenance));
            output.add(certificate::certificate(&route, &metadata, provenance));
        }
    }
}

fn route<'a>(
    workload: &Workload<'a>,
    index: usize,
    block: &'a Block,
    fields: &mut Recorder<'_>,
) -> Route<'a> {
    fields.attributes(
        block,
        &[("metadata.name", "name"), ("metadata.annotations", "annotations")],
    );
    let name = nested_name(workload.block, index, block);
    let mut metadata = workload.metadata_of(&name, fields);
    metadata.annotations = text_map(block, "annotations");
    let (service, port) = backend(workload, block);
    Route {
        block,
        metadata,
        hosts: hosts(block),
        service,
        port,
    }
}

/// Returns the Service and the port that requests go to: what the block says, else the workload's own Service and its
/// first port, else the workload's name and its first container port.
fn backend(workload: &Workload<'_>, block: &Block) -> (String, i32) {
    let own = workload.block.child("service");
    let own_name = own.map(|own| service::name(workload, own));
    let name = block
        .text("service_name")
        .or(own_name)
        .unwrap_or_else(|| workload.name());
    let own_port = || {
        let own = own.filter(|_| own_name == Some(name))?;
        service::first_port(workload, own)
    };
    let container_port = || workload.container_ports().next().and_then(port_number);
    let port = small(block, "port").or_else(own_port).or_else(container_port);
    (name.to_owned(), port.unwrap_or(DEFAULT_PORT))
}

fn ingress(route: &Route<'_>, mut provenance: Provenance) -> Object {
    let mut fields = Recorder::new(&mut provenance);
    fields.attributes(
        route.block,
        &[("spec.ingressClassName", "class"), ("spec.tls", "tls")],
    );
    record_hosts(route, &mut fields, |index| format!("spec.rules[{index}]"));
    let spec = IngressSpec {
        ingress_class_name: Some(route.block.text("class").unwrap_or("nginx").to_owned()),
        rules: Some(route.hosts.iter().map(|host| rule(host, route)).collect()),
        tls: tls(route, &mut fields).map(|tls| vec![tls]),
        ..IngressSpec::default()
    };
    let resource = Ingress {
        metadata: route.metadata.clone(),
        spec: Some(spec),
        ..Ingress::default()
    };
    object(&resource, provenance)
}

/// Records where each host was written.
pub(super) fn record_hosts(route: &Route<'_>, fields: &mut Recorder<'_>, path: impl Fn(usize) -> String) {
    for (index, host) in route.hosts.iter().enumerate() {
        fields.record(&path(index), host_span(route.block, host));
    }
}

fn host_span(block: &Block, host: &str) -> Span {
    if block.text("host") == Some(host) {
        return block.span_of("host");
    }
    let listed = block.list("hosts").unwrap_or_default();
    listed
        .iter()
        .find(|listed| *listed.value == *host)
        .map_or(block.span(), |listed| listed.span)
}

fn rule(host: &str, route: &Route<'_>) -> IngressRule {
    let backend = IngressServiceBackend {
        name: route.service.clone(),
        port: Some(ServiceBackendPort {
            number: Some(route.port),
            ..ServiceBackendPort::default()
        }),
    };
    let path = HTTPIngressPath {
        backend: IngressBackend {
            service: Some(backend),
            ..IngressBackend::default()
        },
        path: Some("/".to_owned()),
        path_type: "Prefix".to_owned(),
    };
    IngressRule {
        host: Some(host.to_owned()),
        http: Some(HTTPIngressRuleValue { paths: vec![path] }),
    }
}

/// Returns the certificate to serve with, and the hosts to serve it for, when TLS is on.
fn tls(route: &Route<'_>, fields: &mut Recorder<'_>) -> Option<IngressTLS> {
    let block = route.block;
    if block.flag("tls") != Some(true) {
        return None;
    }
    fields.attributes(block, &[("spec.tls[0].secretName", "tls_secret")]);
    let secret = block.text("tls_secret").map(str::to_owned);
    Some(IngressTLS {
        hosts: Some(route.hosts.iter().map(|host| (*host).to_owned()).collect()),
        secret_name: secret.or_else(|| certificate_name(block)),
    })
}
