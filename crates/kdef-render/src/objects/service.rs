//! `service`, in a workload or alone.

use k8s_openapi::api::core::v1::{ClientIPConfig, Service, ServicePort, ServiceSpec, SessionAffinityConfig};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;
use kdef_source::{Code, Diagnostic};

use super::meta::{Labels, NAME_LABEL, metadata_of, object};
use super::pods::Pods;
use super::workload::Workload;
use super::{Output, statefulset};
use crate::Object;
use crate::attributes::{none_if_empty, port_number, port_reference, small, switched_on, text, texts};
use crate::provenance::{Provenance, Recorder};

/// Renders the Services of a workload.
pub(super) fn render(workload: &Workload<'_>, output: &mut Output<'_>) {
    for block in workload.block.children("service") {
        let spec = Spec {
            block,
            ports: port_blocks(workload, block),
            selector: Some(workload.selector()),
            headless: is_headless(workload, block),
        };
        if spec.ports.is_empty() && spec.needs_ports() {
            output.diagnostics.push(without_ports(block));
        }
        let mut provenance = workload.provenance(block.span());
        let mut fields = Recorder::new(&mut provenance);
        let metadata = workload.family.metadata_of(block, workload.name(), &mut fields);
        fields.attributes(workload.block, &[("spec.selector", "selector")]);
        output.add_with_raw(spec.service(metadata, provenance), block);
    }
}

/// Renders a Service that stands alone.
pub(super) fn render_alone(block: &Block, pods: &Pods<'_>, output: &mut Output<'_>) {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let own = [(NAME_LABEL.to_owned(), block.name().to_owned())];
    let metadata = metadata_of(block, own, &mut fields);
    let selector = pods.labels(
        block,
        block.text("namespace"),
        ["selector", "spec.selector"],
        &mut fields,
        &mut output.diagnostics,
    );
    let spec = Spec {
        block,
        ports: block.children("port").collect(),
        selector,
        headless: false,
    };
    output.add_with_raw(spec.service(metadata, provenance), block);
}

/// Returns the name of a Service of a workload.
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

/// The Service that gives the pods of a statefulset their host names has no address of its own, unless its type is set.
fn is_headless(workload: &Workload<'_>, block: &Block) -> bool {
    workload.block.kind() == "statefulset"
        && !block.is_set("type")
        && name(workload, block) == statefulset::service_name(workload)
}

/// Attributes that become fields of the spec by themselves, or nearly.
const FIELDS: &[(&str, &str)] = &[
    ("type", "type"),
    ("externalName", "external_name"),
    ("clusterIP", "cluster_ip"),
    ("externalIPs", "external_ips"),
    ("ipFamilies", "ip_families"),
    ("ipFamilyPolicy", "ip_family_policy"),
    ("internalTrafficPolicy", "internal_traffic_policy"),
    ("externalTrafficPolicy", "external_traffic_policy"),
    ("trafficDistribution", "traffic_distribution"),
    ("sessionAffinity", "session_affinity"),
    (
        "sessionAffinityConfig.clientIP.timeoutSeconds",
        "session_affinity_timeout",
    ),
    ("publishNotReadyAddresses", "publish_not_ready_addresses"),
    ("loadBalancerClass", "load_balancer_class"),
    ("loadBalancerSourceRanges", "load_balancer_source_ranges"),
    (
        "allocateLoadBalancerNodePorts",
        "allocate_load_balancer_node_ports",
    ),
    ("healthCheckNodePort", "health_check_node_port"),
];

/// What a Service is made of.
struct Spec<'a> {
    block: &'a Block,
    /// Its own ports, or those of containers.
    ports: Vec<&'a Block>,
    selector: Option<Labels>,
    /// Whether it has no address where the block does not say.
    headless: bool,
}

impl Spec<'_> {
    /// Tells whether the API server refuses the Service when it has no ports.
    fn needs_ports(&self) -> bool {
        let headless = self.headless || self.block.text("cluster_ip") == Some("None");
        !headless && self.block.text("type") != Some("ExternalName")
    }

    fn service(self, metadata: ObjectMeta, mut provenance: Provenance) -> Object {
        let mut fields = Recorder::new(&mut provenance);
        let spec = self.spec(&mut fields.inside("spec"));
        let resource = Service {
            metadata,
            spec: Some(spec),
            ..Service::default()
        };
        object(&resource, provenance)
    }

    fn spec(self, fields: &mut Recorder<'_>) -> ServiceSpec {
        let block = self.block;
        fields.attributes(block, FIELDS);
        let headless = || self.headless.then(|| "None".to_owned());
        let timeout = small(block, "session_affinity_timeout");
        ServiceSpec {
            allocate_load_balancer_node_ports: block.flag("allocate_load_balancer_node_ports"),
            cluster_ip: text(block, "cluster_ip").or_else(headless),
            external_ips: texts(block, "external_ips"),
            external_name: text(block, "external_name"),
            external_traffic_policy: text(block, "external_traffic_policy"),
            health_check_node_port: small(block, "health_check_node_port"),
            internal_traffic_policy: text(block, "internal_traffic_policy"),
            ip_families: texts(block, "ip_families"),
            ip_family_policy: text(block, "ip_family_policy"),
            load_balancer_class: text(block, "load_balancer_class"),
            load_balancer_source_ranges: texts(block, "load_balancer_source_ranges"),
            ports: none_if_empty(self.ports(fields)),
            publish_not_ready_addresses: switched_on(block, "publish_not_ready_addresses"),
            selector: self.selector.filter(|labels| !labels.is_empty()),
            session_affinity: text(block, "session_affinity"),
            session_affinity_config: timeout.map(|timeout| SessionAffinityConfig {
                client_ip: Some(ClientIPConfig {
                    timeout_seconds: Some(timeout),
                }),
            }),
            traffic_distribution: text(block, "traffic_distribution"),
            type_: Some(block.text("type").unwrap_or("ClusterIP").to_owned()),
            ..ServiceSpec::default()
        }
    }

    fn ports(&self, fields: &mut Recorder<'_>) -> Vec<ServicePort> {
        let listed = self.block.children("port").next().is_some();
        let port = |(index, port): (usize, &&Block)| {
            let mut fields = fields.item("ports", index, port.span());
            let number = port_number(port)?;
            fields.attributes(port, &[("protocol", "protocol")]);
            let mut made = ServicePort {
                name: Some(port.label(1).to_owned()),
                port: number,
                protocol: Some(port.text("protocol").unwrap_or("TCP").to_owned()),
                target_port: Some(IntOrString::Int(number)),
                ..ServicePort::default()
            };
            if listed {
                fields.attributes(
                    port,
                    &[
                        ("targetPort", "target"),
                        ("nodePort", "node_port"),
                        ("appProtocol", "app_protocol"),
                    ],
                );
                made.target_port = port.text("target").map(port_reference).or(made.target_port);
                made.node_port = small(port, "node_port");
                made.app_protocol = text(port, "app_protocol");
            }
            Some(made)
        };
        self.ports.iter().enumerate().filter_map(port).collect()
    }
}
