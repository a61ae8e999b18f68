//! Fixtures, invariants and random input for the parser.
//!
//! `tests/ok` holds files without errors, `tests/err` files with them; beside each lies the snapshot of its tree and of
//! its diagnostics. `INSTA_UPDATE=always` writes the snapshots anew.
#![allow(clippy::disallowed_methods, reason = "the tests read fixtures")]
#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::needless_for_each,
    reason = "short tests read better, and need not be fast"
)]

mod fixtures;
mod format;
mod format_invariants;
mod invariants;
mod limits;
mod print;
mod random;
mod written;
