//! The spec of a release.

use std::collections::BTreeMap;

use kube::CustomResource;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{FluxDuration, KdefReleaseStatus, SourceKind};

/// What to render, from where, and how to apply it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, CustomResource, JsonSchema)]
#[kube(
    group = "kdef.gsid.nl",
    version = "v1alpha1",
    kind = "KdefRelease",
    plural = "kdefreleases",
    shortname = "kr",
    category = "all",
    category = "fluxcd",
    category = "fluxcd-appliers",
    namespaced,
    status = "KdefReleaseStatus",
    derive = "PartialEq",
    doc = "A kdef project of a Flux source, rendered and applied on every new revision.",
    printcolumn = r#"{"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"}"#,
    printcolumn = r#"{"name": "Status", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"}"#,
    printcolumn = r#"{"name": "Revision", "type": "string", "jsonPath": ".status.lastAppliedRevision"}"#,
    printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    printcolumn = r#"{"name": "Suspended", "type": "boolean", "jsonPath": ".spec.suspend", "priority": 1}"#,
    printcolumn = r#"{"name": "Source", "type": "string", "jsonPath": ".spec.sourceRef.name", "priority": 1}"#,
    printcolumn = r#"{"name": "Env", "type": "string", "jsonPath": ".spec.env", "priority": 1}"#
)]
#[serde(rename_all = "camelCase")]
pub struct KdefReleaseSpec {
    /// The Flux source that holds the project.
    pub source_ref: SourceReference,
    /// The project's folder in the source's artifact; the artifact's root when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024), regex(pattern = r"^[^\x00]*$"))]
    pub path: Option<String>,
    /// The environment to render: loads `environments/<env>.kdef`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63), regex(pattern = r"^([A-Za-z0-9][A-Za-z0-9._-]*)?$"))]
    pub env: Option<String>,
    /// Values for the project's variables, as `--set` gives them on the command line. They win over `valuesFrom`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "set_schema")]
    pub set: BTreeMap<String, String>,
    /// A ConfigMap or Secret, in the release's namespace, that holds values for the project's variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values_from: Option<ValuesReference>,
    /// How often the release is looked at when nothing tells of a change, such as `5m` or `1h30m`.
    #[schemars(schema_with = "duration_schema")]
    pub interval: FluxDuration,
    /// The longest wait before a failed pass is tried again; `interval` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "duration_schema")]
    pub retry_interval: Option<FluxDuration>,
    /// How long one pass may take; `interval` less 30 seconds, but at least 30 seconds, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "timeout_schema")]
    pub timeout: Option<FluxDuration>,
    /// Whether objects that leave the render are deleted, and all of them with the release.
    #[serde(default)]
    pub prune: bool,
    /// The namespace that every namespaced object is moved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63), regex(pattern = r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$"))]
    pub target_namespace: Option<String>,
    /// The ServiceAccount, in the release's namespace, that the controller impersonates for every object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    pub service_account_name: Option<String>,
    /// Whether the controller leaves the release alone until this is taken back.
    #[serde(default)]
    pub suspend: bool,
}

/// A reference to a Flux source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceReference {
    /// The API version of the source; the one that the cluster serves when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 253),
        regex(pattern = r"^(source\.toolkit\.fluxcd\.io/v[0-9][a-z0-9]*)?$")
    )]
    pub api_version: Option<String>,
    /// The kind of the source.
    pub kind: SourceKind,
    /// The name of the source.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The namespace of the source; the release's own when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 63))]
    pub namespace: Option<String>,
}

/// A reference to an object that holds values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValuesReference {
    /// The kind of the object.
    pub kind: ValuesKind,
    /// The name of the object.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The key that holds the values: YAML when it ends in `.yaml` or `.yml`, else JSON. `values.json` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253), regex(pattern = r"^[\-._a-zA-Z0-9]*$"))]
    pub key: Option<String>,
}

/// The kinds of object that may hold values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ValuesKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret; its values are never shown in a message.
    Secret,
}

impl ValuesKind {
    /// Returns the kind as Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }
}

impl ValuesReference {
    /// Returns the key that holds the values.
    pub fn key(&self) -> &str {
        non_empty(self.key.as_deref()).unwrap_or("values.json")
    }
}

impl KdefReleaseSpec {
    /// Returns the environment, if one is named.
    pub fn env(&self) -> Option<&str> {
        non_empty(self.env.as_deref())
    }

    /// Returns the namespace that namespaced objects are moved to, if one is named.
    pub fn target_namespace(&self) -> Option<&str> {
        non_empty(self.target_namespace.as_deref())
    }

    /// Returns the account to impersonate, if one is named.
    pub fn service_account_name(&self) -> Option<&str> {
        non_empty(self.service_account_name.as_deref())
    }
}

impl SourceReference {
    /// Returns the namespace of the source, if one is named.
    pub fn namespace(&self) -> Option<&str> {
        non_empty(self.namespace.as_deref())
    }

    /// Returns the API version of the source, if one is named.
    pub fn api_version(&self) -> Option<&str> {
        non_empty(self.api_version.as_deref())
    }
}

/// An empty text means the same as none: the first releases of the API did not refuse it.
fn non_empty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn duration_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "maxLength": 64,
        "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
    })
}

fn timeout_schema(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = duration_schema(generator);
    let rule =
        json!([{ "rule": "duration(self) <= duration('24h')", "message": "timeout must be at most 24h" }]);
    schema.insert("x-kubernetes-validations".to_owned(), rule);
    schema
}

fn set_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "maxProperties": 256,
        "additionalProperties": { "type": "string", "maxLength": 8192 },
    })
}
