//! `kdef`, the command line.
//!
//! It knows arguments, files, the terminal and exit statuses. It must not know the language or Kubernetes: it hands a
//! [`World`](kdef_source::World) and [`Inputs`](kdef_lang::Inputs) to the core and shows what comes back, so that a
//! desk and a cluster render the same.
//!
//! ```text
//! args ──> project (world + inputs) ──> kdef_render::build ──> report ──> ui (stdout, stderr)
//!              │                                                 │
//!              └──── error: what keeps a command from starting ──┴──> exit status 0, 1, 2 or 3
//! ```
//!
//! Only `world` touches the file system and the environment, only `ui` prints.

// The command line is the outside that the core is kept from.
#![allow(clippy::disallowed_methods)]

mod args;
mod commands;
mod environments;
mod error;
mod project;
mod report;
mod set;
mod ui;
mod unified;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(std::env::args_os()).into()
}
