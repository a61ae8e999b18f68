//! Pods.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Health;
use super::conditions::{Condition, find};

/// How long a pod may wait for a node before that counts as a failure.
const SCHEDULING_WINDOW: SignedDuration = SignedDuration::from_secs(15);

pub(super) fn pod(object: &Value, conditions: &[Condition<'_>], now: Timestamp) -> Health {
    match object["status"]["phase"].as_str() {
        Some("Succeeded" | "Failed") => Health::Current,
        Some("Running") => running(object, conditions),
        Some("Pending") => pending(object, conditions, now),
        _ => Health::in_progress("it has not been looked at by a scheduler"),
    }
}

fn running(object: &Value, conditions: &[Condition<'_>]) -> Health {
    if find(conditions, "Ready").is_some_and(Condition::is_true) {
        return Health::Current;
    }
    let containers = object["status"]["containerStatuses"].as_array();
    let looping = containers
        .into_iter()
        .flatten()
        .find(|container| container["state"]["waiting"]["reason"] == "CrashLoopBackOff");
    match looping {
        Some(container) => {
            let name = container["name"].as_str().unwrap_or_default();
            Health::failed(format!("the container {name} crashes again and again"))
        }
        None => Health::in_progress("it runs, and is not ready"),
    }
}

fn pending(object: &Value, conditions: &[Condition<'_>], now: Timestamp) -> Health {
    let unschedulable = find(conditions, "PodScheduled")
        .filter(|condition| condition.is_false() && condition.reason == "Unschedulable");
    let Some(condition) = unschedulable else {
        return Health::in_progress("it is pending");
    };
    let message = condition.message("no node takes it");
    if now.duration_since(created(object, now)) > SCHEDULING_WINDOW {
        Health::Failed(message)
    } else {
        Health::InProgress(message)
    }
}

/// Returns when the object was created; now, where that cannot be told.
fn created(object: &Value, now: Timestamp) -> Timestamp {
    let text = object["metadata"]["creationTimestamp"].as_str();
    text.and_then(|text| text.parse().ok()).unwrap_or(now)
}
