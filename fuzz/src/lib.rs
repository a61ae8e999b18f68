//! What the fuzz targets share: small limits, and what holds for everything that is rendered.

use kdef_render::{Rendered, yaml};
use kdef_source::{Limits, report};
use serde_json::Value;

/// Returns limits that end every run quickly.
pub fn limits() -> Limits {
    Limits {
        file_bytes: 64 << 10,
        files: 50,
        project_depth: 4,
        steps: 50_000,
        text_bytes: 16 << 10,
        blocks: 500,
        objects: 200,
    }
}

/// Checks that all diagnostics can be shown in all formats, and that all objects read back as they were.
pub fn check(rendered: &Rendered) {
    for diagnostic in &rendered.diagnostics {
        assert!(!diagnostic.message.is_empty());
        report::terminal(diagnostic, &rendered.sources, report::Style::Plain);
        report::github(diagnostic, &rendered.sources);
    }
    report::json(&rendered.diagnostics, &rendered.sources);
    for object in &rendered.objects {
        reads_back(&object.value);
    }
}

/// Checks that what is written for a value is read as the same value, by the rules of YAML 1.1 and 1.2.
pub fn reads_back(value: &Value) {
    let written = yaml::document(value);
    let legacy = serde_saphyr::options! { legacy_octal_numbers: true };
    let strict = serde_saphyr::options! { strict_booleans: true };
    for options in [legacy, strict] {
        let read: Value = serde_saphyr::from_str_with_options(&written, options)
            .unwrap_or_else(|error| panic!("{value} is written as {written:?}: {error}"));
        assert!(
            is_same(&read, value),
            "{value} is written as {written:?}, and read as {read}"
        );
    }
}

/// Tells whether two values are the same; whole numbers are, with a point or without.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| is_same(value, other)))
        }
        (left, right) => left == right,
    }
}
