//! `http_route`: an HTTPRoute of the Gateway API.

use kdef_lang::Block;
use serde_json::{Map, Value, json};

use super::meta::{NAME_LABEL, metadata_of};
use crate::Object;
use crate::provenance::{Provenance, Recorder};

pub(super) fn http_route(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let own = [(NAME_LABEL.to_owned(), block.name().to_owned())];
    let metadata = metadata_of(block, own, &mut fields);
    let mut fields = fields.inside("spec");
    let mut spec = Map::new();
    put(
        &mut spec,
        "hostnames",
        texts(block, "hostnames", "hostnames", &mut fields),
    );
    let parents = items(block, "parent", "parentRefs", &mut fields, parent);
    put(&mut spec, "parentRefs", parents);
    put(
        &mut spec,
        "rules",
        items(block, "rule", "rules", &mut fields, rule),
    );
    let value = json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata,
        "spec": spec,
    });
    Object::new(value, provenance)
}

/// Makes the value of one block; the fields stand at it.
type Make = fn(&Block, &mut Recorder<'_>) -> Value;

/// Sets a field, unless there is nothing to set it to.
pub(super) fn put(object: &mut Map<String, Value>, field: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(field.to_owned(), value);
    }
}

/// Makes a list of the blocks of a kind.
fn items(block: &Block, kind: &str, list: &str, fields: &mut Recorder<'_>, make: Make) -> Option<Value> {
    let blocks = block.children(kind).enumerate();
    let items: Vec<Value> = blocks
        .map(|(index, inner)| make(inner, &mut fields.item(list, index, inner.span())))
        .collect();
    (!items.is_empty()).then(|| items.into())
}

/// Returns a list of texts, each recorded; an empty one is none.
pub(super) fn texts(block: &Block, name: &str, field: &str, fields: &mut Recorder<'_>) -> Option<Value> {
    let items = block.list(name).filter(|items| !items.is_empty())?;
    fields.record(field, block.span_of(name));
    let items = items.iter().enumerate().map(|(index, item)| {
        fields.record(&format!("{field}[{index}]"), item.span);
        Value::from(&*item.value)
    });
    Some(items.collect())
}

/// Returns a text or a whole number, recorded.
pub(super) fn plain(block: &Block, name: &str, field: &str, fields: &mut Recorder<'_>) -> Option<Value> {
    fields.attributes(block, &[(field, name)]);
    let is_number = matches!(
        block.schema().attribute(name)?.ty,
        kdef_lang::schema::AttributeType::Integer { .. }
    );
    if is_number {
        block.integer(name).map(Value::from)
    } else {
        block.text(name).map(Value::from)
    }
}

/// Returns the object that some attributes make, as pairs of attribute and field.
pub(super) fn plains(block: &Block, pairs: &[(&str, &str)], fields: &mut Recorder<'_>) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, field) in pairs {
        put(&mut object, field, plain(block, name, field, fields));
    }
    object
}

/// Returns a map of texts as the list of names and values that the Gateway API has.
fn pairs(block: &Block, name: &str, field: &str, exact: bool, fields: &mut Recorder<'_>) -> Option<Value> {
    let map = block.map(name).filter(|map| !map.is_empty())?;
    fields.record(field, block.span_of(name));
    let items = map.iter().enumerate().map(|(index, (key, value))| {
        fields.record(&format!("{field}[{index}]"), value.span);
        if exact {
            json!({"name": **key, "type": "Exact", "value": *value.value})
        } else {
            json!({"name": **key, "value": *value.value})
        }
    });
    Some(items.collect())
}

fn parent(block: &Block, fields: &mut Recorder<'_>) -> Value {
    fields.record("name", block.label_span(0));
    let pairs = [
        ("namespace", "namespace"),
        ("section_name", "sectionName"),
        ("port", "port"),
    ];
    let mut parent = plains(block, &pairs, fields);
    parent.insert("name".to_owned(), block.label(0).into());
    parent.into()
}

