//! A controller that goes away, in the middle of its work or without any, and comes back.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testbed::{Process, wait_for};

use crate::Test;
use crate::look::{inventory, name_of, set};
use crate::project::configmap;
use crate::stage::{Bed, PATIENCE, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "an_apply_that_was_killed_is_completed",
        an_apply_that_was_killed_is_completed,
    ),
    (
        "nothing_is_orphaned_when_the_next_revision_comes_meanwhile",
        nothing_is_orphaned_when_the_next_revision_comes_meanwhile,
    ),
    (
        "a_start_without_news_writes_nothing",
        a_start_without_news_writes_nothing,
    ),
    ("sigterm_lets_a_running_pass_end", sigterm_lets_a_running_pass_end),
    ("sigterm_ends_an_idle_controller", sigterm_ends_an_idle_controller),
];

/// So many objects, written one at a time, that the first can be seen well before the last is written.
const OBJECTS: usize = 400;

fn names(from: usize) -> Vec<String> {
    (from..OBJECTS)
        .map(|number| format!("object-{number:03}"))
        .collect()
}

fn project(names: &[String]) -> String {
    names
        .iter()
        .map(|name| configmap(name, "color", "blue"))
        .collect()
}

/// Applies a project and kills the controller when some of its objects exist and others do not.
fn killed_in_an_apply(stage: &Stage<'_>) -> Result<()> {
    first_is_written(stage)?;
    stage.with_controller(|controller| controller.kill())?;
    let written = stage.owned("configmaps", "app")?.len();
    ensure!(
        written < OBJECTS,
        "the apply was over before the controller could be killed"
    );
    // What may exist is in the inventory, whatever does.
    let release = stage.get("kdefrelease", "app")?;
    ensure!(
        inventory(&release) == ids(stage, &names(0)),
        "{}",
        release["status"]
    );
    ensure!(
        release["status"]["lastAppliedRevision"].is_null(),
        "{}",
        release["status"]
    );
    Ok(())
}

fn first_is_written(stage: &Stage<'_>) -> Result<()> {
    let first = "object-000";
    wait_for(&format!("ConfigMap {first}"), PATIENCE, || {
        Ok(stage.exists("configmap", first)?.then_some(()))
    })
    .with_context(|| stage.log_tail())
}

fn ids(stage: &Stage<'_>, names: &[String]) -> BTreeSet<String> {
    set(names
        .iter()
        .map(|name| format!("{}_{name}__ConfigMap", stage.namespace)))
}

/// Checks that a release owns what it should, and knows it.
fn owns(stage: &Stage<'_>, release: &Value, names: &[String]) -> Result<()> {
    let owned = stage.owned("configmaps", "app")?;
    ensure!(owned == set(names), "{owned:?}");
    ensure!(inventory(release) == ids(stage, names), "{}", release["status"]);
    Ok(())
}

fn an_apply_that_was_killed_is_completed(bed: &Bed) -> Result<()> {
    let stage = bed.stage_with("killed", &["--concurrent-ssa=1"])?;
    let (_, revision) = stage.git("app", &[("app.kdef", &project(&names(0)))])?;
    stage.release("app", &json!({}))?;
    killed_in_an_apply(&stage)?;
    stage.with_controller(Process::restart)?;
    let release = stage.applied("app", &revision)?;
    owns(&stage, &release, &names(0))
}

fn nothing_is_orphaned_when_the_next_revision_comes_meanwhile(bed: &Bed) -> Result<()> {
    let stage = bed.stage_with("meanwhile", &["--concurrent-ssa=1"])?;
    let (repository, _) = stage.git("app", &[("app.kdef", &project(&names(0)))])?;
    stage.release("app", &json!({}))?;
    killed_in_an_apply(&stage)?;
    // What is written first leaves the render, so that some of it exists for certain.
    let half = names(OBJECTS / 2);
    let revision = stage.commit("app", &repository, &[("app.kdef", &project(&half))])?;
    stage.offered("gitrepository", "app", &revision)?;
    stage.with_controller(Process::restart)?;
    let release = stage.applied("app", &revision)?;
    owns(&stage, &release, &half)
}

