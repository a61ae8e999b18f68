//! Building one module into its folder of the cache.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::modules::Module;
use super::{BIN, FILES, Progress, Step, module_folder};
use crate::artifact::hex;

const TELL_EVERY: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// go.sum decides what is built, and the folder's Git state does not.
const GO_FLAGS: &str = "-mod=readonly -buildvcs=false";

/// What all modules of a run share.
pub(super) struct Builder<'a> {
    pub(super) cache: &'a Path,
    /// A folder whose programs are used and not built.
    pub(super) assets: Option<&'a Path>,
    pub(super) progress: &'a dyn Fn(&Progress),
}

/// A module whose `go.mod` has been read.
struct Plan<'a> {
    module: &'a Module,
    version: String,
    linker_flags: String,
    /// Its folder in the cache.
    folder: PathBuf,
}

impl Builder<'_> {
    /// Returns the module's folder in the cache, with all of its programs and files.
    pub(super) fn provide(&self, module: &Module) -> Result<PathBuf> {
        let plan = self.plan(module)?;
        if !self.is_complete(&plan) {
            let _lock = self.lock(&plan)?;
            self.build(&plan)?;
        }
        Ok(plan.folder)
    }

    fn plan<'m>(&self, module: &'m Module) -> Result<Plan<'m>> {
        let folder = module_folder(module.name);
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let (go_mod, go_sum) = (read("go.mod")?, read("go.sum")?);
        let version = required_version(&go_mod, module.path).with_context(|| {
            format!(
                "testbed/tools/{}/go.mod does not require {}",
                module.name, module.path
            )
        })?;
        let linker_flags = linker_flags(module, &version);
        let mut hash = Sha256::new();
        for part in [
            &go_mod,
            &go_sum,
            &linker_flags,
            GO_FLAGS,
            std::env::consts::OS,
            std::env::consts::ARCH,
            &format!("{:?}{:?}", module.programs, module.files),
        ] {
            hash.update(part);
            hash.update([0]);
        }
        let hash = hex(&hash.finalize()[..6]);
        Ok(Plan {
            module,
            version,
            linker_flags,
            folder: self.cache.join(format!("{}-{hash}", module.name)),
        })
    }

    fn is_complete(&self, plan: &Plan<'_>) -> bool {
        let mut programs = plan.module.programs.iter();
        plan.folder.join(FILES).is_dir() && programs.all(|(name, _)| self.has_program(plan, name))
    }

    fn has_program(&self, plan: &Plan<'_>, name: &str) -> bool {
        self.assets.is_some_and(|assets| assets.join(name).is_file())
            || plan.folder.join(BIN).join(name).is_file()
    }

    /// Waits until no other run builds this module. The lock ends with the file, and so with the process.
    fn lock(&self, plan: &Plan<'_>) -> Result<File> {
        fs::create_dir_all(plan.folder.join(BIN))
            .with_context(|| format!("cannot create {}", plan.folder.display()))?;
        let lock = File::create(plan.folder.join("lock"))?;
        if lock.try_lock().is_err() {
            self.tell(plan.module.name, Step::Waiting, Duration::ZERO);
            lock.lock().context("cannot lock the cache folder")?;
        }
        Ok(lock)
    }

    fn build(&self, plan: &Plan<'_>) -> Result<()> {
        for (name, package) in plan.module.programs {
            if !self.has_program(plan, name) {
                let package = format!("{}/{package}", plan.module.path);
                self.build_program(plan, name, package.trim_end_matches('/'))?;
            }
        }
        if !plan.folder.join(FILES).is_dir() {
            self.fetch_files(plan)?;
        }
        Ok(())
    }

    fn build_program(&self, plan: &Plan<'_>, name: &str, package: &str) -> Result<()> {
        let partial = plan.folder.join(format!("{name}.partial"));
        let mut command = go(plan.module);
        command
            .args(["build", "-trimpath", "-ldflags", &plan.linker_flags, "-o"])
            .arg(&partial)
            .arg(package);
        self.run(
            plan,
            name,
            &format!("building {package} {}", plan.version),
            command,
        )?;
        fs::rename(&partial, plan.folder.join(BIN).join(name))
            .with_context(|| format!("cannot put {name} into {}", plan.folder.display()))
    }

    /// Copies the module's files next to the programs, so that a later start needs neither Go nor its module cache.
    fn fetch_files(&self, plan: &Plan<'_>) -> Result<()> {
        let partial = plan.folder.join("files.partial");
        fs::create_dir_all(&partial)?;
        if !plan.module.files.is_empty() {
            let mut command = go(plan.module);
            command.args(["mod", "download", "-json", plan.module.path]);
            let what = format!("fetching files of {} {}", plan.module.path, plan.version);
            let answer = self.run(plan, plan.module.name, &what, command)?;
            let source: Downloaded = serde_json::from_str(&answer).context("go mod download gave no JSON")?;
            for file in plan.module.files {
                let from = source.dir.join(file);
                let name = from.file_name().context("a module's file has no name")?;
                let content = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
                fs::write(partial.join(name), content)?;
            }
        }
        fs::rename(&partial, plan.folder.join(FILES)).context("cannot put the module's files into the cache")
    }

    /// Runs Go to its end, telling the progress, and returns its standard output.
    fn run(&self, plan: &Plan<'_>, name: &str, what: &str, mut command: Command) -> Result<String> {
        let start = Instant::now();
        let step = Step::Working {
            what: what.to_owned(),
        };
        let working = || self.tell(name, step.clone(), start.elapsed());
        let (out, log) = (plan.folder.join("go.out"), plan.folder.join("go.log"));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(&log)?)
            .spawn()
            .map_err(|error| missing_go(&error))?;
        working();
        let status = wait(&mut child, working)?;
        if !status.success() {
            let log = fs::read_to_string(&log).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let tail = lines[lines.len().saturating_sub(20)..].join("\n");
            bail!("{name}: {what} failed ({status}):\n{tail}");
        }
        self.tell(name, Step::Done, start.elapsed());
        Ok(fs::read_to_string(&out)?)
    }

    fn tell(&self, name: &str, step: Step, elapsed: Duration) {
        (self.progress)(&Progress {
            name: name.to_owned(),
            step,
            elapsed,
        });
    }
}

