//! The file system and the process's environment.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kdef_source::{Entry, EntryKind, Limits, VirtualPath, World, WorldError, nearest};

use crate::error::{CliError, reason};

/// The file that makes a folder the root of a project.
const ROOT_FILE: &str = "root.kdef";

/// The ending of the files that the language reads.
const ENDING: &[u8] = b".kdef";

/// A project on disk.
///
/// Its root is the nearest folder at or above the given one that holds `root.kdef`, else the nearest that holds `.git`,
/// else the given one. The way to the root may lead over symbolic links; below it, none is followed.
#[derive(Debug)]
pub(crate) struct OsWorld {
    root: PathBuf,
    /// The working directory, where there is one.
    here: Option<PathBuf>,
    limits: Limits,
    refused: AtomicBool,
}

impl OsWorld {
    /// Opens the project that a folder belongs to; returns it with the folder's place in it.
    pub(crate) fn open(folder: &Path) -> Result<(Self, VirtualPath), CliError> {
        let given = real_folder(folder)?;
        let root = project_root(&given).to_owned();
        let below = given.strip_prefix(&root).unwrap_or(Path::new(""));
        let place = below.to_str().and_then(|below| VirtualPath::new(below).ok());
        let Some(place) = place else {
            return Err(CliError::usage(format!(
                "the folder `{}` has a name that kdef cannot use",
                folder.display()
            ))
            .with_tip("rename it: names are UTF-8, without backslashes and control characters"));
        };
        let here = std::env::current_dir().and_then(fs::canonicalize);
        let world = Self {
            root,
            here: here.ok(),
            limits: Limits::default(),
            refused: AtomicBool::new(false),
        };
        Ok((world, place))
    }

    /// Tells whether the operating system refused to read something that is there.
    pub(crate) fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// Returns where a path lies on disk.
    pub(crate) fn real(&self, path: &VirtualPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// Finds a path on disk and makes sure that no part of it is a symbolic link.
    fn locate(&self, path: &VirtualPath) -> Result<(PathBuf, Metadata), WorldError> {
        let mut real = self.root.clone();
        let mut metadata = fs::symlink_metadata(&real).map_err(|error| self.refusal(&error))?;
        for part in path.parts() {
            real.push(part);
            metadata = fs::symlink_metadata(&real).map_err(|error| self.refusal(&error))?;
            if metadata.is_symlink() {
                return Err(WorldError::SymbolicLink);
            }
        }
        Ok((real, metadata))
    }

    /// Replaces a file's text in one step, so that whoever reads it meanwhile gets all of the old text or of the new one.
    ///
    /// The file keeps its mode. What may not be written is left as it is.
    pub(crate) fn replace(&self, path: &VirtualPath, text: &str) -> Result<(), CliError> {
        let doing = || format!("write `{}`", self.display(path));
        let (real, metadata) = self
            .locate(path)
            .map_err(|error| CliError::io(doing(), &io::Error::other(error.to_string())))?;
        let replace = || {
            File::options().write(true).open(&real)?;
            let folder = real.parent().unwrap_or(&self.root);
            let mut file = tempfile::Builder::new().prefix(".kdef-").tempfile_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().set_permissions(metadata.permissions())?;
            file.as_file().sync_data()?;
            file.persist(&real).map_err(|error| error.error)
        };
        replace().map(drop).map_err(|error| CliError::io(doing(), &error))
    }

    fn refusal(&self, error: &io::Error) -> WorldError {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
                WorldError::NotFound
            }
            _ => {
                self.refused.store(true, Ordering::Relaxed);
                WorldError::Io(reason(error))
            }
        }
    }
}

impl World for OsWorld {
    fn read(&self, path: &VirtualPath) -> Result<Arc<[u8]>, WorldError> {
        let (real, metadata) = self.locate(path)?;
        if metadata.is_dir() {
            return Err(WorldError::NotAFile);
        }
        if !metadata.is_file() {
            return Err(WorldError::Io("it is not a regular file".to_owned()));
        }
        let limit = self.limits.file_bytes;
        let bytes = File::open(real)
            .and_then(|file| read_bounded(file, limit))
            .map_err(|error| self.refusal(&error))?;
        bytes.map(Arc::from).ok_or(WorldError::TooLarge { limit })
    }

