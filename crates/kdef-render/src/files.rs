//! The files that `--output-dir` writes.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::provenance::Definition;
use crate::{Object, yaml};

/// A file of manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestFile {
    /// The name, without a folder.
    pub name: String,
    /// The documents, in the order of the objects.
    pub text: String,
}

/// Divides objects into files, one for each top-level block, sorted by name.
///
/// A workload's file is `<name>.yaml` and holds its Service and Ingresses too, other files are
/// `<kind>-<name>.yaml`. Where that is the name of two blocks, as with one name in two namespaces, both files get their
/// full name instead: `<namespace>_<kind>_<name>.yaml`. No namespace, kind or name holds a `_`, since what names of RBAC
/// may hold beyond other names is written as `%5F`, so that a full name is never another's.
pub fn files(objects: &[Object]) -> Vec<ManifestFile> {
    let mut by_definition: BTreeMap<Definition, Vec<&Object>> = BTreeMap::new();
    for object in objects {
        by_definition.entry(definition(object)).or_default().push(object);
    }
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for definition in by_definition.keys() {
        *users.entry(short_name(definition)).or_default() += 1;
    }
    let file = |(definition, objects): (&Definition, &Vec<&Object>)| {
        let short = short_name(definition);
        let unique = users.get(&short) == Some(&1);
        ManifestFile {
            name: format!("{}.yaml", if unique { short } else { full_name(definition) }),
            text: yaml::stream(objects.iter().copied()),
        }
    };
    let mut files: Vec<_> = by_definition.iter().map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn definition(object: &Object) -> Definition {
    object
        .provenance
        .definition()
        .cloned()
        .unwrap_or_else(|| Definition {
            kind: "manifest",
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        })
}

fn short_name(definition: &Definition) -> String {
    let Definition { kind, namespace, .. } = definition;
    let name = escaped(&definition.name);
    match (*kind, namespace) {
        ("deployment" | "daemonset" | "statefulset" | "cronjob", _) => name,
        ("service_account", Some(namespace)) => format!("sa-{name}-{namespace}"),
        ("service_account", None) => format!("sa-{name}"),
        ("persistentvolumeclaim", _) => format!("pvc-{name}"),
        _ => format!("{kind}-{name}"),
    }
}

fn full_name(definition: &Definition) -> String {
    let Definition { kind, namespace, .. } = definition;
    let name = escaped(&definition.name);
    let kind = kind.replace('_', "");
    match namespace {
        Some(namespace) => format!("{namespace}_{kind}_{name}"),
        None => format!("_{kind}_{name}"),
    }
}

/// Returns a name with what only names of RBAC hold, such as `:`, in hexadecimal. No name holds a `%`.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.') {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kdef_source::{SourceMap, Span};
    use serde_json::json;

    use super::*;
    use crate::Provenance;

    fn object(block: &'static str, namespace: Option<&str>, name: &str, kind: &str) -> Object {
        let file = SourceMap::default().add("a.kdef", "");
        let definition = Definition {
            kind: block,
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        };
        let value = json!({"kind": kind, "metadata": {"namespace": namespace, "name": name}});
        Object::new(
            value,
            Provenance::new(Span::new(file, 0, 0)).of(&Arc::new(definition)),
        )
    }

    #[test]
    fn files_are_named_after_their_block() {
        let objects = [
            object("namespace", None, "shop", "Namespace"),
            object("service_account", Some("shop"), "runner", "ServiceAccount"),
            object("configmap", Some("shop"), "conf", "ConfigMap"),
            object("deployment", Some("shop"), "web", "Service"),
            object("deployment", Some("shop"), "web", "Deployment"),
            object("secret", None, "db", "Secret"),
            object("persistentvolumeclaim", None, "data", "PersistentVolumeClaim"),
            object("clusterrole", None, "shop:view", "ClusterRole"),
        ];
        let files = files(&objects);
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "clusterrole-shop%3Aview.yaml",
                "configmap-conf.yaml",
                "namespace-shop.yaml",
                "pvc-data.yaml",
                "sa-runner-shop.yaml",
                "secret-db.yaml",
                "web.yaml"
            ]
        );
        let kinds: Vec<&str> = files[6]
            .text
            .lines()
            .filter(|line| line.starts_with("kind"))
            .collect();
        assert_eq!(kinds, ["kind: Service", "kind: Deployment"]);
    }

    #[test]
    fn no_file_is_written_over() {
        let objects = [
            object("deployment", Some("a"), "web", "Deployment"),
            object("deployment", Some("b"), "web", "Deployment"),
            object("cronjob", Some("a"), "web", "CronJob"),
            object("deployment", None, "configmap-x", "Deployment"),
            object("configmap", None, "x", "ConfigMap"),
            object("service_account", Some("b-c"), "a", "ServiceAccount"),
            object("service_account", Some("c"), "a-b", "ServiceAccount"),
        ];
        let files = files(&objects);
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "_configmap_x.yaml",
                "_deployment_configmap-x.yaml",
                "a_cronjob_web.yaml",
                "a_deployment_web.yaml",
                "b-c_serviceaccount_a.yaml",
                "b_deployment_web.yaml",
                "c_serviceaccount_a-b.yaml",
            ]
        );
    }
}
