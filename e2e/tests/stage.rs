//! What a test stands on: the shared cluster, and a namespace with a controller of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use testbed::{Cluster, Options, Process, Repository, wait_for};

/// How long anything may take before a test gives up. Nothing waits this long when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The cluster that all tests share, and our programs.
pub(crate) struct Bed {
    /// The cluster, with the KdefRelease CRD in it.
    pub(crate) cluster: Cluster,
    programs: PathBuf,
    flux_system: Mutex<()>,
}

impl Bed {
    /// Builds our programs, starts the cluster, and installs the CRD that the chart installs.
    pub(crate) fn start() -> Result<Self> {
        let programs = build()?;
        let cluster = Cluster::start(Options::default())?;
        let crd =
            std::fs::read_to_string(repository_root().join("flux-controller/chart/files/kdefreleases.yaml"))?;
        cluster.apply_yaml(&crd)?;
        cluster
            .kubectl(&[
                "wait",
                "--for=condition=Established",
                "crd/kdefreleases.kdef.gsid.nl",
            ])?
            .ok()?;
        Ok(Self {
            cluster,
            programs,
            flux_system: Mutex::default(),
        })
    }

    /// Returns the path of one of our programs, `kdef` or `kdef-controller`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Sets a stage: a new namespace, watched by a controller with the administrator's rights.
    pub(crate) fn stage(&self, name: &str) -> Result<Stage<'_>> {
        self.stage_with(name, &[])
    }

    /// Sets a stage whose controller gets further flags.
    pub(crate) fn stage_with(&self, name: &str, flags: &[&str]) -> Result<Stage<'_>> {
        let namespace = self.cluster.create_namespace(name)?;
        self.open(namespace, self.cluster.kubeconfig(), flags)
    }

    /// Sets a stage whose controller is the ServiceAccount `name`; `rights` makes that and what it may do, given the
    /// namespace.
    pub(crate) fn stage_as(
        &self,
        name: &str,
        flags: &[&str],
        rights: impl FnOnce(&str) -> Value,
    ) -> Result<Stage<'_>> {
        self.stage_by(name, flags, |namespace| {
            self.cluster.apply_yaml(&rights(namespace).to_string())?;
            self.cluster.kubeconfig_for_service_account(namespace, name)
        })
    }

    /// Sets a stage whose controller uses the kubeconfig that `prepare` returns for the namespace.
    pub(crate) fn stage_by(
        &self,
        name: &str,
        flags: &[&str],
        prepare: impl FnOnce(&str) -> Result<PathBuf>,
    ) -> Result<Stage<'_>> {
        let namespace = self.cluster.create_namespace(name)?;
        let kubeconfig = prepare(&namespace)?;
        self.open(namespace, &kubeconfig, flags)
    }

    /// Sets the stage `flux-system`, which one test at a time has: until it drops what is returned with it.
    pub(crate) fn flux_system(&self) -> Result<(MutexGuard<'_, ()>, Stage<'_>)> {
        let turn = self.flux_system.lock().unwrap_or_else(PoisonError::into_inner);
        let stage = self.open("flux-system".to_owned(), self.cluster.kubeconfig(), &[])?;
        Ok((turn, stage))
    }

    fn open(&self, namespace: String, kubeconfig: &Path, flags: &[&str]) -> Result<Stage<'_>> {
        let controller = self.controller(&namespace, kubeconfig, flags)?;
        Ok(Stage {
            bed: self,
            namespace,
            controller: Mutex::new(controller),
        })
    }

    /// Starts a controller that watches one namespace, unless a flag says otherwise.
    pub(crate) fn controller(&self, namespace: &str, kubeconfig: &Path, flags: &[&str]) -> Result<Process> {
        let kubeconfig = kubeconfig.to_string_lossy();
        // Variables, which flags beat.
        let env = [
            ("RUNTIME_NAMESPACE", namespace),
            ("KUBECONFIG", &*kubeconfig),
            ("KDEF_WATCH_ALL_NAMESPACES", "false"),
            ("KDEF_METRICS_ADDR", "127.0.0.1:0"),
            ("KDEF_HEALTH_ADDR", "127.0.0.1:0"),
            ("KDEF_REQUEUE_DEPENDENCY", "1s"),
            ("KDEF_LOG_LEVEL", "debug"),
        ];
        self.cluster.spawn(&self.program("kdef-controller"), flags, &env)
    }
}

