//! A real Kubernetes cluster on one machine, from packages, for tests, demo and benchmarks.
//!
//! Nothing is mocked: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, Flux's source-controller and
//! Git are the real programs, run as processes on loopback; kwok stands in for the kubelets. They are built once
//! from the Go module proxy ([`tools`]) and end with the run in every case ([`supervisor`]).
//!
//! The crate knows how to start, talk to and break a cluster. It must not know kdef: no crate of the language, the
//! engine or the controller is a dependency, and our own programs are run as [`Program`]s like any other.
//!
//! The interface is synchronous, and the cluster is asked through `kubectl`, as a user asks it.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::time::Duration;
//!
//! use testbed::{Cluster, Options};
//!
//! fn main() -> ExitCode {
//!     testbed::supervised(|| match run() {
//!         Ok(()) => ExitCode::SUCCESS,
//!         Err(_) => ExitCode::FAILURE,
//!     })
//! }
//!
//! fn run() -> anyhow::Result<()> {
//!     let cluster = Cluster::start(Options::default())?;
//!     let namespace = cluster.create_namespace("shop")?;
//!     let repository = cluster.git().repository("shop")?;
//!     let revision = repository.commit(&[("root.kdef", "")], "First")?;
//!     cluster.apply_yaml(&format!(
//!         "{{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, \
//!            metadata: {{name: shop, namespace: {namespace}}}, \
//!            spec: {{url: '{}', interval: 1m, ref: {{branch: main}}}}}}",
//!         repository.url(),
//!     ))?;
//!     let wait = Duration::from_secs(30);
//!     let source = cluster.wait_for_condition("gitrepository", &namespace, "shop", "Ready", "True", wait)?;
//!     assert_eq!(source["status"]["artifact"]["revision"], revision);
//!     Ok(())
//! }
//! ```
#![allow(
    clippy::disallowed_methods,
    reason = "the testbed is the outside: it runs programs, keeps files and reads clocks"
)]
#![allow(
    clippy::print_stderr,
    reason = "progress of a long build is printed where the caller does not say otherwise"
)]

mod artifact;
mod cluster;
mod control_plane;
mod crds;
mod git;
mod http;
mod kubeconfig;
mod kubectl;
mod ports;
mod scratch;
pub mod supervisor;
pub mod tools;
mod wait;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use artifact::{Answer, Artifact, ArtifactServer, Entry, SourceKind, archive, archive_of_files, digest};
pub use cluster::{Cluster, Options};
pub use git::{Change, GitServer, Repository};
pub use kubectl::Output;
pub use supervisor::{Process, Program, Supervisor, supervised};
pub use tools::{Progress, Tools};
pub use wait::wait_for;

/// Locks also after a panic of another holder: a failed test must not fail the others.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
