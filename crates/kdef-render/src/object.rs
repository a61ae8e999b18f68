//! One rendered object.

use std::fmt;

use serde_json::Value;

use crate::Provenance;

/// A Kubernetes object together with the place it was written at.
///
/// The identity fields repeat what stands in `value`; whoever changes one changes both.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// The API group and version, such as `apps/v1` or `v1`.
    pub api_version: String,
    /// The kind, such as `Deployment`.
    pub kind: String,
    /// The namespace; `None` for cluster-scoped kinds and where the cluster's default is to be used.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The whole manifest.
    pub value: Value,
    /// Where it was written.
    pub provenance: Provenance,
}

impl Object {
    /// Makes an object of a manifest, from which the identity is read; what the manifest lacks of it is empty.
    pub fn new(value: Value, provenance: Provenance) -> Self {
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Self {
            api_version: text("/apiVersion").unwrap_or_default(),
            kind: text("/kind").unwrap_or_default(),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name").unwrap_or_default(),
            value,
            provenance,
        }
    }

    /// Returns the API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Returns the version without the group, such as `v1`.
    pub fn version(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or(&self.api_version, |(_, version)| version)
    }
}

/// Prints `Kind/namespace/name`, or `Kind/name` without a namespace, as Flux does in its events.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}/{namespace}/{}", self.kind, self.name),
            None => write!(f, "{}/{}", self.kind, self.name),
        }
    }
}
