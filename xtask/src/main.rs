//! The project's own tasks: `cargo xtask demo`, `cargo xtask test`.

// Tasks run programs and talk to the terminal; nothing of the product is in here.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

mod demo;
mod run;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <task>

Tasks:
  demo [--keep]    Deploy examples/shop to a real cluster on this machine, and show what the controller does.
                   --keep leaves the cluster running until Ctrl-C, with a kubeconfig to use.
  test             Run everything that CI runs: format, lints, unit, golden, conformance and end-to-end tests.
";

fn main() -> ExitCode {
    testbed::supervised(|| {
        let args: Vec<String> = std::env::args().skip(1).collect();
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        let result = match words.as_slice() {
            ["demo"] => demo::demo(false),
            ["demo", "--keep"] => demo::demo(true),
            ["test"] => test::test(),
            ["help" | "--help" | "-h"] => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            _ => {
                eprint!("{USAGE}");
                return ExitCode::from(2);
            }
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        }
    })
}
