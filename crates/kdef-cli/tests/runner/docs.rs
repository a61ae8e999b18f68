//! The `console` blocks of the documentation are run.
//!
//! Each page has a folder of its own. A fenced block whose fence names a path, as in `kdef apps/cart.kdef`, is a file of
//! it; each line of a `console` block that begins with `$ ` is a command, and what follows is what it prints. With
//! `UPDATE=1` in the environment the outputs are written anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::env::TestEnv;

#[test]
fn the_tour_goes_as_it_is_told() {
    check(&docs().join("guide/tour.md"));
}

#[test]
fn codes_of_the_command_line_are_shown() {
    let mut pages: Vec<PathBuf> = fs::read_dir(docs().join("reference/codes"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    for page in &pages {
        check(page);
    }
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn check(page: &Path) {
    let found = fs::read_to_string(page).unwrap();
    if !found.contains("\n```console\n") {
        return;
    }
    let fresh = run(&found);
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        fs::write(page, &fresh).unwrap();
        return;
    }
    assert!(
        fresh == found,
        "{} prints something else (UPDATE=1 cargo test -p kdef-cli docs):\n{fresh}",
        page.display()
    );
}

/// Runs all commands of a page, and returns the page with what they print.
fn run(page: &str) -> String {
    let env = TestEnv::new(&[]);
    let mut fresh = String::new();
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        fresh.push_str(line);
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let inside: String = lines
            .by_ref()
            .take_while(|line| line.trim_end() != "```")
            .collect();
        let mut words = info.split_whitespace();
        match (words.next(), words.next()) {
            (Some("console"), _) => {
                for command in inside.lines().filter_map(|line| line.strip_prefix("$ ")) {
                    fresh.extend(["$ ", command, "\n", &output(&env, command)]);
                }
            }
            (_, path) => {
                if let Some(path) = path.filter(|path| !path.contains('=')) {
                    env.write(path, &inside);
                }
                fresh.push_str(&inside);
            }
        }
        fresh.push_str("```\n");
    }
    fresh
}

/// Returns what a command prints, on whichever stream.
fn output(env: &TestEnv, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_kdef"));
    let folder = program.parent().unwrap().display();
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}; }} 2>&1")])
        .current_dir(env.path(""))
        .env_clear()
        .env("PATH", format!("{folder}:/usr/bin:/bin"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}
