use kdef_source::Severity;
use serde_json::json;

use super::*;
use crate::Provenance;

/// An object as it is rendered, and the `raw` of a heredoc.
struct Case {
    sources: SourceMap,
    object: Object,
    raw: Span,
}

fn case(raw: &str) -> Case {
    let value = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "labels": {"a": "1"}},
        "spec": {
            "replicas": 1,
            "template": {"spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "web:1",
                        "args": ["serve"],
                        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
                        "ports": [{"containerPort": 80, "protocol": "TCP", "name": "http"}],
                        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                    },
                    {"name": "log", "image": "log:1"},
                ],
                "tolerations": [{"operator": "Exists"}],
                "volumes": [{"name": "tmp", "emptyDir": {}}],
            }},
        },
    });
    let mut sources = SourceMap::default();
    let source = format!("raw = <<EOT\n{raw}EOT\n");
    let length = source.len();
    let file = sources.add("a.kdef", source);
    let mut provenance = Provenance::new(Span::new(file, 0, 3));
    provenance.record("spec.template.spec.containers[1].image", Span::new(file, 1, 2));
    Case {
        sources,
        object: Object::new(value, provenance),
        raw: Span::new(file, 6, length - 1),
    }
}

fn merged(raw: &str) -> Value {
    let mut case = case(raw);
    let problems = merge(&mut case.object, raw, case.raw, &case.sources);
    assert_eq!(problems, [], "{raw}");
    case.object.value
}

/// Merges at the first container.
fn container(raw: &str) -> Value {
    let raw = format!("spec: {{template: {{spec: {{containers: [{{name: web, {raw}}}]}}}}}}\n");
    merged(&raw)["spec"]["template"]["spec"]["containers"][0].clone()
}

#[test]
fn maps_merge_and_null_removes() {
    let value = merged("metadata:\n  labels: {b: 2x}\n  annotations:\n    team: core\nspec:\n  replicas:\n");
    assert_eq!(value["metadata"]["labels"], json!({"a": "1", "b": "2x"}));
    assert_eq!(value["metadata"]["annotations"], json!({"team": "core"}));
    assert_eq!(value["spec"].get("replicas"), None);
    assert_eq!(merged(""), merged("# nothing\n"), "no patch");
}

#[test]
fn lists_merge_by_their_key_or_are_replaced() {
    assert_eq!(container("args: [run]")["args"], json!(["run"]));
    assert_eq!(
        container("env: [{name: C, value: '3'}, {name: A, value: x}]")["env"],
        json!([{"name": "A", "value": "x"}, {"name": "B", "value": "2"}, {"name": "C", "value": "3"}])
    );
    assert_eq!(
        container("ports: [{containerPort: 80, name: web}, {containerPort: 80, protocol: UDP}]")["ports"],
        json!([
            {"containerPort": 80, "protocol": "TCP", "name": "web"},
            {"containerPort": 80, "protocol": "UDP"},
        ])
    );
    assert_eq!(
        container("volumeMounts: [{mountPath: /tmp, readOnly: true}]")["volumeMounts"],
        json!([{"name": "tmp", "mountPath": "/tmp", "readOnly": true}])
    );
    assert_eq!(
        container("volumeDevices: [{devicePath: /d, name: null}]")["volumeDevices"],
        json!([{"devicePath": "/d"}])
    );
    let spec =
        merged("spec: {template: {spec: {tolerations: [], affinity: {}}}}\n")["spec"]["template"]["spec"]
            .clone();
    assert_eq!(
        (&spec["tolerations"], &spec["affinity"]),
        (&json!([]), &json!({}))
    );
}

