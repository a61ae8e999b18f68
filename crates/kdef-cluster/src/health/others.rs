//! Jobs, claims, services, namespaces and definitions.

use serde_json::Value;

use super::Health;
use super::conditions::{Condition, find};

/// Unlike kstatus, which calls a job current once it has started, Flux waits for its end.
pub(super) fn job(object: &Value, conditions: &[Condition<'_>]) -> Health {
    let holds = |kind| find(conditions, kind).filter(|condition| condition.is_true());
    if object["spec"]["suspend"] == true || holds("Complete").is_some() {
        return Health::Current;
    }
    match holds("Failed") {
        Some(failed) => Health::failed(failed.message("the job has failed")),
        None => Health::in_progress("the job has not ended"),
    }
}

pub(super) fn claim(object: &Value) -> Health {
    match object["status"]["phase"].as_str() {
        Some("Bound") => Health::Current,
        Some(phase) => Health::in_progress(format!("its phase is {phase}")),
        None => Health::in_progress("it is not bound to a volume"),
    }
}

/// The address of a load balancer is not waited for.
pub(super) fn service(object: &Value) -> Health {
    let spec = &object["spec"];
    let has_address = spec["clusterIP"]
        .as_str()
        .is_some_and(|address| !address.is_empty());
    if spec["type"] == "LoadBalancer" && !has_address {
        return Health::in_progress("it has no cluster address");
    }
    Health::Current
}

/// kstatus has no rule for namespaces; what goes into one must wait until it can take something.
pub(super) fn namespace(object: &Value) -> Health {
    match object["status"]["phase"].as_str() {
        Some("Active") | None => Health::Current,
        Some(phase) => Health::in_progress(format!("its phase is {phase}")),
    }
}

pub(super) fn definition(conditions: &[Condition<'_>]) -> Health {
    if let Some(refused) = find(conditions, "NamesAccepted").filter(|condition| condition.is_false()) {
        return Health::failed(refused.message("its names are not accepted"));
    }
    match find(conditions, "Established") {
        Some(established) if established.is_true() => Health::Current,
        Some(established) if established.is_false() && established.reason != "Installing" => {
            Health::failed(established.message("it is not established"))
        }
        _ => Health::in_progress("it is not established"),
    }
}
