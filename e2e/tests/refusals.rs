//! Objects that the API server refuses: in the dry run, so that nothing is written, and at the write itself.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testbed::wait_for;

use crate::Test;
use crate::look::{inventory, set};
use crate::project::configmap;
use crate::stage::{Bed, PATIENCE, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "nothing_is_written_when_a_dry_run_is_refused",
        nothing_is_written_when_a_dry_run_is_refused,
    ),
    (
        "a_namespace_that_is_missing_is_waited_for",
        a_namespace_that_is_missing_is_waited_for,
    ),
    (
        "what_a_failed_write_left_is_remembered",
        what_a_failed_write_left_is_remembered,
    ),
];

/// Two workloads; the second's Service has the type that is put in.
fn project(color: &str, service: &str) -> String {
    let settings = configmap("settings", "color", color);
    let deployment = |name: &str, service: &str| {
        format!(
            "deployment \"{name}\" {{\n  container \"{name}\" {{\n    image = \"{name}:1\"\n    port \"80\" \"http\" {{}}\n  }}\n\
             {service}}}\n"
        )
    };
    let service =
        format!("  service {{\n    raw = <<-EOT\n      spec:\n        type: {service}\n    EOT\n  }}\n");
    [settings, deployment("web", ""), deployment("api", &service)].concat()
}

/// Makes a Deployment that is somebody else's, and whose selector nobody can change.
fn deployment_of_others(stage: &Stage<'_>, name: &str) -> Result<()> {
    stage.apply(&json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": stage.namespace},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"other": "web"}},
            "template": {
                "metadata": {"labels": {"other": "web"}},
                "spec": {"containers": [{"name": "other", "image": "other:1"}]},
            },
        },
    }))
}

/// Checks which revision is applied, and which was tried last.
fn is_at(release: &Value, applied: &str, attempted: &str) -> Result<()> {
    let status = &release["status"];
    ensure!(status["lastAppliedRevision"] == applied, "{status}");
    ensure!(status["lastAttemptedRevision"] == attempted, "{status}");
    Ok(())
}

fn nothing_is_written_when_a_dry_run_is_refused(bed: &Bed) -> Result<()> {
    let stage = bed.stage("refused")?;
    let first = configmap("settings", "color", "blue") + &configmap("doomed", "color", "blue");
    let (repository, first) = stage.git("app", &[("app.kdef", &first)])?;
    stage.release("app", &json!({}))?;
    let before = inventory(&stage.applied("app", &first)?);
    deployment_of_others(&stage, "web")?;
    let second = stage.commit("app", &repository, &[("app.kdef", &project("red", "Sometimes"))])?;
    let namespace = &stage.namespace;
    let message = format!(
        "app.kdef:18:9: Service/{namespace}/api dry-run failed (Invalid): Service \"api\" is invalid: spec.type: \
         Unsupported value: \"Sometimes\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \
         \"NodePort\"\n\
         app.kdef:4:1: Deployment/{namespace}/web dry-run failed (Invalid): Deployment.apps \"web\" is invalid: \
         spec.selector: Invalid value: {{\"matchLabels\":{{\"app.kubernetes.io/name\":\"web\"}}}}: field is immutable"
    );
    let release = stage.refused("app", "ReconciliationFailed", &message)?;
    stage.event("app", ["Warning", "ReconciliationFailed"], |text| text == message)?;
    ensure!(inventory(&release) == before, "{}", release["status"]);
    is_at(&release, &first, &second)?;
    ensure!(stage.owned("configmaps", "app")? == set(["settings", "doomed"]));
    ensure!(stage.get("configmap", "settings")?["data"]["color"] == "blue");
    ensure!(stage.owned("deployments,services", "app")?.is_empty());

    stage.delete("deployment", "web")?;
    let third = stage.commit("app", &repository, &[("app.kdef", &project("red", "NodePort"))])?;
    stage.applied("app", &third)?;
    ensure!(stage.owned("configmaps", "app")? == set(["settings"]));
    ensure!(stage.owned("deployments,services", "app")? == set(["api", "web"]));
    ensure!(stage.get("configmap", "settings")?["data"]["color"] == "red");
    Ok(())
}