#[test]
fn directives_replace_and_delete() {
    let replaced = "spec: {template: {spec: {tolerations: [{$patch: replace}, {key: a, $patch: merge}]}}}\n";
    assert_eq!(
        merged(replaced)["spec"]["template"]["spec"]["tolerations"],
        json!([{"key": "a"}])
    );
    assert_eq!(
        container("env: [{name: A, $patch: delete}]")["env"],
        json!([{"name": "B", "value": "2"}])
    );
    assert_eq!(
        container("env: [{$patch: replace}, {name: Z, value: z}]")["env"],
        json!([{"name": "Z", "value": "z"}])
    );
    assert_eq!(container("$patch: replace"), json!({"name": "web"}));
    assert_eq!(
        container("volumeMounts: [{mountPath: /tmp, $patch: delete}]").get("volumeMounts"),
        None
    );
    let value = merged("metadata: {labels: {$patch: replace, c: d}}\nspec: {template: {$patch: delete}}\n");
    assert_eq!(value["metadata"]["labels"], json!({"c": "d"}));
    assert_eq!(value["spec"], json!({"replicas": 1}));
    let volumes =
        "spec: {template: {spec: {volumes: [{name: tmp, emptyDir: null, configMap: {name: x}}]}}}\n";
    assert_eq!(
        merged(volumes)["spec"]["template"]["spec"]["volumes"],
        json!([{"name": "tmp", "configMap": {"name": "x"}}])
    );
}

#[test]
fn numbers_stay_exact() {
    let env = container("env: [{name: A, mode: 0440, big: 9007199254740993, pct: 1.0}]")["env"][0].clone();
    assert_eq!(
        env,
        json!({"name": "A", "value": "1", "mode": 288, "big": 9_007_199_254_740_993_i64, "pct": 1})
    );
}

#[test]
fn merged_fields_know_their_line() {
    let raw = "spec:\n  paused: true\n  template:\n    spec:\n      containers:\n      - name: web\n        $patch: delete\n";
    let mut case = case(raw);
    assert_eq!(merge(&mut case.object, raw, case.raw, &case.sources), []);
    let provenance = &case.object.provenance;
    let place = |path: &str| case.sources.locate(provenance.lookup(path));
    assert_eq!(place("spec.paused"), "a.kdef:3:3");
    assert!(provenance.is_from_raw("spec.paused") && !provenance.is_from_raw("spec.replicas"));
    assert_eq!(
        place("spec.template.spec.containers[0].image"),
        "a.kdef:1:2",
        "moved up"
    );
}

#[test]
fn mistakes_are_errors_at_their_line() {
    for (raw, place, message) in [
        ("spec: [\n", "a.kdef:2:7", "`raw` is not valid YAML"),
        ("- a\n", "a.kdef:2:1", "`raw` must be a map"),
        (
            "kind: Pod\n",
            "a.kdef:2:1",
            "`raw` may not change `kind` of this Deployment",
        ),
        (
            "metadata:\n  name: x\n",
            "a.kdef:3:3",
            "`raw` may not change `metadata.name`",
        ),
        (
            "metadata:\n  namespace: null\n",
            "a.kdef:3:3",
            "`raw` may not change `metadata.namespace`",
        ),
        (
            "metadata: 3\n",
            "a.kdef:2:1",
            "`raw` may not change `metadata.name`",
        ),
        ("spec:\n  $patch: remove\n", "a.kdef:3:11", "`$patch` must be"),
        (
            "spec:\n  $retainKeys: []\n",
            "a.kdef:3:3",
            "`$retainKeys` is not supported",
        ),
        (
            "spec:\n  template:\n    spec:\n      volumes:\n      - emptyDir: {}\n",
            "a.kdef:6:9",
            "this item of `spec.template.spec.volumes` needs `name`",
        ),
    ] {
        let mut case = case(raw);
        let problems = merge(&mut case.object, raw, case.raw, &case.sources);
        let first = problems.first().unwrap_or_else(|| panic!("{raw}"));
        assert!(first.message.starts_with(message), "{raw}: {first:?}");
        assert_eq!((first.code, first.severity), (Code::InvalidRaw, Severity::Error));
        assert_eq!(case.sources.locate(first.span.unwrap()), place, "{raw}");
    }
}

#[test]
fn what_has_no_effect_is_a_warning() {
    for raw in [
        "status: {replicas: 1}\n",
        "spec: {template: {spec: {volumes: [{name: x, $patch: delete}]}}}\n",
    ] {
        let mut case = case(raw);
        let before = case.object.value.clone();
        let problems = merge(&mut case.object, raw, case.raw, &case.sources);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].severity, Severity::Warning);
        assert_eq!(case.object.value, before);
    }
    // Saying again which object it is is no change.
    let same = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n";
    assert_eq!(merged(same), case("").object.value);
}
