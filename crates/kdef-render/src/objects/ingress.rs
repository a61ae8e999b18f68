//! `ingress` of a workload: an Ingress, or an HTTPRoute in gateway mode, and the Certificate that goes with it.

use std::collections::BTreeMap;

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
    let default = Backend::of(workload);
    for (index, block) in workload.block.children("ingress").enumerate() {
        if hosts(block).is_empty() {
            continue;
        }
        let mut provenance = workload.provenance(block.span());
        let route = route(
            workload,
            &default,
            index,
            block,
            &mut Recorder::new(&mut provenance),
        );
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
    default: &Backend<'_>,
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
    let (service, port) = default.for_ingress(block);
    Route {
        block,
        metadata,
        hosts: hosts(block),
        service,
        port,
    }
}

/// Where the requests of a workload's ingresses go unless they say otherwise: its Service and the Service's first port,
/// else the workload's name and its first container port.
struct Backend<'a> {
    name: &'a str,
    /// The first port, when the workload has a Service.
    service_port: Option<i32>,
    container_port: Option<i32>,
}

impl<'a> Backend<'a> {
    fn of(workload: &Workload<'a>) -> Self {
        let own = workload.block.child("service");
        Self {
            name: own.map_or(workload.name(), |own| service::name(workload, own)),
            service_port: own.and_then(|own| service::first_port(workload, own)),
            container_port: workload.container_ports().next().and_then(port_number),
        }
    }

    /// Returns the Service and the port, what the block says first. Another Service has ports of its own.
    fn for_ingress(&self, block: &Block) -> (String, i32) {
        let name = block.text("service_name").unwrap_or(self.name);
        let own_port = self.service_port.filter(|_| name == self.name);
        let port = small(block, "port").or(own_port).or(self.container_port);
        (name.to_owned(), port.unwrap_or(DEFAULT_PORT))
    }
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
    let block = route.block;
    let listed = block.list("hosts").unwrap_or_default();
    let mut places: BTreeMap<&str, Span> = BTreeMap::new();
    for host in listed {
        places.entry(&*host.value).or_insert(host.span);
    }
    if let Some(host) = block.text("host") {
        places.insert(host, block.span_of("host"));
    }
    for (index, host) in route.hosts.iter().enumerate() {
        if let Some(place) = places.get(host) {
            fields.record(&path(index), *place);
        }
    }
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
