//! The formatter: the cases of `tests/format`, and what holds for every file.
//!
//! Each case is a folder: `in.kdef` is formatted as `out.kdef` (`UPDATE=1` writes it anew), and `hclwrite.kdef` is what
//! HashiCorp's formatter makes of it, as recorded by `tools/hcl-oracle`. Where the two differ, `deviation.txt` says why.

use std::fs;
use std::path::{Path, PathBuf};

use kdef_source::SourceMap;
use kdef_syntax::format;
use proptest::prelude::*;

use crate::{fixtures, format_invariants, written};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn formatted(text: &str) -> String {
    let file = SourceMap::default().add("test.kdef", text);
    format(file, text).unwrap()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// Returns every `.kdef` file at or below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "kdef") {
            files.push(path);
        }
    }
    files
}

#[test]
fn cases_are_formatted_as_they_should() {
    for case in cases() {
        let out = formatted(&fs::read_to_string(case.join("in.kdef")).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(case.join("out.kdef"), &out).unwrap();
        }
        let expected = fs::read_to_string(case.join("out.kdef")).unwrap();
        assert_eq!(out, expected, "{}", case.display());
    }
}

#[test]
fn the_form_is_that_of_hclwrite_but_for_the_deviations() {
    for case in cases() {
        let out = fs::read_to_string(case.join("out.kdef")).unwrap();
        let theirs = fs::read_to_string(case.join("hclwrite.kdef")).unwrap();
        let name = case.display();
        match fs::read_to_string(case.join("deviation.txt")) {
            Ok(reason) => {
                assert!(!reason.trim().is_empty(), "{name} has a reason");
                assert_ne!(out, theirs, "{name} is no deviation");
            }
            Err(_) => assert_eq!(out, theirs, "{name}"),
        }
    }
}

#[test]
fn every_file_keeps_its_meaning() {
    let below = ["examples", "tests", "crates"].map(|folder| files_below(&root().join(folder)));
    for path in below.concat() {
        // Some are not UTF-8 on purpose.
        if let Ok(text) = fs::read_to_string(&path) {
            format_invariants::check(&text);
            format_invariants::check(&text.replace('\n', "\r\n"));
        }
    }
}

#[test]
fn the_examples_are_formatted() {
    for path in files_below(&root().join("examples")) {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(formatted(&text), text, "`kdef fmt` changes {}", path.display());
    }
}

#[test]
fn lines_without_end_do_not_move_others() {
    let text = format!("{} = 1\n{}", "n".repeat(100_000), "b = 1\n".repeat(10_000));
    let text = text.replace("b = 1\n", "b { c = 1 }\n");
    assert!(formatted(&text).len() < 2 * text.len());
    let text = format!("x {{\n{} = 1\nb = 2\n}}\n", "n".repeat(100_000));
    assert!(formatted(&text).ends_with("\n  b = 2\n}\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_however_written_keep_their_meaning(text in written::file()) {
        prop_assert!(format_invariants::check(&text), "{text:?} parses");
    }

    #[test]
    fn pieces_of_fixtures_keep_their_meaning(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4)) {
        let fixtures = fixtures::fixtures("ok");
        let mut text = String::new();
        for (which, at) in cuts {
            let (_, source) = which.get(&fixtures);
            let lines: Vec<&str> = source.split_inclusive('\n').collect();
            let start = at.index(lines.len().max(1));
            text.extend(lines.iter().skip(start).take(5).copied());
        }
        format_invariants::check(&text);
    }
}
