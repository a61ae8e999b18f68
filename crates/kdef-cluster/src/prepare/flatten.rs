//! Takes lists apart and refuses what cannot be tracked.

use kdef_render::{Object, Provenance};
use serde_json::Value;

use crate::error::ObjectError;

/// The most objects that one release may have.
const MAX_OBJECTS: usize = 10_000;
/// The longest name that Kubernetes accepts, in bytes.
const LONGEST_NAME: usize = 253;
/// The longest namespace that Kubernetes accepts, in bytes.
const LONGEST_NAMESPACE: usize = 63;

/// Replaces each list by its items and checks that every object can be found again.
pub(super) fn flatten(objects: Vec<Object>) -> Result<Vec<Object>, Vec<ObjectError>> {
    let mut flat = Vec::with_capacity(objects.len());
    let mut errors = Vec::new();
    let mut queue = objects;
    queue.reverse();
    while let Some(mut object) = queue.pop() {
        if flat.len() == MAX_OBJECTS {
            let message = format!(
                "a release has at most {MAX_OBJECTS} objects; split the project into several releases"
            );
            return Err(vec![ObjectError::rendered(
                &object,
                "TooManyObjects",
                "",
                message,
            )]);
        }
        if is_list(&object) {
            let items = object.value["items"].take();
            let Value::Array(items) = items else { continue };
            queue.extend(
                items
                    .into_iter()
                    .rev()
                    .map(|item| item_object(item, &object.provenance)),
            );
        } else if let Some(error) = untrackable(&object) {
            errors.push(error);
        } else {
            flat.push(object);
        }
    }
    if errors.is_empty() { Ok(flat) } else { Err(errors) }
}

/// Tells whether an object only holds others: a list has items and, unlike an object, no name.
fn is_list(object: &Object) -> bool {
    object.kind.ends_with("List") && object.name.is_empty() && object.value["items"].is_array()
}

/// Makes an object of a list's item. Its fields have other paths in the list, so only the block's place is kept.
fn item_object(item: Value, list: &Provenance) -> Object {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let namespace = text(&item["metadata"]["namespace"]);
    Object {
        api_version: text(&item["apiVersion"]),
        kind: text(&item["kind"]),
        namespace: (!namespace.is_empty()).then_some(namespace),
        name: text(&item["metadata"]["name"]),
        value: item,
        provenance: Provenance::new(list.block()),
    }
}

/// Returns why an object could not be found again under its name.
fn untrackable(object: &Object) -> Option<ObjectError> {
    let error = |reason: &str, field: &str, message: String| {
        Some(ObjectError::rendered(object, reason, field, message))
    };
    let missing = [("apiVersion", &object.api_version), ("kind", &object.kind)];
    if let Some((field, _)) = missing.iter().find(|(_, value)| value.is_empty()) {
        return error("Invalid", field, format!("the object has no `{field}`"));
    }
    if !object.value["metadata"].is_object() {
        return error("Invalid", "metadata", "the object has no `metadata`".to_owned());
    }
    if !object.value["metadata"]["generateName"].is_null() {
        let message =
            "an object with `generateName` would be created anew each time; give it a `name`".to_owned();
        return error("GenerateName", "metadata.generateName", message);
    }
    if !is_path_segment(&object.name) {
        let message = format!("{:?} is no name that a Kubernetes object can have", object.name);
        return error("Invalid", "metadata.name", message);
    }
    match &object.namespace {
        Some(namespace) if !is_namespace(namespace) => {
            let message = format!("{namespace:?} is no name that a namespace can have");
            error("Invalid", "metadata.namespace", message)
        }
        _ => None,
    }
}

/// Tells whether a name can stand in a request's path as it is. Which names a kind allows is for the server to say.
fn is_path_segment(name: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    !matches!(name, "" | "." | "..") && name.len() <= LONGEST_NAME && name.bytes().all(unreserved)
}

fn is_namespace(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= LONGEST_NAMESPACE && name.bytes().all(legal)
}
