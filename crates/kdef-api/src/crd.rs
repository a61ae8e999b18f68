//! The CustomResourceDefinition.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{CustomResourceDefinition, JSON};
use kube::CustomResourceExt;
use serde_json::json;

use crate::KdefRelease;

/// Returns the CustomResourceDefinition of KdefRelease, ready to be applied.
///
/// A release that nobody has looked at yet reports `observedGeneration: -1`, which kstatus reads as in progress; the
/// default stands at the status itself, so that it holds before the first status is written (Flux's rule).
pub fn crd() -> CustomResourceDefinition {
    let mut crd = KdefRelease::crd();
    for version in &mut crd.spec.versions {
        let status = version
            .schema
            .as_mut()
            .and_then(|schema| schema.open_api_v3_schema.as_mut())
            .and_then(|schema| schema.properties.as_mut())
            .and_then(|properties| properties.get_mut("status"));
        if let Some(status) = status {
            status.default = Some(JSON(json!({ "observedGeneration": -1 })));
        }
    }
    crd
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn version() -> Value {
        serde_json::to_value(crd()).unwrap()["spec"]["versions"][0].clone()
    }

    #[test]
    fn the_printer_columns_are_those_that_users_know() {
        let columns: Vec<String> = version()["additionalPrinterColumns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| {
                format!(
                    "{}:{}",
                    column["name"].as_str().unwrap(),
                    column["priority"].as_i64().unwrap_or(0)
                )
            })
            .collect();
        assert_eq!(
            columns,
            [
                "Ready:0",
                "Status:0",
                "Revision:0",
                "Age:0",
                "Suspended:1",
                "Source:1",
                "Env:1"
            ]
        );
    }

    #[test]
    fn names_are_those_of_the_reference() {
        let names = serde_json::to_value(crd()).unwrap()["spec"]["names"].clone();
        assert_eq!(names["kind"], "KdefRelease");
        assert_eq!(names["plural"], "kdefreleases");
        assert_eq!(names["singular"], "kdefrelease");
        assert_eq!(names["shortNames"], json!(["kr"]));
        assert_eq!(names["categories"], json!(["all", "fluxcd", "fluxcd-appliers"]));
        assert_eq!(crd().metadata.name.as_deref(), Some("kdefreleases.kdef.gsid.nl"));
    }

    #[test]
    fn the_schema_bounds_what_it_takes() {
        let schema = version()["schema"]["openAPIV3Schema"]["properties"].clone();
        let spec = &schema["spec"];
        assert_eq!(spec["required"], json!(["interval", "sourceRef"]));
        let field = |name: &str| spec["properties"][name].clone();
        assert_eq!(field("interval")["pattern"], r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$");
        assert_eq!(field("set")["maxProperties"], 256);
        assert_eq!(field("set")["additionalProperties"]["maxLength"], 8192);
        assert_eq!(field("env")["maxLength"], 63);
        assert_eq!(field("path")["maxLength"], 1024);
        assert_eq!(
            field("sourceRef")["properties"]["kind"]["enum"],
            json!(["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"])
        );
        assert_eq!(
            field("valuesFrom")["properties"]["kind"]["enum"],
            json!(["ConfigMap", "Secret"])
        );
        assert!(field("timeout")["x-kubernetes-validations"][0]["rule"].is_string());
    }

    #[test]
    fn conditions_are_a_map_by_type_and_a_new_release_is_in_progress() {
        let status = version()["schema"]["openAPIV3Schema"]["properties"]["status"].clone();
        assert_eq!(status["default"], json!({ "observedGeneration": -1 }));
        let conditions = &status["properties"]["conditions"];
        assert_eq!(conditions["x-kubernetes-list-type"], "map");
        assert_eq!(conditions["x-kubernetes-list-map-keys"], json!(["type"]));
        assert_eq!(
            conditions["items"]["required"],
            json!(["lastTransitionTime", "message", "reason", "status", "type"])
        );
    }
}
