//! Each field of each object of `tests/render` is known by the line of its value, not of its block alone.

// The cases are read from the disk; the code under test sees them as a `MemoryWorld`.
#![allow(clippy::disallowed_methods)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/case.rs"]
mod case;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use kdef_render::{Object, build};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Fields that nobody need write: kdef has a default for them, or derives them from the block as a whole. Its own labels are
/// among them, wherever they stand.
const DERIVED: [&str; 36] = [
    "apiVersion",
    "kind",
    "metadata.name",
    "spec.accessModes[]",
    "spec.clusterIP",
    "spec.concurrencyPolicy",
    "spec.encryptedData",
    "spec.ingressClassName",
    "spec.issuerRef.kind",
    "spec.issuerRef.name",
    "spec.jobTemplate.spec.template.spec.restartPolicy",
    "spec.metrics[].resource.name",
    "spec.metrics[].resource.target.averageUtilization",
    "spec.metrics[].resource.target.type",
    "spec.metrics[].type",
    "spec.podSelector",
    "spec.policyTypes[]",
    "spec.replicas",
    "spec.rules[].backendRefs[].name",
    "spec.rules[].backendRefs[].port",
    "spec.rules[].matches[].path.type",
    "spec.rules[].matches[].path.value",
    "spec.scaleTargetRef.apiVersion",
    "spec.scaleTargetRef.kind",
    "spec.scaleTargetRef.name",
    "spec.secretName",
    "spec.selector",
    "spec.serviceName",
    "spec.strategy.type",
    "spec.template.metadata.name",
    "spec.template.metadata.namespace",
    "spec.template.spec.restartPolicy",
    "spec.template.type",
    "spec.type",
    "spec.updateStrategy.type",
    "type",
];

#[test]
fn fields_know_the_line_of_their_value() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/render");
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    for entry in fs::read_dir(&root)? {
        let folder = entry?.path();
        let rendered = build(&case::world(&folder)?, &case::inputs(&folder)?);
        for object in &rendered.objects {
            let mut paths = Vec::new();
            leaves(&object.value, String::new(), &mut paths);
            for path in paths.iter().filter(|path| !is_known(object, path)) {
                let place = rendered.sources.locate(object.provenance.block());
                let name = folder.file_name().unwrap_or_default().to_string_lossy();
                unknown
                    .entry(format!("{} {}", object.kind, general(path)))
                    .or_insert_with(|| format!("{name}/{place}"));
            }
        }
    }
    let lines: Vec<String> = unknown
        .iter()
        .map(|(path, place)| format!("{path}  {place}"))
        .collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    Ok(())
}

fn is_known(object: &Object, path: &str) -> bool {
    let provenance = &object.provenance;
    let path_of_kind = general(path);
    let is_derived = DERIVED.contains(&&*path_of_kind) || path.contains("app.kubernetes.io/");
    is_derived || provenance.lookup(path) != provenance.block()
}

/// Collects the paths of all values that are neither maps nor lists.
fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                leaves(value, inner, found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{path}[{index}]"), found);
            }
        }
        _ => found.push(path),
    }
}

/// Returns the path without the numbers of items.
fn general(path: &str) -> String {
    let mut text = String::new();
    for part in path.split('[') {
        match part.split_once(']') {
            Some((_, rest)) => {
                text.push_str("[]");
                text.push_str(rest);
            }
            None => text.push_str(part),
        }
    }
    text
}
