//! The public page, from top to bottom: every YAML on it does what it says there.
//!
//! `fixtures/page` holds them as they stand on the page; only the URL is another when they are applied.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testbed::Repository;

use crate::Test;
use crate::look::{inventory, set};
use crate::project::configmap;
use crate::stage::{Bed, Stage, repository_root};

pub(crate) const TESTS: &[Test] = &[
    (
        "the_page_holds_from_top_to_bottom",
        the_page_holds_from_top_to_bottom,
    ),
    (
        "staging_and_production_live_side_by_side",
        staging_and_production_live_side_by_side,
    ),
    ("the_reference_table_holds", the_reference_table_holds),
    ("the_required_fields_are_enough", the_required_fields_are_enough),
];

fn the_page_holds_from_top_to_bottom(bed: &Bed) -> Result<()> {
    let (_turn, stage) = bed.flux_system()?;
    let repository = stage.cluster().git().repository("my-app")?;
    let revision = repository.commit_dir(&fixture("my-app"), "First")?;
    let url = "https://github.com/example/my-app.git";
    apply(&stage, &page("gitrepository")?.replace(url, repository.url()))?;
    apply(&stage, &page("kdefrelease")?)?;

    first_release(&stage, &revision)?;
    let revision = what_leaves_the_output_is_pruned(&stage, &repository)?;
    environment_overrides(&stage, &revision)?;
    variable_overrides(&stage, &revision)?;
    complex_values(&stage, &revision)?;
    suspend_and_resume(&stage, &repository, &revision)
}

fn first_release(stage: &Stage<'_>, revision: &str) -> Result<()> {
    stage.applied("my-app", revision)?;
    is_deployed(stage, 1, "v1.0.0", "development")?;
    let mut row = stage.row("my-app")?;
    let age = row.pop().unwrap_or_default();
    let status = format!("Applied revision: {revision}");
    ensure!(row == ["my-app", "True", &status, revision], "{row:?}");
    ensure!(age.ends_with(['s', 'm']), "{age}");
    Ok(())
}

fn what_leaves_the_output_is_pruned(stage: &Stage<'_>, repository: &Repository) -> Result<String> {
    ensure!(stage.exists("configmap", "my-app-banner")?, "it is rendered");
    let revision = repository.remove("k8s/banner.kdef")?;
    stage
        .cluster()
        .reconcile("gitrepository", &stage.namespace, "my-app")?;
    let release = stage.applied("my-app", &revision)?;
    ensure!(!stage.exists("configmap", "my-app-banner")?, "it is pruned");
    ensure!(
        inventory(&release)
            == set([
                "flux-system_my-app__ConfigMap",
                "flux-system_my-app__Service",
                "flux-system_my-app_apps_Deployment",
            ]),
        "{release}"
    );
    Ok(revision)
}

fn environment_overrides(stage: &Stage<'_>, revision: &str) -> Result<()> {
    patch(stage, &page("env")?)?;
    stage.applied("my-app", revision)?;
    is_deployed(stage, 1, "v1.0.0", "production")
}

fn variable_overrides(stage: &Stage<'_>, revision: &str) -> Result<()> {
    patch(stage, &page("set")?)?;
    stage.applied("my-app", revision)?;
    is_deployed(stage, 3, "v2.0.0", "production")
}

fn complex_values(stage: &Stage<'_>, revision: &str) -> Result<()> {
    let metadata = json!({"name": "my-app-values", "namespace": "flux-system"});
    let secret =
        json!({"hosts": ["my-app.example", "www.my-app.example"], "limits": {"cpu": "2", "memory": "1Gi"}});
    stage.apply(&json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": metadata,
        "stringData": {"values.json": secret.to_string()},
    }))?;
    let config_map = json!({"hosts": ["other.example"]});
    stage.apply(&json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
        "data": {"values.json": config_map.to_string()},
    }))?;
    let as_config_map = page("values-from")?.replace("kind: Secret ", "kind: ConfigMap ");
    for (values_from, data) in [
        (
            page("values-from")?,
            json!({"hosts": "my-app.example\nwww.my-app.example\n", "limits": "cpu=2\nmemory=1Gi\n"}),
        ),
        (as_config_map, json!({"hosts": "other.example\n", "limits": ""})),
    ] {
        patch(stage, &values_from)?;
        stage.applied("my-app", revision)?;
        let written = stage.get("configmap", "my-app")?;
        ensure!(written["data"] == data, "{written}");
        is_deployed(stage, 3, "v2.0.0", "production")?;
    }
    Ok(())
}

