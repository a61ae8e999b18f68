//! What is formatted keeps its code, comments and tree, and stays as it is when it is formatted again.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/kdef-syntax/tests/runner/format_invariants.rs"]
mod format_invariants;
#[path = "../../crates/kdef-syntax/tests/runner/print.rs"]
mod print;

fuzz_target!(|text: &str| {
    format_invariants::check(text);
});
