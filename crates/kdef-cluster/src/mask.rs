//! Keeps what Secrets hold out of messages.

use serde_json::Value;

/// What stands for a message that may quote a Secret.
const WITHHELD: &str = "the details are withheld, since they may quote the Secret";

/// Returns what may be shown of an API server's message about an object.
///
/// Messages about Secrets are cut to their last part (`a: b: c` to `c`). If that may still quote a value, nothing of it is
/// shown. Who may not do what holds no value and is kept whole.
pub(crate) fn shown(kind: &str, message: &str, manifest: &Value) -> String {
    if kind != "Secret" {
        return message.to_owned();
    }
    if is_denial(message) && !quotes_value(message, manifest) {
        return message.to_owned();
    }
    let last = message.rsplit(": ").next().unwrap_or_default().trim();
    if last.contains(['"', '{', '\'']) || quotes_value(last, manifest) {
        WITHHELD.to_owned()
    } else {
        last.to_owned()
    }
}

/// Tells whether the message says that a user lacks a right, or that a namespace or the whole kind is missing.
fn is_denial(message: &str) -> bool {
    let denied = message.contains(" is forbidden: User \"") && message.contains("\" cannot ");
    denied || (message.starts_with("namespaces \"") && message.ends_with("\" not found"))
}

/// Tells whether any text under `data` or `stringData` stands in the message.
fn quotes_value(message: &str, manifest: &Value) -> bool {
    let values = ["data", "stringData"]
        .into_iter()
        .filter_map(|key| manifest[key].as_object())
        .flatten();
    values.into_iter().any(|(_, value)| match value {
        Value::String(text) => !text.is_empty() && message.contains(text.as_str()),
        Value::Null => false,
        other => message.contains(&other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_value_of_a_secret_is_shown() {
        let manifest = json!({"data": {"password": "aHVudGVyMg=="}, "stringData": {"pin": 12345}});
        let denial = "secrets \"x\" is forbidden: User \"system:serviceaccount:a:b\" cannot patch resource \"secrets\" \
                      in API group \"\" in the namespace \"a\"";
        for (message, expected) in [
            (denial, denial),
            ("namespaces \"nope\" not found", "namespaces \"nope\" not found"),
            (
                "failed to convert new object (/x; /v1, Kind=Secret) to proper version: unable to convert unstructured \
                 object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 7",
                "illegal base64 data at input byte 7",
            ),
            (
                "failed to create typed patch object (/x; /v1, Kind=Secret): .stringData.pin: expected string, got \
                 &value.valueUnstructured{Value:12345}",
                WITHHELD,
            ),
            (
                "admission webhook denied the request: password aHVudGVyMg== is too weak",
                WITHHELD,
            ),
            (
                "admission webhook denied the request: \"hunter2\" is too weak",
                WITHHELD,
            ),
            (
                "Secret \"x\" is invalid: data: Forbidden: field is immutable when `immutable` is set",
                "field is immutable when `immutable` is set",
            ),
        ] {
            assert_eq!(shown("Secret", message, &manifest), expected);
            assert_eq!(shown("ConfigMap", message, &manifest), message);
        }
    }
}
