//! Whether an object is usable.

use serde_json::Value;

use crate::ObjectId;

/// How an object is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Health {
    /// It is usable.
    Current,
    /// It is not usable yet.
    InProgress(String),
    /// It will not become usable as it is.
    Failed(String),
}

/// Returns how an object that defines others is doing, by kstatus' rules; others are usable once they are applied.
pub(crate) fn health(id: &ObjectId, status: &Value) -> Health {
    match (id.group.as_str(), id.kind.as_str()) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition_health(status),
        ("", "Namespace") => match status["phase"].as_str() {
            Some("Active") | None => Health::Current,
            Some(phase) => Health::InProgress(format!("its phase is {phase}")),
        },
        _ => Health::Current,
    }
}

fn definition_health(status: &Value) -> Health {
    let condition = |kind: &str| {
        let conditions = status["conditions"].as_array();
        conditions
            .into_iter()
            .flatten()
            .find(|condition| condition["type"] == kind)
    };
    let message = |condition: &Value| condition["message"].as_str().unwrap_or_default().to_owned();
    if let Some(refused) = condition("NamesAccepted").filter(|condition| condition["status"] == "False") {
        return Health::Failed(message(refused));
    }
    match condition("Established") {
        Some(established) if established["status"] == "True" => Health::Current,
        Some(established) if established["status"] == "False" && established["reason"] != "Installing" => {
            Health::Failed(message(established))
        }
        _ => Health::InProgress("it is not established".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn definitions_and_namespaces_are_waited_for() {
        let crd = ObjectId::new("", "a", "apiextensions.k8s.io", "CustomResourceDefinition");
        let namespace = ObjectId::new("", "a", "", "Namespace");
        let map = ObjectId::new("a", "a", "", "ConfigMap");
        let condition = |kind: &str, status: &str, reason: &str| json!({"type": kind, "status": status, "reason": reason, "message": "why"});
        let conditions = |list: Vec<Value>| json!({"conditions": list});
        let progressing = |message: &str| Health::InProgress(message.to_owned());
        for (id, status, expected) in [
            (&crd, json!(null), progressing("it is not established")),
            (&crd, conditions(vec![]), progressing("it is not established")),
            (
                &crd,
                conditions(vec![condition("Established", "True", "InitialNamesAccepted")]),
                Health::Current,
            ),
            (
                &crd,
                conditions(vec![condition("Established", "False", "Installing")]),
                progressing("it is not established"),
            ),
            (
                &crd,
                conditions(vec![condition("Established", "False", "NotAccepted")]),
                Health::Failed("why".to_owned()),
            ),
            (
                &crd,
                conditions(vec![
                    condition("Established", "True", ""),
                    condition("NamesAccepted", "False", "Conflict"),
                ]),
                Health::Failed("why".to_owned()),
            ),
            (&namespace, json!({"phase": "Active"}), Health::Current),
            (
                &namespace,
                json!({"phase": "Terminating"}),
                progressing("its phase is Terminating"),
            ),
            (&namespace, json!({}), Health::Current),
            (&map, json!(null), Health::Current),
        ] {
            assert_eq!(health(id, &status), expected, "{id} {status}");
        }
    }
}