    fn list(&self, folder: &VirtualPath) -> Result<Vec<Entry>, WorldError> {
        let (real, metadata) = self.locate(folder)?;
        if !metadata.is_dir() {
            return Err(WorldError::NotAFolder);
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(real).map_err(|error| self.refusal(&error))? {
            let entry = entry.map_err(|error| self.refusal(&error))?;
            let kind = entry.file_type().map_err(|error| self.refusal(&error))?;
            if let Some(name) = usable_name(&entry.file_name())? {
                entries.push(Entry {
                    name,
                    kind: entry_kind(kind),
                });
            }
        }
        entries.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        Ok(entries)
    }

    /// Looks a variable of the process up. One that is not UTF-8 counts as not set.
    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns the path relative to the working directory, or the whole one where that is shorter.
    fn display(&self, path: &VirtualPath) -> String {
        let whole: PathBuf = self.real(path).components().collect();
        let relative = self.here.as_ref().map(|here| relative(&whole, here));
        let shown = match relative {
            Some(relative) if relative.as_os_str().is_empty() => PathBuf::from("."),
            Some(relative) if relative.as_os_str().len() <= whole.as_os_str().len() => relative,
            _ => whole,
        };
        shown.display().to_string()
    }
}

/// Returns a listed name as text. A name that is not UTF-8 cannot be written in any path, so it is left out, unless the
/// file would be part of the project.
fn usable_name(name: &OsStr) -> Result<Option<String>, WorldError> {
    match name.to_str() {
        Some(name) => Ok(Some(name.to_owned())),
        None if name.as_encoded_bytes().ends_with(ENDING) => Err(WorldError::Io(format!(
            "it holds `{}`, whose name is not UTF-8",
            name.to_string_lossy()
        ))),
        None => Ok(None),
    }
}

fn entry_kind(kind: fs::FileType) -> EntryKind {
    if kind.is_symlink() {
        EntryKind::Link
    } else if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    }
}

/// Resolves a folder that was named on the command line.
fn real_folder(folder: &Path) -> Result<PathBuf, CliError> {
    let name = folder.display();
    let real = fs::canonicalize(folder).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let problem = CliError::usage(format!("there is no folder `{name}`"));
            match neighbour(folder) {
                Some(other) => problem.with_tip(format!("did you mean `{}`?", other.display())),
                None => problem,
            }
        }
        _ => CliError::io(format!("read the folder `{name}`"), &error),
    })?;
    if real.is_dir() {
        return Ok(real);
    }
    let problem = CliError::usage(format!("`{name}` is a file, and a project is a folder"));
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    Err(problem.with_tip(format!("name the folder that holds it: `{}`", parent.display())))
}

/// Finds a folder beside a missing one whose name is nearly the same.
fn neighbour(missing: &Path) -> Option<PathBuf> {
    let name = missing.file_name()?.to_str()?;
    let parent = missing.parent()?;
    let listed = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    let entries = fs::read_dir(listed).ok()?.flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    nearest(name, names.iter().map(String::as_str)).map(|other| parent.join(other))
}

/// Tells whether two paths lead to the same folder.
pub(crate) fn same_folder(left: &Path, right: &Path) -> bool {
    left == right
        || fs::canonicalize(left).is_ok_and(|left| fs::canonicalize(right).is_ok_and(|right| left == right))
}

fn project_root(folder: &Path) -> &Path {
    let holding = |name| folder.ancestors().find(|above| holds(above, name));
    holding(ROOT_FILE).or_else(|| holding(".git")).unwrap_or(folder)
}

/// Tells whether a folder holds something of that name, a symbolic link included.
fn holds(folder: &Path, name: &str) -> bool {
    fs::symlink_metadata(folder.join(name)).is_ok()
}

fn relative(target: &Path, from: &Path) -> PathBuf {
    let shared = target
        .components()
        .zip(from.components())
        .take_while(|(left, right)| left == right)
        .count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(target.components().skip(shared)).collect()
}

/// Reads a file that was named on the command line, wherever it lies; `-` is the standard input.
pub(crate) fn read_named(path: &Path) -> Result<String, CliError> {
    let limit = Limits::default().file_bytes;
    let name = if is_standard_input(path) {
        "the standard input".to_owned()
    } else {
        format!("`{}`", path.display())
    };
    let read = if is_standard_input(path) {
        read_bounded(io::stdin().lock(), limit)
    } else {
        File::open(path).and_then(|file| read_bounded(file, limit))
    };
    let bytes = read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            CliError::usage(format!("there is no file {name}"))
        }
        io::ErrorKind::IsADirectory => CliError::usage(format!("{name} is a folder, not a file")),
        _ => CliError::io(format!("read {name}"), &error),
    })?;
    let bytes =
        bytes.ok_or_else(|| CliError::input(format!("{name} is larger than the limit of {limit} bytes")))?;
    String::from_utf8(bytes).map_err(|_| CliError::input(format!("{name} is not UTF-8 text")))
}

/// Tells whether a path of the command line stands for the standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads to the end, or returns `None` when there are more than `limit` bytes.
fn read_bounded(from: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

/// Makes a folder, with those above it, for files to be written to.
pub(crate) fn make_folder(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder)
        .map_err(|error| CliError::io(format!("make the folder `{}`", folder.display()), &error))
}

/// Writes a file, over one that is there.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), CliError> {
    fs::write(path, text).map_err(|error| CliError::io(format!("write `{}`", path.display()), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_relative() {
        for (target, from, expected) in [
            ("/a/b/c", "/a/b", "c"),
            ("/a/b", "/a/b", ""),
            ("/a/x/y", "/a/b/c", "../../x/y"),
            ("/", "/a", ".."),
        ] {
            assert_eq!(
                relative(Path::new(target), Path::new(from)),
                Path::new(expected),
                "{target} from {from}"
            );
        }
    }
}
