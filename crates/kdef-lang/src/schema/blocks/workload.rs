//! What the workloads that run replicas of a pod share.

use kdef_source::{Code, Diagnostic};

use super::pod::check_pod_parts;
use super::pod_rules::check_pod;
use super::service_rules::check_services;
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, DNS_SUBDOMAIN, LABELS};

/// The attributes of the object itself.
pub(super) const WORKLOAD_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "name",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The name of the object and of what goes with it.",
    )
    .default("the block's label"),
    AttributeSchema::optional(
        "namespace",
        AttributeType::Text(&DNS_LABEL),
        "The namespace of the object and of what goes with it.",
    )
    .default("that of the entry in `root.kdef`"),
    AttributeSchema::optional(
        "labels",
        AttributeType::TextMap(&LABELS),
        "The labels of the object and its pods, in place of `app.kubernetes.io/name`.",
    )
    .default("`app.kubernetes.io/name` with the name"),
    AttributeSchema::optional(
        "selector",
        AttributeType::TextMap(&LABELS),
        "The labels by which the workload and its Service find the pods.",
    )
    .default("`app.kubernetes.io/name` with the name"),
    AttributeSchema::optional(
        "annotations",
        AttributeType::Annotations,
        "The annotations of the object.",
    ),
];

/// `scale { ... }`: how many pods there are.
pub static SCALE: BlockSchema =
    BlockSchema::new("scale", "Says how many pods there are.").attributes(&[&[AttributeSchema::required(
        "replicas",
        AttributeType::Integer {
            min: 0,
            max: i32::MAX as i64,
        },
        "The number of pods; 1 without the block.",
    )]]);

/// The label that kdef gives by default, and its value's greatest length.
const NAME_LABEL: &str = "app.kubernetes.io/name";
const MANAGED_BY_LABEL: &str = "app.kubernetes.io/managed-by";
const LABEL_LENGTH: usize = 63;

/// Checks the name of a workload, the labels of its pods, and that its containers and volumes have names of their own.
pub(super) fn check_workload(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_pod(block, diagnostics);
    check_pod_parts(block, diagnostics);
    check_services(block, diagnostics);
    if !block.has_name() {
        return;
    }
    check_name(block, diagnostics);
    let custom = |name| block.map(name).is_some_and(|map| !map.is_empty());
    let parts = ["labels", "pod_labels", "selector"];
    let unsure = parts.iter().any(|name| block.is_lost(name)) || block.is_set("raw");
    if !unsure && parts.into_iter().any(custom) {
        check_selector(block, diagnostics);
    }
}

/// The name becomes the value of a label, and the name of a Service that has none of its own.
fn check_name(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let name = block.name();
    let names_service = block
        .children("service")
        .any(|service| !service.is_set("name") && !service.is_lost("name"));
    let fault = if name.len() > LABEL_LENGTH {
        format!(
            "has {} characters; its pods carry it as a label, which allows {LABEL_LENGTH}",
            name.len()
        )
    } else if names_service && name.contains('.') {
        "holds a dot, which the name of its Service cannot".to_owned()
    } else {
        return;
    };
    let message = format!("the name of this {} {fault}", block.kind());
    diagnostics.push(
        Diagnostic::error(Code::InvalidName, block.name_span(), message)
            .with_hint("change it, or set another with `name`"),
    );
}

fn check_selector(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let pod_label = |key: &str| {
        if key == MANAGED_BY_LABEL {
            return Some("kdef");
        }
        if let Some(value) = block.map("pod_labels").and_then(|map| map.get(key)) {
            return Some(&*value.value);
        }
        match block.map("labels").filter(|map| !map.is_empty()) {
            Some(labels) => labels.get(key).map(|value| &*value.value),
            None if key == NAME_LABEL => Some(block.name()),
            None => None,
        }
    };
    let missing = match block.map("selector").filter(|map| !map.is_empty()) {
        Some(selector) => selector
            .iter()
            .find(|(key, value)| pod_label(key) != Some(&*value.value))
            .map(|(key, _)| key.to_string()),
        None => (pod_label(NAME_LABEL) != Some(block.name())).then(|| NAME_LABEL.to_owned()),
    };
    let Some(key) = missing else { return };
    let parts = ["selector", "labels", "pod_labels"];
    let place = parts
        .into_iter()
        .find(|name| block.is_set(name))
        .unwrap_or_default();
    diagnostics.push(
        Diagnostic::error(
            Code::SelectorMismatch,
            block.span_of(place),
            format!(
                "the selector of this {} asks for the label `{key}`, which its pods do not carry with that value",
                block.kind()
            ),
        )
        .with_hint(
            "give `labels` and `selector` the same keys and values; one without the other keeps the default",
        ),
    );
}
