//! The language's view of an artifact.

use std::sync::Arc;
use std::time::Instant;

use kdef_source::{Entry, Limits, VirtualPath, World, WorldError};

use super::files::ArtifactFiles;

/// The files of one artifact as the world of one run: no environment, no file system, an end in time.
#[derive(Debug)]
pub(crate) struct ArtifactWorld {
    files: Arc<ArtifactFiles>,
    limits: Limits,
    deadline: Instant,
}

impl ArtifactWorld {
    /// Opens a world over an artifact's files; long loops of the run give up after the deadline.
    pub(crate) fn new(files: Arc<ArtifactFiles>, limits: Limits, deadline: Instant) -> Self {
        Self {
            files,
            limits,
            deadline,
        }
    }
}

impl World for ArtifactWorld {
    fn read(&self, path: &VirtualPath) -> Result<Arc<[u8]>, WorldError> {
        let bytes = self.files.read(path)?;
        if bytes.len() > self.limits.file_bytes {
            return Err(WorldError::TooLarge {
                limit: self.limits.file_bytes,
            });
        }
        Ok(Arc::clone(bytes))
    }

    fn list(&self, folder: &VirtualPath) -> Result<Vec<Entry>, WorldError> {
        self.files.list(folder)
    }

    /// Answers that nothing is set: a tenant's project must not read the controller's environment.
    fn env(&self, _name: &str) -> Option<String> {
        None
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn cancelled(&self) -> bool {
        Instant::now() >= self.deadline
    }
}
