//! cert-manager's Certificate for an ingress.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

use super::ingress::Route;
use crate::Object;
use crate::provenance::{Provenance, Recorder};

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
                "kind": "ClusterIssuer",
                "name": route.block.text("issuer").unwrap_or("letsencrypt-production"),
            },
            "secretName": metadata.name,
        },
    });
    Object::new(value, provenance)
}
