//! Values that only the cluster knows.

use std::fmt;
use std::sync::Arc;

use kdef_source::Span;

/// What `secret()`, `configmap()` and `field_ref()` give: the place of a value that only the cluster knows.
///
/// It is opaque to the language: it can be passed on, compared and chosen between, but not looked into or put into a
/// longer text.
#[derive(Clone)]
pub struct Reference {
    kind: ReferenceKind,
    span: Span,
}

/// What a [`Reference`] refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `secret(name, key)`: a key of a Secret.
    Secret {
        /// The name of the Secret.
        name: Arc<str>,
        /// The key in it.
        key: Arc<str>,
    },
    /// `configmap(name, key)`: a key of a ConfigMap.
    ConfigMap {
        /// The name of the ConfigMap.
        name: Arc<str>,
        /// The key in it.
        key: Arc<str>,
    },
    /// `field_ref(path)`: a field of the pod, such as `metadata.name`.
    Field {
        /// The path of the field.
        path: Arc<str>,
    },
}

impl ReferenceKind {
    /// Returns what messages call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Secret { .. } => "reference to a secret",
            Self::ConfigMap { .. } => "reference to a configmap",
            Self::Field { .. } => "reference to a field",
        }
    }
}

impl Reference {
    /// Joins what is referred to and the place of the call.
    pub fn new(kind: ReferenceKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// Returns what is referred to.
    pub fn kind(&self) -> &ReferenceKind {
        &self.kind
    }

    /// Returns the place of the call that made the reference.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// References are equal when they refer to the same; where they were written does not matter.
impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ReferenceKind::Secret { name, key } => write!(f, "secret({name:?}, {key:?})"),
            ReferenceKind::ConfigMap { name, key } => write!(f, "configmap({name:?}, {key:?})"),
            ReferenceKind::Field { path } => write!(f, "field_ref({path:?})"),
        }
    }
}
