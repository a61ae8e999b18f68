//! What a release renders, and with which values: `path`, `env` and `set`.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::Test;
use crate::project::{TYPES, configmap};
use crate::stage::Bed;

pub(crate) const TESTS: &[Test] = &[
    ("the_path_selects_the_project", the_path_selects_the_project),
    (
        "a_path_without_a_project_is_told",
        a_path_without_a_project_is_told,
    ),
    (
        "the_environment_selects_its_files",
        the_environment_selects_its_files,
    ),
    (
        "an_unknown_environment_is_told_with_those_there_are",
        an_unknown_environment_is_told_with_those_there_are,
    ),
    ("set_gives_values_of_every_type", set_gives_values_of_every_type),
    (
        "set_of_the_wrong_type_or_name_is_told",
        set_of_the_wrong_type_or_name_is_told,
    ),
];

fn the_path_selects_the_project(bed: &Bed) -> Result<()> {
    let stage = bed.stage("path")?;
    let (_repository, revision) = stage.git(
        "app",
        &[
            ("README.md", "An application."),
            ("app.kdef", &configmap("root", "a", "b")),
            ("k8s/app.kdef", &configmap("folder", "a", "b")),
            ("k8s/deeper/app.kdef", &configmap("deeper", "a", "b")),
        ],
    )?;
    for (release, spec, object) in [
        ("root", json!({}), "root"),
        ("folder", json!({"path": "./k8s/"}), "folder"),
        ("deeper", json!({"path": "k8s/deeper"}), "deeper"),
    ] {
        stage.release(release, &spec)?;
        let release = stage.applied(release, &revision)?;
        let id = format!("{}_{object}__ConfigMap", stage.namespace);
        ensure!(
            release["status"]["inventory"]["entries"] == json!([{"id": id, "v": "v1"}]),
            "{release}"
        );
    }
    Ok(())
}

fn a_path_without_a_project_is_told(bed: &Bed) -> Result<()> {
    let stage = bed.stage("nowhere")?;
    let (_repository, revision) = stage.git(
        "app",
        &[("README.md", ""), ("k8s/app.kdef", &configmap("app", "a", "b"))],
    )?;
    let outside = "it leads out of the artifact";
    for (path, complaint) in [
        (
            "deploy",
            "the artifact has no such folder; its root holds README.md, k8s",
        ),
        ("README.md", "it is a file, not a folder"),
        ("../", outside),
        ("k8s/../../etc", outside),
    ] {
        stage.release("app", &json!({"path": path}))?;
        let message = format!("spec.path {path:?} cannot be used: {complaint}");
        let release = stage.refused("app", "ArtifactFailed", &message)?;
        ensure!(
            release["status"]["lastAttemptedRevision"] == revision,
            "{release}"
        );
    }
    stage.release("app", &json!({"path": "./k8s/"}))?;
    stage.applied("app", &revision)?;
    Ok(())
}

/// The files of a project with environments, whose objects go to a namespace.
fn environments(namespace: &str) -> Vec<(&'static str, String)> {
    let variable =
        |name: &str| format!("variable \"{name}\" {{\n  type    = \"string\"\n  default = \"default\"\n}}\n");
    let object = "configmap \"web-${kdef.env}\" {\n  data = { color = var.color, size = var.size }\n}\n";
    vec![
        (
            "root.kdef",
            format!("env = \"staging\"\n\ndeployments = {{\n  web = {{ namespace = \"{namespace}\" }}\n}}\n"),
        ),
        (
            "environments/staging.kdef",
            "use_vars {\n  color = \"yellow\"\n}\n".to_owned(),
        ),
        (
            "environments/production.kdef",
            "use_vars {\n  color = \"blue\"\n  size  = \"large\"\n}\n".to_owned(),
        ),
        ("web/vars.kdef", variable("color") + &variable("size")),
        ("web/app.kdef", object.to_owned()),
        (
            "web/environments/production.kdef",
            "use_vars {\n  size = \"huge\"\n}\n".to_owned(),
        ),
        (
            "web/environments/test.kdef",
            "use_vars {\n  size = \"tiny\"\n}\n".to_owned(),
        ),
    ]
}

