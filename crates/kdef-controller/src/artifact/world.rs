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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_world_has_files_and_nothing_else() {
        let mut files = ArtifactFiles::default();
        files.add_for_test("apps/web.kdef", "0123456789");
        files.add_for_test("root.kdef", "x");
        let limits = Limits {
            file_bytes: 5,
            ..Limits::default()
        };
        let world =
            |deadline| ArtifactWorld::new(Arc::new(ArtifactFiles::default()), limits.clone(), deadline);
        let now = Instant::now();
        assert!(world(now).cancelled(), "its time is over");
        assert!(!world(now + Duration::from_mins(1)).cancelled());

        let world = ArtifactWorld::new(Arc::new(files), limits.clone(), now);
        let path = |text: &str| VirtualPath::new(text).unwrap();
        assert_eq!(&*world.read(&path("root.kdef")).unwrap(), b"x");
        assert_eq!(
            world.read(&path("apps/web.kdef")),
            Err(WorldError::TooLarge { limit: 5 })
        );
        assert_eq!(world.read(&path("proc/self/environ")), Err(WorldError::NotFound));
        assert!(std::env::var_os("PATH").is_some());
        assert_eq!(world.env("PATH"), None);
    }
}
