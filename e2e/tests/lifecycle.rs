//! What brings a pass about, and what the status says of it: revisions, suspension, interval, requests.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use testbed::wait_for;

use crate::Test;
use crate::look::types;
use crate::project::configmap;
use crate::stage::{Bed, PATIENCE, Stage, ready_condition};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_new_revision_touches_only_what_changed",
        a_new_revision_touches_only_what_changed,
    ),
    (
        "a_suspended_release_misses_revisions_until_it_is_resumed",
        a_suspended_release_misses_revisions_until_it_is_resumed,
    ),
    (
        "foreign_edits_are_put_right_at_the_interval",
        foreign_edits_are_put_right_at_the_interval,
    ),
    ("a_pass_can_be_asked_for", a_pass_can_be_asked_for),
    ("conditions_can_be_waited_for", conditions_can_be_waited_for),
    (
        "a_pass_with_nothing_new_writes_nothing",
        a_pass_with_nothing_new_writes_nothing,
    ),
];

fn a_new_revision_touches_only_what_changed(bed: &Bed) -> Result<()> {
    let stage = bed.stage("revision")?;
    let files = |color| {
        [
            ("a.kdef", configmap("a", "color", color)),
            ("b.kdef", configmap("b", "color", "blue")),
        ]
    };
    let (repository, revision) = stage.git("app", &borrowed(&files("blue")))?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &revision)?;
    let version =
        |name| Ok::<_, anyhow::Error>(stage.get("configmap", name)?["metadata"]["resourceVersion"].clone());
    let (a, b) = (version("a")?, version("b")?);

    let revision = stage.commit("app", &repository, &borrowed(&files("red")))?;
    stage.applied("app", &revision)?;
    ensure!(
        stage.get("configmap", "a")?["data"] == json!({"color": "red"}),
        "a has the new color"
    );
    ensure!(version("a")? != a, "a was written");
    ensure!(version("b")? == b, "b was not");
    stage.event("app", ["Normal", "ReconciliationSucceeded"], |text| {
        text == format!(
            "Applied revision: {revision}\nConfigMap/{}/a configured",
            stage.namespace
        )
    })?;
    Ok(())
}

fn a_suspended_release_misses_revisions_until_it_is_resumed(bed: &Bed) -> Result<()> {
    let stage = bed.stage("suspend")?;
    let files = |color| {
        [
            ("app.kdef", configmap("app", "color", color)),
            ("witness/app.kdef", configmap("witness", "color", color)),
        ]
    };
    let (repository, revision) = stage.git("app", &borrowed(&files("blue")))?;
    stage.release("app", &json!({}))?;
    stage.release("witness", &json!({"path": "witness"}))?;
    let before = stage.applied("app", &revision)?;
    stage.applied("witness", &revision)?;

    stage.release("app", &json!({"suspend": true}))?;
    let missed = stage.commit("app", &repository, &borrowed(&files("red")))?;
    // What is woken by the same revision tells when it has come up.
    stage.applied("witness", &missed)?;
    let next = stage.commit("app", &repository, &borrowed(&files("green")))?;
    stage.applied("witness", &next)?;
    let suspended = stage.get("kdefrelease", "app")?;
    ensure!(
        suspended["status"] == before["status"],
        "the status stays: {suspended}"
    );
    let kept = stage.get("configmap", "app")?;
    ensure!(kept["data"] == json!({"color": "blue"}), "{kept}");

    stage.release("app", &json!({"suspend": false}))?;
    stage.applied("app", &next)?;
    let applied = stage.get("configmap", "app")?;
    ensure!(applied["data"] == json!({"color": "green"}), "{applied}");
    let events = stage.events("app")?;
    ensure!(
        !events.iter().any(|[_, _, text]| text.contains(&missed)),
        "{events:#?}"
    );
    Ok(())
}

fn foreign_edits_are_put_right_at_the_interval(bed: &Bed) -> Result<()> {
    let stage = bed.stage("interval")?;
    let (_repository, revision) = stage.git(
        "app",
        &[(
            "app.kdef",
            &(configmap("edited", "color", "blue") + &configmap("deleted", "color", "blue")),
        )],
    )?;
    stage.release("app", &json!({"interval": "3s"}))?;
    let before = ready_condition(&stage.applied("app", &revision)?);

    stage.merge(
        "configmap",
        "edited",
        &json!({"data": {"color": "red", "size": "large"}}),
    )?;
    stage.delete("configmap", "deleted")?;
    for name in ["edited", "deleted"] {
        wait_for(&format!("{name} to be blue again"), PATIENCE, || {
            let data = &stage.get("configmap", name)?["data"]["color"];
            if data == "blue" {
                return Ok(Some(()));
            }
            bail!("{data}")
        })?;
    }
    let after = ready_condition(&stage.get("kdefrelease", "app")?);
    ensure!(before == after, "Ready stays as it was: {after}");
    Ok(())
}

