//! Bare repositories, and commits without a working tree.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use super::command::{git, missing_git};

const BRANCH: &str = "main";
const COMMITTER: &str = "kdef testbed <testbed@kdef.invalid>";

/// One difference between a commit and the one before it.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// The file `path` has this content.
    Write(&'a str, &'a [u8]),
    /// `path` is a symbolic link to this target.
    Link(&'a str, &'a str),
    /// The file or folder `path` is gone.
    Remove(&'a str),
    /// Every file is gone; the changes that follow start from nothing.
    Clear,
}

/// A bare repository with one branch, `main`.
#[derive(Debug)]
pub struct Repository {
    path: PathBuf,
    url: String,
}

impl Repository {
    /// Creates an empty bare repository in the existing folder `path`.
    pub(super) fn create(path: PathBuf, url: String) -> Result<Repository> {
        let repository = Repository { path, url };
        let branch = format!("--initial-branch={BRANCH}");
        repository.run(&["init", "--quiet", "--bare", &branch], b"")?;
        Ok(repository)
    }

    /// Returns the URL to fetch from.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Commits files on top of what is there, and returns the revision as Flux writes it, `main@sha1:<40 hex>`.
    pub fn commit(&self, files: &[(&str, &str)], message: &str) -> Result<String> {
        let changes: Vec<Change<'_>> = files
            .iter()
            .map(|(path, content)| Change::Write(path, content.as_bytes()))
            .collect();
        self.commit_changes(&changes, message)
    }

    /// Commits the removal of a file or folder, and returns the revision.
    pub fn remove(&self, path: &str) -> Result<String> {
        self.commit_changes(&[Change::Remove(path)], &format!("Remove {path}"))
    }

    /// Makes the content of a folder the whole content of the repository, and returns the revision.
    ///
    /// Symbolic links stay links; entries named `.git` are left out.
    pub fn commit_dir(&self, folder: &Path, message: &str) -> Result<String> {
        let mut stream = self.commit_head(message)?;
        write_change(&mut stream, Change::Clear);
        write_folder(&mut stream, folder, "")?;
        self.import(&stream)
    }

    /// Commits the changes in their order, and returns the revision.
    pub fn commit_changes(&self, changes: &[Change<'_>], message: &str) -> Result<String> {
        let mut stream = self.commit_head(message)?;
        for change in changes {
            write_change(&mut stream, *change);
        }
        self.import(&stream)
    }

    /// Returns the revision of the branch, `None` before the first commit.
    pub fn head(&self) -> Result<Option<String>> {
        let reference = format!("refs/heads/{BRANCH}");
        let answer = self.run(&["for-each-ref", "--format=%(objectname)", &reference], b"")?;
        let commit = answer.trim();
        Ok((!commit.is_empty()).then(|| format!("{BRANCH}@sha1:{commit}")))
    }

    fn commit_head(&self, message: &str) -> Result<Vec<u8>> {
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .context("the clock is before 1970")?;
        let mut head = format!(
            "commit refs/heads/{BRANCH}\ncommitter {COMMITTER} {} +0000\n",
            seconds.as_secs()
        );
        write!(head, "data {}\n{message}\n", message.len())?;
        if self.head()?.is_some() {
            writeln!(head, "from refs/heads/{BRANCH}^0")?;
        }
        Ok(head.into_bytes())
    }

    fn import(&self, stream: &[u8]) -> Result<String> {
        self.run(&["fast-import", "--quiet"], stream)?;
        self.head()?.context("the commit left no branch")
    }

    fn run(&self, args: &[&str], input: &[u8]) -> Result<String> {
        let mut child = git(&self.path)
            .arg("--git-dir")
            .arg(&self.path)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| missing_git(&error))?;
        let mut stdin = child.stdin.take().context("git has no standard input")?;
        // These commands answer after they have read everything, so that no pipe can fill up meanwhile. A git that
        // fails early closes its end; its message says more than the broken pipe.
        let _closed_early = stdin.write_all(input);
        drop(stdin);
        let output = child.wait_with_output().context("git was lost")?;
        if !output.status.success() {
            bail!(
                "git {}: {}",
                args.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn write_change(stream: &mut Vec<u8>, change: Change<'_>) {
    match change {
        Change::Write(path, content) => write_blob(stream, "100644", path, content),
        Change::Link(path, target) => write_blob(stream, "120000", path, target.as_bytes()),
        Change::Remove(path) => stream.extend(format!("D {}\n", quoted(path)).bytes()),
        Change::Clear => stream.extend(b"deleteall\n"),
    }
}

fn write_blob(stream: &mut Vec<u8>, mode: &str, path: &str, content: &[u8]) {
    stream.extend(format!("M {mode} inline {}\ndata {}\n", quoted(path), content.len()).bytes());
    stream.extend(content);
    stream.push(b'\n');
}

/// Quotes a path as fast-import reads it.
fn quoted(path: &str) -> String {
    format!(
        "\"{}\"",
        path.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

fn write_folder(stream: &mut Vec<u8>, folder: &Path, prefix: &str) -> Result<()> {
    let unreadable = || format!("cannot read {}", folder.display());
    let mut entries = fs::read_dir(folder)
        .with_context(unreadable)?
        .collect::<io::Result<Vec<_>>>()
        .with_context(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name == ".git" {
            continue;
        }
        let name = name
            .to_str()
            .with_context(|| format!("{} is not UTF-8", entry.path().display()))?;
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            write_folder(stream, &entry.path(), &format!("{path}/"))?;
        } else if kind.is_symlink() {
            let target = fs::read_link(entry.path())?;
            write_change(stream, Change::Link(&path, &target.to_string_lossy()));
        } else {
            write_change(stream, Change::Write(&path, &fs::read(entry.path())?));
        }
    }
    Ok(())
}