/// A namespace of the shared cluster, and the controller that watches it.
pub(crate) struct Stage<'a> {
    pub(crate) bed: &'a Bed,
    pub(crate) namespace: String,
    controller: Mutex<Process>,
}

impl Stage<'_> {
    /// Returns the cluster.
    pub(crate) fn cluster(&self) -> &Cluster {
        &self.bed.cluster
    }

    /// Does something to the controller, such as killing or restarting it.
    pub(crate) fn with_controller<T>(&self, act: impl FnOnce(&mut Process) -> T) -> T {
        act(&mut self.controller.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes a Git repository with these files and a GitRepository `name` that follows it; returns both and the revision.
    pub(crate) fn git(&self, name: &str, files: &[(&str, &str)]) -> Result<(Repository, String)> {
        let repository = self
            .cluster()
            .git()
            .repository(&format!("{}-{name}", self.namespace))?;
        let revision = repository.commit(files, "First")?;
        self.apply(&json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "GitRepository",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": {"interval": "1h", "url": repository.url(), "ref": {"branch": "main"}},
        }))?;
        Ok((repository, revision))
    }

    /// Commits to a repository and tells Flux to look at it now; returns the revision.
    pub(crate) fn commit(
        &self,
        name: &str,
        repository: &Repository,
        files: &[(&str, &str)],
    ) -> Result<String> {
        let revision = repository.commit(files, "Next")?;
        self.cluster().reconcile("gitrepository", &self.namespace, name)?;
        Ok(revision)
    }

    /// Waits until a source offers a revision.
    pub(crate) fn offered(&self, resource: &str, name: &str, revision: &str) -> Result<()> {
        wait_for(
            &format!("{resource} {name} to offer {revision}"),
            PATIENCE,
            || {
                let status = &self.get(resource, name)?["status"];
                if status["artifact"]["revision"] == revision {
                    return Ok(Some(()));
                }
                bail!("{status}")
            },
        )
    }

    /// Creates or changes a KdefRelease that follows the GitRepository `app`; `spec` is merged over the defaults, which
    /// are an interval of an hour and `prune: true`.
    pub(crate) fn release(&self, name: &str, spec: &Value) -> Result<()> {
        let mut all = json!({
            "interval": "1h",
            "prune": true,
            "sourceRef": {"kind": "GitRepository", "name": "app"},
        });
        if let (Some(all), Some(spec)) = (all.as_object_mut(), spec.as_object()) {
            all.extend(spec.clone());
        }
        self.apply(&json!({
            "apiVersion": "kdef.gsid.nl/v1alpha1",
            "kind": "KdefRelease",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": all,
        }))
    }

    /// Applies an object with kubectl.
    pub(crate) fn apply(&self, object: &Value) -> Result<()> {
        self.cluster().apply_yaml(&object.to_string()).map(drop)
    }

    /// Merges a patch into an object of the stage's namespace.
    pub(crate) fn merge(&self, resource: &str, name: &str, patch: &Value) -> Result<()> {
        self.run(&["patch", resource, name, "--type=merge", "-p", &patch.to_string()])
    }

    /// Sets labels (`key=value`) of an object of the stage's namespace, or removes them (`key-`).
    pub(crate) fn label(&self, resource: &str, name: &str, labels: &[&str]) -> Result<()> {
        self.run(&[&["label", "--overwrite", resource, name], labels].concat())
    }

    /// Deletes an object of the stage's namespace, and returns when it is gone.
    pub(crate) fn delete(&self, resource: &str, name: &str) -> Result<()> {
        let patience = format!("--timeout={}s", PATIENCE.as_secs());
        self.run(&["delete", resource, name, &patience])
            .with_context(|| self.log_tail())
    }

    /// Waits with `kubectl wait` until an object of the stage's namespace is as told.
    pub(crate) fn wait(&self, object: &str, until: &str) -> Result<()> {
        let patience = format!("--timeout={}s", PATIENCE.as_secs());
        self.run(&["wait", &format!("--for={until}"), object, &patience])
            .with_context(|| self.log_tail())
    }

    /// Runs kubectl in the stage's namespace.
    fn run(&self, args: &[&str]) -> Result<()> {
        let args = [args, &["-n", &self.namespace]].concat();
        self.cluster()
            .kubectl(&args)?
            .ok()
            .map(drop)
            .with_context(|| args.join(" "))
    }

    /// Returns an object of the stage's namespace.
    pub(crate) fn get(&self, resource: &str, name: &str) -> Result<Value> {
        self.cluster().get(resource, &self.namespace, name)
    }

    /// Tells whether an object of the stage's namespace exists.
    pub(crate) fn exists(&self, resource: &str, name: &str) -> Result<bool> {
        let args = [
            "get",
            resource,
            name,
            "-n",
            &self.namespace,
            "--ignore-not-found",
            "-o",
            "name",
        ];
        Ok(!self.cluster().kubectl(&args)?.ok()?.trim().is_empty())
    }

    /// Waits until a release has applied a revision and is Ready, and returns it.
    pub(crate) fn applied(&self, name: &str, revision: &str) -> Result<Value> {
        let message = format!("Applied revision: {revision}");
        let release = self.condition(name, "True", &message)?;
        ensure!(
            release["status"]["lastAppliedRevision"] == revision,
            "{}",
            release["status"]
        );
        Ok(release)
    }

    /// Waits until a release is Ready=False for this reason, with this text in the message, and returns it.
    pub(crate) fn failed(&self, name: &str, reason: &str, text: &str) -> Result<Value> {
        self.ready(name, |ready| {
            let message = ready["message"].as_str().unwrap_or_default();
            ready["status"] == "False" && ready["reason"] == reason && message.contains(text)
        })
        .with_context(|| format!("{name} was to fail with {reason}: {text}"))
    }

    /// Waits until a release is Ready=False for this reason with exactly this message, and returns it.
    pub(crate) fn refused(&self, name: &str, reason: &str, message: &str) -> Result<Value> {
        self.ready(name, |ready| {
            ready["status"] == "False" && ready["reason"] == reason && ready["message"] == message
        })
        .with_context(|| format!("{name} was to fail with {reason}: {message}"))
    }

    /// Waits until the Ready condition has this status and exactly this message, and returns the release.
    pub(crate) fn condition(&self, name: &str, status: &str, message: &str) -> Result<Value> {
        self.ready(name, |ready| {
            ready["status"] == status && ready["message"] == message
        })
        .with_context(|| format!("{name} was to be Ready={status}: {message}"))
    }

    /// Waits until the Ready condition of the release's newest generation fits, and returns the release.
    fn ready(&self, name: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        let wanted = format!("KdefRelease {name}");
        wait_for(&wanted, PATIENCE, || {
            let release = self.get("kdefrelease", name)?;
            let ready = ready_condition(&release);
            if fits(&ready) && ready["observedGeneration"] == release["metadata"]["generation"] {
                return Ok(Some(release));
            }
            bail!("{ready}")
        })
        .with_context(|| self.log_tail())
    }

    /// Returns what the controller said last, for the message of a failed test.
    pub(crate) fn log_tail(&self) -> String {
        self.with_controller(|controller| format!("the controller said last:\n{}", controller.log_tail(30)))
    }
}

/// Returns the Ready condition of an object, null when there is none.
pub(crate) fn ready_condition(object: &Value) -> Value {
    let conditions = object["status"]["conditions"].as_array();
    let ready = conditions.and_then(|all| all.iter().find(|condition| condition["type"] == "Ready"));
    ready.cloned().unwrap_or_default()
}

/// Returns the root of the repository.
pub(crate) fn repository_root() -> PathBuf {
    let e2e = Path::new(env!("CARGO_MANIFEST_DIR"));
    e2e.parent().unwrap_or(e2e).to_owned()
}

/// Builds our programs and returns their folder: the one that the build of this test went to.
fn build() -> Result<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // The same selection as that of the tests, since another one would compile dependencies with other features.
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--bins", "--tests"])
        .current_dir(repository_root())
        .status()?;
    ensure!(status.success(), "the workspace does not build");
    let test = std::env::current_exe()?;
    let folder = test
        .parent()
        .and_then(Path::parent)
        .context("the test has no target folder")?;
    Ok(folder.to_owned())
}
