//! What must hold between the containers of a pod, and between them and the pod.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use super::init::check_inits;
use super::unique::check_unique;
use crate::Block;

/// The seconds that a pod has to end, unless it says otherwise.
const GRACE_PERIOD: i64 = 30;

/// The kernel parameters that belong to the node's inter-process communication, by how they begin.
const IPC_PARAMETERS: [&str; 4] = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];

/// Checks a workload's containers and volumes against each other.
pub(super) fn check_pod(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_unique(workload, "container", 0, diagnostics);
    check_unique(workload, "volume", 0, diagnostics);
    check_inits(workload, diagnostics);
    check_host_ports(workload, diagnostics);
    check_sysctls(workload, diagnostics);
    if !is_patched(workload) {
        check_sleep(workload, diagnostics);
    }
}

/// Tells whether `raw` may change the pod.
fn is_patched(workload: &Block) -> bool {
    workload.schema().attribute("raw").is_some() && (workload.is_set("raw") || workload.is_lost("raw"))
}

/// Returns all containers of the pod, init containers first.
fn containers(workload: &Block) -> impl Iterator<Item = &Block> {
    workload.children("init").chain(workload.children("container"))
}

/// A port of the node leads to one port of the pod, and on the node's network it is that port.
fn check_host_ports(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let on_host = workload.flag("host_network") == Some(true);
    let mut taken: BTreeMap<(i64, &str, &str), Span> = BTreeMap::new();
    for port in containers(workload).flat_map(|container| container.children("port")) {
        let given = port.integer("host_port");
        let own = port.label_integer(0);
        if on_host && given.is_some() && given != own {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    port.span_of("host_port"),
                    "with `host_network` the port of the node is that of the container",
                )
                .with_hint("leave `host_port` out"),
            );
            continue;
        }
        let Some(number) = given.or(own.filter(|_| on_host)) else {
            continue;
        };
        let protocol = port.text("protocol").unwrap_or("TCP");
        let key = (number, protocol, port.text("host_ip").unwrap_or_default());
        let span = if given.is_some() {
            port.span_of("host_port")
        } else {
            port.span()
        };
        if let Some(first) = taken.get(&key) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    span,
                    format!("port {number} of the node leads elsewhere already"),
                )
                .with_related(*first, "the first one"),
            );
        }
        taken.entry(key).or_insert(span);
    }
}

/// Kernel parameters of what the pod shares with the node are the node's.
fn check_sysctls(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let parameters = workload
        .child("security_context")
        .filter(|context| context.schema().attribute("sysctls").is_some())
        .and_then(|context| context.map("sysctls"));
    for (name, value) in parameters.into_iter().flatten() {
        let dotted = name.replace('/', ".");
        let shared = if dotted.starts_with("net.") {
            "host_network"
        } else if IPC_PARAMETERS.iter().any(|start| dotted.starts_with(start)) {
            "host_ipc"
        } else {
            continue;
        };
        if workload.flag(shared) == Some(true) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    value.span,
                    format!("`sysctls`: with `{shared}` the parameter `{name}` is the node's"),
                )
                .with_related(workload.span_of(shared), "shared with the node"),
            );
        }
    }
}

/// A hook cannot sleep longer than the pod has to end.
fn check_sleep(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let own = workload.schema().attribute("termination_grace_period");
    if own.is_some_and(|attribute| workload.is_lost(attribute.name)) {
        return;
    }
    let grace = own
        .and_then(|attribute| workload.integer(attribute.name))
        .unwrap_or(GRACE_PERIOD);
    let lifecycles = containers(workload).filter_map(|container| container.child("lifecycle"));
    for hook in lifecycles.flat_map(Block::blocks) {
        if hook.integer("sleep").is_some_and(|seconds| seconds > grace) {
            diagnostics.push(Diagnostic::error(
                Code::OutOfRange,
                hook.span_of("sleep"),
                format!("`sleep`: the pod has {grace} seconds to end, and this is longer"),
            ));
        }
    }
}
