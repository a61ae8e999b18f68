use kdef_source::{SourceMap, Span};
use serde_json::json;

use super::*;
use crate::catalog::tests::kinds;

/// A span to tell objects apart by.
fn span(at: usize) -> Span {
    Span::new(SourceMap::default().add("a.kdef", ""), at, at + 1)
}

fn object(at: usize, value: Value) -> Object {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Object {
        api_version: text(&value["apiVersion"]),
        kind: text(&value["kind"]),
        namespace: value["metadata"]["namespace"].as_str().map(str::to_owned),
        name: text(&value["metadata"]["name"]),
        value,
        provenance: Provenance::new(span(at)),
    }
}

fn simple(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Value {
    let mut value = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}});
    if let Some(namespace) = namespace {
        value["metadata"]["namespace"] = namespace.into();
    }
    value
}

fn rules(target: Option<&str>) -> Rules {
    Rules {
        owner: Owner::new("shop", "apps"),
        namespace: "apps".to_owned(),
        target_namespace: target.map(str::to_owned),
    }
}

fn prepared(values: Vec<Value>, rules: &Rules) -> Result<DesiredSet, Vec<ObjectError>> {
    let objects = values
        .into_iter()
        .enumerate()
        .map(|(at, value)| object(at, value))
        .collect();
    assemble(flatten::flatten(objects)?, rules, &kinds())
}

/// The set of a release `apps/shop` that renders core objects of these kinds and names.
pub(crate) fn desired_set(objects: &[(&str, &str)]) -> DesiredSet {
    let values = objects
        .iter()
        .map(|(kind, name)| simple("v1", kind, None, name))
        .collect();
    prepared(values, &rules(None)).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn ids(values: Vec<Value>, rules: &Rules) -> Vec<String> {
    let set = prepared(values, rules).unwrap_or_else(|errors| panic!("{errors:?}"));
    set.objects.iter().map(|desired| desired.id.to_string()).collect()
}

fn manifest(value: Value) -> Value {
    prepared(vec![value], &rules(None))
        .unwrap_or_else(|errors| panic!("{errors:?}"))
        .objects[0]
        .parse()
}

fn crd(kind: &str, scope: &str) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{}s.x.io", kind.to_lowercase())},
        "spec": {
            "group": "x.io", "names": {"kind": kind}, "scope": scope,
            "versions": [{"name": "v1", "served": true}, {"name": "v0", "served": false}],
        },
    })
}

#[test]
fn namespaces_follow_the_scope_of_the_kind() {
    let values = || {
        vec![
            simple("v1", "ConfigMap", None, "a"),
            simple("v1", "ConfigMap", Some("other"), "b"),
            simple("rbac.authorization.k8s.io/v1", "ClusterRole", Some("other"), "c"),
            simple("v1", "Namespace", None, "d"),
            simple("x.io/v1", "Local", None, "e"),
            simple("x.io/v1", "Global", Some("other"), "f"),
            simple("y.io/v1", "Unknown", None, "g"),
            crd("Local", "Namespaced"),
            crd("Global", "Cluster"),
        ]
    };
    let crds = [
        "_globals.x.io_apiextensions.k8s.io_CustomResourceDefinition",
        "_locals.x.io_apiextensions.k8s.io_CustomResourceDefinition",
    ];
    let role = "_c_rbac.authorization.k8s.io_ClusterRole";
    assert_eq!(
        ids(values(), &rules(None)),
        [
            crds[0],
            crds[1],
            "_d__Namespace",
            role,
            "apps_a__ConfigMap",
            "other_b__ConfigMap",
            "_f_x.io_Global",
            "apps_e_x.io_Local",
            "_g_y.io_Unknown",
        ]
    );
    assert_eq!(
        ids(values(), &rules(Some("there"))),
        [
            crds[0],
            crds[1],
            role,
            "there_a__ConfigMap",
            "there_b__ConfigMap",
            "_f_x.io_Global",
            "there_e_x.io_Local",
            "_g_y.io_Unknown",
        ]
    );
}

