//! The custom resource definitions of the cluster: Flux's sources as users have them, and the kinds of others that kdef
//! writes, as far as it writes them.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::tools::Tools;

const GROUP: &str = "source.toolkit.fluxcd.io";
/// Definitions written for the testbed: what serves them does not run here.
const OTHERS: [&str; 5] = [
    include_str!("../crds/certificates.cert-manager.io.yaml"),
    include_str!("../crds/httproutes.gateway.networking.k8s.io.yaml"),
    include_str!("../crds/sealedsecrets.bitnami.com.yaml"),
    include_str!("../crds/servicemonitors.monitoring.coreos.com.yaml"),
    include_str!("../crds/tenants.example.com.yaml"),
];

/// Returns the definitions.
///
/// The source-controller of the testbed stores OCIRepository and Bucket as `v1beta2`, while today's Flux serves them
/// as `v1`. Both versions are served, with today's schema for `v1`.
pub(crate) fn definitions(tools: &Tools) -> Result<Vec<Value>> {
    let mut definitions = Vec::new();
    for plural in ["gitrepositories", "helmcharts", "helmrepositories"] {
        definitions.push(flux(tools, "source-controller", plural)?);
    }
    for plural in ["ocirepositories", "buckets"] {
        let old = flux(tools, "source-controller", plural)?;
        definitions.push(with_v1(old, &flux(tools, "flux-crds", plural)?)?);
    }
    definitions.push(flux(tools, "flux-crds", "externalartifacts")?);
    for definition in OTHERS {
        definitions.push(parse(definition)?);
    }
    Ok(definitions)
}

fn flux(tools: &Tools, module: &str, plural: &str) -> Result<Value> {
    let file = format!("{GROUP}_{plural}.yaml");
    parse(&tools.file(module, &file)?).with_context(|| format!("{file} of {module}"))
}

fn parse(text: &str) -> Result<Value> {
    Ok(serde_saphyr::from_str(text)?)
}

/// Adds the version `v1` of `today` to a definition, served and not stored.
fn with_v1(mut definition: Value, today: &Value) -> Result<Value> {
    let v1 = today["spec"]["versions"]
        .as_array()
        .and_then(|all| all.iter().find(|v| v["name"] == "v1"));
    let mut v1 = v1.context("today's definition has no v1")?.clone();
    v1["storage"] = json!(false);
    let versions = definition["spec"]["versions"]
        .as_array_mut()
        .context("the definition has no versions")?;
    versions.push(v1);
    Ok(definition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v1_is_added_served_and_not_stored() {
        let version = |name, storage| json!({"name": name, "served": true, "storage": storage});
        let old = json!({"spec": {"versions": [version("v1beta2", true)]}});
        let today = json!({"spec": {"versions": [version("v1", true)]}});
        let both = with_v1(old, &today).unwrap();
        assert_eq!(
            both["spec"]["versions"],
            json!([version("v1beta2", true), version("v1", false)])
        );
    }

    #[test]
    fn the_definitions_of_others_are_yaml() {
        let names = OTHERS.map(|text| parse(text).unwrap()["metadata"]["name"].clone());
        assert_eq!(
            names,
            [
                "certificates.cert-manager.io",
                "httproutes.gateway.networking.k8s.io",
                "sealedsecrets.bitnami.com",
                "servicemonitors.monitoring.coreos.com",
                "tenants.example.com",
            ]
        );
    }
}
