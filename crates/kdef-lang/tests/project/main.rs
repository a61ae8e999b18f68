//! Projects in memory, compiled whole: what comes out, and what is said about wrong ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(
    clippy::too_many_lines,
    clippy::format_collect,
    clippy::needless_raw_string_hashes,
    reason = "cases are texts, long ones among them"
)]

mod blocks;
mod bounds;
mod components;
mod containers;
mod control;
mod entries;
mod environments;
mod harness;
mod imports;
mod ingresses;
mod jobs;
mod locals;
mod network;
mod objects;
mod references;
mod roots;
mod rules;
mod validations;
mod values;
mod variables;
mod volumes;
mod workloads;
