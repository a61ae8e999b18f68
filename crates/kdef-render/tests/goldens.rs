//! Renders each folder of `tests/render` at the root of the repository and compares.
//!
//! A case is a project. `expect.yaml` is what it renders, `expect.txt` what is reported; a file that is not there stands
//! for nothing. `inputs.json` may set what it is rendered with. With `UPDATE=1` in the environment the expectations are
//! rewritten instead.

// The cases are read from the disk; the code under test sees them as a `MemoryWorld`.
#![allow(clippy::disallowed_methods)]

#[path = "support/case.rs"]
mod case;
#[path = "support/expect.rs"]
mod expect;

use std::error::Error;
use std::fs;
use std::path::Path;

use kdef_render::{Rendered, build, yaml};
use kdef_source::{Diagnostic, SourceMap, report};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use expect::expect;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/render");
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let mut trials = Vec::new();
    for entry in fs::read_dir(&root)? {
        let folder = entry?.path();
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        trials.push(Trial::test(name, move || {
            run(&folder, update).map_err(Failed::from)
        }));
    }
    assert!(!trials.is_empty(), "{} has no cases", root.display());
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(folder: &Path, update: bool) -> Outcome<()> {
    let rendered = render(folder)?;
    let written = yaml::stream(&rendered.objects);
    renders_alike(folder, &written)?;
    reads_back(&rendered, &written)?;
    let problems = rendered.diagnostics.iter();
    let problems: String = problems
        .map(|problem| describe(problem, &rendered.sources))
        .collect();
    expect(&folder.join("expect.yaml"), &written, update)?;
    expect(&folder.join("expect.txt"), &problems, update)
}

/// Checks that rendering again, on several threads at once, gives the same bytes.
fn renders_alike(folder: &Path, written: &str) -> Outcome<()> {
    let (world, inputs) = (case::world(folder)?, case::inputs(folder)?);
    let again = || yaml::stream(&build(&world, &inputs).objects) == written;
    let alike = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(again)).collect();
        threads.into_iter().all(|thread| thread.join().unwrap_or(false))
    });
    if alike {
        Ok(())
    } else {
        Err("rendering again gives another text".into())
    }
}

fn describe(problem: &Diagnostic, sources: &SourceMap) -> String {
    let related = problem.related.iter();
    let related = related.map(|other| format!("  {}: {}\n", sources.locate(other.span), other.message));
    let hints = problem.hints.iter().map(|hint| format!("  help: {hint}\n"));
    let more: String = related.chain(hints).collect();
    format!("{}\n{more}", report::short(problem, sources))
}

fn render(folder: &Path) -> Outcome<Rendered> {
    Ok(build(&case::world(folder)?, &case::inputs(folder)?))
}

/// Checks that a YAML reader takes from the text what was rendered.
fn reads_back(rendered: &Rendered, written: &str) -> Outcome<()> {
    let read: Vec<Value> = serde_saphyr::from_multiple(written)?;
    let values: Vec<&Value> = rendered.objects.iter().map(|object| &object.value).collect();
    if read.iter().ne(values) {
        return Err("the text reads back as something else".into());
    }
    Ok(())
}