#[test]
fn the_manifest_says_the_same_namespace_as_the_id() {
    assert_eq!(
        manifest(simple("v1", "ConfigMap", None, "a"))["metadata"]["namespace"],
        "apps"
    );
    let role = manifest(simple(
        "rbac.authorization.k8s.io/v1",
        "ClusterRole",
        Some("x"),
        "a",
    ));
    assert_eq!(role["metadata"].get("namespace"), None);
}

#[test]
fn subjects_follow_the_service_accounts_that_move() {
    let mut binding = simple("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", None, "b");
    binding["subjects"] = json!([
        {"kind": "ServiceAccount", "name": "ours", "namespace": "a"},
        {"kind": "ServiceAccount", "name": "ours", "namespace": "elsewhere"},
        {"kind": "ServiceAccount", "name": "default", "namespace": "apps"},
        {"kind": "ServiceAccount", "name": "unknown", "namespace": "a"},
        {"kind": "User", "name": "ours", "namespace": "a"},
    ]);
    let values = || {
        vec![
            simple("v1", "ServiceAccount", Some("a"), "ours"),
            simple("v1", "ServiceAccount", None, "default"),
            binding.clone(),
        ]
    };
    let subjects = |target: Option<&str>| -> Vec<String> {
        let set = prepared(values(), &rules(target)).unwrap_or_else(|errors| panic!("{errors:?}"));
        let binding = set
            .objects
            .iter()
            .find(|desired| desired.id.name == "b")
            .map(Desired::parse)
            .unwrap_or_default();
        let subjects = binding["subjects"].as_array().cloned().unwrap_or_default();
        subjects
            .iter()
            .map(|subject| subject["namespace"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(subjects(Some("there")), ["there", "elsewhere", "there", "a", "a"]);
    assert_eq!(subjects(None), ["a", "elsewhere", "apps", "a", "a"]);
}

#[test]
fn every_object_says_whose_it_is() {
    let mut value = simple("v1", "ConfigMap", None, "a");
    for labels in [json!(null), json!({"mine": "1"})] {
        value["metadata"]["labels"] = labels.clone();
        let manifest = manifest(value.clone());
        assert_eq!(manifest["metadata"]["labels"][NAME_LABEL], "shop");
        assert_eq!(manifest["metadata"]["labels"][NAMESPACE_LABEL], "apps");
        assert_eq!(manifest["metadata"]["labels"].get("mine"), labels.get("mine"));
    }
}

#[test]
fn what_the_server_writes_is_left_to_it() {
    let manifest = manifest(json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": "a", "creationTimestamp": null, "uid": "u", "resourceVersion": "1", "managedFields": [],
            "annotations": {"k": "v"},
        },
        "status": {}, "data": {"k": "v"},
    }));
    let keys = |value: &Value| {
        value
            .as_object()
            .map(|map| map.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    assert_eq!(keys(&manifest), ["apiVersion", "data", "kind", "metadata"]);
    assert_eq!(
        keys(&manifest["metadata"]),
        ["annotations", "labels", "name", "namespace"]
    );
}

#[test]
fn string_data_becomes_data() {
    let mut secret = simple("v1", "Secret", None, "a");
    secret["data"] = json!({"kept": "eA==", "both": "eA=="});
    secret["stringData"] = json!({"both": "two\nlines", "new": "hunter2"});
    let folded = manifest(secret.clone());
    assert_eq!(
        folded["data"],
        json!({"kept": "eA==", "both": "dHdvCmxpbmVz", "new": "aHVudGVyMg=="})
    );
    assert_eq!(folded.get("stringData"), None);
    secret["stringData"] = json!({"pin": 12});
    assert_eq!(manifest(secret)["stringData"], json!({"pin": 12}));
}

#[test]
fn ports_have_a_protocol() {
    let ports = json!([{"containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}]);
    let pod = json!({"containers": [{"name": "a", "ports": ports}, {"name": "b"}], "initContainers": [{"ports": ports}]});
    let protocols = |pod: &Value, list: &str| {
        (
            pod[list][0]["ports"][0]["protocol"].clone(),
            pod[list][0]["ports"][1]["protocol"].clone(),
        )
    };
    let mut deployment = simple("apps/v1", "Deployment", None, "a");
    deployment["spec"] = json!({"template": {"spec": pod}});
    let mut cronjob = simple("batch/v1", "CronJob", None, "a");
    cronjob["spec"] = json!({"jobTemplate": {"spec": {"template": {"spec": pod}}}});
    let (deployment, cronjob) = (manifest(deployment), manifest(cronjob));
    for pod in [
        &deployment["spec"]["template"]["spec"],
        &cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"],
    ] {
        assert_eq!(protocols(pod, "containers"), (json!("TCP"), json!("UDP")));
        assert_eq!(protocols(pod, "initContainers"), (json!("TCP"), json!("UDP")));
    }
    let mut service = simple("v1", "Service", None, "a");
    service["spec"] = json!({"ports": [{"port": 80}]});
    assert_eq!(manifest(service)["spec"]["ports"][0]["protocol"], "TCP");
}

#[test]
fn lists_are_taken_apart() {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [
        simple("v1", "ConfigMap", Some("x"), "a"),
        {"apiVersion": "v1", "kind": "ConfigMapList", "items": [simple("v1", "ConfigMap", None, "b")]},
    ]});
    assert_eq!(
        ids(vec![list], &rules(None)),
        ["apps_b__ConfigMap", "x_a__ConfigMap"]
    );
}

#[test]
fn a_kind_that_only_ends_in_list_is_an_object() {
    let mut value = simple("x.io/v1", "AllowList", None, "a");
    value["items"] = json!(["x"]);
    assert_eq!(ids(vec![value], &rules(None)), ["_a_x.io_AllowList"]);
}

#[test]
fn duplicates_name_both_places() {
    let values = vec![
        simple("v1", "ConfigMap", Some("a"), "x"),
        simple("v1", "ConfigMap", Some("b"), "x"),
        simple("v1", "Secret", Some("a"), "x"),
    ];
    assert!(prepared(values.clone(), &rules(None)).is_ok());
    let errors = prepared(values, &rules(Some("there"))).err().unwrap_or_default();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.to_string(), error.span, error.related))
        .collect();
    let message =
        "ConfigMap/there/x: two places render this object; give one of them another name or namespace";
    assert_eq!(told, [(message.to_owned(), Some(span(1)), Some(span(0)))]);
}

#[test]
fn what_cannot_be_found_again_is_refused() {
    let mut generated = simple("v1", "ConfigMap", None, "");
    generated["metadata"]["generateName"] = json!("x-");
    let values = vec![
        generated,
        simple("v1", "", None, "a"),
        simple("", "ConfigMap", None, "a"),
        simple("v1", "ConfigMap", None, ""),
        simple("v1", "ConfigMap", None, "a/../b?x"),
        simple("v1", "ConfigMap", Some("a/b"), "a"),
    ];
    let errors = prepared(values, &rules(None)).err().unwrap_or_default();
    let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "ConfigMap/: an object with `generateName` would be created anew each time; give it a `name`",
            "/a: the object has no `kind`",
            "ConfigMap/a: the object has no `apiVersion`",
            "ConfigMap/: \"\" is no name that a Kubernetes object can have",
            "ConfigMap/a/../b?x: \"a/../b?x\" is no name that a Kubernetes object can have",
            "ConfigMap/a/b/a: \"a/b\" is no name that a namespace can have",
        ]
    );
    assert!(
        errors
            .iter()
            .all(|error| error.retry == Retry::Never && error.span.is_some())
    );
}

#[test]
fn the_number_of_objects_is_bounded() {
    let values = (0..10_001)
        .map(|n| simple("v1", "ConfigMap", None, &format!("c{n}")))
        .collect();
    let errors = prepared(values, &rules(None)).err().unwrap_or_default();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.contains("10000"), "{}", errors[0].message);
}

#[test]
fn definitions_are_read() {
    let set = prepared(vec![crd("Local", "Namespaced")], &rules(None))
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    let expected = Definition {
        kind: GroupKind::new("x.io", "Local"),
        namespaced: true,
        versions: vec!["v1".to_owned()],
    };
    assert_eq!(set.objects[0].defines, Some(expected));
}