fn the_environment_selects_its_files(bed: &Bed) -> Result<()> {
    let stage = bed.stage("env")?;
    let files = environments(&stage.namespace);
    let plain = "configmap \"plain\" {\n  data = { env = \"<${kdef.env}>\" }\n}\n";
    let mut files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    files.push(("plain/app.kdef", plain));
    let (_repository, revision) = stage.git("app", &files)?;
    for (release, spec, object, data) in [
        (
            "default",
            json!({}),
            "web-staging",
            json!({"color": "yellow", "size": "default"}),
        ),
        (
            "production",
            json!({"env": "production"}),
            "web-production",
            json!({"color": "blue", "size": "huge"}),
        ),
        (
            "test",
            json!({"env": "test"}),
            "web-test",
            json!({"color": "default", "size": "tiny"}),
        ),
        ("none", json!({"path": "plain"}), "plain", json!({"env": "<>"})),
    ] {
        stage.release(release, &spec)?;
        stage.applied(release, &revision)?;
        let written = stage.get("configmap", object)?;
        ensure!(written["data"] == data, "{release}: {written}");
    }
    Ok(())
}

fn an_unknown_environment_is_told_with_those_there_are(bed: &Bed) -> Result<()> {
    let stage = bed.stage("unknown")?;
    let files = environments(&stage.namespace);
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let (_repository, revision) = stage.git("app", &files)?;
    for (env, hint) in [
        ("qa", "environments are production, staging, test"),
        (
            "prodution",
            "did you mean `production`? environments are production, staging, test",
        ),
    ] {
        stage.release("app", &json!({"env": env}))?;
        stage.refused(
            "app",
            "BuildFailed",
            &format!("there is no environment `{env}` ({hint})"),
        )?;
    }
    stage.release("app", &json!({"env": "production"}))?;
    stage.applied("app", &revision)?;

    let refused = stage
        .release("app", &json!({"env": "../../secret"}))
        .map_err(|error| format!("{error:#}"));
    let told = refused
        .as_ref()
        .is_err_and(|error| error.contains("spec.env: Invalid value: \"../../secret\""));
    ensure!(told, "{refused:?}");
    Ok(())
}

fn set_gives_values_of_every_type(bed: &Bed) -> Result<()> {
    let stage = bed.stage("set")?;
    let (_repository, revision) = stage.git("app", &TYPES)?;
    let set = json!({
        "name": "set", "replicas": "3", "verbose": "true", "level": "debug",
        "hosts": r#"["a.example", "b.example"]"#, "labels": r#"{"team": "shop"}"#,
    });
    stage.release("app", &json!({"set": set}))?;
    stage.applied("app", &revision)?;
    let written = stage.get("configmap", "app-set")?;
    let data = json!({
        "replicas": "4", "verbose": "on", "level": "debug", "hosts": "a.example;b.example;", "labels": "team=shop;",
    });
    ensure!(written["data"] == data, "{written}");
    Ok(())
}

fn set_of_the_wrong_type_or_name_is_told(bed: &Bed) -> Result<()> {
    let stage = bed.stage("wrong")?;
    let (_repository, revision) = stage.git("app", &TYPES)?;
    for (set, message) in [
        (
            json!({"name": "a", "replicas": "many"}),
            "vars.kdef:5:10: the value of `replicas` in `spec.set`: a number is required, and this text is not one",
        ),
        (
            json!({"name": "a", "verbose": "maybe"}),
            "vars.kdef:10:10: the value of `verbose` in `spec.set`: a bool is required, and this text is neither \"true\" nor \"false\"",
        ),
        (
            json!({"name": "a", "level": "loud"}),
            "vars.kdef:15:10: the value of `level` in `spec.set`: one of \"debug\", \"info\" is required",
        ),
        (
            json!({"name": "a", "hosts": r#"{"a": 1}"#}),
            "vars.kdef:20:10: the value of `hosts` in `spec.set`: a list is required, not a map",
        ),
        (
            json!({"name": "a", "repilcas": "3"}),
            "`spec.set` gives a value to variable `repilcas`, which nothing declares (did you mean `replicas`?)",
        ),
        (
            json!({}),
            "vars.kdef:1:10: variable `name` has no value (give it a `default`, or a value with `--set name=...` or in a values file)",
        ),
    ] {
        stage.release("app", &json!({"set": set}))?;
        stage.refused("app", "BuildFailed", message)?;
    }
    stage.release("app", &json!({"set": {"name": "a", "replicas": "3"}}))?;
    stage.applied("app", &revision)?;
    Ok(())
}
