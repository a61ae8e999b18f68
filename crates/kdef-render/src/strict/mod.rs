//! Checks objects against the types of Kubernetes 1.36, without a cluster.

mod walk;

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    ConfigMap, Namespace, PersistentVolumeClaim, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use kdef_source::{Code, Diagnostic, nearest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Object;
use walk::{Findings, TypeError, UnknownField};

/// Looks for fields that the object's kind does not have, and for values of a wrong type. Kinds that are not known are
/// not checked.
pub(crate) fn check(object: &Object) -> Vec<Diagnostic> {
    let Some(check) = checker(object) else {
        return Vec::new();
    };
    let findings = check(&object.value);
    let unknown = findings.unknown.iter().map(|field| unknown_field(object, field));
    let wrong = findings.wrong.iter().map(|error| wrong_type(object, error));
    unknown
        .chain(wrong)
        .map(|problem| object.provenance.explain(problem))
        .collect()
}

/// Returns what checks a kind: one line for each that is known.
fn checker(object: &Object) -> Option<fn(&Value) -> Findings> {
    Some(match (object.api_version.as_str(), object.kind.as_str()) {
        ("v1", "ConfigMap") => read::<ConfigMap>,
        ("v1", "Namespace") => read::<Namespace>,
        ("v1", "PersistentVolumeClaim") => read::<PersistentVolumeClaim>,
        ("v1", "Secret") => read::<Secret>,
        ("v1", "Service") => read::<Service>,
        ("v1", "ServiceAccount") => read::<ServiceAccount>,
        ("apps/v1", "DaemonSet") => read::<DaemonSet>,
        ("apps/v1", "Deployment") => read::<Deployment>,
        ("apps/v1", "StatefulSet") => read::<StatefulSet>,
        ("autoscaling/v2", "HorizontalPodAutoscaler") => read::<HorizontalPodAutoscaler>,
        ("batch/v1", "CronJob") => read::<CronJob>,
        ("batch/v1", "Job") => read::<Job>,
        ("networking.k8s.io/v1", "Ingress") => read::<Ingress>,
        ("networking.k8s.io/v1", "NetworkPolicy") => read::<NetworkPolicy>,
        ("policy/v1", "PodDisruptionBudget") => read::<PodDisruptionBudget>,
        ("rbac.authorization.k8s.io/v1", "ClusterRole") => read::<ClusterRole>,
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding") => read::<ClusterRoleBinding>,
        ("rbac.authorization.k8s.io/v1", "Role") => read::<Role>,
        ("rbac.authorization.k8s.io/v1", "RoleBinding") => read::<RoleBinding>,
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(value: &Value) -> Findings {
    walk::read::<T>(value)
}

/// A field that came through `raw` may be known to a cluster that is newer; any other is a mistake.
fn unknown_field(object: &Object, field: &UnknownField) -> Diagnostic {
    let place = object.provenance.lookup(&field.path);
    let message = format!(
        "Kubernetes 1.36 knows no field `{}` in a {}",
        field.path, object.kind
    );
    let problem = if object.provenance.is_from_raw(&field.path) {
        Diagnostic::warning(Code::UnknownField, place, message)
    } else {
        Diagnostic::error(Code::UnknownField, place, message)
    };
    let name = field.path.rsplit('.').next().unwrap_or_default();
    problem.with_suggestion(nearest(name, field.known.iter().copied()))
}

/// Says which type a value should have. The value itself stays out of the message: it may be secret.
fn wrong_type(object: &Object, error: &TypeError) -> Diagnostic {
    let place = object.provenance.lookup(&error.path);
    let message = format!(
        "`{}` of a {} must be {}, not {}",
        error.path, object.kind, error.expected, error.found
    );
    let quotable = error.expected == "a text" && matches!(error.found, "a number" | "a fraction" | "a bool");
    let problem = Diagnostic::error(Code::InvalidField, place, message);
    if quotable {
        problem.with_hint("put it in quotes")
    } else {
        problem
    }
}

#[cfg(test)]
mod tests;
