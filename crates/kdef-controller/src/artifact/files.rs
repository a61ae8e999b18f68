//! The files of an artifact, in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::{Entry, EntryKind, VirtualPath, WorldError};

/// The files of one artifact: what its archive holds, without a file system that could be escaped to.
#[derive(Debug, Default)]
pub(crate) struct ArtifactFiles {
    root: Folder,
    /// Bytes that the archive inflated to.
    pub(super) bytes: u64,
}

type Folder = BTreeMap<Box<str>, Node>;

#[derive(Debug, Default)]
struct Node {
    content: Content,
    /// What lies in it; empty unless it is a folder.
    below: Folder,
}

#[derive(Debug, Default)]
enum Content {
    #[default]
    Folder,
    File(Arc<[u8]>),
    Link,
}

impl ArtifactFiles {
    /// Adds a file; what stood at the path or in its way is replaced, as unpacking to a disk would.
    pub(super) fn add_file(&mut self, path: &VirtualPath, bytes: Arc<[u8]>) {
        self.put(path, Content::File(bytes));
    }

    /// Remembers a symbolic link, which reading then refuses.
    pub(super) fn add_link(&mut self, path: &VirtualPath) {
        self.put(path, Content::Link);
    }

    /// Adds a folder, unless it is there already.
    pub(super) fn add_folder(&mut self, path: &VirtualPath) {
        let mut folder = &mut self.root;
        for part in path.parts() {
            folder = subfolder(folder, part);
        }
    }

    /// Adds a file of text.
    #[cfg(test)]
    pub(crate) fn add_for_test(&mut self, path: &str, text: &str) {
        let path = VirtualPath::new(path).expect("the test's path is one");
        self.add_file(&path, Arc::from(text.as_bytes()));
    }

    fn put(&mut self, path: &VirtualPath, content: Content) {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return;
        };
        let mut folder = &mut self.root;
        for part in parent.parts() {
            folder = subfolder(folder, part);
        }
        let below = Folder::new();
        folder.insert(name.into(), Node { content, below });
    }

    /// Returns a file's bytes.
    pub(super) fn read(&self, path: &VirtualPath) -> Result<&Arc<[u8]>, WorldError> {
        match self.find(path)? {
            Found::File(bytes) => Ok(bytes),
            Found::Folder(_) => Err(WorldError::NotAFile),
        }
    }

    /// Lists a folder, sorted by name.
    pub(super) fn list(&self, path: &VirtualPath) -> Result<Vec<Entry>, WorldError> {
        let folder = match self.find(path)? {
            Found::Folder(folder) => folder,
            Found::File(_) => return Err(WorldError::NotAFolder),
        };
        let entries = folder.iter().map(|(name, node)| Entry {
            name: name.to_string(),
            kind: match node.content {
                Content::Folder => EntryKind::Folder,
                Content::File(_) => EntryKind::File,
                Content::Link => EntryKind::Link,
            },
        });
        Ok(entries.collect())
    }

    fn find(&self, path: &VirtualPath) -> Result<Found<'_>, WorldError> {
        let mut found = Found::Folder(&self.root);
        for part in path.parts() {
            let Found::Folder(folder) = found else {
                return Err(WorldError::NotFound);
            };
            let node = folder.get(part).ok_or(WorldError::NotFound)?;
            found = match &node.content {
                Content::Folder => Found::Folder(&node.below),
                Content::File(bytes) => Found::File(bytes),
                Content::Link => return Err(WorldError::SymbolicLink),
            };
        }
        Ok(found)
    }
}

enum Found<'a> {
    Folder(&'a Folder),
    File(&'a Arc<[u8]>),
}

/// Returns the folder of that name, in place of whatever else has it.
fn subfolder<'a>(folder: &'a mut Folder, name: &str) -> &'a mut Folder {
    let node = folder.entry(name.into()).or_default();
    node.content = Content::Folder;
    &mut node.below
}
