//! The shape of the workspace, held by tests.

// Runs cargo.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Every crate of the product and the crates of the workspace that it may use. Tests and tools may use anything.
const EDGES: &[(&str, &[&str])] = &[
    ("kdef-source", &[]),
    ("kdef-syntax", &["kdef-source"]),
    ("kdef-lang", &["kdef-source", "kdef-syntax"]),
    ("kdef-render", &["kdef-lang", "kdef-source"]),
    ("kdef-api", &[]),
    ("kdef-cluster", &["kdef-render", "kdef-source"]),
    (
        "kdef-controller",
        &[
            "kdef-api",
            "kdef-cluster",
            "kdef-lang",
            "kdef-render",
            "kdef-source",
        ],
    ),
    (
        "kdef-cli",
        &["kdef-lang", "kdef-render", "kdef-source", "kdef-syntax"],
    ),
];

/// What the core must not depend on: it does no I/O, knows no cluster, and runs nothing.
const OUTSIDE: &[&str] = &["kube", "tokio", "reqwest", "axum", "clap", "tracing"];
const CORE: &[&str] = &["kdef-source", "kdef-syntax", "kdef-lang", "kdef-render"];

/// Normal dependencies of every crate of the workspace, by name.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            (
                name(package),
                all.filter(|dependency| dependency["kind"].is_null())
                    .map(name)
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn crates_use_each_other_in_one_direction() {
    let dependencies = dependencies();
    let product: BTreeSet<&str> = dependencies
        .keys()
        .map(String::as_str)
        .filter(|name| name.starts_with("kdef-"))
        .collect();
    assert_eq!(
        product,
        EDGES.iter().map(|(name, _)| *name).collect(),
        "every crate is in the list"
    );
    for (name, allowed) in EDGES {
        for used in dependencies[*name]
            .iter()
            .filter(|used| dependencies.contains_key(*used))
        {
            assert!(allowed.contains(&used.as_str()), "{name} must not use {used}");
        }
    }
}

#[test]
fn the_core_knows_no_outside() {
    let dependencies = dependencies();
    for name in CORE {
        for outside in OUTSIDE {
            assert!(
                !dependencies[*name].contains(*outside),
                "{name} must not use {outside}"
            );
        }
    }
}
