//! The binary's face: its flags, and what it says of wrong ones.

// Runs the binary.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::process::{Command, Output};

fn controller(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kdef-controller"))
        .args(args)
        .env_clear()
        .output()
        .expect("the binary was built with this test")
}

#[test]
fn help_names_the_flags_that_flux_has() {
    let output = controller(&["--help"]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for flag in [
        "--concurrent",
        "--default-service-account",
        "--health-addr",
        "--http-retry",
        "--interval-jitter-percentage",
        "--log-encoding",
        "--log-level",
        "--metrics-addr",
        "--requeue-dependency",
        "--watch-all-namespaces",
    ] {
        assert!(help.contains(flag), "{flag} is missing in:\n{help}");
    }
}

#[test]
fn an_address_given_twice_is_refused() {
    let output = controller(&["--metrics-addr=:1", "--metrics-bind-address=:2"]);
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("--metrics-bind-address"), "{text}");
}
