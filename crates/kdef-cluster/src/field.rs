//! Which field of an object an API server's message is about.

use std::fmt::Write as _;

use kube::core::Status;
use serde_json::Value;

/// Messages in which a field stands, and the texts around it.
const QUOTED: [&str; 2] = ["unknown field \"", "duplicate field \""];

/// Returns the path of the first field that a refusal names, as Kubernetes writes it:
/// `spec.template.spec.containers[0].image`.
///
/// Only paths that begin with a field of the manifest count. Elements that the message names by their keys
/// (`containers[name="app"]`) are looked up in the manifest.
pub(crate) fn named_by(status: &Status, manifest: &Value) -> Option<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let from_causes = causes.map(|cause| cause.field.as_str());
    let from_message = typed_path(&status.message)
        .into_iter()
        .chain(quoted_path(&status.message));
    from_causes
        .chain(from_message)
        .find_map(|path| resolve(path, manifest))
}

/// Finds the path in what structured merge diff says: `…): .data.k: expected string, got …`.
fn typed_path(message: &str) -> Option<&str> {
    let start = [": .", "\n  ."]
        .iter()
        .filter_map(|mark| Some(message.find(mark)? + mark.len() - 1))
        .min()?;
    let path = &message[start..];
    let mut depth = 0_usize;
    let end = path.char_indices().find(|&(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && path[at..].starts_with(": ")
    });
    end.map(|(end, _)| path[..end].trim_start_matches('.'))
}

fn quoted_path(message: &str) -> Option<&str> {
    let rest = QUOTED.iter().find_map(|mark| message.split_once(mark))?.1;
    rest.split_once('"').map(|(path, _)| path)
}

/// Follows a path through the manifest as far as it can be followed, and writes it with indices.
fn resolve(path: &str, manifest: &Value) -> Option<String> {
    let mut resolved = String::new();
    let mut value = manifest;
    for (position, segment) in segments(path).into_iter().enumerate() {
        let (name, keys) = segment
            .split_once('[')
            .map_or((segment, None), |(name, rest)| (name, Some(rest)));
        if position == 0 {
            manifest.get(name)?;
        } else {
            resolved.push('.');
        }
        resolved.push_str(name);
        value = value.get(name).unwrap_or(&Value::Null);
        for key in keys.into_iter().flat_map(|keys| keys.split('[')) {
            let key = key.trim_end_matches(']');
            let Some(index) = index_of(key, value) else {
                return Some(resolved);
            };
            // Writing to a string cannot fail.
            let _ = write!(resolved, "[{index}]");
            value = value.get(index).unwrap_or(&Value::Null);
        }
    }
    (!resolved.is_empty()).then_some(resolved)
}

/// Splits a path at the dots that are outside of brackets.
fn segments(path: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let split = path.split(move |c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0
    });
    split.collect()
}

/// Returns which element is meant by `3`, `name="app"`, `port=80,protocol="TCP"` or `="value"`.
fn index_of(key: &str, list: &Value) -> Option<usize> {
    if let Ok(index) = key.parse() {
        return Some(index);
    }
    let list = list.as_array()?;
    let wanted: Vec<(&str, Value)> = key
        .split(',')
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name, serde_json::from_str(value).ok()?))
        })
        .collect::<Option<_>>()?;
    list.iter().position(|element| {
        wanted.iter().all(|(name, value)| match *name {
            "" => element == value,
            name => element.get(name) == Some(value),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kube::core::response::{StatusCause, StatusDetails};
    use proptest::prelude::*;
    use serde_json::json;

    fn manifest() -> Value {
        json!({
            "metadata": {"name": "x"},
            "data": {"k": 1},
            "spec": {
                "ports": [{"port": 80, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}],
                "finalizers": ["a.b/c", "d"],
                "template": {"spec": {"containers": [{"name": "init"}, {"name": "app", "env": [{"name": "A: b.c"}]}]}},
            },
        })
    }

    #[test]
    fn messages_name_fields() {
        let typed = "failed to create typed patch object (/x; apps/v1, Kind=Deployment): ";
        let container = ".spec.template.spec.containers[name=\"app\"]";
        for (message, expected) in [
            (
                format!("{typed}.data.k: expected string, got &value{{}}"),
                Some("data.k"),
            ),
            (
                format!("{typed}{container}.imagee: field not declared in schema"),
                Some("spec.template.spec.containers[1].imagee"),
            ),
            (
                format!(
                    "{typed}errors:\n  {container}.env[name=\"A: b.c\"].value: expected string\n  .spec.x: y"
                ),
                Some("spec.template.spec.containers[1].env[0].value"),
            ),
            (
                format!("{typed}.spec.ports[port=53,protocol=\"UDP\"].x: field not declared in schema"),
                Some("spec.ports[1].x"),
            ),
            (
                format!("{typed}.spec.finalizers[=\"d\"]: duplicate"),
                Some("spec.finalizers[1]"),
            ),
            (format!("{typed}.spec.ports[port=9].x: y"), Some("spec.ports")),
            (format!("{typed}.other.k: expected string"), None),
            (
                "strict decoding error: unknown field \"spec.foo\"".to_owned(),
                Some("spec.foo"),
            ),
            ("namespaces \"nope\" not found".to_owned(), None),
            ("Deployment.apps \"x\" is invalid: something".to_owned(), None),
        ] {
            let status = Status::failure(&message, "");
            assert_eq!(named_by(&status, &manifest()).as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn causes_come_first() {
        let cause = |field: &str| StatusCause {
            reason: String::new(),
            message: String::new(),
            field: field.to_owned(),
        };
        let mut status = Status::failure("x: .data.k: y", "Invalid");
        status.details = Some(StatusDetails {
            name: String::new(),
            group: String::new(),
            kind: String::new(),
            uid: String::new(),
            causes: vec![
                cause(""),
                cause("patch"),
                cause("spec.ports[1].port"),
                cause("metadata.name"),
            ],
            retry_after_seconds: 0,
        });
        assert_eq!(
            named_by(&status, &manifest()).as_deref(),
            Some("spec.ports[1].port")
        );
    }

    proptest! {
        #[test]
        fn no_message_makes_it_panic(message in "(: |\n  |\\.|\\[|\\]|=|\"|spec|data|ports|é|[a-z]){0,24}") {
            let path = named_by(&Status::failure(&message, ""), &manifest());
            prop_assert!(path.is_none_or(|path| !path.is_empty()));
        }
    }
}
