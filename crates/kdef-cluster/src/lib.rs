//! What the command line and the controller both do to a cluster: prepare, plan, apply, prune.
//!
//! A pass takes rendered objects and makes the cluster hold them:
//!
//! ```text
//! objects ── prepare ──> DesiredSet ── stale ──> what to delete
//!                            │                        │
//!                          apply ─── Applied ───────> prune ──> Pruned
//! ```
//!
//! [`prepare`] settles namespaces, owner labels and form. [`stale`] says what is owned and no longer rendered, before
//! anything is written. [`apply`] asks the server about everything, and only if it would accept all of it writes what is
//! not as wanted; right before the first write it has its caller record what may be owned from then on. [`prune`] deletes
//! what is still the release's own. Deciding is pure; doing is thin.
//!
//! This crate knows Kubernetes and the labels by which it tells whose an object is. It must not know `KdefRelease`,
//! sources, or what a status looks like: inventories, and whether another release exists, come from the caller.
//!
//! ```no_run
//! use kdef_cluster::{BoxError, CancellationToken, ConnectOptions, Connection, Hooks, Inventory, Owner, Rules};
//!
//! struct Nobody;
//!
//! impl Hooks for Nobody {
//!     async fn before_first_write(&self, inventory: &Inventory) -> Result<(), BoxError> {
//!         // Record the inventory where it survives a crash.
//!         Ok(())
//!     }
//!     async fn owner_exists(&self, owner: &Owner) -> Result<bool, BoxError> {
//!         Ok(false)
//!     }
//! }
//!
//! # async fn pass(objects: Vec<kdef_render::Object>, old: Inventory) -> Result<(), BoxError> {
//! let cluster = Connection::open(&ConnectOptions::default()).await?.impersonate("apps", "deployer")?;
//! let rules = Rules { owner: Owner::new("shop", "apps"), namespace: "apps".to_owned(), target_namespace: None };
//! let desired = kdef_cluster::prepare(&cluster, objects, &rules).await?;
//! let stale = kdef_cluster::stale(&old, &desired)?;
//! let cancel = CancellationToken::new();
//! let applied = kdef_cluster::apply(&cluster, &desired, &old, &Nobody, &cancel).await;
//! if let Some(failure) = applied.failure {
//!     return Err(failure.into()); // `applied.inventory` is what is owned all the same.
//! }
//! # Ok(())
//! # }
//! ```

mod apply;
mod catalog;
mod client;
mod error;
mod field;
mod health;
mod id;
mod inventory;
mod live;
mod mask;
mod order;
mod owner;
mod plan;
mod policy;
mod prepare;
mod prune;
mod report;
mod request;

pub use apply::{Applied, Hooks, apply};
pub(crate) use catalog::Catalog;
pub use catalog::CatalogError;
pub use client::{Cluster, ConnectError, ConnectOptions, Connection, Limits};
pub use error::{BoxError, Failure, ObjectError, Retry, Step};
pub use id::ObjectId;
pub use inventory::Inventory;
pub use owner::{NAME_LABEL, NAMESPACE_LABEL, Owner};
pub use plan::{PruneBlocked, stale};
pub use prepare::{DesiredSet, Rules, prepare};
pub use prune::{PruneRequest, Pruned, prune};
pub use report::{Action, Change};
pub use tokio_util::sync::CancellationToken;

/// The name under which fields are owned. It is the reference controller's, so that what that one applied stays ours.
pub const FIELD_MANAGER: &str = "kdef-controller";
