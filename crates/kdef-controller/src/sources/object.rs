//! A Flux source as it is read: of any kind, with as little of it as is needed.

use std::borrow::Cow;

use kube::Resource;
use kube::core::{ApiResource, DynamicResourceScope, ObjectMeta};
use serde::Deserialize;
use serde_json::Value;

use kdef_api::{SOURCE_GROUP, SourceKind, SourceStatus};

use super::index::{Source, SourceId};

/// A source of any kind. Reading it cannot fail on what its status holds.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct FluxSource {
    metadata: ObjectMeta,
    #[serde(default)]
    status: Value,
}

impl FluxSource {
    /// Returns what identifies it.
    pub(super) fn id(&self, kind: SourceKind) -> SourceId {
        SourceId {
            kind,
            namespace: self.metadata.namespace.clone().unwrap_or_default(),
            name: self.metadata.name.clone().unwrap_or_default(),
        }
    }

    /// Returns what is kept of it.
    pub(super) fn into_source(self) -> Source {
        let complaint = ready_complaint(&self.status);
        match serde_json::from_value::<Option<SourceStatus>>(self.status) {
            Ok(status) => Source {
                artifact: status.and_then(|status| status.artifact),
                complaint,
            },
            Err(error) => Source {
                artifact: None,
                complaint: Some(format!("its status cannot be read: {error}")),
            },
        }
    }
}

/// Returns the message of the Ready condition while it is not true.
fn ready_complaint(status: &Value) -> Option<String> {
    let conditions = status.get("conditions")?.as_array()?;
    let ready = conditions.iter().find(|condition| condition["type"] == "Ready")?;
    if ready["status"] == "True" {
        return None;
    }
    let message = ready["message"].as_str()?;
    Some(message.chars().take(1000).collect())
}

/// Returns how the kind is reached in a version.
pub(super) fn api_resource(kind: SourceKind, version: &str) -> ApiResource {
    ApiResource {
        group: SOURCE_GROUP.to_owned(),
        version: version.to_owned(),
        api_version: format!("{SOURCE_GROUP}/{version}"),
        kind: kind.as_str().to_owned(),
        plural: kind.plural().to_owned(),
    }
}

impl Resource for FluxSource {
    type DynamicType = ApiResource;
    type Scope = DynamicResourceScope;

    fn kind(resource: &ApiResource) -> Cow<'_, str> {
        Cow::Borrowed(&resource.kind)
    }

    fn group(resource: &ApiResource) -> Cow<'_, str> {
        Cow::Borrowed(&resource.group)
    }

    fn version(resource: &ApiResource) -> Cow<'_, str> {
        Cow::Borrowed(&resource.version)
    }

    fn plural(resource: &ApiResource) -> Cow<'_, str> {
        Cow::Borrowed(&resource.plural)
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source(status: &Value) -> Source {
        let object =
            json!({ "metadata": { "name": "a", "namespace": "b" }, "spec": { "any": 1 }, "status": status });
        serde_json::from_value::<FluxSource>(object)
            .unwrap()
            .into_source()
    }

    #[test]
    fn statuses_of_any_shape_are_read() {
        let fine = source(&json!({
            "artifact": { "url": "http://x/a.tar.gz", "digest": "sha256:1", "revision": "main", "path": "ignored" },
            "conditions": [{ "type": "Ready", "status": "True", "message": "stored artifact" }],
        }));
        assert_eq!(fine.artifact.unwrap().revision, "main");
        assert_eq!(fine.complaint, None);

        let failing = source(&json!({
            "conditions": [{ "type": "Ready", "status": "False", "message": "authentication required" }],
        }));
        assert_eq!(failing.artifact, None);
        assert_eq!(failing.complaint.unwrap(), "authentication required");

        for odd in [
            json!(null),
            json!({}),
            json!({ "conditions": { "Ready": true } }),
            json!({ "conditions": [7] }),
        ] {
            assert_eq!(source(&odd), Source::default(), "{odd}");
        }
        let unreadable = source(&json!({ "artifact": { "url": 7 } }));
        assert_eq!(unreadable.artifact, None);
        assert!(unreadable.complaint.unwrap().contains("cannot be read"));
    }
}
