//! The Gateway API's HTTPRoute, which an ingress becomes in gateway mode.

use serde_json::{Map, Value, json};

use super::ingress::{Route, record_hosts};
use crate::Object;
use crate::provenance::{Provenance, Recorder};

/// Renders the route from the Gateway to the Service. The Gateway ends TLS, so that there is no word of it here.
pub(super) fn http_route(route: &Route<'_>, mut provenance: Provenance) -> Object {
    let mut fields = Recorder::new(&mut provenance);
    fields.attributes(
        route.block,
        &[
            ("spec.parentRefs[0].name", "gateway"),
            ("spec.parentRefs[0].namespace", "gateway_namespace"),
        ],
    );
    record_hosts(route, &mut fields, |index| format!("spec.hostnames[{index}]"));
    let parent = [("name", "gateway"), ("namespace", "gateway_namespace")];
    let parent: Map<String, Value> = parent
        .into_iter()
        .filter_map(|(field, attribute)| Some((field.to_owned(), route.block.text(attribute)?.into())))
        .collect();
    let value = json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": route.metadata,
        "spec": {
            "hostnames": route.hosts,
            "parentRefs": [parent],
            "rules": [{
                "backendRefs": [{"name": route.service, "port": route.port}],
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
            }],
        },
    });
    Object::new(value, provenance)
}
