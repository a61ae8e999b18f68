//! Where the requests of an ingress go.

use kdef_lang::Block;
use kdef_source::{Code, Diagnostic, Span, nearest};

use crate::attributes::port_number;
use crate::objects::service;
use crate::objects::workload::Workload;
use crate::provenance::Recorder;

/// The port that requests go to when nothing says another.
const DEFAULT_PORT: i32 = 80;

/// A Service and its port.
pub(super) struct Backend<'a> {
    pub(super) service: &'a str,
    pub(super) port: Port<'a>,
    /// The number of the port where it is known.
    pub(super) number: Option<i32>,
    /// The blocks that may have said so, the first that did first.
    said_by: [&'a Block; 2],
}

/// A port of a Service.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Port<'a> {
    Number(i32),
    Name(&'a str),
}

impl<'a> Port<'a> {
    fn parse(text: &'a str) -> Self {
        text.parse().map_or(Self::Name(text), Self::Number)
    }
}

impl Backend<'_> {
    /// Records where the Service and the port were written.
    pub(super) fn record(&self, fields: &mut Recorder<'_>, service: &str, port: &str) {
        for (field, attribute) in [(service, "service_name"), (port, "port")] {
            if let Some(block) = self.said_by.iter().find(|block| block.is_set(attribute)) {
                fields.attributes(block, &[(field, attribute)]);
            }
        }
    }

    /// Returns where the port was written.
    pub(super) fn port_span(&self) -> Span {
        port_span(self.said_by)
    }

    /// Says that the number of the port is needed and not known.
    pub(super) fn without_number(&self) -> Diagnostic {
        Diagnostic::error(
            Code::Contradiction,
            self.port_span(),
            "an HTTPRoute names ports by number, and the number of this one is not known here",
        )
        .with_hint("write the number of the Service's port")
    }
}

/// What is known of the Services around an ingress.
#[derive(Default)]
pub(super) struct Known<'a> {
    services: Vec<Service<'a>>,
    /// The workload, for one without a Service.
    workload: Option<&'a str>,
    container_port: Option<i32>,
}

/// A Service of the workload that an ingress stands in.
struct Service<'a> {
    name: &'a str,
    ports: Vec<(i32, &'a str)>,
    block: &'a Block,
}

impl<'a> Known<'a> {
    /// Returns what is known inside a workload.
    pub(super) fn of(workload: &Workload<'a>) -> Self {
        let port = |port: &'a Block| Some((port_number(port)?, port.label(1)));
        let services = workload.block.children("service");
        Self {
            services: services
                .map(|block| Service {
                    name: service::name(workload, block),
                    ports: service::port_blocks(workload, block)
                        .into_iter()
                        .filter_map(port)
                        .collect(),
                    block,
                })
                .collect(),
            workload: Some(workload.name()),
            container_port: workload.container_ports().next().and_then(port_number),
        }
    }

    /// Returns where requests go: what the part says (a path, the default backend, or the ingress itself), else what the
    /// ingress says, else the first Service of the workload and its first port.
    pub(super) fn backend(
        &self,
        ingress: &'a Block,
        part: &'a Block,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Backend<'a> {
        let said_by = [part, ingress];
        let said = |name| said_by.iter().find_map(|block| block.text(name));
        let default = || {
            self.services
                .first()
                .map(|service| service.name)
                .or(self.workload)
        };
        let name = said("service_name").or_else(default).unwrap_or_default();
        let service = self.services.iter().find(|service| service.name == name);
        let written = said("port").map(Port::parse);
        if let (Some(port), Some(service)) = (written, service) {
            diagnostics.extend(service.misses(port, said_by));
        }
        let first = || {
            service
                .and_then(|service| service.ports.first())
                .map(|port| port.0)
        };
        let target =
            written.unwrap_or_else(|| Port::Number(first().or(self.container_port).unwrap_or(DEFAULT_PORT)));
        let number = match target {
            Port::Number(number) => Some(number),
            Port::Name(name) => service.and_then(|service| service.number_of(name)),
        };
        Backend {
            service: name,
            port: target,
            number,
            said_by,
        }
    }
}

impl Service<'_> {
    fn number_of(&self, name: &str) -> Option<i32> {
        let port = self.ports.iter().find(|port| port.1 == name);
        port.map(|port| port.0)
    }

    /// Says that the Service does not have the port, unless `raw` may have brought it.
    fn misses(&self, port: Port<'_>, said_by: [&Block; 2]) -> Option<Diagnostic> {
        let (is_there, wanted, suggestion) = match port {
            Port::Number(number) => {
                let is_there = self.ports.iter().any(|port| port.0 == number);
                (is_there, number.to_string(), None)
            }
            Port::Name(name) => {
                let names = self.ports.iter().map(|port| port.1);
                (
                    self.number_of(name).is_some(),
                    name.to_owned(),
                    nearest(name, names),
                )
            }
        };
        let message = format!("the Service `{}` has no port `{wanted}`", self.name);
        (!is_there && !self.block.is_set("raw")).then(|| {
            Diagnostic::warning(Code::UndefinedReference, port_span(said_by), message)
                .with_related(self.block.span(), "the Service")
                .with_suggestion(suggestion)
        })
    }
}

/// Returns where the first block that has a port says so.
fn port_span([part, ingress]: [&Block; 2]) -> Span {
    let said_by = if part.is_set("port") { part } else { ingress };
    said_by.span_of("port")
}
