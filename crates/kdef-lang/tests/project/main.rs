//! Projects in memory, compiled whole: what comes out, and what is said about wrong ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail like tests")]

mod basics;
mod harness;