fn a_namespace_that_is_missing_is_waited_for(bed: &Bed) -> Result<()> {
    let stage = bed.stage("missing")?;
    let (_, revision) = stage.git("app", &[("app.kdef", &configmap("settings", "color", "blue"))])?;
    let target = format!("{}-target", stage.namespace);
    stage.release("app", &json!({"targetNamespace": target}))?;
    let message = format!(
        "app.kdef:1:1: ConfigMap/{target}/settings dry-run failed (NotFound): namespaces \"{target}\" not found; create \
         it, or let the project declare it"
    );
    stage.refused("app", "ReconciliationFailed", &message)?;
    // Nothing tells the controller of it: it looks again by itself, long before the interval is over.
    stage.apply(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": target}}))?;
    stage.applied("app", &revision)?;
    let settings = stage.cluster().get("configmap", &target, "settings")?;
    ensure!(settings["data"]["color"] == "blue", "{settings}");
    Ok(())
}

/// The ConfigMaps of a project, three lines each.
const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Checks that an event tells of the ConfigMaps that could not be written, and of no other.
fn are_told(stage: &Stage<'_>, refused: &[&str]) -> Result<()> {
    let start = |name: &&str| {
        let line = NAMES.iter().position(|known| known == name).unwrap_or_default() * 3 + 1;
        format!(
            "app.kdef:{line}:1: ConfigMap/{}/{name} apply failed (Forbidden): configmaps \"{name}\" is forbidden: \
             exceeded quota: few",
            stage.namespace
        )
    };
    let starts: Vec<String> = refused.iter().map(start).collect();
    stage.event("app", ["Warning", "ReconciliationFailed"], |text| {
        let mut lines = text.lines();
        starts.len() == text.lines().count()
            && starts
                .iter()
                .all(|start| lines.any(|line| line.starts_with(start)))
    })?;
    Ok(())
}

fn what_a_failed_write_left_is_remembered(bed: &Bed) -> Result<()> {
    let stage = bed.stage("quota")?;
    let (repository, first) = stage.git("app", &[("app.kdef", &configmap("old", "color", "blue"))])?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &first)?;
    // A dry run uses nothing up, so that each object passes it, and the third write fails.
    leave_room_for_two_more(&stage)?;
    let all: String = NAMES.map(|name| configmap(name, "color", "blue")).concat();
    let second = stage.commit("app", &repository, &[("app.kdef", &all)])?;
    let release = stage.failed("app", "ReconciliationFailed", "exceeded quota: few")?;
    let left = stage.owned("configmaps", "app")?;
    ensure!(left.len() == 3 && left.contains("old"), "{left:?}");
    let id = |name: &String| format!("{}_{name}__ConfigMap", stage.namespace);
    ensure!(
        inventory(&release) == left.iter().map(id).collect(),
        "{left:?} {}",
        release["status"]
    );
    is_at(&release, &first, &second)?;
    let refused: Vec<&str> = NAMES.into_iter().filter(|name| !left.contains(*name)).collect();
    are_told(&stage, &refused)?;

    stage.delete("resourcequota", "few")?;
    let written = left
        .iter()
        .find(|name| *name != "old")
        .context("nothing was written")?;
    let kept = [refused[0], written];
    let some: String = kept.map(|name| configmap(name, "color", "red")).concat();
    let third = stage.commit("app", &repository, &[("app.kdef", &some)])?;
    let release = stage.applied("app", &third)?;
    ensure!(stage.owned("configmaps", "app")? == set(kept));
    ensure!(
        inventory(&release) == set(kept).iter().map(id).collect(),
        "{}",
        release["status"]
    );
    Ok(())
}

/// Makes a quota that two more ConfigMaps fit into, and waits until it is in force.
fn leave_room_for_two_more(stage: &Stage<'_>) -> Result<()> {
    let present = stage.list("configmaps", &[])?.len();
    stage.apply(&json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": stage.namespace},
        "spec": {"hard": {"count/configmaps": (present + 2).to_string()}},
    }))?;
    wait_for("the quota to be counted", PATIENCE, || {
        let quota = stage.get("resourcequota", "few")?;
        let used = quota["status"]["used"]["count/configmaps"].as_str();
        ensure!(
            used.is_some_and(|used| used.parse() == Ok(present)),
            "{}",
            quota["status"]
        );
        Ok(Some(()))
    })
}
