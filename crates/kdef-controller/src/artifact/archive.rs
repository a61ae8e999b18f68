//! A gzip-compressed tar, read into memory.
//!
//! Nothing is unpacked to a disk. An entry that would leave the root is refused by name; a symbolic link is remembered as
//! such, since only a link that the project reads is an error.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use kdef_source::{PathError, VirtualPath};
use tar::EntryType;
use thiserror::Error;

use super::files::ArtifactFiles;

/// The longest path of an entry, in bytes. It also bounds how deeply folders nest.
const PATH_BYTES: usize = 1024;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArchiveLimits {
    /// Bytes that it may inflate to.
    pub(crate) inflated_bytes: u64,
    /// Entries of any type.
    pub(crate) entries: usize,
}

/// Why an archive cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ArchiveError {
    /// It is not a gzip-compressed tar, or ends early.
    #[error("the artifact is not a readable tar.gz: {0}")]
    Unreadable(String),
    /// It inflates to more than the limit.
    #[error("the artifact inflates to more than {0} bytes, the limit of --artifact-max-extracted-size")]
    TooLarge(u64),
    /// It has more entries than the limit.
    #[error("the artifact holds more than {0} files, the limit of --artifact-max-files")]
    TooMany(usize),
    /// An entry's name leads out of the artifact, or is too long.
    #[error("the artifact's entry {name:?} is refused: {reason}")]
    Name {
        /// The entry, shortened.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Reads all files of a gzip-compressed tar.
pub(crate) fn read(compressed: &[u8], limits: ArchiveLimits) -> Result<ArtifactFiles, ArchiveError> {
    let mut inflated = Bounded {
        inner: MultiGzDecoder::new(compressed),
        left: limits.inflated_bytes,
        exceeded: false,
    };
    let outcome = read_entries(&mut inflated, limits);
    if inflated.exceeded {
        return Err(ArchiveError::TooLarge(limits.inflated_bytes));
    }
    let mut files = outcome?;
    files.bytes = limits.inflated_bytes - inflated.left;
    Ok(files)
}

fn read_entries(inflated: &mut impl Read, limits: ArchiveLimits) -> Result<ArtifactFiles, ArchiveError> {
    let mut files = ArtifactFiles::default();
    let mut archive = tar::Archive::new(&mut *inflated);
    for (count, entry) in archive.entries().map_err(unreadable)?.enumerate() {
        if count >= limits.entries {
            return Err(ArchiveError::TooMany(limits.entries));
        }
        read_entry(entry.map_err(unreadable)?, &mut files)?;
    }
    // The checksum at the end of the gzip stream is only checked by reading up to it.
    io::copy(inflated, &mut io::sink()).map_err(unreadable)?;
    Ok(files)
}

fn read_entry(mut entry: tar::Entry<'_, impl Read>, files: &mut ArtifactFiles) -> Result<(), ArchiveError> {
    let type_ = entry.header().entry_type();
    if type_.is_pax_global_extensions() {
        return Ok(());
    }
    let name = entry.path_bytes().into_owned();
    let refuse = |reason| ArchiveError::Name {
        name: String::from_utf8_lossy(&name).chars().take(200).collect(),
        reason,
    };
    let path = entry_path(&name).map_err(refuse)?;
    match type_ {
        EntryType::Regular | EntryType::Continuous => {
            let bytes = read_file(&mut entry)?;
            if let Some(path) = path {
                files.add_file(&path, bytes);
            }
        }
        EntryType::Directory => {
            if let Some(path) = path {
                files.add_folder(&path);
            }
        }
        EntryType::Symlink => {
            if let Some(path) = path {
                files.add_link(&path);
            }
        }
        EntryType::Link => return Err(refuse("it is a hard link")),
        _ => return Err(refuse("it is neither a file, a folder nor a symbolic link")),
    }
    Ok(())
}

/// Returns the path of an entry, or `None` for a name that no `.kdef` file can spell: one that is not UTF-8, or holds a
/// backslash or a control character. Such files occur in real repositories and are of no use here.
fn entry_path(name: &[u8]) -> Result<Option<VirtualPath>, &'static str> {
    if name.len() > PATH_BYTES {
        return Err("its name is longer than 1024 bytes");
    }
    if name.starts_with(b"/") {
        return Err("its name is absolute");
    }
    // `a/../b` stays inside, but no honest archive has it (Flux refuses it too).
    if name
        .split(|byte| matches!(byte, b'/' | b'\\'))
        .any(|part| part == b"..")
    {
        return Err("its name contains `..`");
    }
    let Ok(name) = std::str::from_utf8(name) else {
        return Ok(None);
    };
    match VirtualPath::new(name) {
        Ok(path) => Ok(Some(path)),
        Err(PathError::Invalid) => Ok(None),
        Err(PathError::Absolute | PathError::Escapes) => Err("its name leads out of the artifact"),
    }
}

fn read_file(entry: &mut tar::Entry<'_, impl Read>) -> Result<Arc<[u8]>, ArchiveError> {
    let size = entry.size();
    // The size is what the header claims, so only a little of it is taken on trust.
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(64 << 10)).unwrap_or_default());
    entry.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 != size {
        return Err(ArchiveError::Unreadable("it ends within a file".to_owned()));
    }
    Ok(bytes.into())
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(error: io::Error) -> ArchiveError {
    ArchiveError::Unreadable(error.to_string().chars().take(200).collect())
}

/// A reader that fails once more than its bound was read, and remembers that it did.
struct Bounded<R> {
    inner: R,
    left: u64,
    exceeded: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let Some(left) = self.left.checked_sub(count as u64) else {
            self.exceeded = true;
            return Err(io::Error::other("too large"));
        };
        self.left = left;
        Ok(count)
    }
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
