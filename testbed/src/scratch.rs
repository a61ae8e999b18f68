//! The folder of a run.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// etcd and the artifacts of a run stay below this; a container's default of 64 MiB does not do.
const ENOUGH: u64 = 2 << 30;

/// Creates the folder of a run: in memory where there is room, since etcd's speed is the disk's.
pub(crate) fn create() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    let parent = if free_bytes(memory) >= ENOUGH {
        memory.to_owned()
    } else {
        temporary_folder()
    };
    tempfile::Builder::new()
        .prefix("kdef-testbed-")
        .tempdir_in(&parent)
        .with_context(|| format!("cannot create a folder in {}", parent.display()))
}

fn temporary_folder() -> PathBuf {
    env::temp_dir()
}

/// Returns 0 where there is no such folder.
fn free_bytes(folder: &Path) -> u64 {
    rustix::fs::statvfs(folder).map_or(0, |stat| stat.f_bavail.saturating_mul(stat.f_frsize))
}
