//! The KdefRelease resource: its spec, its status, its conditions, and what it reads of Flux's sources.
//!
//! This crate holds types alone. It makes no request, and it knows nothing of rendering or applying, so that the
//! controller, the command line and the chart generator can share it.
//!
//! ```
//! use kdef_api::KdefRelease;
//!
//! let release: KdefRelease = serde_json::from_value(serde_json::json!({
//!     "apiVersion": "kdef.gsid.nl/v1alpha1",
//!     "kind": "KdefRelease",
//!     "metadata": { "name": "my-app", "namespace": "flux-system" },
//!     "spec": {
//!         "sourceRef": { "kind": "GitRepository", "name": "my-app" },
//!         "path": "./k8s/",
//!         "interval": "5m",
//!         "prune": true,
//!     },
//! }))?;
//! assert_eq!(release.spec.interval.to_string(), "5m0s");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod condition;
mod crd;
mod duration;
mod release;
mod source;
mod status;

pub use condition::{Condition, ConditionStatus, ConditionType, MESSAGE_BYTES, Reason};
pub use crd::crd;
pub use duration::{DurationError, FluxDuration};
pub use release::{KdefRelease, KdefReleaseSpec, SourceReference, ValuesKind, ValuesReference};
pub use source::{Artifact, SOURCE_GROUP, SourceKind, SourceStatus};
pub use status::{InventoryEntry, KdefReleaseStatus, ReleaseInventory};

/// The API group of the releases, and the prefix of every label and annotation of kdef.
pub const GROUP: &str = "kdef.gsid.nl";

/// The finalizer that lets the controller delete a release's objects before the release goes.
pub const FINALIZER: &str = "kdef.gsid.nl/finalizer";

/// The annotation whose change asks for a pass at once; its value is opaque.
pub const REQUESTED_AT: &str = "reconcile.fluxcd.io/requestedAt";
