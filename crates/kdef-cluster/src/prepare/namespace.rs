//! Which namespace each object goes to.

use std::collections::{BTreeMap, BTreeSet};

use kdef_render::Object;
use serde_json::Value;

use super::{Definition, Rules, group_kind};
use crate::catalog::{GroupKind, Kinds, Lookup};

/// Gives every object the namespace that its kind and the rules ask for.
///
/// With a target namespace, Namespaces are left out, namespaced objects are moved, and bindings follow the ServiceAccounts
/// that move.
pub(super) fn place<'a>(
    objects: &mut Vec<Object>,
    rules: &Rules,
    kinds: &Kinds,
    definitions: impl Iterator<Item = &'a Definition>,
) {
    let defined: BTreeMap<&GroupKind, bool> = definitions
        .map(|definition| (&definition.kind, definition.namespaced))
        .collect();
    if let Some(target) = &rules.target_namespace {
        objects.retain(|object| !(object.group().is_empty() && object.kind == "Namespace"));
        move_subjects(objects, &rules.namespace, target);
    }
    for object in objects {
        let namespace = match is_namespaced(object, kinds, &defined) {
            Some(true) => {
                let own = object
                    .namespace
                    .as_deref()
                    .filter(|namespace| !namespace.is_empty());
                Some(
                    rules
                        .target_namespace
                        .as_deref()
                        .or(own)
                        .unwrap_or(&rules.namespace)
                        .to_owned(),
                )
            }
            Some(false) => None,
            // An unknown kind is reported when it is applied.
            None => continue,
        };
        set_namespace(object, namespace);
    }
}

/// Tells whether a kind is namespaced; `None` when neither the cluster nor the set knows it.
fn is_namespaced(object: &Object, kinds: &Kinds, defined: &BTreeMap<&GroupKind, bool>) -> Option<bool> {
    let kind = group_kind(object);
    match kinds.find(&kind, Some(object.version())) {
        Lookup::Served(served) => Some(served.namespaced),
        Lookup::NotServed | Lookup::Unknown => defined.get(&kind).copied(),
    }
}

fn set_namespace(object: &mut Object, namespace: Option<String>) {
    let metadata = &mut object.value["metadata"];
    match (&namespace, metadata.as_object_mut()) {
        (Some(namespace), _) => metadata["namespace"] = namespace.as_str().into(),
        (None, Some(metadata)) => drop(metadata.remove("namespace")),
        (None, None) => {}
    }
    object.namespace = namespace;
}

/// Points the subjects of bindings that name a ServiceAccount of the set to where it moves.
fn move_subjects(objects: &mut [Object], default_namespace: &str, target: &str) {
    let accounts: BTreeSet<(String, String)> = objects
        .iter()
        .filter(|object| object.group().is_empty() && object.kind == "ServiceAccount")
        .map(|object| {
            let namespace = object.namespace.as_deref().unwrap_or(default_namespace);
            (namespace.to_owned(), object.name.clone())
        })
        .collect();
    let bindings = objects.iter_mut().filter(|object| {
        object.group() == "rbac.authorization.k8s.io"
            && matches!(object.kind.as_str(), "RoleBinding" | "ClusterRoleBinding")
    });
    for binding in bindings {
        let own = binding
            .namespace
            .clone()
            .unwrap_or_else(|| default_namespace.to_owned());
        let Some(subjects) = binding.value["subjects"].as_array_mut() else {
            continue;
        };
        for subject in subjects {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let namespace = text(&subject["namespace"]).unwrap_or_else(|| own.clone());
            let name = text(&subject["name"]).unwrap_or_default();
            if subject["kind"] == "ServiceAccount" && accounts.contains(&(namespace, name)) {
                subject["namespace"] = target.into();
            }
        }
    }
}
