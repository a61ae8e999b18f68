//! The owner's view of the processes that the supervisor holds.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ChildStdin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::protocol::{Report, Request, Signal};
use crate::locked;

/// How long a start, and the end of a killed process, may take on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A program to run.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The name in messages and in the name of the log file.
    pub name: String,
    /// The executable.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables added to the environment of this process.
    pub env: Vec<(String, String)>,
}

impl Program {
    /// Returns the program `path`, named after its file, with these arguments and variables.
    pub fn new(path: &Path, args: &[&str], env: &[(&str, &str)]) -> Program {
        Program {
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            path: path.to_owned(),
            args: args.iter().map(ToString::to_string).collect(),
            env: env
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        }
    }
}

/// A process that ends with the run at the latest. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    shared: Arc<Shared>,
    program: Program,
    id: u64,
    pid: u32,
    log: PathBuf,
}

impl Process {
    pub(super) fn start(shared: Arc<Shared>, program: Program, log: PathBuf) -> Result<Process> {
        let (id, pid) = shared.start(&program, &log)?;
        Ok(Process {
            shared,
            program,
            id,
            pid,
            log,
        })
    }

    /// Returns the program's name.
    pub fn name(&self) -> &str {
        &self.program.name
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns the path of the log file, which holds standard output and standard error.
    pub fn log_path(&self) -> &Path {
        &self.log
    }

    /// Returns everything the process wrote so far, over all its restarts.
    pub fn log(&self) -> Result<String> {
        let bytes = fs::read(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns the last `lines` lines of the log.
    pub fn log_tail(&self, lines: usize) -> String {
        let log = self.log().unwrap_or_else(|error| format!("{error:#}"));
        let all: Vec<&str> = log.lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }

    /// Returns how the process ended ("exit status: 1", "signal: 9 (SIGKILL)"), or `None` while it runs.
    pub fn ended(&self) -> Option<String> {
        self.shared.ended(self.id, Duration::ZERO)
    }

    /// Kills the process and what it started (SIGKILL), and returns when it is gone.
    pub fn kill(&self) -> Result<()> {
        self.shared.signal(self.id, Signal::Kill)?;
        match self.shared.ended(self.id, TIMEOUT) {
            Some(_) => Ok(()),
            None => bail!("{} (process {}) survived SIGKILL", self.name(), self.pid),
        }
    }

    /// Asks the process to end (SIGTERM) and returns how it ended; kills it and fails when it is still there after
    /// `grace`.
    pub fn stop(&self, grace: Duration) -> Result<String> {
        self.shared.signal(self.id, Signal::Terminate)?;
        if let Some(how) = self.shared.ended(self.id, grace) {
            return Ok(how);
        }
        self.kill()?;
        bail!(
            "{} did not end within {} s of SIGTERM",
            self.name(),
            grace.as_secs_f32()
        )
    }

    /// Starts the program again with the same arguments, environment and log file; kills it first where it runs.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        (self.id, self.pid) = self.shared.start(&self.program, &self.log)?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It fails where the supervisor, and so the process too, has ended.
        let _ended = self.shared.signal(self.id, Signal::Kill);
    }
}

/// The pipe to the supervisor, and what it reported.
#[derive(Debug)]
pub(super) struct Shared {
    stdin: Mutex<Option<ChildStdin>>,
    known: Mutex<Known>,
    changed: Condvar,
    last_id: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    fates: BTreeMap<u64, Fate>,
    supervisor_ended: bool,
}

/// What became of one start.
#[derive(Debug, Default)]
struct Fate {
    started: Option<Result<u32, String>>,
    ended: Option<String>,
}

impl Shared {
    pub(super) fn new(stdin: ChildStdin) -> Shared {
        Shared {
            stdin: Mutex::new(Some(stdin)),
            known: Mutex::default(),
            changed: Condvar::new(),
            last_id: AtomicU64::new(0),
        }
    }

    /// Returns a number that no other start of this run has.
    pub(super) fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Takes the pipe away; the supervisor ends when the caller drops it.
    pub(super) fn close(&self) -> Option<ChildStdin> {
        locked(&self.stdin).take()
    }

    pub(super) fn note(&self, report: Report) {
        let mut known = locked(&self.known);
        let fates = &mut known.fates;
        match report {
            Report::Ready => {}
            Report::Started { id, pid } => fates.entry(id).or_default().started = Some(Ok(pid)),
            Report::NotStarted { id, error } => fates.entry(id).or_default().started = Some(Err(error)),
            Report::Ended { id, how } => fates.entry(id).or_default().ended = Some(how),
        }
        drop(known);
        self.changed.notify_all();
    }

    pub(super) fn lost(&self) {
        locked(&self.known).supervisor_ended = true;
        self.changed.notify_all();
    }

    /// Starts the program and returns its id here and its process id.
    fn start(&self, program: &Program, log: &Path) -> Result<(u64, u32)> {
        let id = self.next_id();
        let Program {
            name,
            path,
            args,
            env,
        } = program.clone();
        self.send(&Request::Start {
            id,
            program: path,
            args,
            env,
            log: log.to_owned(),
        })?;
        match self.wait(id, TIMEOUT, |fate| fate.started.clone()) {
            Some(Ok(pid)) => Ok((id, pid)),
            Some(Err(error)) => bail!("cannot start {name}: {error}"),
            None => bail!("the supervisor did not start {name}"),
        }
    }

    fn signal(&self, id: u64, signal: Signal) -> Result<()> {
        self.send(&Request::Signal { id, signal })
    }

    /// Writes one request; the lock keeps lines of different threads apart.
    fn send(&self, request: &Request) -> Result<()> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        let mut stdin = locked(&self.stdin);
        let stdin = stdin.as_mut().context("the supervisor has ended")?;
        stdin.write_all(&line).context("the supervisor has ended")
    }

    /// Returns how the process ended, waiting up to `timeout` for it.
    fn ended(&self, id: u64, timeout: Duration) -> Option<String> {
        self.wait(id, timeout, |fate| fate.ended.clone()).or_else(|| {
            locked(&self.known)
                .supervisor_ended
                .then(|| "ended with its supervisor".to_owned())
        })
    }

    /// Waits until `answer` finds something in the fate of a process; `None` after `timeout`, or when the
    /// supervisor has ended, which reports nothing more.
    fn wait<T>(&self, id: u64, timeout: Duration, answer: impl Fn(&Fate) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + timeout;
        let mut known = locked(&self.known);
        loop {
            let found = known.fates.get(&id).and_then(&answer);
            let left = deadline.saturating_duration_since(Instant::now());
            if found.is_some() || left.is_zero() || known.supervisor_ended {
                return found;
            }
            known = self
                .changed
                .wait_timeout(known, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}
