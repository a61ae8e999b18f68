//! Writes manifests the way the server keeps them, so that comparing them shows no differences that are none.

use k8s_openapi::ByteString;
use kdef_render::Object;
use serde_json::{Map, Value};

/// The metadata that only the server may write.
const SERVER_METADATA: [&str; 5] = [
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Drops what a manifest must not hold, folds `stringData` into `data`, and writes out the default protocol of ports.
///
/// The protocol is part of the key by which server-side apply tells ports apart.
pub(super) fn normalise(object: &mut Object) {
    if object.kind != "CustomResourceDefinition"
        && let Some(manifest) = object.value.as_object_mut()
    {
        manifest.remove("status");
    }
    if let Some(metadata) = object.value["metadata"].as_object_mut() {
        for field in SERVER_METADATA {
            metadata.remove(field);
        }
        if metadata.get("creationTimestamp").is_some_and(Value::is_null) {
            metadata.remove("creationTimestamp");
        }
    }
    match (object.group(), object.kind.as_str()) {
        ("", "Secret") => fold_string_data(&mut object.value),
        ("", "Service") => default_protocol(object.value.pointer_mut("/spec/ports")),
        (_, kind) => {
            let Some(pod) = pod_spec(kind) else { return };
            let Some(pod) = object.value.pointer_mut(pod) else {
                return;
            };
            for list in ["initContainers", "containers"] {
                let containers = pod.get_mut(list).and_then(Value::as_array_mut);
                for container in containers.into_iter().flatten() {
                    default_protocol(container.get_mut("ports"));
                }
            }
        }
    }
}

/// Returns where a workload's kind has its pod spec.
fn pod_spec(kind: &str) -> Option<&'static str> {
    match kind {
        "Pod" => Some("/spec"),
        "CronJob" => Some("/spec/jobTemplate/spec/template/spec"),
        "DaemonSet" | "Deployment" | "Job" | "ReplicaSet" | "StatefulSet" => Some("/spec/template/spec"),
        _ => None,
    }
}

fn default_protocol(ports: Option<&mut Value>) {
    let ports = ports.and_then(Value::as_array_mut);
    for port in ports.into_iter().flatten().filter_map(Value::as_object_mut) {
        port.entry("protocol").or_insert_with(|| "TCP".into());
    }
}

/// Moves `stringData` to `data`. What is no text stays where it is, for the server to refuse.
fn fold_string_data(secret: &mut Value) {
    let Some(secret) = secret.as_object_mut() else {
        return;
    };
    let all_text = |data: &Map<String, Value>| data.values().all(Value::is_string);
    if !secret
        .get("stringData")
        .and_then(Value::as_object)
        .is_some_and(all_text)
    {
        return;
    }
    let Some(Value::Object(texts)) = secret.remove("stringData") else {
        return;
    };
    if !secret.get("data").is_some_and(Value::is_object) {
        secret.insert("data".to_owned(), Value::Object(Map::new()));
    }
    for (key, text) in texts {
        let bytes = ByteString(text.as_str().unwrap_or_default().as_bytes().to_vec());
        secret["data"][key] = serde_json::to_value(bytes).unwrap_or_default();
    }
}