fn suspend_and_resume(stage: &Stage<'_>, repository: &Repository, before: &str) -> Result<()> {
    patch(stage, &page("suspend")?)?;
    let missed = commit_tier(stage, repository, "missed")?;
    // The next revision shows whether that one was left alone.
    let next = commit_tier(stage, repository, "next")?;
    let release = stage.get("kdefrelease", "my-app")?;
    ensure!(release["status"]["lastAppliedRevision"] == before, "{release}");
    is_deployed(stage, 3, "v2.0.0", "production")?;

    patch(stage, "spec:\n  suspend: false\n")?;
    stage.applied("my-app", &next)?;
    is_deployed(stage, 3, "v2.0.0", "next")?;
    let applied_meanwhile = stage
        .events("my-app")?
        .into_iter()
        .find(|[_, _, text]| text.contains(&missed));
    ensure!(applied_meanwhile.is_none(), "{applied_meanwhile:?}");
    Ok(())
}

/// Commits another tier for production, and waits until Flux offers the revision.
fn commit_tier(stage: &Stage<'_>, repository: &Repository, tier: &str) -> Result<String> {
    let file = format!("use_vars {{\n  tier = \"{tier}\"\n}}\n");
    let revision = stage.commit(
        "my-app",
        repository,
        &[("k8s/environments/production.kdef", &file)],
    )?;
    stage.offered("gitrepository", "my-app", &revision)?;
    Ok(revision)
}

/// Holds the Deployment against what its inputs make of it.
fn is_deployed(stage: &Stage<'_>, replicas: u32, tag: &str, tier: &str) -> Result<()> {
    let deployment = stage.get("deployment", "my-app")?;
    let spec = &deployment["spec"];
    let container = &spec["template"]["spec"]["containers"][0];
    ensure!(spec["replicas"] == replicas, "{spec}");
    ensure!(
        container["image"] == format!("registry.example/my-app:{tag}"),
        "{spec}"
    );
    ensure!(
        container["env"] == json!([{"name": "TIER", "value": tier}]),
        "{spec}"
    );
    Ok(())
}

fn staging_and_production_live_side_by_side(bed: &Bed) -> Result<()> {
    let (_turn, stage) = bed.flux_system()?;
    let shop = repository_root().join("examples/shop");
    let repository = stage.cluster().git().repository("platform")?;
    let revision = repository.commit_dir(&shop, "First")?;
    let source = fs::read_to_string(shop.join("flux/gitrepository.yaml"))?;
    apply(
        &stage,
        &source.replace("https://github.com/example/platform.git", repository.url()),
    )?;
    apply(&stage, &page("real-world")?)?;

    for (env, domain, replicas) in [
        ("staging", "staging.shop.example", 2),
        ("production", "shop.example", 4),
    ] {
        let release = format!("platform-{env}");
        stage.applied(&release, &revision)?;
        let row = stage.row(&release)?;
        let status = format!("Applied revision: {revision}");
        ensure!(row[..4] == [&release, "True", &status, &revision], "{row:?}");
        is_shop(&stage, &format!("shop-{env}"), domain, replicas)?;
    }
    for (namespace, found) in [("shop-staging", true), ("shop-production", false)] {
        let mail_catcher = stage.cluster().get("deployment", namespace, "mailpit");
        ensure!(mail_catcher.is_ok() == found, "{namespace}: {mail_catcher:?}");
    }
    Ok(())
}

/// Holds the storefront in a namespace against what its environment makes of it.
fn is_shop(stage: &Stage<'_>, namespace: &str, domain: &str, replicas: u32) -> Result<()> {
    let storefront = stage.cluster().get("deployment", namespace, "storefront")?;
    ensure!(storefront["spec"]["replicas"] == replicas, "{storefront}");
    let ingress = stage.cluster().get("ingress", namespace, "storefront")?;
    let rules = ingress["spec"]["rules"].as_array();
    let hosts: Vec<&Value> = rules.into_iter().flatten().map(|rule| &rule["host"]).collect();
    ensure!(
        hosts == [&json!(domain), &json!(format!("www.{domain}"))],
        "{ingress}"
    );
    Ok(())
}

