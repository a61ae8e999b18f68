//! The conditions of an object.

use serde_json::Value;

/// A condition, as Kubernetes' API conventions have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition<'a> {
    pub(super) kind: &'a str,
    pub(super) status: &'a str,
    pub(super) reason: &'a str,
    message: &'a str,
}

impl Condition<'_> {
    pub(super) fn is_true(&self) -> bool {
        self.status == "True"
    }

    pub(super) fn is_false(&self) -> bool {
        self.status == "False"
    }

    /// Returns the message, or another one where it has none.
    pub(super) fn message(&self, otherwise: &str) -> String {
        match (self.message, self.reason) {
            ("", "") => otherwise.to_owned(),
            ("", reason) => reason.to_owned(),
            (message, _) => message.to_owned(),
        }
    }
}

/// Returns the conditions in the order of the list; what is no condition is left out.
pub(super) fn conditions(object: &Value) -> Vec<Condition<'_>> {
    let list = object["status"]["conditions"].as_array();
    list.into_iter().flatten().map(read).collect()
}

fn read(condition: &Value) -> Condition<'_> {
    let text = |field| condition[field].as_str().unwrap_or_default();
    Condition {
        kind: text("type"),
        status: text("status"),
        reason: text("reason"),
        message: text("message"),
    }
}

/// Returns the condition of a type.
pub(super) fn find<'c, 'a>(conditions: &'c [Condition<'a>], kind: &str) -> Option<&'c Condition<'a>> {
    conditions.iter().find(|condition| condition.kind == kind)
}
