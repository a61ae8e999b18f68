//! The Gateway API's HTTPRoute, which an ingress becomes in gateway mode.

use std::collections::BTreeMap;

use kdef_lang::ingress::PathType;
use kdef_source::Diagnostic;
use serde_json::{Map, Value, json};

use super::{Path, Route};
use crate::Object;
use crate::provenance::{Provenance, Recorder};

/// Renders the route from the Gateway to the Services, a rule for each path. The Gateway ends TLS, so that there is no word
/// of it here.
pub(super) fn http_route(
    route: &Route<'_>,
    mut provenance: Provenance,
    diagnostics: &mut Vec<Diagnostic>,
) -> Object {
    let mut fields = Recorder::new(&mut provenance);
    let mut fields = fields.inside("spec");
    fields.attributes(
        route.block,
        &[
            ("parentRefs[0].name", "gateway"),
            ("parentRefs[0].namespace", "gateway_namespace"),
        ],
    );
    route.record_hosts(&mut fields, |index| format!("hostnames[{index}]"));
    let parent = [("name", "gateway"), ("namespace", "gateway_namespace")];
    let parent: Map<String, Value> = parent
        .into_iter()
        .filter_map(|(field, attribute)| Some((field.to_owned(), route.block.text(attribute)?.into())))
        .collect();
    let paths = route.paths.iter().enumerate();
    let rules: Vec<Value> = paths
        .map(|(index, path)| rule(index, path, &mut fields))
        .collect();
    let unknown = route.paths.iter().filter(|path| path.backend.number.is_none());
    let unknown = unknown.map(|path| (path.backend.port_span(), &path.backend));
    let unknown = unknown.collect::<BTreeMap<_, _>>();
    diagnostics.extend(unknown.values().map(|backend| backend.without_number()));
    let value = json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": route.metadata,
        "spec": {
            "hostnames": route.hosts,
            "parentRefs": [parent],
            "rules": rules,
        },
    });
    Object::new(value, provenance)
}

fn rule(index: usize, path: &Path<'_>, fields: &mut Recorder<'_>) -> Value {
    if let Some(block) = path.block {
        let mut fields = fields.item("rules", index, block.span());
        fields.record("matches[0].path.value", block.label_span(0));
        fields.attributes(block, &[("matches[0].path.type", "type")]);
    }
    let at = |field: &str| format!("rules[{index}].backendRefs[0].{field}");
    path.backend.record(fields, &at("name"), &at("port"));
    let kind = match path.kind {
        PathType::Exact => "Exact",
        PathType::Prefix | PathType::ImplementationSpecific => "PathPrefix",
    };
    json!({
        "backendRefs": [{"name": path.backend.service, "port": path.backend.number}],
        "matches": [{"path": {"type": kind, "value": path.value}}],
    })
}