/// The page's table of fields: the path, the type, and whether it is required.
const FIELDS: [(&str, &str, bool); 15] = [
    ("sourceRef.kind", "string", true),
    ("sourceRef.name", "string", true),
    ("sourceRef.namespace", "string", false),
    ("path", "string", false),
    ("env", "string", false),
    ("set", "object", false),
    ("valuesFrom.kind", "string", false),
    ("valuesFrom.name", "string", false),
    ("valuesFrom.key", "string", false),
    ("interval", "string", true),
    ("prune", "boolean", false),
    ("targetNamespace", "string", false),
    ("serviceAccountName", "string", false),
    ("suspend", "boolean", false),
    ("set.*", "string", false),
];

fn the_reference_table_holds(bed: &Bed) -> Result<()> {
    let crd = bed.cluster.get("crd", "", "kdefreleases.kdef.gsid.nl")?;
    let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    for (path, type_, required) in FIELDS {
        let (mut schema, mut is_required) = (spec, true);
        for field in path.split('.') {
            let names = schema["required"].as_array();
            is_required &= names.is_some_and(|names| names.iter().any(|name| name == field));
            schema = if field == "*" {
                &schema["additionalProperties"]
            } else {
                &schema["properties"][field]
            };
        }
        ensure!(
            schema["type"] == type_ && is_required == required,
            "{path}: {schema}"
        );
    }
    let values = |path: &[&str]| {
        path.iter()
            .fold(spec, |schema, field| &schema["properties"][*field])["enum"]
            .clone()
    };
    let sources = values(&["sourceRef", "kind"]);
    ensure!(
        sources == json!(["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"]),
        "{sources}"
    );
    let holders = values(&["valuesFrom", "kind"]);
    ensure!(holders == json!(["ConfigMap", "Secret"]), "{holders}");
    Ok(())
}

/// Specs that lack something, and what the API server says of them.
const REFUSED: [(&str, &str); 5] = [
    (r#"{"interval": "1h"}"#, "spec.sourceRef: Required value"),
    (
        r#"{"sourceRef": {"kind": "GitRepository", "name": "app"}}"#,
        "spec.interval: Required value",
    ),
    (
        r#"{"interval": "1h", "sourceRef": {"name": "app"}}"#,
        "spec.sourceRef.kind: Required value",
    ),
    (
        r#"{"interval": "1h", "sourceRef": {"kind": "GitRepository"}}"#,
        "spec.sourceRef.name: Required value",
    ),
    (
        r#"{"interval": "often", "sourceRef": {"kind": "GitRepository", "name": "app"}}"#,
        "spec.interval: Invalid value",
    ),
];

fn the_required_fields_are_enough(bed: &Bed) -> Result<()> {
    let stage = bed.stage("required")?;
    let release = |spec: &Value| {
        stage.apply(&json!({
            "apiVersion": "kdef.gsid.nl/v1alpha1", "kind": "KdefRelease",
            "metadata": {"name": "app", "namespace": stage.namespace}, "spec": spec,
        }))
    };
    for (spec, complaint) in REFUSED {
        let refused = release(&serde_json::from_str(spec)?).map_err(|error| format!("{error:#}"));
        let is_told = refused.as_ref().is_err_and(|error| error.contains(complaint));
        ensure!(is_told, "{spec}: {refused:?}");
    }
    let both = configmap("a", "a", "b") + &configmap("b", "a", "b");
    let (repository, revision) = stage.git("app", &[("app.kdef", &both)])?;
    release(&json!({"interval": "1h", "sourceRef": {"kind": "GitRepository", "name": "app"}}))?;
    stage.applied("app", &revision)?;
    let revision = stage.commit("app", &repository, &[("app.kdef", &configmap("a", "a", "b"))])?;
    stage.applied("app", &revision)?;
    let left = stage.owned("configmap", "app")?;
    ensure!(
        left == set(["a", "b"]),
        "without prune, nothing is deleted: {left:?}"
    );
    Ok(())
}

/// Returns the path of a fixture.
fn fixture(name: &str) -> PathBuf {
    repository_root().join("e2e/fixtures").join(name)
}

/// Returns a YAML of the page.
fn page(name: &str) -> Result<String> {
    Ok(fs::read_to_string(fixture("page").join(format!("{name}.yaml")))?)
}

fn apply(stage: &Stage<'_>, yaml: &str) -> Result<()> {
    stage.cluster().apply_yaml(yaml).map(drop)
}

/// Merges a part of a KdefRelease into `my-app`.
fn patch(stage: &Stage<'_>, part: &str) -> Result<()> {
    let args = [
        "patch",
        "kdefrelease",
        "my-app",
        "-n",
        "flux-system",
        "--type=merge",
        "-p",
        part,
    ];
    stage.cluster().kubectl(&args)?.ok().map(drop)
}
