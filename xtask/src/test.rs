//! `cargo xtask test`: everything that CI runs, and how many tests that were.

use anyhow::{Result, bail};

use crate::run::{cargo, lines, step};

/// How many tests ran.
#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Runs every step, also after one failed, and ends with one line that counts the tests.
pub(crate) fn test() -> Result<()> {
    let mut count = Count::default();
    let mut broken = Vec::new();
    let mut check = |name: &'static str, result: Result<()>| {
        if let Err(error) = result {
            println!("{name}: {error:#}");
            broken.push(name);
        }
    };
    check(
        "format",
        step("format", || {
            lines(cargo(&["fmt", "--all", "--check"]), |line| println!("{line}"))
        }),
    );
    check(
        "lints",
        step("lints", || lines(cargo(&clippy()), |line| println!("{line}"))),
    );
    let unit = ["test", "--locked", "--workspace", "--exclude", "e2e"];
    check(
        "unit tests",
        step("unit, golden and conformance tests", || count.run(&unit)),
    );
    // The whole workspace again, so that no dependency is compiled a second time with other features.
    let e2e = ["test", "--locked", "--workspace", "--test", "e2e"];
    check(
        "end-to-end tests",
        step("end-to-end tests on a real cluster", || count.run(&e2e)),
    );

    if count.passed + count.failed == 0 {
        broken.push("no test ran");
    }
    println!("\n{} passed, {} failed", count.passed, count.failed);
    if !broken.is_empty() {
        bail!("not everything passed: {}", broken.join(", "));
    }
    Ok(())
}

fn clippy() -> [&'static str; 7] {
    [
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]
}

impl Count {
    /// Runs `cargo test`, showing what it prints, and adds up its closing lines.
    fn run(&mut self, args: &[&str]) -> Result<()> {
        lines(cargo(args), |line| {
            println!("{line}");
            self.add(line);
        })
    }

    /// Reads `test result: ok. 12 passed; 0 failed; ...`; any other line counts nothing.
    fn add(&mut self, line: &str) {
        let Some(figures) = line.strip_prefix("test result: ") else {
            return;
        };
        for part in figures.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => self.passed += number.parse().unwrap_or(0),
                Some((number, "failed")) => self.failed += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up() {
        let mut count = Count::default();
        count.add(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        count.add("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        count.add("test something ... ok");
        assert_eq!((count.passed, count.failed), (15, 2));
    }
}
