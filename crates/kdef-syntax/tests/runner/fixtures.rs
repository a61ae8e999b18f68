//! The files of `tests/ok` and `tests/err`.

use std::fmt::Write;
use std::path::Path;

use kdef_source::{SourceMap, report};
use kdef_syntax::parse;

use crate::{invariants, print};

/// Returns the names and texts of one folder's fixtures, in order of name.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut fixtures: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "kdef"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    fixtures.sort();
    assert!(!fixtures.is_empty());
    fixtures
}

pub(crate) fn all() -> Vec<(String, String)> {
    [fixtures("ok"), fixtures("err")].concat()
}

fn snapshot(folder: &str, name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

/// Renders the diagnostics of a text.
pub(crate) fn diagnostics(name: &str, text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add(format!("{name}.kdef"), text);
    let mut out = String::new();
    for diagnostic in &parse(file, text).diagnostics {
        let rendered = report::terminal(diagnostic, &sources, report::Style::Plain);
        writeln!(out, "{rendered}\n").unwrap();
    }
    out
}

#[test]
fn good_files_make_the_tree_they_should() {
    for (name, text) in fixtures("ok") {
        assert_eq!(diagnostics(&name, &text), "");
        snapshot("ok", &name, &print::body(&invariants::check(&text).body));
    }
}

#[test]
fn bad_files_are_explained_and_still_make_a_tree() {
    for (name, text) in fixtures("err") {
        let told = diagnostics(&name, &text);
        assert_ne!(told, "", "{name} has an error");
        let tree = print::body(&invariants::check(&text).body);
        snapshot("err", &name, &format!("{told}{tree}"));
    }
}

#[test]
fn every_prefix_of_every_fixture_parses() {
    for (_, text) in all() {
        for (end, _) in text.char_indices() {
            invariants::check(&text[..end]);
        }
    }
}

#[test]
fn every_fixture_parses_without_any_one_of_its_lines() {
    for (_, text) in all() {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for skipped in 0..lines.len() {
            let rest = [&lines[..skipped], &lines[skipped + 1..]].concat().concat();
            invariants::check(&rest);
        }
    }
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    for (name, text) in all() {
        let dos = text.replace('\n', "\r\n");
        let plain = invariants::check(&text);
        let marked = invariants::check(&format!("\u{feff}{text}"));
        let dos = invariants::check(&dos);
        assert_eq!(print::body(&marked.body), print::body(&plain.body), "{name}");
        assert_eq!(
            print::body(&dos.body).replace("\\r\\n", "\\n"),
            print::body(&plain.body),
            "{name}"
        );
        for other in [marked, dos] {
            let messages = |diagnostics: &[kdef_source::Diagnostic]| -> Vec<String> {
                diagnostics
                    .iter()
                    .map(|diagnostic| diagnostic.message.clone())
                    .collect()
            };
            assert_eq!(
                messages(&other.diagnostics),
                messages(&plain.diagnostics),
                "{name}"
            );
        }
    }
}
