//! What the API server asks of a Service as a whole.

use std::collections::{BTreeMap, BTreeSet};

use kdef_source::{Code, Diagnostic, Span, nearest};

use super::unique::check_unique;
use crate::Block;
use crate::expand::structure;

/// The port of the kubelet, which a load balancer may not lead to.
const KUBELET_PORT: i64 = 10250;

/// Checks the attributes and ports of a Service. What `raw` changes is not judged.
pub(super) fn check_service(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_unique(block, "port", 1, diagnostics);
    check_numbers(block, diagnostics);
    if block.is_lost("type") || block.is_set("raw") {
        return;
    }
    check_needs(block, diagnostics);
    check_external_name(block, diagnostics);
    check_conflicts(block, diagnostics);
    check_families(block, diagnostics);
    check_node_ports(block, diagnostics);
}

fn service_type(block: &Block) -> &str {
    block.text("type").unwrap_or("ClusterIP")
}

fn is_headless(block: &Block) -> bool {
    block.text("cluster_ip") == Some("None")
}

/// A number may stand once for each protocol.
fn check_numbers(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(i64, &str), Span> = BTreeMap::new();
    for port in block.children("port").filter(|port| !port.is_lost("protocol")) {
        let Some(number) = port.label_integer(0) else {
            continue;
        };
        let key = (number, port.text("protocol").unwrap_or("TCP"));
        let span = port.label_span(0);
        if let Some(first) = seen.get(&key) {
            let message = format!("there is a `port` with the number `{number}` already");
            diagnostics.push(
                Diagnostic::error(Code::DuplicateBlock, span, message)
                    .with_related(*first, "the first one")
                    .with_hint("ports of one number need different `protocol`s"),
            );
        }
        seen.entry(key).or_insert(span);
    }
}

const BALANCED: &str = "`type = \"LoadBalancer\"`";

/// Returns attributes, whether the Service is one that has them, and what makes it one.
fn needs(block: &Block) -> [(&'static str, bool, &'static str); 7] {
    let kind = service_type(block);
    let balanced = kind == "LoadBalancer";
    let local = block.text("external_traffic_policy") == Some("Local");
    let has_external_ips = block.list("external_ips").is_some_and(|list| !list.is_empty());
    let from_outside = balanced || kind == "NodePort" || (kind == "ClusterIP" && has_external_ips);
    let by_client = block.text("session_affinity") == Some("ClientIP");
    [
        (
            "external_name",
            kind == "ExternalName",
            "`type = \"ExternalName\"`",
        ),
        ("load_balancer_class", balanced, BALANCED),
        ("load_balancer_source_ranges", balanced, BALANCED),
        ("allocate_load_balancer_node_ports", balanced, BALANCED),
        (
            "health_check_node_port",
            balanced && local,
            "`type = \"LoadBalancer\"` and `external_traffic_policy = \"Local\"`",
        ),
        (
            "external_traffic_policy",
            from_outside,
            "`type = \"NodePort\"`, `type = \"LoadBalancer\"` or `external_ips`",
        ),
        (
            "session_affinity_timeout",
            by_client,
            "`session_affinity = \"ClientIP\"`",
        ),
    ]
}

/// Attributes that only some Services have.
fn check_needs(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    for (name, fits, needed) in needs(block) {
        if block.is_set(name) && !fits {
            let message = format!("`{name}` needs {needed}");
            diagnostics.push(Diagnostic::error(
                Code::Contradiction,
                block.span_of(name),
                message,
            ));
        }
    }
}

/// A Service that stands for a name needs the name.
fn check_external_name(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if service_type(block) == "ExternalName"
        && !block.is_set("external_name")
        && !block.is_lost("external_name")
    {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span_of("type"),
                "`type = \"ExternalName\"` needs an `external_name`",
            )
            .with_hint("set `external_name` to the host name that the Service stands for"),
        );
    }
}

/// Attributes that a type does not allow.
fn check_conflicts(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let kind = service_type(block);
    let forbidden: &[&str] = match kind {
        "ExternalName" => &["cluster_ip", "ip_families", "ip_family_policy"],
        "NodePort" | "LoadBalancer" if is_headless(block) => &["cluster_ip"],
        _ => &[],
    };
    for name in forbidden.iter().filter(|name| block.is_set(name)) {
        let message = if *name == "cluster_ip" && is_headless(block) {
            format!("a headless Service cannot be of type `{kind}`")
        } else {
            format!("a Service of type `{kind}` has no `{name}`")
        };
        diagnostics.push(
            Diagnostic::error(Code::Contradiction, block.span_of(name), message)
                .with_related(block.span_of("type"), "the type"),
        );
    }
}

fn check_families(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let families = block.list("ip_families").unwrap_or_default();
    let mut seen = BTreeSet::new();
    let repeated = families.iter().find(|family| !seen.insert(&*family.value));
    if let Some(family) = repeated {
        diagnostics.push(Diagnostic::error(
            Code::Contradiction,
            family.span,
            "this IP family is there already",
        ));
    } else if families.len() > 1 && block.text("ip_family_policy") == Some("SingleStack") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("ip_family_policy"),
                "`SingleStack` allows one IP family, and there are two",
            )
            .with_related(block.span_of("ip_families"), "the families"),
        );
    }
}

