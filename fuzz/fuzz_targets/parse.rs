//! Any text parses: the tokens tile it, the tree nests, every diagnostic has a place in it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/kdef-syntax/tests/runner/invariants.rs"]
mod invariants;

fuzz_target!(|text: &str| {
    invariants::check(text);
});
