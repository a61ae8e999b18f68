//! The cluster as tests, demo and benchmarks use it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::artifact::{Artifact, ArtifactServer, SourceKind};
use crate::control_plane::{self, ControlPlane};
use crate::git::{GitServer, require_git};
use crate::kubectl::{Client, Output};
use crate::supervisor::{Process, Program, Supervisor};
use crate::tools::{Progress, Tools};
use crate::{kubeconfig, scratch, wait_for};

/// How a cluster is started.
pub struct Options {
    /// Keeps the run's folder (logs, etcd's data, artifacts) at the end; it is removed otherwise.
    pub keep_scratch: bool,
    /// Hears of each step when programs must be built first.
    pub progress: Box<dyn Fn(&Progress)>,
}

impl Default for Options {
    /// Removes the folder, and prints the progress of a build to standard error.
    fn default() -> Options {
        Options {
            keep_scratch: false,
            progress: Box::new(|progress| eprintln!("{progress}")),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("keep_scratch", &self.keep_scratch)
            .finish_non_exhaustive()
    }
}

/// A running cluster: one API server, one node, source-controller, a Git server and an artifact server.
///
/// It holds the namespace `flux-system`, Flux's source CRDs and cert-manager's Certificate CRD. Everything ends when
/// it is dropped, and when this process ends in any other way.
#[derive(Debug)]
pub struct Cluster {
    git: GitServer,
    artifacts: ArtifactServer,
    plane: ControlPlane,
    helm: Client,
    names: AtomicU64,
    scratch: PathBuf,
    // Last: it removes the folder when all else is gone.
    supervisor: Supervisor,
}

impl Cluster {
    /// Starts a cluster and returns when it can be used: about 10 s on two cores, once the programs are built.
    ///
    /// The executable's `main` must begin with [`crate::supervised`]. Fails with the log of the program that did not
    /// become ready, and with what to install where Git or Go is missing.
    pub fn start(options: Options) -> Result<Cluster> {
        require_git()?;
        let Options {
            keep_scratch,
            progress,
        } = options;
        let tools = Tools::provide(progress.as_ref())?;
        let folder = scratch::create()?;
        let supervisor = Supervisor::start(folder.path(), keep_scratch)?;
        // From here on the supervisor removes it, also when this process is killed.
        let scratch = folder.keep();
        for name in ["git", "home", "kubeconfigs"] {
            fs::create_dir(scratch.join(name))?;
        }
        let plane = control_plane::start(&supervisor, &tools, &scratch)?;
        let helm = Client {
            program: tools.program("helm")?,
            kubeconfig: plane.kubectl.kubeconfig.clone(),
            home: plane.kubectl.home.clone(),
        };
        Ok(Cluster {
            git: GitServer::start(&scratch.join("git"))?,
            artifacts: ArtifactServer::start()?,
            plane,
            helm,
            names: AtomicU64::new(1),
            scratch,
            supervisor,
        })
    }

    /// Returns the path of a kubeconfig for an administrator (`system:masters`).
    pub fn kubeconfig(&self) -> &Path {
        &self.plane.kubectl.kubeconfig
    }

    /// Returns the path of the kubectl that belongs to the cluster.
    pub fn kubectl_path(&self) -> &Path {
        &self.plane.kubectl.program
    }

    /// Returns the bearer token of the administrator.
    pub fn admin_token(&self) -> &str {
        &self.plane.admin_token
    }

    /// Returns the URL of the API server.
    pub fn server_url(&self) -> &str {
        &self.plane.server_url
    }

    /// Returns the path of the certificate that the API server's certificate is verified with.
    pub fn certificate_authority(&self) -> &Path {
        &self.plane.authority
    }

    /// Returns the run's folder; logs are in `logs` within it.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Returns the Git server.
    pub fn git(&self) -> &GitServer {
        &self.git
    }

    /// Returns the server of hand-made artifacts.
    pub fn artifacts(&self) -> &ArtifactServer {
        &self.artifacts
    }

    /// Returns a program of the cluster by its name, such as `kube-apiserver`, for its log or to break it.
    pub fn process(&self, name: &str) -> Option<&Process> {
        self.plane.processes.iter().find(|process| process.name() == name)
    }

    /// Runs the testbed's kubectl as the administrator; fails only where it cannot be run.
    pub fn kubectl(&self, args: &[&str]) -> Result<Output> {
        self.plane.kubectl.run(args, "")
    }

    /// Runs kubectl with `input` on its standard input.
    pub fn kubectl_stdin(&self, args: &[&str], input: &str) -> Result<Output> {
        self.plane.kubectl.run(args, input)
    }

