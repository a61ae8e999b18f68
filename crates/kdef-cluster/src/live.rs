//! What the API server's answers say about an object.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Owner;
use crate::policy::Policies;

/// The metadata that the server writes; it says nothing about whether an object is as wanted.
const SERVER_SET: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// What decisions need to know of an object in the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The identity of this very object, which a later one of the same name does not share.
    pub(crate) uid: String,
    /// The release that its labels name.
    pub(crate) owner: Option<Owner>,
    /// What its annotations and labels ask for.
    pub(crate) policies: Policies,
    /// Whether it is being deleted.
    pub(crate) terminating: bool,
}

impl Facts {
    /// Reads the facts from an object.
    pub(crate) fn of(object: &Value) -> Self {
        let metadata = &object["metadata"];
        let labels = text_map(&metadata["labels"]);
        Self {
            uid: metadata["uid"].as_str().unwrap_or_default().to_owned(),
            owner: Owner::of(&labels),
            policies: Policies::of(&text_map(&metadata["annotations"]), &labels),
            terminating: !metadata["deletionTimestamp"].is_null(),
        }
    }
}

/// Tells whether a dry run's answer stands for an object that exists: only what is stored has a resourceVersion.
pub(crate) fn is_stored(answer: &Value) -> bool {
    answer["metadata"]["resourceVersion"]
        .as_str()
        .is_some_and(|version| !version.is_empty())
}

/// Tells whether an apply would change an object, from a dry run's answer and the object as it is.
///
/// Only these two can be compared: the manifest lacks what the server and its webhooks fill in. The status and what the
/// server keeps for itself in the metadata do not count.
pub(crate) fn differs(live: &Value, answer: &Value) -> bool {
    let (Value::Object(live), Value::Object(answer)) = (live, answer) else {
        return live != answer;
    };
    if !same_but_for(live, answer, &["metadata", "status"]) {
        return true;
    }
    match (live.get("metadata"), answer.get("metadata")) {
        (Some(Value::Object(live)), Some(Value::Object(answer))) => !same_but_for(live, answer, &SERVER_SET),
        (live, answer) => live != answer,
    }
}

/// Reads a map of texts, such as labels; what is no text is left out.
pub(crate) fn text_map(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn same_but_for(a: &Map<String, Value>, b: &Map<String, Value>, ignored: &[&str]) -> bool {
    let counts = |key: &str| !ignored.contains(&key);
    a.iter()
        .all(|(key, value)| !counts(key) || b.get(key) == Some(value))
        && b.keys().all(|key| !counts(key) || a.contains_key(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn facts_are_read_leniently() {
        let facts = Facts::of(&json!({"metadata": {
            "uid": "u1",
            "deletionTimestamp": "2030-01-01T00:00:00Z",
            "labels": {"kdef.gsid.nl/name": "shop", "kdef.gsid.nl/namespace": "apps"},
            "annotations": {"kdef.gsid.nl/prune": "disabled"},
        }}));
        assert_eq!(facts.uid, "u1");
        assert_eq!(facts.owner, Some(Owner::new("shop", "apps")));
        assert!(facts.terminating && facts.policies.forbid_deletion());
        for odd in [
            json!(null),
            json!({"metadata": []}),
            json!({"metadata": {"labels": "x", "uid": 3}}),
        ] {
            assert_eq!(Facts::of(&odd), Facts::default(), "{odd}");
        }
    }

    #[test]
    fn only_what_someone_wrote_counts_as_a_difference() {
        let live = json!({
            "kind": "ConfigMap",
            "metadata": {"name": "a", "uid": "u", "resourceVersion": "1", "labels": {"a": "b"}},
            "data": {"k": "v"},
            "status": {"x": 1},
        });
        let change = |pointer: &str, value: Value| {
            let mut changed = live.clone();
            let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
            changed.pointer_mut(parent).expect("the parent is there")[key] = value;
            changed
        };
        for (changed, expected) in [
            (live.clone(), false),
            (change("/metadata/resourceVersion", json!("2")), false),
            (change("/metadata/managedFields", json!([{}])), false),
            (change("/status/x", json!(2)), false),
            (change("/metadata/labels/a", json!("c")), true),
            (change("/metadata/annotations", json!({"a": "b"})), true),
            (change("/metadata/finalizers", json!(["x"])), true),
            (change("/data/k", json!("w")), true),
            (change("/data/l", json!("w")), true),
            (change("/immutable", json!(true)), true),
        ] {
            assert_eq!(differs(&live, &changed), expected, "{changed}");
            assert_eq!(differs(&changed, &live), expected, "backwards: {changed}");
        }
    }

    #[test]
    fn a_dry_run_that_would_create_has_no_resource_version() {
        assert!(!is_stored(&json!({"metadata": {"uid": "new"}})));
        assert!(!is_stored(&json!({"metadata": {"resourceVersion": ""}})));
        assert!(is_stored(&json!({"metadata": {"resourceVersion": "7"}})));
    }
}
