//! A folder of its own and an empty environment for each test.

use std::fmt;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A folder of files to run `kdef` in.
pub(crate) struct TestEnv {
    folder: TempDir,
}

impl TestEnv {
    /// Makes a folder that holds the given paths and texts.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let env = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (path, text) in files {
            env.write(path, text);
        }
        env
    }

    /// Returns the real path of something in the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&self, target: &str, path: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    /// Returns the command, in the folder and with an empty environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kdef"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null());
        command
    }

    /// Runs `kdef` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments).output().unwrap())
    }

    /// Runs `kdef` with a text on its standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = piped(self.command(arguments).stdin(Stdio::piped()));
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        self.finish(child.wait_with_output().unwrap())
    }

    /// Runs `kdef` in a folder below.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        let output = self
            .command(arguments)
            .current_dir(self.path(folder))
            .output()
            .unwrap();
        self.finish(output)
    }

    /// Turns what a process left behind into a [`Run`], with the folder's own path replaced by `[DIR]`.
    pub(crate) fn finish(&self, output: Output) -> Run {
        let text = |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(self.path("").to_str().unwrap().trim_end_matches('/'), "[DIR]")
        };
        Run {
            status: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Starts a process whose output is kept.
pub(crate) fn piped(command: &mut Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lists a folder's files by name.
pub(crate) fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a run printed, and how it ended.
pub(crate) struct Run {
    /// The exit status; `None` when a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Returns the standard output of a run that went well and had nothing to say.
    pub(crate) fn output(self) -> String {
        assert_eq!(
            (self.status, self.stderr.as_str()),
            (Some(0), ""),
            "{}",
            self.stdout
        );
        self.stdout
    }
}

impl Run {
    /// Returns the severity, code and place of each problem shown for people, without the words, which are the
    /// language's: `error[K0201] app.kdef:3:4`. The last one is the summary.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems: Vec<String> = Vec::new();
        for line in self.stderr.lines() {
            if let Some((head, _)) = line.split_once("]: ") {
                problems.push(format!("{head}]"));
            } else if let (Some((_, place)), Some(last)) = (line.split_once("--> "), problems.last_mut()) {
                *last = format!("{last} {place}");
            } else if line.starts_with("error: ") || line.starts_with("warning: ") {
                problems.push(line.to_owned());
            }
        }
        problems
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self
            .status
            .map_or_else(|| "signal".to_owned(), |status| status.to_string());
        writeln!(f, "status {status}")?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{}", text.trim_end_matches('\n'))?;
            }
        }
        Ok(())
    }
}
