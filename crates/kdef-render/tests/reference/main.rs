//! The reference pages are tests.
//!
//! Each block, function and diagnostic code has a page in `docs/reference`. Its tables are written from the tables of the
//! source; the prose around them is written by hand, and its examples are executed (see [`examples`]). The examples of
//! `docs/guide` are executed too, and the links of all pages are followed. `UPDATE=1 cargo test -p kdef-render --test
//! reference` writes tables and outputs anew, and begins the pages that are missing.

// The pages are read from the disk.
#![allow(clippy::disallowed_methods)]

mod blocks;
mod catalog;
mod codes;
mod examples;
mod fences;
mod functions;
mod links;
mod page;
#[path = "../support/report.rs"]
mod report;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};

use page::Page;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What brings the pages up to date.
const COMMAND: &str = "UPDATE=1 cargo test -p kdef-render --test reference";

fn main() -> Outcome<()> {
    let arguments = Arguments::from_args();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let pages: Vec<Page> = blocks::pages()
        .into_iter()
        .chain(functions::pages())
        .chain(codes::pages())
        .collect();
    let mut trials = vec![subjects(&docs, &pages), followed(&docs)];
    for page in pages {
        let path = docs.join("reference").join(&page.path);
        trials.push(trial(page.path.clone(), move |update| {
            page::check(&path, &page, update)
        }));
    }
    for entry in fs::read_dir(docs.join("guide"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        trials.push(trial(format!("guide/{name}"), move |update| {
            page::check_examples(&path, update)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(name: String, run: impl FnOnce(bool) -> Outcome<()> + Send + 'static) -> Trial {
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    Trial::test(name, move || run(update).map_err(Failed::from))
}

/// Checks that no page is left of what there is no more.
fn subjects(docs: &Path, pages: &[Page]) -> Trial {
    let reference = docs.join("reference");
    let known: BTreeSet<PathBuf> = pages.iter().map(|page| reference.join(&page.path)).collect();
    trial("every page has a subject".to_owned(), move |_| {
        let found = links::markdown(&reference)?;
        let stale: Vec<String> = found
            .difference(&known)
            .filter(|path| **path != reference.join("README.md"))
            .map(|path| path.display().to_string())
            .collect();
        if stale.is_empty() {
            return Ok(());
        }
        let stale = stale.join("\n");
        Err(format!("there is no such block, function or code; rename or remove the page:\n{stale}").into())
    })
}

/// Checks that the links of all pages lead somewhere.
fn followed(docs: &Path) -> Trial {
    let docs = docs.to_owned();
    trial("links lead somewhere".to_owned(), move |_| links::check(&docs))
}
