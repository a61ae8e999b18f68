//! Which lists a strategic merge patch merges by key, from the `patchMergeKey` tags of Kubernetes' own types.

use serde_json::Value;

/// The fields that tell the items of a list apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MergeKey {
    /// The field that every item must have.
    pub(super) field: &'static str,
    /// Whether the protocol tells items apart as well; `TCP` where an item has none.
    protocol: bool,
}

const fn by(field: &'static str) -> MergeKey {
    MergeKey {
        field,
        protocol: false,
    }
}

const fn by_port(field: &'static str) -> MergeKey {
    MergeKey {
        field,
        protocol: true,
    }
}

/// Lists in a pod's spec.
const POD: &[(&str, MergeKey)] = &[
    ("containers", by("name")),
    ("initContainers", by("name")),
    ("ephemeralContainers", by("name")),
    ("volumes", by("name")),
    ("imagePullSecrets", by("name")),
    ("hostAliases", by("ip")),
    ("topologySpreadConstraints", by("topologyKey")),
    ("schedulingGates", by("name")),
    ("resourceClaims", by("name")),
];

/// Lists in a container.
const CONTAINER: &[(&str, MergeKey)] = &[
    ("ports", by_port("containerPort")),
    ("env", by("name")),
    ("volumeMounts", by("mountPath")),
    ("volumeDevices", by("devicePath")),
];

/// Returns the key by which the list at a path is merged, `None` for a list that is replaced. The path is that of the
/// field without the indices of items, as in `spec.template.spec.containers.env`.
pub(super) fn merge_key(kind: &str, path: &str) -> Option<MergeKey> {
    let find = |table: &[(&str, MergeKey)], name: &str| {
        table
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, key)| *key)
    };
    match (kind, path) {
        ("Service", "spec.ports") => return Some(by_port("port")),
        ("ServiceAccount", "secrets") => return Some(by("name")),
        _ => {}
    }
    let in_pod = path.strip_prefix(pod_spec(kind)?)?.strip_prefix('.')?;
    match in_pod.split_once('.') {
        None => find(POD, in_pod),
        Some(("containers" | "initContainers" | "ephemeralContainers", in_container)) => {
            find(CONTAINER, in_container)
        }
        Some(_) => None,
    }
}

/// Returns the path of the pod's spec in a kind that runs pods.
fn pod_spec(kind: &str) -> Option<&'static str> {
    match kind {
        "Deployment" | "DaemonSet" | "StatefulSet" | "Job" | "ReplicaSet" => Some("spec.template.spec"),
        "CronJob" => Some("spec.jobTemplate.spec.template.spec"),
        "Pod" => Some("spec"),
        _ => None,
    }
}

impl MergeKey {
    /// Tells whether two items are the same one; an item without the field is none.
    pub(super) fn matches(self, left: &Value, right: &Value) -> bool {
        let identity = |item: &Value| Some((item.get(self.field)?.clone(), self.protocol_of(item)));
        identity(left).is_some_and(|left| identity(right) == Some(left))
    }

    fn protocol_of(self, item: &Value) -> Option<String> {
        let protocol = || item.get("protocol").and_then(Value::as_str).unwrap_or("TCP");
        self.protocol.then(|| protocol().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_have_the_keys_of_kubernetes_own_types() {
        for (kind, path, expected) in [
            ("Deployment", "spec.template.spec.containers", Some(by("name"))),
            (
                "Deployment",
                "spec.template.spec.containers.ports",
                Some(by_port("containerPort")),
            ),
            (
                "Deployment",
                "spec.template.spec.initContainers.env",
                Some(by("name")),
            ),
            (
                "Deployment",
                "spec.template.spec.containers.volumeMounts",
                Some(by("mountPath")),
            ),
            ("Deployment", "spec.template.spec.containers.args", None),
            ("Deployment", "spec.template.spec.tolerations", None),
            ("Deployment", "spec.template.spec.volumes.projected.sources", None),
            (
                "CronJob",
                "spec.jobTemplate.spec.template.spec.volumes",
                Some(by("name")),
            ),
            ("CronJob", "spec.template.spec.volumes", None),
            ("Service", "spec.ports", Some(by_port("port"))),
            ("Ingress", "spec.rules", None),
            ("ConfigMap", "containers", None),
        ] {
            assert_eq!(merge_key(kind, path), expected, "{kind} {path}");
        }
    }

    #[test]
    fn ports_differ_by_protocol_too() {
        let key = by_port("port");
        assert!(key.matches(&json!({"port": 53}), &json!({"port": 53, "protocol": "TCP"})));
        assert!(!key.matches(&json!({"port": 53}), &json!({"port": 53, "protocol": "UDP"})));
        assert!(!key.matches(&json!({}), &json!({})));
    }
}
