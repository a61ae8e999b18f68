//! Runs each case of `tests/errors` at the root of the repository and compares the whole report, as a terminal shows it.
//!
//! A case is `<area>/<case>.kdef`, or a project in the folder `<area>/<case>`, whose `inputs.json` may set what it is
//! rendered with. `<area>/<case>.txt` is the report. With `UPDATE=1` in the environment the reports are written anew.

// The cases are read from the disk; the code under test sees them as a `MemoryWorld`.
#![allow(clippy::disallowed_methods)]

#[path = "support/case.rs"]
mod case;
#[path = "support/expect.rs"]
mod expect;
#[path = "support/report.rs"]
mod report;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use kdef_lang::Inputs;
use kdef_render::{Rendered, build};
use kdef_source::MemoryWorld;
use libtest_mimic::{Arguments, Failed, Trial};

use expect::expect;
use report::report;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/errors");
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let mut cases = BTreeSet::new();
    for area in fs::read_dir(&root)? {
        for entry in fs::read_dir(area?.path())? {
            cases.insert(entry?.path().with_extension(""));
        }
    }
    let trials = cases.into_iter().map(|case| {
        let name = case.strip_prefix(&root).unwrap_or(&case).display().to_string();
        Trial::test(name, move || run(&case, update).map_err(Failed::from))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn run(case: &Path, update: bool) -> Outcome<()> {
    let found = report(&with_room(|| render(case).map_err(|error| error.to_string()))??);
    if found.is_empty() {
        return Err("nothing is reported".into());
    }
    expect(&case.with_extension("txt"), &found, update)
}

/// Runs on a stack as large as that of the command line and the controller; a test's own is smaller.
fn with_room<T: Send>(run: impl FnOnce() -> T + Send) -> Outcome<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(8 << 20);
        let running = thread.spawn_scoped(scope, run)?;
        running.join().map_err(|_| "rendering panics".into())
    })
}

fn render(case: &Path) -> Outcome<Rendered> {
    if case.is_dir() {
        return Ok(build(&case::world(case)?, &case::inputs(case)?));
    }
    let file = case.with_extension("kdef");
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let world = MemoryWorld::default().with_file(&name, fs::read(&file)?);
    Ok(build(&world, &Inputs::default()))
}
