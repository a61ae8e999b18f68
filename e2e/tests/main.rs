//! End-to-end tests: our own binaries against a real API server and Flux's real source-controller.
//!
//! One cluster a run, a namespace and a controller a test (see [`stage`]). Each file holds the tests of one subject.

// Tests are the outside: they run programs, read files and clocks, and print what they see.
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

mod admin;
mod artifacts;
mod chart;
mod failures;
mod inputs;
mod installed;
mod lifecycle;
mod look;
mod operation;
mod page;
mod project;
mod prune;
mod refusals;
mod render;
mod restart;
mod revisions;
mod secrecy;
mod sources;
mod stage;
mod tenants;
mod values;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};

use crate::stage::Bed;

/// A test by its name.
type Test = (&'static str, fn(&Bed) -> Result<()>);

/// The tests of every subject.
const SUBJECTS: &[(&str, &[Test])] = &[
    ("admin", admin::TESTS),
    ("artifacts", artifacts::TESTS),
    ("chart", chart::TESTS),
    ("failures", failures::TESTS),
    ("inputs", inputs::TESTS),
    ("installed", installed::TESTS),
    ("lifecycle", lifecycle::TESTS),
    ("operation", operation::TESTS),
    ("page", page::TESTS),
    ("prune", prune::TESTS),
    ("refusals", refusals::TESTS),
    ("render", render::TESTS),
    ("restart", restart::TESTS),
    ("revisions", revisions::TESTS),
    ("secrecy", secrecy::TESTS),
    ("sources", sources::TESTS),
    ("tenants", tenants::TESTS),
    ("values", values::TESTS),
];

fn main() -> ExitCode {
    testbed::supervised(|| {
        let mut arguments = Arguments::from_args();
        // Each test runs a controller: more at a time than this, and they wait for each other's processor.
        arguments.test_threads = arguments.test_threads.or(Some(4));
        let bed = if arguments.list { None } else { Some(Bed::start()) };
        let bed = match bed.transpose() {
            Ok(bed) => bed.map(Arc::new),
            Err(error) => {
                eprintln!("{error:?}");
                return ExitCode::FAILURE;
            }
        };
        let tests = SUBJECTS
            .iter()
            .flat_map(|(subject, tests)| tests.iter().map(move |test| (subject, test)));
        let trials =
            tests.map(|(subject, (name, test))| trial(&format!("{subject}::{name}"), *test, bed.clone()));
        libtest_mimic::run(&arguments, trials.collect()).exit_code()
    })
}

fn trial(name: &str, test: fn(&Bed) -> Result<()>, bed: Option<Arc<Bed>>) -> Trial {
    Trial::test(name, move || {
        let Some(bed) = bed else { return Ok(()) };
        test(&bed).map_err(|error| Failed::from(format!("{error:?}")))
    })
}
