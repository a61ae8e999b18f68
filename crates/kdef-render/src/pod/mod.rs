//! The pods of a workload, which all kinds of workloads share.

mod container;
mod env;
mod probes;
mod resources;
mod security;
mod volumes;

use k8s_openapi::api::core::v1::{LocalObjectReference, PodSpec};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use crate::provenance::Recorder;

/// Returns the spec of a workload's pods. `fields` stands at it.
pub(crate) fn spec(
    workload: &Block,
    fields: &mut Recorder<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> PodSpec {
    fields.attributes(
        workload,
        &[
            ("serviceAccountName", "service_account"),
            ("nodeSelector", "node_selector"),
            ("hostNetwork", "host_network"),
            ("hostPID", "host_pid"),
            ("hostIPC", "host_ipc"),
            ("dnsPolicy", "dns_policy"),
        ],
    );
    let containers = workload.children("container").enumerate();
    let containers = containers
        .map(|(index, block)| {
            container::container(block, &mut fields.item("containers", index, block.span()))
        })
        .collect();
    let switched_on = |name| workload.flag(name).filter(|flag| *flag);
    PodSpec {
        containers,
        image_pull_secrets: image_pull_secrets(workload, fields),
        service_account_name: text(workload, "service_account"),
        security_context: security::pod(workload, fields),
        node_selector: workload
            .map("node_selector")
            .filter(|map| !map.is_empty())
            .map(|map| {
                let entries = map.iter();
                entries
                    .map(|(key, value)| (key.to_string(), value.value.to_string()))
                    .collect()
            }),
        host_network: switched_on("host_network"),
        host_pid: switched_on("host_pid"),
        host_ipc: switched_on("host_ipc"),
        dns_policy: text(workload, "dns_policy"),
        volumes: none_if_empty(volumes::volumes(workload, fields, diagnostics)),
        ..PodSpec::default()
    }
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

/// Returns a text attribute as Kubernetes' types have it.
pub(crate) fn text(block: &Block, name: &str) -> Option<String> {
    block.text(name).map(str::to_owned)
}

/// Returns a list of texts as Kubernetes' types have it; an empty one is none.
fn texts(block: &Block, name: &str) -> Option<Vec<String>> {
    let items = block.list(name).unwrap_or_default();
    none_if_empty(items.iter().map(|item| item.value.to_string()).collect())
}

/// Returns a whole number of 32 bits, the range that the schema allows where this is used.
pub(crate) fn small(block: &Block, name: &str) -> Option<i32> {
    block.integer(name).and_then(|number| i32::try_from(number).ok())
}

/// Returns the number in the first label of a `port` block.
pub(crate) fn port_number(port: &Block) -> Option<i32> {
    port.label_integer(0)
        .and_then(|number| i32::try_from(number).ok())
}

/// Kubernetes' types leave out what is `None`, and write what is empty.
pub(crate) fn none_if_empty<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}
