//! One supervisor process holds all processes of a run, and ends them when the run ends, however it ends.
//!
//! ```text
//!   owner (test run, demo, benchmark) ──stdin: start, signal──> supervisor ──> etcd, kube-apiserver, ...
//!                                     <──stdout: started, ended──
//! ```
//!
//! A static is never dropped, a killed process drops nothing at all, and asking the kernel for a signal at the
//! parent's death needs unsafe code. A pipe closes in all of these cases. The supervisor is the owner's own
//! executable, started a second time; [`supervised`] at the head of `main` makes it one.

mod process;
mod protocol;
mod serve;

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::{env, fs, thread};

use anyhow::{Context, Result, ensure};

use self::process::Shared;
pub use self::process::{Process, Program};
use self::protocol::{ROLE, Report};

/// Runs `program`, or serves as a run's supervisor where this process was started as one.
///
/// It must be the first thing in `main` of every executable that starts a [`Supervisor`] or a cluster.
pub fn supervised(program: impl FnOnce() -> ExitCode) -> ExitCode {
    match env::var_os(ROLE) {
        None => program(),
        Some(scratch) => {
            serve::serve(Some(Path::new(&scratch)).filter(|path| !path.as_os_str().is_empty()));
            ExitCode::SUCCESS
        }
    }
}

/// Starts processes that end with this one. Dropping it ends them.
#[derive(Debug)]
pub struct Supervisor {
    shared: Arc<Shared>,
    child: Child,
    logs: PathBuf,
}

impl Supervisor {
    /// Starts the supervisor process of a run whose files live in `scratch`, an existing folder.
    ///
    /// Logs go to `scratch/logs`. The supervisor removes `scratch` at the end, unless `keep_scratch`. Fails where
    /// the executable's `main` does not begin with [`supervised`].
    pub fn start(scratch: &Path, keep_scratch: bool) -> Result<Supervisor> {
        const UNAWARE: &str = "the program's main must begin with testbed::supervised";
        // This process is the second start of a program that did not become a supervisor: no third one.
        ensure!(env::var_os(ROLE).is_none(), UNAWARE);
        let logs = scratch.join("logs");
        fs::create_dir_all(&logs).with_context(|| format!("cannot create {}", logs.display()))?;
        let remove = if keep_scratch {
            OsString::new()
        } else {
            scratch.as_os_str().to_owned()
        };
        let mut child = Command::new(own_executable()?)
            .env(ROLE, remove)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(logs.join("supervisor.log"))?)
            // Ctrl-C on the terminal is for the owner; the supervisor must live to clean up after it.
            .process_group(0)
            .spawn()
            .context("cannot start the supervisor process")?;
        let stdin = child
            .stdin
            .take()
            .context("the supervisor has no standard input")?;
        let stdout = child
            .stdout
            .take()
            .context("the supervisor has no standard output")?;
        let shared = Arc::new(Shared::new(stdin));
        let supervisor = Supervisor {
            shared: Arc::clone(&shared),
            child,
            logs,
        };
        let reports = ready(stdout)?.context(UNAWARE)?;
        thread::spawn(move || listen(reports, &shared));
        Ok(supervisor)
    }

    /// Starts a process. Its output goes to a log file of its own.
    pub fn spawn(&self, program: Program) -> Result<Process> {
        let number = self.shared.next_id();
        let log = self.logs.join(format!("{number:02}-{}.log", program.name));
        Process::start(Arc::clone(&self.shared), program, log)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.shared.close());
        let _status = self.child.wait();
    }
}

/// Returns the path to start this program again; it holds also after the file was replaced by a newer build.
fn own_executable() -> Result<PathBuf> {
    let link = Path::new("/proc/self/exe");
    if link.exists() {
        return Ok(link.to_owned());
    }
    env::current_exe().context("cannot find this program's own executable")
}

type Reports = BufReader<ChildStdout>;

/// Waits for the first report; `None` where the process says something else, and so is no supervisor.
fn ready(stdout: ChildStdout) -> Result<Option<Reports>> {
    let mut reports = BufReader::new(stdout);
    let mut line = String::new();
    reports
        .read_line(&mut line)
        .context("cannot read from the supervisor")?;
    let is_ready = matches!(serde_json::from_str(&line), Ok(Report::Ready));
    Ok(is_ready.then_some(reports))
}

fn listen(reports: Reports, shared: &Shared) {
    for line in reports.lines() {
        let Some(report) = line.ok().and_then(|line| serde_json::from_str(&line).ok()) else {
            break;
        };
        shared.note(report);
    }
    shared.lost();
}