fn a_pass_can_be_asked_for(bed: &Bed) -> Result<()> {
    let stage = bed.stage("request")?;
    let (_repository, revision) = stage.git("app", &[("app.kdef", &configmap("app", "color", "blue"))])?;
    stage.release("app", &json!({}))?;
    let release = stage.applied("app", &revision)?;
    let handled = |release: &Value| release["status"]["lastHandledReconcileAt"].clone();
    ensure!(handled(&release).is_null(), "{release}");

    for request in ["2026-01-01T00:00:00Z", "again"] {
        stage.merge("configmap", "app", &json!({"data": {"color": "red"}}))?;
        let annotation = json!({"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": request}}});
        stage.merge("kdefrelease", "app", &annotation)?;
        wait_for("the request to be handled", PATIENCE, || {
            let release = stage.get("kdefrelease", "app")?;
            if handled(&release) == request {
                return Ok(Some(()));
            }
            bail!("{}", release["status"])
        })?;
        let data = &stage.get("configmap", "app")?["data"];
        ensure!(*data == json!({"color": "blue"}), "{data}");
    }
    let release = stage.applied("app", &revision)?;
    ensure!(
        release["status"]["observedGeneration"] == 1,
        "a request is no new generation: {release}"
    );
    Ok(())
}

fn conditions_can_be_waited_for(bed: &Bed) -> Result<()> {
    let stage = bed.stage("wait")?;
    let (repository, _) = stage.git("app", &[("app.kdef", &configmap("app", "color", "blue"))])?;
    stage.release("app", &json!({}))?;
    stage.wait("kdefrelease/app", "condition=Ready")?;
    sound(&stage, &["Ready"])?;

    stage.commit("app", &repository, &[("app.kdef", "configmap {}\n")])?;
    stage.wait("kdefrelease/app", "condition=Ready=False")?;
    sound(&stage, &["Reconciling", "Ready"])?;

    stage.release("app", &json!({"path": "nowhere", "interval": "1h30m"}))?;
    stage.failed("app", "ArtifactFailed", "nowhere")?;
    sound(&stage, &["Reconciling", "Ready"])?;

    let revision = stage.commit(
        "app",
        &repository,
        &[("app.kdef", &configmap("app", "color", "red"))],
    )?;
    stage.release("app", &json!({}))?;
    stage.wait("kdefrelease/app", "condition=Ready")?;
    stage.applied("app", &revision)?;
    sound(&stage, &["Ready"])
}

/// Holds the conditions against what kstatus and `kubectl wait` expect, and against the types that there are to be.
fn sound(stage: &Stage<'_>, expected: &[&str]) -> Result<()> {
    let release = stage.get("kdefrelease", "app")?;
    let (metadata, status) = (&release["metadata"], &release["status"]);
    ensure!(
        status["observedGeneration"] == metadata["generation"],
        "{release}"
    );
    ensure!(types(&release) == expected, "{status}");
    for condition in status["conditions"].as_array().into_iter().flatten() {
        ensure!(
            condition["observedGeneration"] == metadata["generation"],
            "{condition}"
        );
        let time = condition["lastTransitionTime"].as_str().unwrap_or_default();
        ensure!(
            time.ends_with('Z') && time >= metadata["creationTimestamp"].as_str().unwrap_or_default(),
            "{condition}"
        );
        ensure!(
            condition["reason"] != "" && condition["message"] != "",
            "{condition}"
        );
    }
    Ok(())
}

fn a_pass_with_nothing_new_writes_nothing(bed: &Bed) -> Result<()> {
    let stage = bed.stage("quiet")?;
    let (_repository, revision) = stage.git("app", &[("app.kdef", &configmap("app", "color", "blue"))])?;
    stage.release("app", &json!({"interval": "1s"}))?;
    stage.applied("app", &revision)?;
    let versions = || {
        let of = |resource| {
            Ok::<_, anyhow::Error>(stage.get(resource, "app")?["metadata"]["resourceVersion"].clone())
        };
        Ok::<_, anyhow::Error>((of("kdefrelease")?, of("configmap")?, stage.events("app")?.len()))
    };
    // The pass that applied it may not have told of it yet.
    stage.event("app", ["Normal", "ReconciliationSucceeded"], |_| true)?;
    let before = versions()?;
    let passes = || {
        stage.with_controller(|controller| {
            Ok::<_, anyhow::Error>(controller.log()?.matches("pass ended").count())
        })
    };
    let wanted = passes()? + 3;
    wait_for("three passes", PATIENCE, || {
        Ok((passes()? >= wanted).then_some(()))
    })
    .with_context(|| stage.log_tail())?;
    let after = versions()?;
    ensure!(before == after, "before: {before:?}, after: {after:?}");
    Ok(())
}

fn borrowed<'a>(files: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(path, text)| (*path, text.as_str())).collect()
}
