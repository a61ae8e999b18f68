//! cert-manager's Certificate, for an ingress or alone.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use serde_json::{Map, Value, json};

use super::http_route::{plains, put, texts};
use super::ingress::Route;
use super::meta::{NAME_LABEL, metadata_of};
use crate::Object;
use crate::provenance::{Provenance, Recorder};

const DEFAULT_ISSUER_KIND: &str = "ClusterIssuer";
const DEFAULT_ISSUER: &str = "letsencrypt-production";

/// Renders the Certificate that fills the Secret of the same name.
pub(super) fn of_ingress(route: &Route<'_>, metadata: &ObjectMeta, mut provenance: Provenance) -> Object {
    let mut fields = Recorder::new(&mut provenance);
    fields.attributes(route.block, &[("spec.issuerRef.name", "issuer")]);
    route.record_hosts(&mut fields, |index| format!("spec.dnsNames[{index}]"));
    let value = json!({
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": metadata,
        "spec": {
            "dnsNames": route.hosts,
            "issuerRef": {
                "kind": DEFAULT_ISSUER_KIND,
                "name": route.block.text("issuer").unwrap_or(DEFAULT_ISSUER),
            },
            "secretName": metadata.name,
        },
    });
    Object::new(value, provenance)
}

/// Renders a Certificate that stands alone.
pub(super) fn certificate(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let own = [(NAME_LABEL.to_owned(), block.name().to_owned())];
    let metadata = metadata_of(block, own, &mut fields);
    let spec = spec(block, &mut fields.inside("spec"));
    let value = json!({
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": metadata,
        "spec": spec,
    });
    Object::new(value, provenance)
}

/// Attributes that become fields by themselves.
const PLAIN: &[(&str, &str)] = &[
    ("secret_name", "secretName"),
    ("common_name", "commonName"),
    ("duration", "duration"),
    ("renew_before", "renewBefore"),
    ("revision_history_limit", "revisionHistoryLimit"),
];
const LISTS: [(&str, &str); 5] = [
    ("dns_names", "dnsNames"),
    ("ip_addresses", "ipAddresses"),
    ("uris", "uris"),
    ("email_addresses", "emailAddresses"),
    ("usages", "usages"),
];
const KEY: &[(&str, &str)] = &[
    ("algorithm", "algorithm"),
    ("size", "size"),
    ("encoding", "encoding"),
    ("rotation_policy", "rotationPolicy"),
];

fn spec(block: &Block, fields: &mut Recorder<'_>) -> Map<String, Value> {
    let mut spec = plains(block, PLAIN, fields);
    spec.entry("secretName").or_insert_with(|| block.name().into());
    for (name, field) in LISTS {
        put(&mut spec, field, texts(block, name, field, fields));
    }
    fields.attributes(
        block,
        &[
            ("issuerRef.name", "issuer"),
            ("issuerRef.kind", "issuer_kind"),
            ("issuerRef.group", "issuer_group"),
            ("isCA", "is_ca"),
        ],
    );
    let mut issuer = Map::new();
    put(&mut issuer, "group", block.text("issuer_group").map(Value::from));
    let kind = block.text("issuer_kind").unwrap_or(DEFAULT_ISSUER_KIND);
    issuer.insert("kind".to_owned(), kind.into());
    issuer.insert(
        "name".to_owned(),
        block.text("issuer").unwrap_or(DEFAULT_ISSUER).into(),
    );
    spec.insert("issuerRef".to_owned(), issuer.into());
    put(&mut spec, "isCA", block.flag("is_ca").map(Value::from));
    if let Some(key) = block.child("private_key") {
        fields.record("privateKey", key.span());
        let key = plains(key, KEY, &mut fields.inside("privateKey"));
        put(&mut spec, "privateKey", (!key.is_empty()).then(|| key.into()));
    }
    spec
}
