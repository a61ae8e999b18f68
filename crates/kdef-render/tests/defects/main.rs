//! What the reference implementation gets wrong, one test for each entry of the two lists of its defects, named by
//! number and subject: here it is not so.
//!
//! Some stand on both lists, and once here: of rendering, b03 is d01 (`use_vars`), b05 is d03 (numbers in `env`), b09 is d10
//! (`tls = false`), b11 is d21 (mounts of claims), l09 is d18 (silent fallbacks), l10 is d21 (security contexts), l12 is d01
//! (overrides of every kind). That `targetNamespace` stays off cluster-scoped objects (b14) is tested where it is done, in
//! kdef-cluster.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(
    clippy::needless_raw_string_hashes,
    reason = "cases are texts, and look alike"
)]

mod definitions;
mod language;
mod project;
mod render;