    /// Runs the testbed's helm as the administrator; fails only where it cannot be run.
    pub fn helm(&self, args: &[&str]) -> Result<Output> {
        self.helm.run(args, "")
    }

    /// Applies YAML or JSON documents with `kubectl apply` and returns what it printed.
    pub fn apply_yaml(&self, text: &str) -> Result<String> {
        self.plane.kubectl.ok(&["apply", "-f", "-"], text)
    }

    /// Returns an object as JSON. `resource` is what kubectl takes (`deployment`, `ocirepositories.v1beta2.source...`);
    /// `namespace` is empty for objects without one.
    pub fn get(&self, resource: &str, namespace: &str, name: &str) -> Result<Value> {
        let mut args = vec!["get", resource, name, "-o", "json"];
        if !namespace.is_empty() {
            args.extend(["-n", namespace]);
        }
        Ok(serde_json::from_str(&self.plane.kubectl.ok(&args, "")?)?)
    }

    /// Waits until a condition of an object has a status (`True`, `False`, `Unknown`), and returns the object.
    ///
    /// The error after `timeout` tells the condition as it was last.
    pub fn wait_for_condition(
        &self,
        resource: &str,
        namespace: &str,
        name: &str,
        condition: &str,
        status: &str,
        timeout: Duration,
    ) -> Result<Value> {
        wait_for(
            &format!("{resource} {namespace}/{name} to be {condition}={status}"),
            timeout,
            || {
                let object = self.get(resource, namespace, name)?;
                let conditions = object["status"]["conditions"].as_array();
                let found = conditions.and_then(|all| all.iter().find(|known| known["type"] == condition));
                match found {
                    Some(known) if known["status"] == status => Ok(Some(object)),
                    Some(known) => bail!("{known}"),
                    None => bail!("no such condition in {}", object["status"]),
                }
            },
        )
    }

    /// Creates a namespace whose name begins with `prefix`, and returns its name.
    pub fn create_namespace(&self, prefix: &str) -> Result<String> {
        let name = format!("{prefix}-{}", self.names.fetch_add(1, Ordering::Relaxed));
        self.plane.kubectl.ok(&["create", "namespace", &name], "")?;
        Ok(name)
    }

    /// Writes a kubeconfig with a token of an existing ServiceAccount, valid for a day, and returns its path.
    ///
    /// A process that is given it has exactly the account's rights.
    pub fn kubeconfig_for_service_account(&self, namespace: &str, name: &str) -> Result<PathBuf> {
        let token = self
            .plane
            .kubectl
            .ok(&["create", "token", name, "-n", namespace, "--duration=24h"], "")?;
        let path = self
            .scratch
            .join("kubeconfigs")
            .join(format!("{namespace}.{name}"));
        kubeconfig::write(
            &path,
            self.server_url(),
            self.certificate_authority(),
            name,
            token.trim(),
        )?;
        Ok(path)
    }

    /// Makes a source say that it is ready with this artifact, true or not, creating the source where needed.
    ///
    /// The source is suspended (an ExternalArtifact has no controller here), so that the status stays.
    pub fn publish(&self, kind: SourceKind, namespace: &str, name: &str, artifact: &Artifact) -> Result<()> {
        self.apply_yaml(&kind.object(namespace, name).to_string())?;
        self.patch_status(kind.as_str(), namespace, name, &artifact.status())
    }

    /// Merges `{"status": ...}` into an object's status.
    pub fn patch_status(&self, resource: &str, namespace: &str, name: &str, patch: &Value) -> Result<()> {
        let patch = patch.to_string();
        let args = [
            "patch",
            resource,
            name,
            "-n",
            namespace,
            "--subresource=status",
            "--type=merge",
            "-p",
            &patch,
        ];
        self.plane.kubectl.ok(&args, "").map(drop)
    }

    /// Asks Flux to reconcile a source now.
    pub fn reconcile(&self, resource: &str, namespace: &str, name: &str) -> Result<()> {
        let request = self.names.fetch_add(1, Ordering::Relaxed);
        let annotation = format!("reconcile.fluxcd.io/requestedAt={request}");
        let args = [
            "annotate",
            "--overwrite",
            resource,
            name,
            "-n",
            namespace,
            &annotation,
        ];
        self.plane.kubectl.ok(&args, "").map(drop)
    }

    /// Starts a program of ours, which ends with the cluster at the latest.
    ///
    /// It has the environment of this process and `env` on top of it.
    pub fn spawn(&self, path: &Path, args: &[&str], env: &[(&str, &str)]) -> Result<Process> {
        self.supervisor
            .spawn(Program::new(path, args, env))
            .with_context(|| format!("cannot start {}", path.display()))
    }
}
