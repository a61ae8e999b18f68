//! The kdef controller: KdefReleases in, objects in the cluster out.
//!
//! ```text
//!  KdefRelease + Flux source ──watch──> queue ──> pass: fetch ─> ArtifactWorld ─> render ─> apply ─> prune ─> status
//!                                                  │ decide (pure)                    │
//!                                                  └ when to run again                └ inventory before the first write
//! ```
//!
//! This crate knows releases, sources, artifacts and when to do what. How `.kdef` becomes objects is `kdef-render`'s
//! business, how objects reach the cluster is `kdef-cluster`'s. What a project reads comes from an artifact in memory: a
//! tenant's project cannot see the controller's files or environment, because its world has none.
//!
//! ```no_run
//! use clap::Parser;
//! use kdef_controller::Args;
//!
//! # fn main() -> anyhow::Result<()> {
//! Args::parse_from(["kdef-controller", "--concurrent=8"]).run()
//! # }
//! ```
#![allow(
    clippy::disallowed_methods,
    reason = "this crate is on the outside of the World seam: it has a clock and an environment"
)]

mod admin;
mod args;
mod artifact;
mod context;
mod decide;
mod events;
mod mask;
mod metrics;
mod notes;
mod problem;
mod reconcile;
mod report;
mod run;
mod sources;
mod status;
mod telemetry;
#[cfg(test)]
mod testing;
mod text;
mod values;
mod watch;

pub use args::Args;
