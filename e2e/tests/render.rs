//! What `kdef render` prints, held against the API server: it knows every field, and takes every object.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use testbed::{Cluster, Output};

use crate::Test;
use crate::stage::{Bed, repository_root};

pub(crate) const TESTS: &[Test] = &[
    (
        "the_example_stands_a_strict_dry_run",
        the_example_stands_a_strict_dry_run,
    ),
    (
        "every_golden_stands_a_strict_dry_run",
        every_golden_stands_a_strict_dry_run,
    ),
    ("a_render_is_the_same_every_time", a_render_is_the_same_every_time),
];

/// Goldens that a strict server refuses, as they are about such objects, and a part of what it says.
const REFUSED: &[(&str, &str)] = &[("raw-unknown-field", ".spec.replica: field not declared in schema")];

/// Renders the example for an environment.
fn example(bed: &Bed, environment: &str) -> Result<String> {
    let output = Command::new(bed.program("kdef"))
        .args(["render", "examples/shop", "--env", environment])
        .current_dir(repository_root())
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Returns the kind of a document of ours.
fn kind(document: &str) -> &str {
    let kind = document.lines().find_map(|line| line.strip_prefix("kind: "));
    kind.unwrap_or_default()
}

/// Creates the namespaces that the documents use, since a dry run creates none, and returns the server's answer about the
/// documents.
fn dry_run(cluster: &Cluster, rendered: &str) -> Result<Output> {
    let used = rendered
        .lines()
        .filter_map(|line| line.strip_prefix("  namespace: "));
    for name in used.collect::<BTreeSet<_>>() {
        let namespace = format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
        create(cluster, &namespace)?;
    }
    let is_namespace = |document: &&str| kind(document) == "Namespace";
    for namespace in rendered.split("\n---\n").filter(is_namespace) {
        create(cluster, namespace)?;
    }
    let args = [
        "apply",
        "--server-side",
        "--force-conflicts",
        "--dry-run=server",
        "--validate=strict",
        "-f",
        "-",
    ];
    cluster.kubectl_stdin(&args, rendered)
}

/// Creates an object that other tests may create at the same time.
fn create(cluster: &Cluster, document: &str) -> Result<()> {
    let args = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
    cluster.kubectl_stdin(&args, document)?.ok().map(drop)
}

fn the_example_stands_a_strict_dry_run(bed: &Bed) -> Result<()> {
    for environment in ["production", "staging"] {
        let rendered = example(bed, environment)?;
        let answer = dry_run(&bed.cluster, &rendered)?
            .ok()
            .with_context(|| environment)?;
        let objects = rendered.split("\n---\n").count();
        ensure!(objects > 20, "{environment}: {objects} objects");
        ensure!(answer.lines().count() == objects, "{environment}: {answer}");
    }
    Ok(())
}

fn every_golden_stands_a_strict_dry_run(bed: &Bed) -> Result<()> {
    let mut failures = Vec::new();
    let mut seen = 0;
    for entry in repository_root().join("tests/render").read_dir()? {
        let case = entry?.path();
        if let Some(problem) = golden(&bed.cluster, &case)? {
            failures.push(problem);
        }
        seen += 1;
    }
    ensure!(seen > 20, "{seen} goldens");
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

/// Returns what is wrong with a golden.
fn golden(cluster: &Cluster, case: &Path) -> Result<Option<String>> {
    let expected = case.join("expect.yaml");
    if !expected.exists() {
        return Ok(None);
    }
    let name = case.file_name().unwrap_or_default().to_string_lossy();
    let answer = dry_run(cluster, &std::fs::read_to_string(expected)?)?;
    let refused = REFUSED.iter().find(|(refused, _)| *refused == name);
    let is_right = match refused {
        None => answer.status.success(),
        Some((_, message)) => !answer.status.success() && answer.stderr.contains(message),
    };
    Ok((!is_right).then(|| format!("{name}: {}{}", answer.stderr, answer.stdout)))
}

fn a_render_is_the_same_every_time(bed: &Bed) -> Result<()> {
    for environment in ["production", "staging"] {
        let first = example(bed, environment)?;
        ensure!(first == example(bed, environment)?, "{environment}");
        ensure!(
            first.ends_with('\n') && first.contains(&format!("name: shop-{environment}\n")),
            "{first}"
        );
    }
    Ok(())
}
