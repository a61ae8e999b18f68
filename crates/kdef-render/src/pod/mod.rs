//! The pods of a workload, which all kinds of workloads share.

mod affinity;
mod claims;
mod container;
mod env;
mod handlers;
mod host_names;
mod lifecycle;
mod placement;
mod probes;
mod projected;
mod resources;
mod security;
mod volume_sources;
mod volumes;

use k8s_openapi::api::core::v1::{Container, LocalObjectReference, PodSecurityContext, PodSpec};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use crate::attributes::{none_if_empty, switched_on, text, text_map};
use crate::provenance::Recorder;

/// The fields of the spec that attributes of a workload give as they are.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("serviceAccountName", "service_account"),
    ("nodeSelector", "node_selector"),
    ("hostNetwork", "host_network"),
    ("hostPID", "host_pid"),
    ("hostIPC", "host_ipc"),
    ("dnsPolicy", "dns_policy"),
    ("terminationGracePeriodSeconds", "termination_grace_period"),
    ("priorityClassName", "priority_class"),
    ("runtimeClassName", "runtime_class"),
    ("schedulerName", "scheduler"),
    ("hostname", "hostname"),
    ("subdomain", "subdomain"),
    ("shareProcessNamespace", "share_process_namespace"),
    ("enableServiceLinks", "enable_service_links"),
    ("automountServiceAccountToken", "automount_service_account_token"),
];

/// Returns the spec of a workload's pods. `fields` stands at it.
pub(crate) fn spec(
    workload: &Block,
    fields: &mut Recorder<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> PodSpec {
    fields.attributes(workload, ATTRIBUTES);
    let containers = containers(workload, fields);
    PodSpec {
        containers,
        init_containers: none_if_empty(init_containers(workload, fields)),
        image_pull_secrets: image_pull_secrets(workload, fields),
        service_account_name: text(workload, "service_account"),
        security_context: security_context(workload, fields),
        node_selector: text_map(workload, "node_selector"),
        tolerations: none_if_empty(placement::tolerations(workload, fields)),
        affinity: affinity::affinity(workload, fields),
        topology_spread_constraints: none_if_empty(affinity::topology_spread(workload, fields)),
        dns_config: host_names::dns_config(workload, fields),
        host_aliases: none_if_empty(host_names::host_aliases(workload, fields)),
        termination_grace_period_seconds: workload.integer("termination_grace_period"),
        priority_class_name: text(workload, "priority_class"),
        runtime_class_name: text(workload, "runtime_class"),
        scheduler_name: text(workload, "scheduler"),
        hostname: text(workload, "hostname"),
        subdomain: text(workload, "subdomain"),
        share_process_namespace: switched_on(workload, "share_process_namespace"),
        enable_service_links: workload.flag("enable_service_links"),
        automount_service_account_token: workload.flag("automount_service_account_token"),
        host_network: switched_on(workload, "host_network"),
        host_pid: switched_on(workload, "host_pid"),
        host_ipc: switched_on(workload, "host_ipc"),
        dns_policy: text(workload, "dns_policy"),
        volumes: none_if_empty(volumes::volumes(workload, fields, diagnostics)),
        ..PodSpec::default()
    }
}

fn init_containers(workload: &Block, fields: &mut Recorder<'_>) -> Vec<Container> {
    let blocks = workload.children("init").enumerate();
    blocks
        .map(|(index, block)| {
            let mut fields = fields.item("initContainers", index, block.span());
            container::init(workload, block, &mut fields)
        })
        .collect()
}

fn containers(workload: &Block, fields: &mut Recorder<'_>) -> Vec<Container> {
    if is_only_container(workload) {
        let mut fields = fields.item("containers", 0, workload.span());
        return vec![container::only(workload, &mut fields)];
    }
    let blocks = workload.children("container").enumerate();
    let mut containers: Vec<Container> = blocks
        .map(|(index, block)| {
            container::container(block, &mut fields.item("containers", index, block.span()))
        })
        .collect();
    claims::mount(workload, &mut containers, fields);
    containers
}

/// The `security_context` of a job that says itself what runs is its container's.
fn security_context(workload: &Block, fields: &mut Recorder<'_>) -> Option<PodSecurityContext> {
    if is_only_container(workload) {
        return None;
    }
    security::pod(workload, fields)
}

/// Tells whether a job says itself what its only container runs.
fn is_only_container(workload: &Block) -> bool {
    workload.schema().attribute("image").is_some() && workload.children("container").next().is_none()
}

/// Returns the Secrets that images are pulled with.
pub(crate) fn image_pull_secrets(
    block: &Block,
    fields: &mut Recorder<'_>,
) -> Option<Vec<LocalObjectReference>> {
    let names = block.list("image_pull_secrets").unwrap_or_default();
    let references = names.iter().enumerate().map(|(index, name)| {
        fields.item("imagePullSecrets", index, name.span);
        LocalObjectReference {
            name: name.value.to_string(),
        }
    });
    none_if_empty(references.collect())
}
