//! Running kubectl and helm against the cluster.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

/// What a command answered.
#[derive(Debug, Clone)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Output {
    /// Returns the standard output of a command that succeeded, and an error with its standard error otherwise.
    pub fn ok(self) -> Result<String> {
        if self.status.success() {
            return Ok(self.stdout);
        }
        bail!("{}: {}{}", self.status, self.stderr.trim(), self.stdout.trim())
    }
}

/// A client program with the cluster's kubeconfig, and with a home of its own for what it remembers.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) program: PathBuf,
    pub(crate) kubeconfig: PathBuf,
    pub(crate) home: PathBuf,
}

impl Client {
    /// Runs the program to its end with `input` on its standard input.
    pub(crate) fn run(&self, args: &[&str], input: &str) -> Result<Output> {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        let stdin = child.stdin.take();
        let output = thread::scope(|scope| {
            // A command that ends before it has read everything says why itself.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
            child.wait_with_output()
        })?;
        Ok(Output {
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs the program and returns its standard output; fails where the command fails, naming it.
    pub(crate) fn ok(&self, args: &[&str], input: &str) -> Result<String> {
        let name = self.program.file_name().unwrap_or_default();
        self.run(args, input)?
            .ok()
            .with_context(|| format!("{} {}", Path::new(name).display(), args.join(" ")))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env("KUBECONFIG", &self.kubeconfig)
            .env("HOME", &self.home)
            .env("KUBECACHEDIR", self.home.join("kube"))
            .env("HELM_CACHE_HOME", self.home.join("helm/cache"))
            .env("HELM_CONFIG_HOME", self.home.join("helm/config"))
            .env("HELM_DATA_HOME", self.home.join("helm/data"));
        command
    }
}
