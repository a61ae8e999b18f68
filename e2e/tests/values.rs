//! Values from ConfigMaps and Secrets: `valuesFrom`.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Test;
use crate::project::TYPES;
use crate::stage::{Bed, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "values_come_from_config_maps_and_secrets",
        values_come_from_config_maps_and_secrets,
    ),
    (
        "values_that_are_missing_or_wrong_are_told_and_found_later",
        values_that_are_missing_or_wrong_are_told_and_found_later,
    ),
];

fn values_come_from_config_maps_and_secrets(bed: &Bed) -> Result<()> {
    let stage = bed.stage("values")?;
    let (_repository, revision) = stage.git("app", &TYPES)?;
    let values =
        json!({"name": "overridden", "replicas": 3, "hosts": ["a", "b"], "labels": {"team": "shop"}});
    let yaml = "name: overridden\nreplicas: 3\nhosts: [a, b]\nlabels:\n  team: shop\n";
    let json = values.to_string();
    for (release, kind, key, text) in [
        ("map", "ConfigMap", None, json.as_str()),
        ("map-key", "ConfigMap", Some("production.json"), &json),
        ("map-yaml", "ConfigMap", Some("values.yaml"), yaml),
        ("secret", "Secret", None, &json),
        ("secret-yaml", "Secret", Some("values.yml"), yaml),
    ] {
        put(
            &stage,
            kind,
            release,
            &json!({key.unwrap_or("values.json"): text}),
        )?;
        let mut from = json!({"kind": kind, "name": release});
        if let Some(key) = key {
            from["key"] = key.into();
        }
        // What `set` says wins.
        stage.release(release, &json!({"valuesFrom": from, "set": {"name": release}}))?;
        stage.applied(release, &revision)?;
        let written = stage.get("configmap", &format!("app-{release}"))?;
        let data = json!({
            "replicas": "4", "verbose": "off", "level": "info", "hosts": "a;b;", "labels": "team=shop;",
        });
        ensure!(written["data"] == data, "{release}: {written}");
    }
    Ok(())
}

/// Values that a release waits for: the release and its object, the object's kind, the key, what the object holds at first
/// as JSON (nothing when it does not exist), and what the condition says.
type Awaited = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const AWAITED: &[Awaited] = &[
    (
        "absent",
        "ConfigMap",
        "values.json",
        "",
        "ConfigMap/NAMESPACE/absent does not exist; spec.valuesFrom names it, and it must be in the namespace of the \
         KdefRelease",
    ),
    (
        "absent-secret",
        "Secret",
        "values.json",
        "",
        "Secret/NAMESPACE/absent-secret does not exist; spec.valuesFrom names it, and it must be in the namespace of the \
         KdefRelease",
    ),
    (
        "key",
        "ConfigMap",
        "values.json",
        r#"{"values.yaml": "", "other": ""}"#,
        "ConfigMap/NAMESPACE/key has no key \"values.json\"; it has other, values.yaml",
    ),
    (
        "secret-key",
        "Secret",
        "values.json",
        r#"{"hunter2": ""}"#,
        "Secret/NAMESPACE/secret-key has no key \"values.json\"",
    ),
    (
        "text",
        "ConfigMap",
        "values.json",
        r#"{"values.json": "{\n  \"name\": yes\n}"}"#,
        "ConfigMap/NAMESPACE/text:values.json:2:11: values in `ConfigMap/NAMESPACE/text:values.json`: the text is not valid \
         JSON: expected value",
    ),
    (
        "secret-text",
        "Secret",
        "values.json",
        r#"{"values.json": "{\"password\":hunter2}"}"#,
        "values in `Secret/NAMESPACE/secret-text:values.json`: the text is not valid JSON: expected value, at line 1, \
         column 13",
    ),
    (
        "list",
        "ConfigMap",
        "values.yaml",
        r#"{"values.yaml": "- name\n"}"#,
        "ConfigMap/NAMESPACE/list:values.yaml:1:1: values in `ConfigMap/NAMESPACE/list:values.yaml`: a map is required at \
         the top level",
    ),
];

fn values_that_are_missing_or_wrong_are_told_and_found_later(bed: &Bed) -> Result<()> {
    let stage = bed.stage("awaited")?;
    let (_repository, revision) = stage.git("app", &TYPES)?;
    for (name, kind, key, data, _) in AWAITED {
        if !data.is_empty() {
            put(&stage, kind, name, &serde_json::from_str(data)?)?;
        }
        stage.release(
            name,
            &json!({"valuesFrom": {"kind": kind, "name": name, "key": key}}),
        )?;
    }
    for (name, .., message) in AWAITED {
        let message = message.replace("NAMESPACE", &stage.namespace);
        stage.refused(name, "ValuesFailed", &message)?;
    }
    // Nothing but the object changes, and the interval is an hour.
    for (name, kind, key, ..) in AWAITED {
        put(
            &stage,
            kind,
            name,
            &json!({*key: json!({"name": name}).to_string()}),
        )?;
    }
    for (name, ..) in AWAITED {
        stage.applied(name, &revision).with_context(|| *name)?;
        ensure!(stage.exists("configmap", &format!("app-{name}"))?, "{name}");
    }
    Ok(())
}

/// Creates or changes a ConfigMap or a Secret.
fn put(stage: &Stage<'_>, kind: &str, name: &str, data: &Value) -> Result<()> {
    let field = if kind == "Secret" { "stringData" } else { "data" };
    stage.apply(&json!({
        "apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": stage.namespace}, field: data,
    }))
}
