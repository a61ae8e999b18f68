//! Conditions, their types and reasons.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest message of a condition, in bytes. Kubernetes allows as many characters.
pub const MESSAGE_BYTES: usize = 32_768;

/// One condition of a release, in the shape all of Kubernetes uses.
// The schema wants every field but `observedGeneration`; reading is lenient, so that a condition which somebody wrote
// under an older schema cannot make a release unreadable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// What the condition is about, such as `Ready`.
    #[serde(rename = "type")]
    #[schemars(length(max = 316))]
    pub type_: String,
    /// Whether it holds.
    pub status: ConditionStatus,
    /// The generation of the release that it was judged for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// When the status last changed, in RFC 3339.
    #[serde(default)]
    #[schemars(!default, extend("format" = "date-time"))]
    pub last_transition_time: String,
    /// One word for programs.
    #[serde(default)]
    #[schemars(!default, length(max = 1024))]
    pub reason: String,
    /// A sentence for people.
    #[serde(default)]
    #[schemars(!default, length(max = 32768))]
    pub message: String,
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConditionStatus {
    /// It does.
    True,
    /// It does not.
    False,
    /// That is not known yet.
    Unknown,
}

impl ConditionStatus {
    /// Returns the status as Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }
}

/// The condition types that the controller writes, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConditionType {
    /// The release cannot go on before its spec, its source or an approval changes.
    Stalled,
    /// The controller works on the release, or tries again.
    Reconciling,
    /// The wanted revision is applied.
    Ready,
}

impl ConditionType {
    /// Every type, in listing order.
    pub const ALL: [Self; 3] = [Self::Stalled, Self::Reconciling, Self::Ready];

    /// Returns the type as it stands in the status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stalled => "Stalled",
            Self::Reconciling => "Reconciling",
            Self::Ready => "Ready",
        }
    }
}

/// Why a condition has its status. Flux's vocabulary, since dashboards and alerts key on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Everything is applied.
    ReconciliationSucceeded,
    /// A pass is running.
    Progressing,
    /// A pass failed and will be tried again.
    ProgressingWithRetry,
    /// The source or its artifact is missing, unreadable or not what its digest promises.
    ArtifactFailed,
    /// The object or key that `valuesFrom` names is missing, or its text is no values document.
    ValuesFailed,
    /// The project does not render.
    BuildFailed,
    /// An object was refused by the API server.
    ReconciliationFailed,
    /// An object that left the render could not be deleted.
    PruneFailed,
    /// Pruning would delete what a guard protects.
    PruneBlocked,
    /// An object belongs to another release.
    OwnershipConflict,
    /// The spec cannot be acted on.
    InvalidSpec,
    /// The release is being deleted and its objects with it.
    Deleting,
}

impl Reason {
    /// Returns the reason as it stands in the status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReconciliationSucceeded => "ReconciliationSucceeded",
            Self::Progressing => "Progressing",
            Self::ProgressingWithRetry => "ProgressingWithRetry",
            Self::ArtifactFailed => "ArtifactFailed",
            Self::ValuesFailed => "ValuesFailed",
            Self::BuildFailed => "BuildFailed",
            Self::ReconciliationFailed => "ReconciliationFailed",
            Self::PruneFailed => "PruneFailed",
            Self::PruneBlocked => "PruneBlocked",
            Self::OwnershipConflict => "OwnershipConflict",
            Self::InvalidSpec => "InvalidSpec",
            Self::Deleting => "Deleting",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
