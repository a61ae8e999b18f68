//! `manifest`

use kdef_lang::{Block, Places, Value};
use kdef_source::{Code, Diagnostic};
use serde_json::{Map, json};

use super::Output;
use super::meta::metadata_of;
use crate::Object;
use crate::provenance::{Provenance, Recorder};
use crate::strict::{Scope, scope_of};

/// Renders an object of any kind.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    output.diagnostics.extend(check_kind(block));
    output.add_with_raw(manifest(block), block);
}

/// Reports a kind that cannot be applied, and a scope that it does not have.
fn check_kind(block: &Block) -> Option<Diagnostic> {
    let (api_version, kind) = (block.text("api_version")?, block.text("kind")?);
    if let Some(item) = kind.strip_suffix("List")
        && scope_of(api_version, item).is_some()
    {
        let message = format!("a {kind} stands for several objects");
        return Some(
            Diagnostic::error(Code::InvalidName, block.span_of("kind"), message)
                .with_hint(format!("write a block for each {item}")),
        );
    }
    let problem =
        |attribute, message| Diagnostic::error(Code::Contradiction, block.span_of(attribute), message);
    match scope_of(api_version, kind)? {
        Scope::Namespace if block.text("scope") == Some("cluster") => {
            Some(problem("scope", format!("a {kind} is in a namespace")).with_hint("leave `scope` out"))
        }
        Scope::Part => Some(problem(
            "kind",
            format!("a {kind} is asked for, and cannot be applied"),
        )),
        Scope::Namespace | Scope::Cluster => None,
    }
}

fn manifest(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut value = fields(block, &mut provenance);
    let mut recorder = Recorder::new(&mut provenance);
    let own = json!(metadata_of(block, [], &mut recorder));
    recorder.attributes(block, &[("apiVersion", "api_version"), ("kind", "kind")]);
    let mut metadata = match value.remove("metadata") {
        Some(serde_json::Value::Object(map)) => map,
        _ => Map::new(),
    };
    merge(&mut metadata, own);
    value.insert("metadata".to_owned(), metadata.into());
    for (field, attribute) in [("apiVersion", "api_version"), ("kind", "kind")] {
        value.insert(field.to_owned(), block.text(attribute).unwrap_or_default().into());
    }
    Object::new(value.into(), provenance)
}

/// Returns the fields that are written in Kubernetes' own terms, and records where.
fn fields(block: &Block, provenance: &mut Provenance) -> Map<String, serde_json::Value> {
    let mut fields = Map::new();
    // What is the cluster's to write the language has told of.
    for (name, entry) in block.entries().iter().filter(|(name, _)| &***name != "status") {
        provenance.record_raw(name.to_string(), entry.name_span);
        record(name, &entry.value.value, &entry.places, provenance);
        fields.extend(json_of(&entry.value.value).map(|value| (name.to_string(), value)));
    }
    fields
}

/// Records where what is inside a field is written, as far as it is written out.
fn record(path: &str, value: &Value, places: &Places, provenance: &mut Provenance) {
    for (key, place) in &places.0 {
        let (path, inside) = match value {
            Value::Map(map) => (format!("{path}.{key}"), map.get(key)),
            Value::List(list) => {
                let index = key.parse::<usize>().ok();
                (
                    format!("{path}[{key}]"),
                    index.and_then(|index| list.items().get(index)),
                )
            }
            _ => return,
        };
        if let Some(inside) = inside {
            provenance.record_raw(path.clone(), place.span);
            record(&path, inside, &place.inside, provenance);
        }
    }
}

/// Converts a value, which the language has checked for what JSON cannot hold. Elements of maps that are null count as
/// not written.
fn json_of(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Map(map) => {
            let known = map.iter().filter(|(_, value)| !value.is_null());
            let elements = known.filter_map(|(key, value)| Some((key.to_string(), json_of(value)?)));
            Some(serde_json::Value::Object(elements.collect()))
        }
        Value::List(list) => Some(list.iter().filter_map(json_of).collect()),
        _ => value.to_json().ok(),
    }
}

/// Merges the metadata that the block makes into what is written in Kubernetes' own terms; the block's own wins.
fn merge(metadata: &mut Map<String, serde_json::Value>, own: serde_json::Value) {
    let serde_json::Value::Object(own) = own else {
        return;
    };
    for (name, value) in own {
        match (metadata.get_mut(&name), value) {
            (Some(serde_json::Value::Object(known)), serde_json::Value::Object(more)) => known.extend(more),
            (_, value) => drop(metadata.insert(name, value)),
        }
    }
}
