//! The controller as those see it who run it: probes, metrics, and what it leaves alone.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use testbed::wait_for;

use crate::Test;
use crate::project::configmap;
use crate::stage::{Bed, PATIENCE};

pub(crate) const TESTS: &[Test] = &[
    ("probes_are_answered", probes_are_answered),
    ("metrics_tell_of_every_release", metrics_tell_of_every_release),
    (
        "a_controller_of_one_namespace_leaves_others_alone",
        a_controller_of_one_namespace_leaves_others_alone,
    ),
];

fn probes_are_answered(bed: &Bed) -> Result<()> {
    let health = free_address()?;
    let stage = bed.stage_with("probes", &[&format!("--health-addr={health}")])?;
    let ok = (200, "ok".to_owned());
    let ready = || match get(&health, "/readyz")? {
        answer if answer == ok => Ok(Some(())),
        answer => bail!("{answer:?}"),
    };
    wait_for("the controller to be ready", PATIENCE, ready).with_context(|| stage.log_tail())?;
    ensure!(get(&health, "/healthz")? == ok, "it is healthy when it is ready");
    Ok(())
}

/// Metrics, labels of theirs, and their values once the release `app` is applied and `broken` is not.
const SAMPLES: [(&str, &str, &str); 5] = [
    (
        "gotk_reconcile_condition",
        r#"name="app" type="Ready" status="True""#,
        "1",
    ),
    (
        "gotk_reconcile_condition",
        r#"name="broken" type="Ready" status="False""#,
        "1",
    ),
    ("gotk_suspend_status", r#"name="app""#, "0"),
    (
        "gotk_resource_info",
        r#"name="app" ready="True" source_name="app""#,
        "1",
    ),
    ("kdef_apply_objects_total", r#"action="created""#, "1"),
];

fn metrics_tell_of_every_release(bed: &Bed) -> Result<()> {
    let metrics = free_address()?;
    let stage = bed.stage_with("metrics", &[&format!("--metrics-addr={metrics}")])?;
    let good = configmap("app", "a", "b");
    let files = [("app.kdef", good.as_str()), ("broken/app.kdef", "configmap {}\n")];
    let (_repository, revision) = stage.git("app", &files)?;
    stage.release("app", &json!({}))?;
    stage.release("broken", &json!({"path": "broken"}))?;
    stage.applied("app", &revision)?;
    stage.failed("broken", "BuildFailed", "broken/app.kdef:1:1: ")?;

    // They are told from what the controller has read back.
    wait_for("the metrics", PATIENCE, || {
        let (status, scraped) = get(&metrics, "/metrics")?;
        ensure!(
            status == 200 && scraped.ends_with("# EOF\n"),
            "{status} {scraped}"
        );
        for (metric, labels, value) in SAMPLES {
            let read = sample(&scraped, metric, labels);
            ensure!(
                read == Some(value),
                "{metric} of {labels} is {read:?} in:\n{scraped}"
            );
        }
        Ok(Some(()))
    })
}

/// Returns the value of a metric with these labels.
pub(crate) fn sample<'a>(scraped: &'a str, metric: &str, labels: &str) -> Option<&'a str> {
    let mut samples = scraped
        .lines()
        .filter_map(|line| line.strip_prefix(metric)?.strip_prefix('{'));
    let found = samples.find(|sample| labels.split(' ').all(|label| sample.contains(label)))?;
    found.rsplit(' ').next()
}

/// Returns an address that nothing listens on.
pub(crate) fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Returns the status and the body of an answer.
pub(crate) fn get(address: &str, path: &str) -> Result<(u16, String)> {
    let mut connection = TcpStream::connect(address)?;
    // HTTP/1.0, so that the answer is not chunked and ends with the connection.
    write!(connection, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no head")?;
    let status = head.split(' ').nth(1).context("no status")?;
    Ok((status.parse()?, body.to_owned()))
}

fn a_controller_of_one_namespace_leaves_others_alone(bed: &Bed) -> Result<()> {
    let stage = bed.stage("single")?;
    let other = bed.cluster.create_namespace("unwatched")?;
    let (_repository, revision) = stage.git("app", &[("app.kdef", &configmap("app", "a", "b"))])?;
    let release = |namespace: &str| {
        stage.apply(&json!({
            "apiVersion": "kdef.gsid.nl/v1alpha1", "kind": "KdefRelease",
            "metadata": {"name": "app", "namespace": namespace},
            "spec": {"interval": "1h", "sourceRef": {"kind": "GitRepository", "name": "app"}},
        }))
    };
    release(&other)?;
    let untouched = bed.cluster.get("kdefrelease", &other, "app")?;
    // The younger one has been worked on: the older one had its chance.
    release(&stage.namespace)?;
    stage.applied("app", &revision)?;
    let left = bed.cluster.get("kdefrelease", &other, "app")?;
    ensure!(left == untouched, "{left}");
    ensure!(left["metadata"]["finalizers"] == Value::Null, "{left}");
    Ok(())
}
