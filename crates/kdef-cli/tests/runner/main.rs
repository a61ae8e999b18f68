//! The real `kdef` binary, run as a person would run it.
//!
//! All tests hang off this one file, so that there is one binary to link.

// A failure of the surroundings fails the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod env;

mod arguments;
mod diagnostics;
mod docs;
mod files;
mod fmt;
mod render;
mod validate;
mod values;
