//! Holds the language against recorded answers of `hashicorp/hcl`, which `tools/hcl-oracle` writes.
//!
//! Cases stand in `expressions.json` and `documents/`, the names they may use in `variables.json`. Where our answer is
//! another on purpose, `deviations.json` has it, with the reason; a deviation that no longer deviates fails the test.
#![allow(clippy::disallowed_methods, reason = "a test reads its cases from files")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod deviations;
mod documents;
mod expressions;
mod outcome;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use kdef_lang::eval::{Budget, Evaluator, Images, Place, Scope};
use kdef_lang::value::{DeclaredType, Value};
use kdef_source::{Limits, MemoryWorld};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

fn read_json(name: &str) -> serde_json::Value {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names and functions that the cases may use.
fn scope() -> Scope {
    let images = Images::from([("web".into(), "registry.example.com/web:1".into())]);
    let scope = Scope::new(Arc::new(Place {
        images,
        ..Place::default()
    }));
    let variables = read_json("variables.json");
    variables
        .as_object()
        .unwrap()
        .iter()
        .fold(scope, |scope, (name, variable)| {
            scope.with(name.as_str(), variable_value(variable))
        })
}

fn variable_value(variable: &serde_json::Value) -> Value {
    let value = Value::from_json(&variable["value"]).unwrap();
    let Some(ty) = variable["type"].as_str() else {
        return value;
    };
    // A list of objects converts as a list of any type, which comes to the same.
    let ty = if ty.contains("object") { "list(any)" } else { ty };
    DeclaredType::parse(ty).unwrap().convert(&value).unwrap()
}

/// Gives an evaluator with the files of `files` and the limits of a normal run.
fn with_evaluator<T>(run: impl FnOnce(&mut Evaluator<'_>) -> T) -> T {
    static WORLD: LazyLock<MemoryWorld> = LazyLock::new(world);
    let budget = Budget::new(&Limits::default());
    run(&mut Evaluator::new(&*WORLD, &budget))
}

fn world() -> MemoryWorld {
    let entries = std::fs::read_dir(folder().join("files")).unwrap();
    let files: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    MemoryWorld::new(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}
