//! Running git.

use std::io;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow};

/// Fails with what to install where there is no Git.
pub(crate) fn require_git() -> Result<()> {
    match git(Path::new("/")).arg("--version").output() {
        Ok(_) => Ok(()),
        Err(error) => Err(missing_git(&error)),
    }
}

pub(super) fn missing_git(error: &io::Error) -> anyhow::Error {
    anyhow!("the testbed needs Git 2.28 or newer: install git, and see that it is on PATH ({error})")
}

/// Returns a git command that knows neither the user's configuration nor a repository around it (as in a hook).
pub(super) fn git(home: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .env("HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
    ] {
        command.env_remove(name);
    }
    command
}
