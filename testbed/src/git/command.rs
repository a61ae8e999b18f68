//! Running git.

use std::io;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow, ensure};

/// Fails with what to install where there is no Git, or where its HTTP server is in a package of its own.
pub(crate) fn require_git() -> Result<()> {
    let output = git(Path::new("/"))
        .arg("--exec-path")
        .output()
        .map_err(|error| missing_git(&error))?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let backend = Path::new(&folder).join("git-http-backend");
    ensure!(
        backend.exists(),
        "the testbed serves repositories with git http-backend, which this Git lacks: install the package that \
         has {} (git-daemon or the like)",
        backend.display()
    );
    Ok(())
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