/// The part of `go mod download -json` that is read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Downloaded {
    dir: PathBuf,
}

fn go(module: &Module) -> Command {
    let mut command = Command::new("go");
    // A workspace file around this checkout would change what is built.
    command
        .current_dir(module_folder(module.name))
        .env("GOFLAGS", GO_FLAGS)
        .env("GOWORK", "off");
    command
}

fn missing_go(error: &io::Error) -> anyhow::Error {
    anyhow!(
        "the testbed builds its programs once with Go 1.26 or newer: install it (https://go.dev/dl), and see that \
         go is on PATH ({error})"
    )
}

fn wait(child: &mut Child, mut tell: impl FnMut()) -> Result<ExitStatus> {
    let mut told = Instant::now();
    loop {
        if let Some(status) = child.try_wait().context("go was lost")? {
            return Ok(status);
        }
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            tell();
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Returns the version at which a `go.mod` requires a module.
fn required_version(go_mod: &str, path: &str) -> Option<String> {
    go_mod.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip_while(|word| *word == "require");
        (words.next()? == path)
            .then(|| words.next().map(str::to_owned))
            .flatten()
    })
}

fn linker_flags(module: &Module, version: &str) -> String {
    let mut flags = "-s -w".to_owned();
    if module.stamped {
        let mut numbers = version.trim_start_matches('v').split('.');
        let (major, minor) = (
            numbers.next().unwrap_or_default(),
            numbers.next().unwrap_or_default(),
        );
        for (name, value) in [("gitVersion", version), ("gitMajor", major), ("gitMinor", minor)] {
            flags = format!("{flags} -X k8s.io/component-base/version.{name}={value}");
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::super::modules::MODULES;
    use super::*;

    #[test]
    fn every_module_requires_what_is_built_from_it() {
        for module in &MODULES {
            let go_mod = fs::read_to_string(module_folder(module.name).join("go.mod")).unwrap();
            let version = required_version(&go_mod, module.path);
            assert!(
                version.is_some_and(|version| version.starts_with('v')),
                "{}",
                module.name
            );
        }
    }

    #[test]
    fn the_version_is_read_in_both_forms() {
        for go_mod in [
            "require k8s.io/x v1.2.3",
            "require (\n\tk8s.io/x v1.2.3 // indirect\n)",
        ] {
            assert_eq!(
                required_version(go_mod, "k8s.io/x").as_deref(),
                Some("v1.2.3"),
                "{go_mod}"
            );
        }
        assert_eq!(
            required_version("replace k8s.io/x => k8s.io/x v1.2.3", "k8s.io/x"),
            None
        );
    }

    #[test]
    fn kubernetes_is_stamped_with_its_version() {
        let stamped = MODULES.iter().find(|module| module.stamped).unwrap();
        let expected = "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 \
                        -X k8s.io/component-base/version.gitMajor=1 \
                        -X k8s.io/component-base/version.gitMinor=36";
        assert_eq!(linker_flags(stamped, "v1.36.3"), expected);
    }
}
