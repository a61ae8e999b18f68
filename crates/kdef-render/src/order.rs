//! The order in which objects are written: what others need comes first.

use crate::Object;

/// Sorts by kind rank, then namespace, then name (both in byte order), then kind.
///
/// The order depends on the objects alone, never on where they were written.
pub(crate) fn sort(objects: &mut [Object]) {
    objects.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(object: &Object) -> (u8, Option<&str>, &str, &str, &str) {
    let namespace = object.namespace.as_deref();
    (
        rank(object),
        namespace,
        &object.name,
        &object.kind,
        object.group(),
    )
}

/// Returns the place of a kind in the order; kinds that kdef does not know come between Services and workloads.
fn rank(object: &Object) -> u8 {
    match (object.group(), object.kind.as_str()) {
        ("", "Namespace") => 0,
        ("apiextensions.k8s.io", "CustomResourceDefinition")
        | ("scheduling.k8s.io", "PriorityClass")
        | ("storage.k8s.io", "StorageClass")
        | ("node.k8s.io", "RuntimeClass")
        | ("networking.k8s.io", "IngressClass")
        | ("gateway.networking.k8s.io", "GatewayClass") => 1,
        ("", "ResourceQuota" | "LimitRange" | "ServiceAccount") => 2,
        ("rbac.authorization.k8s.io", "ClusterRole") => 3,
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => 4,
        ("rbac.authorization.k8s.io", "Role") => 5,
        ("rbac.authorization.k8s.io", "RoleBinding") => 6,
        // Pods are restricted from their first moment on.
        ("networking.k8s.io", "NetworkPolicy") => 7,
        ("", "ConfigMap" | "Secret") | ("bitnami.com", "SealedSecret") => 10,
        ("", "PersistentVolume" | "PersistentVolumeClaim") => 11,
        ("", "Service") => 20,
        ("policy", "PodDisruptionBudget") => 26,
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet") | ("batch", "CronJob" | "Job") => 30,
        ("autoscaling", "HorizontalPodAutoscaler") => 40,
        ("networking.k8s.io", "Ingress")
        | ("gateway.networking.k8s.io", "HTTPRoute")
        | ("cert-manager.io", "Certificate") => 50,
        // They stop requests until what serves them runs.
        (
            "admissionregistration.k8s.io",
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration",
        )
        | ("apiregistration.k8s.io", "APIService") => 60,
        _ => 25,
    }
}

#[cfg(test)]
mod tests {
    use kdef_source::{SourceMap, Span};
    use serde_json::Value;

    use super::*;
    use crate::Provenance;

    #[test]
    fn what_others_need_comes_first() {
        let file = SourceMap::default().add("a.kdef", "");
        let object = |text: &str| {
            let parts: Vec<&str> = text.split(' ').collect();
            let [api_version, kind, namespace, name] = parts[..] else {
                panic!("{text}");
            };
            Object {
                api_version: api_version.to_owned(),
                kind: kind.to_owned(),
                namespace: (namespace != "-").then(|| namespace.to_owned()),
                name: name.to_owned(),
                value: Value::Null,
                provenance: Provenance::new(Span::new(file, 0, 0)),
            }
        };
        let expected = [
            "v1 Namespace - b",
            "apiextensions.k8s.io/v1 CustomResourceDefinition - a",
            "scheduling.k8s.io/v1 PriorityClass - gold",
            "v1 ServiceAccount a a",
            "rbac.authorization.k8s.io/v1 ClusterRole - z",
            "networking.k8s.io/v1 NetworkPolicy a a",
            "v1 ConfigMap a b",
            "v1 Secret a b",
            "v1 ConfigMap a c",
            "v1 ConfigMap b a",
            "v1 Service - web",
            "v1 Service a web",
            "serving.knative.dev/v1 Service a a",
            "monitoring.coreos.com/v1 ServiceMonitor a a",
            "policy/v1 PodDisruptionBudget a a",
            "apps/v1 Deployment a web",
            "autoscaling/v2 HorizontalPodAutoscaler a a",
            "gateway.networking.k8s.io/v1 HTTPRoute a a",
            "cert-manager.io/v1 Certificate a b",
            "networking.k8s.io/v1 Ingress a b",
            "apiregistration.k8s.io/v1 APIService - a",
            "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration - b",
        ];
        let mut objects: Vec<Object> = expected.iter().rev().map(|text| object(text)).collect();
        sort(&mut objects);
        let line = |object: &Object| {
            let namespace = object.namespace.as_deref().unwrap_or("-");
            format!(
                "{} {} {namespace} {}",
                object.api_version, object.kind, object.name
            )
        };
        assert_eq!(objects.iter().map(line).collect::<Vec<_>>(), expected);
    }
}
