//! The workloads that run a number of pods.

use serde_json::Value;

use super::Health;
use super::conditions::{Condition, find};

/// The `progressDeadlineSeconds` that stands for none.
const NO_DEADLINE: i64 = i32::MAX as i64;

/// The counts of pods in a status, and how many there are to be.
struct Counts<'a> {
    status: &'a Value,
    wanted: i64,
}

impl<'a> Counts<'a> {
    fn of(object: &'a Value) -> Self {
        Self {
            status: &object["status"],
            wanted: object["spec"]["replicas"].as_i64().unwrap_or(1),
        }
    }

    fn get(&self, field: &str) -> i64 {
        self.status[field].as_i64().unwrap_or(0)
    }

    /// Says that fewer pods than wanted are as a field counts them.
    fn lacks(&self, field: &str, adjective: &str) -> Option<Health> {
        let count = self.get(field);
        (count < self.wanted)
            .then(|| Health::in_progress(format!("{count} of {} pods are {adjective}", self.wanted)))
    }

    fn has_extra(&self) -> Option<Health> {
        let extra = self.get("replicas") - self.wanted;
        (extra > 0).then(|| Health::in_progress(format!("{extra} pods have yet to end")))
    }
}

pub(super) fn deployment(object: &Value, conditions: &[Condition<'_>]) -> Health {
    let progressing = find(conditions, "Progressing");
    if let Some(late) = progressing.filter(|condition| condition.reason == "ProgressDeadlineExceeded") {
        return Health::failed(late.message("its progress deadline is exceeded"));
    }
    let counts = Counts::of(object);
    let unfinished = || {
        let (updated, available) = (counts.get("updatedReplicas"), counts.get("availableReplicas"));
        (updated > available)
            .then(|| Health::in_progress(format!("{available} of {updated} updated pods are available")))
    };
    let deadline = object["spec"]["progressDeadlineSeconds"].as_i64();
    let has_progressed = deadline.is_none_or(|deadline| deadline == NO_DEADLINE)
        || progressing
            .is_some_and(|condition| condition.is_true() && condition.reason == "NewReplicaSetAvailable");
    let not_progressed = || (!has_progressed).then(|| Health::in_progress("its new pods are not available"));
    let not_available = || {
        let available = find(conditions, "Available").is_some_and(Condition::is_true);
        (!available).then(|| Health::in_progress("it is not available"))
    };
    counts
        .lacks("replicas", "created")
        .or_else(|| counts.lacks("updatedReplicas", "updated"))
        .or_else(|| counts.has_extra())
        .or_else(unfinished)
        .or_else(|| counts.lacks("readyReplicas", "ready"))
        .or_else(not_progressed)
        .or_else(not_available)
        .unwrap_or(Health::Current)
}

pub(super) fn replica_set(object: &Value, conditions: &[Condition<'_>]) -> Health {
    if let Some(failure) = find(conditions, "ReplicaFailure").filter(|condition| condition.is_true()) {
        return Health::in_progress(failure.message("a pod cannot be created"));
    }
    let counts = Counts::of(object);
    counts
        .lacks("fullyLabeledReplicas", "labelled")
        .or_else(|| counts.lacks("availableReplicas", "available"))
        .or_else(|| counts.lacks("readyReplicas", "ready"))
        .or_else(|| counts.has_extra())
        .unwrap_or(Health::Current)
}

pub(super) fn daemon_set(object: &Value) -> Health {
    let status = &object["status"];
    let is_observed = object["metadata"]["generation"].is_i64() && status["observedGeneration"].is_i64();
    if !is_observed {
        return Health::in_progress("its controller has not seen it yet");
    }
    let Some(wanted) = status["desiredNumberScheduled"].as_i64() else {
        return Health::in_progress("its controller has not counted the nodes yet");
    };
    let counts = Counts { status, wanted };
    counts
        .lacks("currentNumberScheduled", "scheduled")
        .or_else(|| counts.lacks("updatedNumberScheduled", "updated"))
        .or_else(|| counts.lacks("numberAvailable", "available"))
        .or_else(|| counts.lacks("numberReady", "ready"))
        .unwrap_or(Health::Current)
}

pub(super) fn stateful_set(object: &Value) -> Health {
    let update = &object["spec"]["updateStrategy"];
    if update["type"] == "OnDelete" {
        return Health::Current;
    }
    let counts = Counts::of(object);
    let early = counts
        .lacks("replicas", "created")
        .or_else(|| counts.lacks("readyReplicas", "ready"))
        .or_else(|| counts.has_extra());
    if let Some(unhealthy) = early {
        return unhealthy;
    }
    if let Some(partition) = update["rollingUpdate"]["partition"].as_i64() {
        let (updated, wanted) = (counts.get("updatedReplicas"), counts.wanted - partition);
        return if updated < wanted {
            Health::in_progress(format!(
                "{updated} of {wanted} pods above the partition are updated"
            ))
        } else {
            Health::Current
        };
    }
    let status = &object["status"];
    let between_revisions = || {
        (status["currentRevision"] != status["updateRevision"])
            .then(|| Health::in_progress("its pods are not all of the latest revision"))
    };
    counts
        .lacks("currentReplicas", "of the current revision")
        .or_else(between_revisions)
        .unwrap_or(Health::Current)
}
