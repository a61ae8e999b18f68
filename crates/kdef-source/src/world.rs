//! The one seam to the outside.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::VirtualPath;

/// What the language may see of the outside: the files of one project, environment variables, and limits.
///
/// The command line roots it in a folder, the controller builds it in memory from an artifact, tests use a
/// [`MemoryWorld`]. Implementations refuse symbolic links.
pub trait World: Sync {
    /// Reads a file whole.
    fn read(&self, path: &VirtualPath) -> Result<Arc<[u8]>, WorldError>;

    /// Lists a folder, sorted by name in byte order.
    fn list(&self, folder: &VirtualPath) -> Result<Vec<Entry>, WorldError>;

    /// Looks an environment variable up.
    fn env(&self, name: &str) -> Option<String>;

    /// Returns the bounds of this run.
    fn limits(&self) -> &Limits;

    /// Returns a path as messages show it.
    fn display(&self, path: &VirtualPath) -> String {
        path.to_string()
    }

    /// Tells whether the run's time is up; asked now and then by long loops.
    fn cancelled(&self) -> bool {
        false
    }
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, without the folder.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, which is never followed.
    Link,
    /// Anything else, such as a socket.
    Other,
}

/// Why the outside did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorldError {
    /// There is nothing of that name.
    NotFound,
    /// It is a folder where a file is wanted.
    NotAFile,
    /// It is a file where a folder is wanted.
    NotAFolder,
    /// It is, or lies behind, a symbolic link.
    SymbolicLink,
    /// It is larger than [`Limits::file_bytes`].
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
    /// The operating system said no.
    Io(String),
}

/// Writes the reason, to stand after "cannot be read: ".
impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such file or folder"),
            Self::NotAFile => f.write_str("it is a folder, not a file"),
            Self::NotAFolder => f.write_str("it is a file, not a folder"),
            Self::SymbolicLink => {
                f.write_str("it is or lies behind a symbolic link, which kdef does not follow")
            }
            Self::TooLarge { limit } => write!(f, "it is larger than the limit of {limit} bytes"),
            Self::Io(text) => f.write_str(text),
        }
    }
}

/// The bounds of a run. Reaching one is a diagnostic that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in one file.
    pub file_bytes: usize,
    /// Files read in one run.
    pub files: usize,
    /// Sub-projects within sub-projects.
    pub project_depth: usize,
    /// Steps of evaluation, over the whole run.
    pub steps: u64,
    /// Bytes in one text value, and of text built over the whole run times 64.
    pub text_bytes: usize,
    /// Blocks after `for` and `if` were expanded.
    pub blocks: usize,
    /// Objects rendered.
    pub objects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 20,
            files: 20_000,
            project_depth: 16,
            steps: 20_000_000,
            text_bytes: 4 << 20,
            blocks: 200_000,
            objects: 50_000,
        }
    }
}

/// A world of texts in memory, for tests and examples.
#[derive(Debug, Default, Clone)]
pub struct MemoryWorld {
    files: BTreeMap<VirtualPath, Arc<[u8]>>,
    env: BTreeMap<String, String>,
    limits: Limits,
}

impl MemoryWorld {
    /// Makes a world of the given paths and texts; a path that is no [`VirtualPath`] is left out.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files
            .into_iter()
            .filter_map(|(path, text)| Some((VirtualPath::new(path).ok()?, Arc::from(text.as_bytes()))))
            .collect();
        Self {
            files,
            ..Self::default()
        }
    }

    /// Adds a file, which need not be text; a path that is no [`VirtualPath`] is left out.
    #[must_use]
    pub fn with_file(mut self, path: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        if let Ok(path) = VirtualPath::new(path) {
            self.files.insert(path, bytes.into());
        }
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets the bounds.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn is_folder(&self, path: &VirtualPath) -> bool {
        path.is_root()
            || self
                .files
                .keys()
                .any(|file| file != path && file.starts_with(path))
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &VirtualPath) -> Result<Arc<[u8]>, WorldError> {
        match self.files.get(path) {
            Some(bytes) if bytes.len() > self.limits.file_bytes => Err(WorldError::TooLarge {
                limit: self.limits.file_bytes,
            }),
            Some(bytes) => Ok(Arc::clone(bytes)),
            None if self.is_folder(path) => Err(WorldError::NotAFile),
            None => Err(WorldError::NotFound),
        }
    }

    fn list(&self, folder: &VirtualPath) -> Result<Vec<Entry>, WorldError> {
        if self.files.contains_key(folder) {
            return Err(WorldError::NotAFolder);
        }
        if !self.is_folder(folder) {
            return Err(WorldError::NotFound);
        }
        let depth = folder.parts().count();
        let mut entries: BTreeMap<&str, EntryKind> = BTreeMap::new();
        for file in self.files.keys().filter(|file| file.starts_with(folder)) {
            let mut below = file.parts().skip(depth);
            if let Some(name) = below.next() {
                let kind = if below.next().is_some() {
                    EntryKind::Folder
                } else {
                    EntryKind::File
                };
                entries.insert(name, kind);
            }
        }
        Ok(entries
            .into_iter()
            .map(|(name, kind)| Entry {
                name: name.to_owned(),
                kind,
            })
            .collect())
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_world_has_folders() {
        let world = MemoryWorld::new([
            ("root.kdef", "a"),
            ("apps/web/app.kdef", "b"),
            ("apps/x.kdef", "c"),
        ]);
        let path = |text: &str| VirtualPath::new(text).unwrap();
        let names = |folder: &str| {
            let entries = world.list(&path(folder)).unwrap();
            entries
                .into_iter()
                .map(|entry| (entry.name, entry.kind))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(""),
            [
                ("apps".into(), EntryKind::Folder),
                ("root.kdef".into(), EntryKind::File)
            ]
        );
        assert_eq!(
            names("apps"),
            [
                ("web".into(), EntryKind::Folder),
                ("x.kdef".into(), EntryKind::File)
            ]
        );
        assert_eq!(world.list(&path("nowhere")), Err(WorldError::NotFound));
        assert_eq!(world.list(&path("root.kdef")), Err(WorldError::NotAFolder));
        assert_eq!(world.read(&path("apps")), Err(WorldError::NotAFile));
        assert_eq!(&*world.read(&path("root.kdef")).unwrap(), b"a");
    }
}
