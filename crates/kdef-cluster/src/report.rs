//! What a pass did.

use std::fmt;

/// What was done about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It was not there, and is now.
    Created,
    /// It was not as wanted, and is now.
    Configured,
    /// It was as wanted; nothing was written.
    Unchanged,
    /// It was left alone because an annotation or label says so, or because it is protected.
    Skipped,
    /// It left the set, and its deletion was accepted.
    Deleted,
}

impl Action {
    /// Tells whether anything was written.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Created | Self::Configured | Self::Deleted)
    }

    /// Returns the word that Flux has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Configured => "configured",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Deleted => "deleted",
        }
    }
}

/// One object and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The object, as `Kind/namespace/name`.
    pub object: String,
    /// What was done.
    pub action: Action,
}

/// Prints a line as Flux has it in its events: `ConfigMap/shop/web created`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.object, self.action.as_str())
    }
}