fn rule(block: &Block, fields: &mut Recorder<'_>) -> Value {
    let mut rule = Map::new();
    put(
        &mut rule,
        "matches",
        items(block, "match", "matches", fields, request_match),
    );
    let filters = filters(block, fields);
    put(
        &mut rule,
        "filters",
        (!filters.is_empty()).then(|| filters.into()),
    );
    put(
        &mut rule,
        "backendRefs",
        items(block, "backend", "backendRefs", fields, backend),
    );
    if let Some(timeouts) = block.child("timeouts") {
        fields.record("timeouts", timeouts.span());
        let pairs = [("request", "request"), ("backend_request", "backendRequest")];
        let timeouts = plains(timeouts, &pairs, &mut fields.inside("timeouts"));
        put(
            &mut rule,
            "timeouts",
            (!timeouts.is_empty()).then(|| timeouts.into()),
        );
    }
    rule.into()
}

fn request_match(block: &Block, fields: &mut Recorder<'_>) -> Value {
    let mut made = plains(block, &[("method", "method")], fields);
    if block.is_set("path") || block.is_set("path_type") {
        fields.attributes(block, &[("path.value", "path"), ("path.type", "path_type")]);
        let path = json!({
            "type": block.text("path_type").unwrap_or("PathPrefix"),
            "value": block.text("path").unwrap_or("/"),
        });
        made.insert("path".to_owned(), path);
    }
    put(
        &mut made,
        "headers",
        pairs(block, "headers", "headers", true, fields),
    );
    put(
        &mut made,
        "queryParams",
        pairs(block, "query_params", "queryParams", true, fields),
    );
    made.into()
}

fn backend(block: &Block, fields: &mut Recorder<'_>) -> Value {
    fields.record("name", block.label_span(0));
    let pairs = [("port", "port"), ("weight", "weight"), ("namespace", "namespace")];
    let mut backend = plains(block, &pairs, fields);
    backend.insert("name".to_owned(), block.label(0).into());
    backend.into()
}

/// The filters in the order in which they stand here, by block, type and field.
const FILTERS: [(&str, &str, &str, Make); 4] = [
    (
        "request_header_modifier",
        "RequestHeaderModifier",
        "requestHeaderModifier",
        header_modifier,
    ),
    (
        "response_header_modifier",
        "ResponseHeaderModifier",
        "responseHeaderModifier",
        header_modifier,
    ),
    ("request_redirect", "RequestRedirect", "requestRedirect", redirect),
    ("url_rewrite", "URLRewrite", "urlRewrite", rewrite),
];

fn filters(rule: &Block, fields: &mut Recorder<'_>) -> Vec<Value> {
    let mut filters = Vec::new();
    for (kind, name, field, make) in FILTERS {
        if let Some(block) = rule.child(kind) {
            let mut fields = fields.item("filters", filters.len(), block.span());
            let content = make(block, &mut fields.inside(field));
            filters.push(json!({"type": name, field: content}));
        }
    }
    filters
}

fn header_modifier(block: &Block, fields: &mut Recorder<'_>) -> Value {
    let mut modifier = Map::new();
    for name in ["set", "add"] {
        put(&mut modifier, name, pairs(block, name, name, false, fields));
    }
    put(&mut modifier, "remove", texts(block, "remove", "remove", fields));
    modifier.into()
}

fn redirect(block: &Block, fields: &mut Recorder<'_>) -> Value {
    let pairs = [("scheme", "scheme"), ("hostname", "hostname"), ("port", "port")];
    let mut redirect = plains(block, &pairs, fields);
    put(&mut redirect, "path", new_path(block, fields));
    fields.attributes(block, &[("statusCode", "status_code")]);
    let status = block
        .text("status_code")
        .and_then(|code| code.parse::<i64>().ok());
    put(&mut redirect, "statusCode", status.map(Value::from));
    redirect.into()
}

fn rewrite(block: &Block, fields: &mut Recorder<'_>) -> Value {
    let mut rewrite = plains(block, &[("hostname", "hostname")], fields);
    put(&mut rewrite, "path", new_path(block, fields));
    rewrite.into()
}

fn new_path(block: &Block, fields: &mut Recorder<'_>) -> Option<Value> {
    let ways = [
        ("replace_full_path", "ReplaceFullPath", "replaceFullPath"),
        ("replace_prefix_match", "ReplacePrefixMatch", "replacePrefixMatch"),
    ];
    let (name, kind, field) = ways.into_iter().find(|(name, _, _)| block.is_set(name))?;
    fields.attributes(block, &[("path", name)]);
    Some(json!({"type": kind, field: block.text(name)}))
}
