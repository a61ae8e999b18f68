use kdef_source::{Severity, SourceMap, Span};
use serde_json::{Value, json};

use super::*;
use crate::Provenance;

/// Checks an object whose `spec` and `data` the user wrote in Kubernetes' own terms, or not.
fn messages(value: Value, from_raw: bool) -> Vec<(Severity, String, Vec<String>)> {
    let mut sources = SourceMap::default();
    let file = sources.add("a.kdef", "deployment");
    let mut provenance = Provenance::new(Span::new(file, 0, 10));
    if from_raw {
        provenance.record_raw("spec".to_owned(), Span::new(file, 2, 3));
    }
    let object = Object::new(value, provenance);
    let problems = check(&object).into_iter();
    problems
        .map(|problem| (problem.severity, problem.message, problem.hints))
        .collect()
}

fn deployment(container: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "web"}, container]}}},
    })
}

#[test]
fn unknown_fields_are_named_with_the_nearest_known_one() {
    let value = deployment(&json!({"imag": "x", "resources": {"limit": {}}}));
    let expected = [
        (
            "Kubernetes 1.36 knows no field `spec.template.spec.containers[1].imag` in a Deployment",
            "did you mean `image`?",
        ),
        (
            "Kubernetes 1.36 knows no field `spec.template.spec.containers[1].resources.limit` in a Deployment",
            "did you mean `limits`?",
        ),
    ];
    for (from_raw, severity) in [(true, Severity::Warning), (false, Severity::Error)] {
        let found = messages(value.clone(), from_raw);
        assert_eq!(found.len(), 2, "{found:?}");
        for ((found_severity, message, hints), (expected, hint)) in found.into_iter().zip(expected) {
            assert_eq!(
                (found_severity, message.as_str(), hints),
                (severity, expected, vec![hint.to_owned()])
            );
        }
    }
}

#[test]
fn wrong_types_are_named_without_the_value() {
    for (container, expected) in [
        (
            json!({"env": [{"name": "A", "value": 8080}]}),
            "env[0].value` of a Deployment must be a text, not a number",
        ),
        (
            json!({"args": "x"}),
            "args` of a Deployment must be a list, not a text",
        ),
        (
            json!({"tty": "yes"}),
            "tty` of a Deployment must be `true` or `false`, not a text",
        ),
        (
            json!({"ports": [{"containerPort": 3_000_000_000_i64}]}),
            "ports[0].containerPort` of a Deployment must be a whole number, not a number outside its range",
        ),
        (
            json!({"ports": [{"containerPort": 1.5}]}),
            "ports[0].containerPort` of a Deployment must be a whole number, not a fraction",
        ),
        (
            json!({"resources": []}),
            "resources` of a Deployment must be a map, not a list",
        ),
        (
            json!({"resources": {"limits": {"memory": "1GB"}}}),
            "resources.limits.memory` of a Deployment must be a quantity, such as `500m` or `1Gi`, not another text",
        ),
        (
            json!({"livenessProbe": {"httpGet": {"port": true}}}),
            "livenessProbe.httpGet.port` of a Deployment must be a whole number or a text, not a bool",
        ),
    ] {
        let found = messages(deployment(&container), true);
        let expected = format!("`spec.template.spec.containers[1].{expected}");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0, &found[0].1), (Severity::Error, &expected));
    }
}

#[test]
fn nothing_of_a_secret_is_quoted() {
    let secret =
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"k": "hunter2!"}});
    let found = messages(secret, false);
    assert_eq!(
        found[0].1,
        "`data.k` of a Secret must be a value that Kubernetes accepts, not this one"
    );
}

#[test]
fn what_fits_passes_and_what_is_not_known_is_not_checked() {
    let fitting = deployment(&json!({
        "resources": {"limits": {"cpu": 1, "memory": "1Gi"}},
        "livenessProbe": {"httpGet": {"port": "http"}},
        "securityContext": null,
    }));
    assert_eq!(messages(fitting, true), []);
    let unknown = json!({"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "a"}, "x": 1});
    assert_eq!(messages(unknown, true), []);
}
