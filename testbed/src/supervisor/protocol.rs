//! What the owner of a run and its supervisor say to each other: one JSON object a line.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The variable that makes a program's start the start of a supervisor. Its value is the folder to remove at the
/// end, or nothing where the folder is kept.
pub(super) const ROLE: &str = "KDEF_TESTBED_SUPERVISOR";

/// Owner to supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    Start {
        id: u64,
        program: PathBuf,
        args: Vec<String>,
        env: Vec<(String, String)>,
        log: PathBuf,
    },
    Signal {
        id: u64,
        signal: Signal,
    },
}

/// A signal to a process and all that it started.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Signal {
    Terminate,
    Kill,
}

/// Supervisor to owner.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Report {
    /// The supervisor runs; said once, first.
    Ready,
    Started {
        id: u64,
        pid: u32,
    },
    NotStarted {
        id: u64,
        error: String,
    },
    /// The process ended; `how` is "exit status: 1", "signal: 9 (SIGKILL)" and the like.
    Ended {
        id: u64,
        how: String,
    },
}
