//! What whoever runs the controller meets before and around it: starts that fail, releases that the schema refuses, and
//! metrics that go with what they are about.

use std::net::TcpListener;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use testbed::wait_for;

use crate::Test;
use crate::operation::{free_address, get, sample};
use crate::project::configmap;
use crate::stage::{Bed, PATIENCE};

pub(crate) const TESTS: &[Test] = &[
    ("metrics_of_a_release_go_with_it", metrics_of_a_release_go_with_it),
    (
        "a_start_that_cannot_succeed_says_why",
        a_start_that_cannot_succeed_says_why,
    ),
    (
        "the_schema_refuses_what_cannot_work",
        the_schema_refuses_what_cannot_work,
    ),
];

/// The series of each release, and what labels they have besides its own.
const PER_RELEASE: &[(&str, &str)] = &[
    ("gotk_reconcile_duration_seconds_count", ""),
    ("gotk_reconcile_duration_seconds_bucket", r#" le="0.01""#),
    ("gotk_reconcile_condition", r#" type="Ready" status="True""#),
    ("gotk_reconcile_condition", r#" type="Ready" status="False""#),
    ("gotk_reconcile_condition", r#" type="Ready" status="Unknown""#),
    ("gotk_suspend_status", ""),
    ("kdef_inventory_entries", ""),
];

fn metrics_of_a_release_go_with_it(bed: &Bed) -> Result<()> {
    let metrics = free_address()?;
    let stage = bed.stage_with("series", &[&format!("--metrics-addr={metrics}")])?;
    let (_repository, revision) = stage.git("app", &[("app.kdef", &configmap("app", "a", "b"))])?;
    for release in ["kept", "deleted"] {
        let target = stage.cluster().create_namespace(release)?;
        stage.release(release, &json!({"targetNamespace": target}))?;
    }
    let labels = |release: &str| {
        format!(
            r#"kind="KdefRelease" name="{release}" namespace="{}""#,
            stage.namespace
        )
    };
    for release in ["kept", "deleted"] {
        stage.applied(release, &revision)?;
        wait_for(&format!("the metrics of {release}"), PATIENCE, || {
            let (_, scraped) = get(&metrics, "/metrics")?;
            for (metric, more) in PER_RELEASE {
                let labels = labels(release) + more;
                sample(&scraped, metric, &labels)
                    .with_context(|| format!("no {metric} of {labels} in:\n{scraped}"))?;
            }
            Ok(Some(()))
        })?;
    }
    stage.delete("kdefrelease", "deleted")?;
    wait_for("the metrics of a deleted release to go", PATIENCE, || {
        let (_, scraped) = get(&metrics, "/metrics")?;
        if scraped.contains(r#"name="deleted""#) {
            bail!("{scraped}");
        }
        ensure!(scraped.contains(r#"name="kept""#), "{scraped}");
        Ok(Some(()))
    })
}

/// Arguments that contradict each other or cannot be read, the exit status, and the first line that is said.
const MISTAKES: &[(&[&str], i32, &str)] = &[
    (
        &["--metrics-addr=:8080", "--metrics-bind-address=:8081"],
        1,
        "Error: --metrics-addr and --metrics-bind-address mean the same and are given different addresses; leave one of \
         them out",
    ),
    (
        &["--health-addr=:8080", "--health-addr=:8081"],
        2,
        "error: the argument '--health-addr <ADDRESS>' cannot be used multiple times",
    ),
    (
        &["--health-addr=8081"],
        2,
        "error: invalid value '8081' for '--health-addr <ADDRESS>': write :PORT, IP:PORT, or 0 for nowhere",
    ),
];

fn a_start_that_cannot_succeed_says_why(bed: &Bed) -> Result<()> {
    for (args, status, message) in MISTAKES {
        ends(bed, args, *status, message)?;
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let taken = listener.local_addr()?;
    ends(
        bed,
        &[&format!("--metrics-addr={taken}")],
        1,
        &format!("Error: cannot listen on {taken}"),
    )
}

/// Starts the controller and checks how it ends, and what it says first.
fn ends(bed: &Bed, args: &[&str], status: i32, message: &str) -> Result<()> {
    let output = Command::new(bed.program("kdef-controller"))
        .args(args)
        .env_clear()
        .env("KUBECONFIG", bed.cluster.kubeconfig())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() == Some(status),
        "{args:?}: {}: {said}",
        output.status
    );
    ensure!(said.lines().next() == Some(message), "{args:?}: {said}");
    Ok(())
}

const DURATION: &str = r"in body should match '^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$'";

/// Specs, merged over one that works, and what the API server says of them.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        r#"{"interval": "5"}"#,
        r#"spec.interval: Invalid value: "5": spec.interval"#,
        DURATION,
    ),
    (
        r#"{"interval": "1d"}"#,
        r#"spec.interval: Invalid value: "1d": spec.interval"#,
        DURATION,
    ),
    (
        r#"{"interval": ""}"#,
        r#"spec.interval: Invalid value: "": spec.interval"#,
        DURATION,
    ),
    (
        r#"{"retryInterval": "-5m"}"#,
        r#"spec.retryInterval: Invalid value: "-5m": spec.retryInterval"#,
        DURATION,
    ),
    (
        r#"{"timeout": "25h"}"#,
        r#"spec.timeout: Invalid value: "25h": timeout"#,
        "must be at most 24h",
    ),
    (
        r#"{"path": "a\u0000b"}"#,
        r#"spec.path: Invalid value: "a\x00b": spec.path"#,
        r"in body should match '^[^\x00]*$'",
    ),
    (
        r#"{"env": "../x"}"#,
        r#"spec.env: Invalid value: "../x": spec.env"#,
        "in body should match '^([A-Za-z0-9][A-Za-z0-9._-]*)?$'",
    ),
    (
        r#"{"targetNamespace": "Not_A_Label"}"#,
        r#"spec.targetNamespace: Invalid value: "Not_A_Label": spec.targetNamespace"#,
        "in body should match '^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$'",
    ),
    (
        r#"{"set": {"a": 1}}"#,
        r#"spec.set.a: Invalid value: "integer": spec.set.a"#,
        "in body must be of type string",
    ),
    (
        r#"{"prune": "yes"}"#,
        r#"spec.prune: Invalid value: "string": spec.prune"#,
        "in body must be of type boolean",
    ),
    (
        r#"{"sourceRef": {"kind": "HelmRepository", "name": "app"}}"#,
        r#"spec.sourceRef.kind: Unsupported value: "HelmRepository": supported values:"#,
        r#""GitRepository", "OCIRepository", "Bucket", "ExternalArtifact""#,
    ),
    (
        r#"{"valuesFrom": {"kind": "Secret", "name": "a", "key": "a/b"}}"#,
        r#"spec.valuesFrom.key: Invalid value: "a/b": spec.valuesFrom.key"#,
        r"in body should match '^[\-._a-zA-Z0-9]*$'",
    ),
    (
        r#"{"prunee": true}"#,
        "strict decoding error: unknown field",
        r#""spec.prunee""#,
    ),
];

fn the_schema_refuses_what_cannot_work(bed: &Bed) -> Result<()> {
    let stage = bed.stage("schema")?;
    for (spec, start, end) in REFUSED {
        let applied = stage.release("app", &serde_json::from_str(spec)?);
        let said = applied.map_err(|error| format!("{error:#}"));
        let is_told = said
            .as_ref()
            .is_err_and(|said| said.contains(&format!("{start} {end}")));
        ensure!(is_told, "{spec}: {said:?}");
    }
    ensure!(!stage.exists("kdefrelease", "app")?);
    Ok(())
}
