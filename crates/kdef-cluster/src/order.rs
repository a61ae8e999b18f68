//! In which order objects are applied, and, backwards, deleted.

use std::cmp::Ordering;

use crate::ObjectId;

/// The kinds that come first, in order: Flux's list, with PersistentVolumeClaim after Secret.
const FIRST: [&str; 24] = [
    "CustomResourceDefinition",
    "Namespace",
    "ClusterRole",
    "ClusterClass",
    "RuntimeClass",
    "PriorityClass",
    "StorageClass",
    "VolumeSnapshotClass",
    "IngressClass",
    "GatewayClass",
    "ClusterRoleBinding",
    "ResourceQuota",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "PersistentVolumeClaim",
    "Service",
    "LimitRange",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// The kinds that come last, in order. They may refuse what is applied after them.
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// A part of a set that is written, and waited for, before the next part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// What defines what else there can be: each CustomResourceDefinition, Namespace and ClusterRole.
    Definitions,
    /// Kinds whose names end in `Class`, which other objects name.
    Classes,
    /// All the rest.
    Rest,
}

impl Stage {
    /// All stages, in order.
    pub(crate) const ALL: [Self; 3] = [Self::Definitions, Self::Classes, Self::Rest];

    /// Returns the stage that an object belongs to.
    pub(crate) fn of(id: &ObjectId) -> Self {
        match (id.group.as_str(), id.kind.as_str()) {
            ("apiextensions.k8s.io", "CustomResourceDefinition")
            | ("", "Namespace")
            | ("rbac.authorization.k8s.io", "ClusterRole") => Self::Definitions,
            (_, kind) if kind.ends_with("Class") => Self::Classes,
            _ => Self::Rest,
        }
    }
}

/// Returns the place of a kind in the order. Objects of one rank do not depend on each other.
pub(crate) fn rank(kind: &str) -> usize {
    if let Some(place) = FIRST.iter().position(|first| *first == kind) {
        place
    } else if let Some(place) = LAST.iter().position(|last| *last == kind) {
        FIRST.len() + 1 + place
    } else {
        FIRST.len()
    }
}

/// Compares two objects by stage, rank, group and kind, namespace, and name.
pub(crate) fn compare(a: &ObjectId, b: &ObjectId) -> Ordering {
    key(a).cmp(&key(b))
}

fn key(id: &ObjectId) -> (Stage, usize, &str, &str, &str, &str) {
    (
        Stage::of(id),
        rank(&id.kind),
        &id.group,
        &id.kind,
        &id.namespace,
        &id.name,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_order_is_flux_order() {
        let expected = [
            ("apiextensions.k8s.io", "CustomResourceDefinition"),
            ("", "Namespace"),
            ("rbac.authorization.k8s.io", "ClusterRole"),
            ("storage.k8s.io", "StorageClass"),
            ("networking.k8s.io", "IngressClass"),
            ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
            ("", "ServiceAccount"),
            ("", "Secret"),
            ("", "PersistentVolumeClaim"),
            ("", "Service"),
            ("apps", "Deployment"),
            ("batch", "CronJob"),
            ("apps", "DaemonSet"),
            ("networking.k8s.io", "Ingress"),
            ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ];
        let ids = expected.map(|(group, kind)| ObjectId::new("", "x", group, kind));
        let mut sorted = ids.to_vec();
        sorted.reverse();
        sorted.sort_by(compare);
        assert_eq!(sorted, ids);
    }

    #[test]
    fn stages_go_by_group_too() {
        for (group, kind, stage) in [
            ("", "Namespace", Stage::Definitions),
            ("example.com", "Namespace", Stage::Rest),
            ("rbac.authorization.k8s.io", "ClusterRole", Stage::Definitions),
            ("rbac.authorization.k8s.io", "Role", Stage::Rest),
            ("scheduling.k8s.io", "PriorityClass", Stage::Classes),
            ("example.com", "MailClass", Stage::Classes),
            ("", "ConfigMap", Stage::Rest),
        ] {
            assert_eq!(
                Stage::of(&ObjectId::new("", "x", group, kind)),
                stage,
                "{group}/{kind}"
            );
        }
    }

    fn any_id() -> impl Strategy<Value = ObjectId> {
        let kind = prop::sample::select(vec![
            "Namespace",
            "Secret",
            "Ingress",
            "MailClass",
            "Zebra",
            LAST[0],
        ]);
        ("[ab]?", "[a-c]", prop::sample::select(vec!["", "g"]), kind)
            .prop_map(|(namespace, name, group, kind)| ObjectId::new(&namespace, &name, group, kind))
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in any_id(), b in any_id(), c in any_id()) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &b) == Ordering::Equal, a == b);
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
        }
    }
}
