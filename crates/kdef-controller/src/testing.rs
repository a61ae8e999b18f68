//! What unit tests share.

use kdef_api::KdefRelease;
use serde_json::{Value, json};

/// Returns the release `apps/shop` of a Git repository, with fields of its spec replaced.
pub(crate) fn release(spec: &Value) -> KdefRelease {
    let mut object = json!({
        "apiVersion": "kdef.gsid.nl/v1alpha1",
        "kind": "KdefRelease",
        "metadata": { "name": "shop", "namespace": "apps", "generation": 1 },
        "spec": { "sourceRef": { "kind": "GitRepository", "name": "shop" }, "interval": "5m" },
    });
    if let (Value::Object(all), Value::Object(spec)) = (&mut object["spec"], spec) {
        all.extend(spec.clone());
    }
    serde_json::from_value(object).expect("the fields fit the spec")
}
