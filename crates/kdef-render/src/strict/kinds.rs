//! The kinds that Kubernetes has types for, in the versions that are stable.

use k8s_openapi::api::{
    admissionregistration, apps, authentication, authorization, autoscaling, batch, certificates,
    coordination, core, discovery, events, flowcontrol, networking, node, policy, rbac, resource, scheduling,
    storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration;
use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope, Resource, SubResourceScope};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::walk::{self, Findings};

/// Where objects of a kind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// In a namespace.
    Namespace,
    /// In none.
    Cluster,
    /// In another object, as a part of it.
    Part,
}

/// A kind that Kubernetes has a type for.
pub(super) struct KnownKind {
    api_version: &'static str,
    kind: &'static str,
    scope: Scope,
    /// Reads an object as that type.
    pub(super) read: fn(&Value) -> Findings,
}

/// Says as a value which scope a type has.
trait HasScope {
    const SCOPE: Scope;
}

impl HasScope for NamespaceResourceScope {
    const SCOPE: Scope = Scope::Namespace;
}

impl HasScope for ClusterResourceScope {
    const SCOPE: Scope = Scope::Cluster;
}

impl HasScope for SubResourceScope {
    const SCOPE: Scope = Scope::Part;
}

const fn kind<T>() -> KnownKind
where
    T: Resource + DeserializeOwned,
    T::Scope: HasScope,
{
    KnownKind {
        api_version: T::API_VERSION,
        kind: T::KIND,
        scope: T::Scope::SCOPE,
        read: walk::read::<T>,
    }
}

macro_rules! kinds {
    ($($group:ident $version:ident { $($kind:ident)+ })+) => {
        &[$($(kind::<$group::$version::$kind>(),)+)+]
    };
}

static KINDS: &[KnownKind] = kinds! {
    core v1 {
        Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod
        PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount
    }
    admissionregistration v1 {
        MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration
        ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
    }
    apiextensions v1 { CustomResourceDefinition }
    apiregistration v1 { APIService }
    apps v1 { ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet }
    authentication v1 { SelfSubjectReview TokenRequest TokenReview }
    authorization v1 {
        LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
    }
    autoscaling v1 { HorizontalPodAutoscaler Scale }
    autoscaling v2 { HorizontalPodAutoscaler }
    batch v1 { CronJob Job }
    certificates v1 { CertificateSigningRequest }
    coordination v1 { Lease }
    discovery v1 { EndpointSlice }
    events v1 { Event }
    flowcontrol v1 { FlowSchema PriorityLevelConfiguration }
    networking v1 { IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR }
    node v1 { RuntimeClass }
    policy v1 { Eviction PodDisruptionBudget }
    rbac v1 { ClusterRole ClusterRoleBinding Role RoleBinding }
    resource v1 { DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice }
    scheduling v1 { PriorityClass }
    storage v1 { CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass }
};

/// Returns a kind that is known.
pub(super) fn find(api_version: &str, kind: &str) -> Option<&'static KnownKind> {
    KINDS
        .iter()
        .find(|known| known.kind == kind && known.api_version == api_version)
}

/// Returns where objects of a kind are; `None` for kinds that are not known.
pub(crate) fn scope_of(api_version: &str, kind: &str) -> Option<Scope> {
    find(api_version, kind).map(|known| known.scope)
}

#[cfg(test)]
mod tests {
    use kdef_lang::schema::scopes::CLUSTER_SCOPED;

    use super::*;

    #[test]
    fn the_language_knows_which_kinds_are_in_no_namespace() {
        assert!(CLUSTER_SCOPED.is_sorted());
        for known in KINDS {
            let group = known.api_version.split_once('/').map_or("", |(group, _)| group);
            let listed = CLUSTER_SCOPED.contains(&(group, known.kind));
            assert_eq!(
                listed,
                known.scope == Scope::Cluster,
                "{} {}",
                known.api_version,
                known.kind
            );
        }
    }
}