fn check_node_ports(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let kind = service_type(block);
    let mut seen: BTreeMap<(i64, &str), Span> = BTreeMap::new();
    for port in block.children("port") {
        if kind == "LoadBalancer" && port.label_integer(0) == Some(KUBELET_PORT) {
            let message = format!("a load balancer may not lead to port {KUBELET_PORT}, the kubelet's");
            diagnostics.push(Diagnostic::error(Code::NotAllowed, port.label_span(0), message));
        }
        let Some(number) = port.integer("node_port") else {
            continue;
        };
        let span = port.span_of("node_port");
        if matches!(kind, "ClusterIP" | "ExternalName") {
            let message = "`node_port` needs `type = \"NodePort\"` or `type = \"LoadBalancer\"`";
            diagnostics.push(Diagnostic::error(Code::Contradiction, span, message));
        }
        let key = (number, port.text("protocol").unwrap_or("TCP"));
        if let Some(first) = seen.get(&key) {
            let message = format!("the port {number} of the nodes leads to another port already");
            diagnostics.push(
                Diagnostic::error(Code::Contradiction, span, message).with_related(*first, "the first one"),
            );
        }
        seen.entry(key).or_insert(span);
    }
}

/// A Service that stands alone has no containers to take its ports from.
pub(super) fn check_needs_port(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let has_ports = block.children("port").next().is_some() || block.is_lost("port");
    let needs_none = is_headless(block) || service_type(block) == "ExternalName" || block.is_set("raw");
    if !has_ports && !needs_none && !block.is_lost("type") && !block.is_lost("cluster_ip") {
        diagnostics.push(
            Diagnostic::error(Code::MissingBlock, block.span(), "this service has no port")
                .with_hint("add one, as in `port \"80\" \"http\" { target = 8080 }`"),
        );
    }
}

/// Checks the Services of a workload against each other and against the ports of its containers.
pub(super) fn check_services(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_names(workload, diagnostics);
    let ports: Vec<&Block> = workload
        .children("container")
        .flat_map(|container| container.children("port"))
        .collect();
    for service in workload.children("service") {
        if service.children("port").next().is_none() {
            check_taken_over(service, &ports, diagnostics);
        }
        // A sidecar that `raw` brings may have the port.
        if !workload.is_set("raw") && workload.is_sound() {
            check_targets(service, &ports, diagnostics);
        }
    }
}

fn check_names(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, &Block> = BTreeMap::new();
    let services = workload
        .children("service")
        .filter(|service| !service.is_lost("name"));
    for service in services {
        let name = service.text("name").unwrap_or_else(|| workload.name());
        let Some(first) = seen.get(name) else {
            seen.insert(name, service);
            continue;
        };
        diagnostics.push(if first.is_set("name") || service.is_set("name") {
            let message = format!("there is a `service` with the name `{name}` already");
            Diagnostic::error(Code::DuplicateBlock, service.name_span(), message)
                .with_related(first.span(), "the first one")
        } else {
            structure::repeated_unnamed("service", service.span(), first.span())
        });
    }
}

/// The ports of all containers become those of the Service, where each name and number may stand once.
fn check_taken_over(service: &Block, ports: &[&Block], diagnostics: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut numbers: BTreeMap<(i64, &str), Span> = BTreeMap::new();
    for port in ports.iter().filter(|port| port.is_sound()) {
        let (name, number) = (port.label(1), port.label_integer(0).unwrap_or_default());
        let key = (number, port.text("protocol").unwrap_or("TCP"));
        let first = names.get(name).or_else(|| numbers.get(&key)).copied();
        if let Some(first) = first {
            let message = format!("this service takes over two ports named `{name}` or numbered {number}");
            diagnostics.push(
                Diagnostic::error(Code::Contradiction, service.span(), message)
                    .with_related(first, "the first one")
                    .with_related(port.span(), "the second one")
                    .with_hint("list the ports of the service in `port` blocks of its own"),
            );
        }
        names.entry(name).or_insert(port.span());
        numbers.entry(key).or_insert(port.span());
    }
}

fn check_targets(service: &Block, ports: &[&Block], diagnostics: &mut Vec<Diagnostic>) {
    for port in service.children("port") {
        let target = port.text("target").filter(|text| text.parse::<i64>().is_err());
        let Some(name) = target.filter(|name| ports.iter().all(|port| port.label(1) != *name)) else {
            continue;
        };
        let message = format!("no container of the workload has a port `{name}`");
        diagnostics.push(
            Diagnostic::warning(Code::UndefinedReference, port.span_of("target"), message)
                .with_suggestion(nearest(name, ports.iter().map(|port| port.label(1)))),
        );
    }
}
