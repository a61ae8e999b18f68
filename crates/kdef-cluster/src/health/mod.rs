//! Whether an object does what it is there for, by the rules of kstatus as Flux has them.
//!
//! A pure function of the object as the cluster has it: [`health`] first asks what holds for every kind, then the rule of
//! the kind, then the condition `Ready`. A kind without a rule whose controller has not written a status yet counts as
//! current, since nothing can tell it from one that never will.

mod conditions;
mod others;
mod pods;
#[cfg(test)]
mod tests;
mod workloads;

use jiff::Timestamp;
use serde_json::Value;

use crate::ObjectId;
use conditions::{Condition, conditions};

/// How an object is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Health {
    /// It does what it is there for.
    Current,
    /// It does not yet; the text says what is missing.
    InProgress(String),
    /// It will not as it is; the text says why.
    Failed(String),
    /// It is being deleted.
    Terminating,
}

impl Health {
    fn in_progress(message: impl Into<String>) -> Self {
        Self::InProgress(message.into())
    }

    fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }
}

/// Returns how an object is doing. `now` decides how long a pod may wait for a node.
pub(crate) fn health(id: &ObjectId, object: &Value, now: Timestamp) -> Health {
    let metadata = &object["metadata"];
    if !metadata["deletionTimestamp"].is_null() {
        return Health::Terminating;
    }
    if let Some(pending) = not_observed(object) {
        return pending;
    }
    let conditions = conditions(object);
    if let Some(said) = said_by_itself(&conditions) {
        return said;
    }
    kind_health(id, object, &conditions, now).unwrap_or_else(|| by_ready(&conditions))
}

/// A controller that has not seen the latest generation speaks of an earlier one.
fn not_observed(object: &Value) -> Option<Health> {
    let wanted = object["metadata"]["generation"].as_i64()?;
    let seen = object["status"]["observedGeneration"].as_i64()?;
    (wanted != seen).then(|| {
        Health::in_progress(format!(
            "its controller has seen generation {seen}, and not {wanted} yet"
        ))
    })
}

/// `Reconciling` and `Stalled` are said by controllers that follow kstatus; the first of them counts.
fn said_by_itself(conditions: &[Condition<'_>]) -> Option<Health> {
    conditions.iter().find_map(|condition| match condition.kind {
        "Reconciling" if condition.is_true() => {
            Some(Health::in_progress(condition.message("it is reconciling")))
        }
        "Stalled" if condition.is_true() => Some(Health::failed(condition.message("it is stalled"))),
        _ => None,
    })
}

/// Returns what the rule of the kind says; `None` for kinds that have none.
fn kind_health(
    id: &ObjectId,
    object: &Value,
    conditions: &[Condition<'_>],
    now: Timestamp,
) -> Option<Health> {
    Some(match (id.group.as_str(), id.kind.as_str()) {
        ("apps" | "extensions", "Deployment") => workloads::deployment(object, conditions),
        ("apps" | "extensions", "ReplicaSet") => workloads::replica_set(object, conditions),
        ("apps" | "extensions", "DaemonSet") => workloads::daemon_set(object),
        ("apps", "StatefulSet") => workloads::stateful_set(object),
        ("batch", "Job") => others::job(object, conditions),
        ("", "Pod") => pods::pod(object, conditions, now),
        ("", "PersistentVolumeClaim") => others::claim(object),
        ("", "Service") => others::service(object),
        ("", "Namespace") => others::namespace(object),
        ("", "ConfigMap" | "Secret") | ("batch", "CronJob") | ("policy", "PodDisruptionBudget") => {
            Health::Current
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => others::definition(conditions),
        _ => return None,
    })
}

/// A `Ready` that is not true is never a failure: only `Stalled` says that it will stay so.
fn by_ready(conditions: &[Condition<'_>]) -> Health {
    match conditions.iter().find(|condition| condition.kind == "Ready") {
        Some(ready) if !ready.is_true() => Health::in_progress(ready.message("it is not ready")),
        _ => Health::Current,
    }
}
