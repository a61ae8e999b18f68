//! `manifest`

use kdef_source::{Code, Diagnostic, Span};

use super::metadata::NAMESPACED_METADATA;
use super::raw::RAW;
use crate::schema::scopes::is_known_cluster_scoped;
use crate::schema::{
    API_VERSION, AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, DNS_SUBDOMAIN, FreeForm,
    LabelSchema, OBJECT_KIND, RBAC_NAME, Referent, TextKind,
};
use crate::value::Value;
use crate::{Block, Entry};

/// `manifest "name" { ... }`: an object of any kind.
pub static MANIFEST: BlockSchema = BlockSchema::new(
    "manifest",
    "Writes an object of any kind in Kubernetes' own terms.",
)
// What names may hold depends on the kind.
.labels(&[LabelSchema::new("name", &RBAC_NAME)])
.attributes(&[
    &[
        AttributeSchema::required(
            "api_version",
            AttributeType::Text(&API_VERSION),
            "The API group and version, such as `apps/v1`.",
        ),
        AttributeSchema::required("kind", AttributeType::Text(&OBJECT_KIND), "The kind."),
        AttributeSchema::optional("name", AttributeType::Text(&RBAC_NAME), "The name of the object.")
            .default("the block's label"),
    ],
    NAMESPACED_METADATA,
    &[AttributeSchema::optional(
        "scope",
        AttributeType::Words(&["namespace", "cluster"]),
        "Whether objects of the kind are in a namespace; Kubernetes' own kinds are known.",
    )
    .default("`namespace`")],
    RAW,
])
.free_form(FreeForm::Json)
.cluster_scoped(is_cluster_scoped)
.check(check_manifest);

fn is_cluster_scoped(block: &Block) -> bool {
    let is_unsure = ["api_version", "kind", "scope"]
        .iter()
        .any(|name| block.is_lost(name));
    is_unsure || block.text("scope") == Some("cluster") || is_known(block)
}

fn is_known(block: &Block) -> bool {
    is_known_cluster_scoped(group(block), kind(block))
}

fn kind(block: &Block) -> &str {
    block.text("kind").unwrap_or_default()
}

fn group(block: &Block) -> &str {
    let api_version = block.text("api_version").unwrap_or_default();
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Returns what a manifest defines for others to refer to, itself or by what makes an object of the same name of it.
pub(crate) fn manifest_defines(block: &Block) -> Option<Referent> {
    if !block.schema().is(&MANIFEST) {
        return None;
    }
    match (group(block), kind(block)) {
        ("", "ConfigMap") => Some(Referent::ConfigMap),
        ("", "PersistentVolumeClaim") => Some(Referent::Claim),
        ("", "Secret") | ("bitnami.com", "SealedSecret") | ("external-secrets.io", "ExternalSecret") => {
            Some(Referent::Secret)
        }
        _ => None,
    }
}

/// Tells whether a block is a manifest of a kind of Kubernetes' core group.
pub(crate) fn manifest_is(block: &Block, core_kind: &str) -> bool {
    block.schema().is(&MANIFEST) && group(block).is_empty() && kind(block) == core_kind
}

fn check_manifest(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.has_name() {
        check_name(block, diagnostics);
    }
    check_scope(block, diagnostics);
    for (name, entry) in block.entries() {
        match &**name {
            "apiVersion" => diagnostics.push(misplaced(entry.name_span, name, "api_version")),
            "metadata" => check_metadata(entry, diagnostics),
            "status" => diagnostics.push(Diagnostic::warning(
                Code::NoEffect,
                entry.name_span,
                "`status` is the cluster's to write; it is left out",
            )),
            _ => {}
        }
    }
}

fn check_name(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let kind = kind(block);
    let rule: &TextKind = match (group(block), kind) {
        ("rbac.authorization.k8s.io" | "certificates.k8s.io", _) => &RBAC_NAME,
        ("", "Namespace" | "Service") => &DNS_LABEL,
        _ => &DNS_SUBDOMAIN,
    };
    if let Err(fault) = (rule.check)(block.name()) {
        let message = format!("the name of this {kind} {fault}");
        diagnostics.push(Diagnostic::error(rule.code, block.name_span(), message));
    }
}

/// Reports what says that an object is in a namespace which is in none.
fn check_scope(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let wrong = if block.text("scope") == Some("namespace") && is_known(block) {
        "scope"
    } else if block.is_set("namespace") && (block.text("scope") == Some("cluster") || is_known(block)) {
        "namespace"
    } else {
        return;
    };
    let message = format!("a {} is in no namespace", kind(block));
    diagnostics.push(
        Diagnostic::error(Code::Contradiction, block.span_of(wrong), message)
            .with_hint(format!("leave `{wrong}` out")),
    );
}

fn check_metadata(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) {
    let value = &entry.value.value;
    let Value::Map(metadata) = value else {
        let message = format!("`metadata`: a map is required, not a {}", value.type_name());
        diagnostics.push(Diagnostic::error(Code::WrongType, entry.value.span, message));
        return;
    };
    for name in ["name", "namespace"] {
        if metadata.get(name).is_some_and(|value| !value.is_null()) {
            let place = entry
                .places
                .0
                .get(name)
                .map_or(entry.name_span, |place| place.span);
            diagnostics.push(misplaced(place, name, name));
        }
    }
}

/// Says that what is written into the object is an attribute of the block.
fn misplaced(place: Span, field: &str, attribute: &str) -> Diagnostic {
    let message = format!("`{field}` of the object is set by the attribute `{attribute}` of the block");
    Diagnostic::error(Code::Contradiction, place, message).with_hint(format!("write `{attribute} = ...`"))
}
