//! The supervisor itself: holds the children, and ends them when its standard input closes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, kill_process_group};

use super::protocol::{ROLE, Report, Request, Signal};
use crate::locked;

/// How soon the end of a child is noticed.
const REAP_EVERY: Duration = Duration::from_millis(20);

type Children = Arc<Mutex<BTreeMap<u64, Child>>>;

/// Obeys standard input until it closes, then kills every child and removes `scratch`.
///
/// Standard input closes when the owner drops its end and also when the owner dies in whatever way, which is the
/// point of this process.
pub(super) fn serve(scratch: Option<&Path>) {
    let children = Children::default();
    let reaped = Arc::clone(&children);
    thread::spawn(move || {
        loop {
            reap(&reaped);
            thread::sleep(REAP_EVERY);
        }
    });
    report(&Report::Ready);
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        match serde_json::from_str(&line) {
            Ok(request) => obey(request, &children),
            Err(_) => break,
        }
    }
    end_all(&children);
    if let Some(scratch) = scratch {
        remove(scratch);
    }
}

fn obey(request: Request, children: &Children) {
    match request {
        Request::Start {
            id,
            program,
            args,
            env,
            log,
        } => {
            // The lock is held until the start is reported: an end is never reported before it.
            let mut children = locked(children);
            match start(&program, &args, env, &log) {
                Ok(child) => {
                    report(&Report::Started { id, pid: child.id() });
                    children.insert(id, child);
                }
                Err(error) => {
                    let error = format!("{}: {error}", program.display());
                    report(&Report::NotStarted { id, error });
                }
            }
        }
        Request::Signal { id, signal } => {
            if let Some(child) = locked(children).get(&id) {
                send(child, signal);
            }
        }
    }
}

fn start(program: &Path, args: &[String], env: Vec<(String, String)>, log: &Path) -> io::Result<Child> {
    let log = File::options().create(true).append(true).open(log)?;
    Command::new(program)
        .args(args)
        .env_remove(ROLE)
        .envs(env)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        // A group of its own: what the child starts is ended with it.
        .process_group(0)
        .spawn()
}

/// Signals the group of a child that is not reaped yet, so that its id cannot belong to another.
fn send(child: &Child, signal: Signal) {
    let signal = match signal {
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Kill => rustix::process::Signal::KILL,
    };
    // It fails where the group is gone already, which is what was wanted.
    let _gone = kill_process_group(Pid::from_child(child), signal);
}

fn reap(children: &Children) {
    let mut children = locked(children);
    children.retain(|&id, child| match child.try_wait() {
        Ok(None) => true,
        Ok(Some(status)) => {
            report(&Report::Ended {
                id,
                how: status.to_string(),
            });
            false
        }
        Err(error) => {
            report(&Report::Ended {
                id,
                how: error.to_string(),
            });
            false
        }
    });
}

fn end_all(children: &Children) {
    let mut children = locked(children);
    for child in children.values() {
        send(child, Signal::Kill);
    }
    for child in children.values_mut() {
        let _status = child.wait();
    }
    children.clear();
}

/// Removes the folder; a grandchild that is just being killed may still create a file in it, hence the attempts.
fn remove(folder: &Path) {
    for _ in 0..5 {
        if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn report(report: &Report) {
    let Ok(mut line) = serde_json::to_vec(report) else {
        return;
    };
    line.push(b'\n');
    // An owner that is gone reads no more; standard input tells the same.
    let mut stdout = io::stdout().lock();
    let _owner_gone = stdout.write_all(&line).and_then(|()| stdout.flush());
}