fn a_start_without_news_writes_nothing(bed: &Bed) -> Result<()> {
    let stage = bed.stage("restart")?;
    let app = "configmap \"settings\" {
  data = { color = \"blue\" }
}

secret \"token\" {
  data = { token = \"t0ken\" }
}

deployment \"web\" {
  container \"web\" {
    image = \"web:1\"
    port \"80\" \"http\" {}
    resources {
      cpu    = \"1000m..2000m\"
      memory = \"64Mi\"
    }
  }
  scale {
    replicas = 2
  }
  service {}
  ingress {
    host = \"web.example.com\"
  }
}
";
    let (_, revision) = stage.git("app", &[("app.kdef", app)])?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &revision)?;
    passes(&stage, 1)?;
    let before = versions(&stage)?;
    let events = stage.events("app")?.len();
    let ended = stage
        .with_controller(|controller| controller.log())?
        .matches(PASS_ENDED)
        .count();
    stage.with_controller(Process::restart)?;
    passes(&stage, ended + 1)?;
    let after = versions(&stage)?;
    ensure!(before == after, "before {before:#?}\nafter {after:#?}");
    ensure!(stage.events("app")?.len() == events, "{:?}", stage.events("app")?);
    Ok(())
}

/// What the controller logs at the end of each pass.
const PASS_ENDED: &str = "\"pass ended\"";

/// Waits until the controller has ended so many passes, over all its starts.
fn passes(stage: &Stage<'_>, count: usize) -> Result<()> {
    wait_for(&format!("the end of {count} passes"), PATIENCE, || {
        let log = stage.with_controller(|controller| controller.log())?;
        Ok((log.matches(PASS_ENDED).count() >= count).then_some(()))
    })
    .with_context(|| stage.log_tail())
}

/// Returns the name and the version of the release and of every object that it made.
fn versions(stage: &Stage<'_>) -> Result<BTreeSet<(String, String)>> {
    let mut objects = stage.list(
        "configmaps,secrets,services,ingresses",
        &["-l", "kdef.gsid.nl/name=app"],
    )?;
    // Others write the status of a Deployment.
    let deployments = stage.list("deployments", &["-l", "kdef.gsid.nl/name=app"])?;
    let releases = stage.list("kdefreleases", &[])?;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    objects.extend(releases);
    let versions = objects.iter().map(|object| (object, "resourceVersion"));
    let generations = deployments.iter().map(|object| (object, "generation"));
    Ok(versions
        .chain(generations)
        .map(|(object, field)| {
            (
                format!("{} {}", text(&object["kind"]), name_of(object)),
                text(&object["metadata"][field]),
            )
        })
        .collect())
}

fn sigterm_lets_a_running_pass_end(bed: &Bed) -> Result<()> {
    let stage = bed.stage_with("sigterm", &["--concurrent-ssa=1"])?;
    let (_, revision) = stage.git("app", &[("app.kdef", &project(&names(0)))])?;
    stage.release("app", &json!({}))?;
    first_is_written(&stage)?;
    let ended = stage.with_controller(|controller| controller.stop(PATIENCE))?;
    ensure!(ended == "exit status: 0", "{ended}\n{}", stage.log_tail());
    let release = stage.get("kdefrelease", "app")?;
    ensure!(
        release["status"]["lastAppliedRevision"] == revision,
        "{}",
        release["status"]
    );
    owns(&stage, &release, &names(0))
}

fn sigterm_ends_an_idle_controller(bed: &Bed) -> Result<()> {
    let stage = bed.stage("idle")?;
    let (_, revision) = stage.git("app", &[("app.kdef", &configmap("settings", "color", "blue"))])?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &revision)?;
    let ended = stage.with_controller(|controller| controller.stop(PATIENCE))?;
    ensure!(ended == "exit status: 0", "{ended}\n{}", stage.log_tail());
    Ok(())
}
