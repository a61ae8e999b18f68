//! `ingress`, in a workload or alone: an Ingress, or an HTTPRoute in gateway mode, and the Certificate that goes with it.

mod backend;
mod classic;
mod gateway;

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use kdef_lang::ingress::{
    MAX_PATHS, PathType, certificate_name, hosts, is_gateway_route, nested_name, path_type, renders_nothing,
};
use kdef_source::{Diagnostic, Span};

use self::backend::{Backend, Known};
use super::family::Family;
use super::workload::Workload;
use super::{Output, certificate};
use crate::provenance::Recorder;

/// One ingress block, with all that its objects are made of.
pub(super) struct Route<'a> {
    pub(super) block: &'a Block,
    metadata: ObjectMeta,
    pub(super) hosts: Vec<&'a str>,
    /// The paths of each host.
    paths: Vec<Path<'a>>,
    /// Where requests go that match no host and path.
    default: Option<Backend<'a>>,
}

/// Where the requests for one path go.
struct Path<'a> {
    value: &'a str,
    kind: PathType,
    backend: Backend<'a>,
    /// The `path` block; `None` for the path that an ingress without any has.
    block: Option<&'a Block>,
}

/// Renders the ingresses of a workload.
pub(super) fn render(workload: &Workload<'_>, output: &mut Output<'_>) {
    let known = Known::of(workload);
    for (index, block) in workload.block.children("ingress").enumerate() {
        let name = nested_name(workload.block, index, block);
        render_one(block, &name, &workload.family, &known, output);
    }
}

/// Renders an ingress that stands alone. It is labelled as belonging to its Service.
pub(super) fn render_alone(block: &Block, output: &mut Output<'_>) {
    let label = block.text("service_name").unwrap_or_else(|| block.name());
    let family = Family::new(block, label);
    render_one(block, block.name(), &family, &Known::default(), output);
}

/// Renders one ingress. One that says too little renders nothing, as does one that says too much, which is an error.
fn render_one(block: &Block, name: &str, family: &Family<'_>, known: &Known<'_>, output: &mut Output<'_>) {
    let paths = block.children("path").count().max(1);
    if renders_nothing(block) || paths.saturating_mul(hosts(block).len()) > MAX_PATHS {
        return;
    }
    let mut provenance = family.provenance(block.span());
    let metadata = family.metadata_of(block, name, &mut Recorder::new(&mut provenance));
    let route = route(block, metadata, known, &mut output.diagnostics);
    let object = if is_gateway_route(block) {
        gateway::http_route(&route, provenance, &mut output.diagnostics)
    } else {
        classic::ingress(&route, provenance)
    };
    output.add_with_raw(object, block);
    if let Some(name) = certificate_name(block) {
        let mut provenance = family.provenance(block.span());
        let metadata = family.metadata(&name, &mut Recorder::new(&mut provenance));
        output.add(certificate::of_ingress(&route, &metadata, provenance));
    }
}

fn route<'a>(
    block: &'a Block,
    metadata: ObjectMeta,
    known: &Known<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Route<'a> {
    let mut backend = |part: &'a Block| known.backend(block, part, diagnostics);
    let mut paths: Vec<Path<'a>> = block
        .children("path")
        .map(|path| Path {
            value: path.label(0),
            kind: path_type(path),
            backend: backend(path),
            block: Some(path),
        })
        .collect();
    let hosts = hosts(block);
    if paths.is_empty() && !hosts.is_empty() {
        paths.push(Path {
            value: "/",
            kind: PathType::Prefix,
            backend: backend(block),
            block: None,
        });
    }
    let default = block.child("default_backend").map(backend);
    Route {
        block,
        metadata,
        hosts,
        paths,
        default,
    }
}

impl Route<'_> {
    /// Records where each host was written.
    pub(super) fn record_hosts(&self, fields: &mut Recorder<'_>, path: impl Fn(usize) -> String) {
        let listed = self.block.list("hosts").unwrap_or_default();
        let mut places: BTreeMap<&str, Span> = BTreeMap::new();
        for host in listed {
            places.entry(&*host.value).or_insert(host.span);
        }
        if let Some(host) = self.block.text("host") {
            places.insert(host, self.block.span_of("host"));
        }
        for (index, host) in self.hosts.iter().enumerate() {
            if let Some(place) = places.get(host) {
                fields.record(&path(index), *place);
            }
        }
    }
}
