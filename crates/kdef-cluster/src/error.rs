//! What can go wrong, told so that its reader can act on it.

use std::fmt;

use kdef_source::Span;
use serde_json::Value;

use crate::catalog::CatalogError;
use crate::id::ObjectId;
use crate::prepare::Desired;
use crate::request::ApiError;
use crate::{field, mask};

/// How many errors are printed one by one; the rest is counted.
const SHOWN: usize = 20;

/// An error of whoever called, in a [hook](crate::Hooks).
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// When it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retry {
    /// Not before what is to be applied has changed.
    Never,
    /// At the usual interval: the cluster, or the rights in it, may have changed by then.
    AtInterval,
    /// Soon, with growing pauses: nothing is wrong with what was asked for.
    Soon,
}

/// What was being done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It was looked at without the cluster.
    Prepare,
    /// The server was asked what applying it would do.
    DryRun,
    /// It was applied.
    Apply,
    /// It was waited for until it is usable.
    Wait,
    /// It was deleted.
    Delete,
}

impl Step {
    fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "preparation",
            Self::DryRun => "dry-run",
            Self::Apply => "apply",
            Self::Wait => "wait",
            Self::Delete => "delete",
        }
    }
}

/// What went wrong with one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectError {
    /// The object, as `Kind/namespace/name`.
    pub object: String,
    /// What was being done to it.
    pub step: Step,
    /// The reason in one word: Kubernetes' own, or `Conflict`, `NoMatch`, `Duplicate` and the like.
    pub reason: String,
    /// What went wrong, without what Secrets hold.
    pub message: String,
    /// The field that it is about, as `spec.template.spec.containers[0].image`.
    pub field: Option<String>,
    /// The place in the sources that the field, or else the object, was written at; objects that are no longer rendered
    /// have none.
    pub span: Option<Span>,
    /// The place of the other object, where two are in each other's way.
    pub related: Option<Span>,
    /// When to try again.
    pub retry: Retry,
}

impl ObjectError {
    /// Makes an error about a manifest as it was rendered.
    pub(crate) fn rendered(object: &kdef_render::Object, reason: &str, field: &str, message: String) -> Self {
        Self {
            object: object.to_string(),
            step: Step::Prepare,
            reason: reason.to_owned(),
            message,
            field: (!field.is_empty()).then(|| field.to_owned()),
            span: Some(object.provenance.lookup(field)),
            related: None,
            retry: Retry::Never,
        }
    }

    /// Makes an error about an object of the set that no request brought about.
    pub(crate) fn decided(
        desired: &Desired,
        step: Step,
        reason: &str,
        message: String,
        retry: Retry,
    ) -> Self {
        Self {
            object: desired.id.display(),
            step,
            reason: reason.to_owned(),
            message,
            field: None,
            span: Some(desired.provenance.block()),
            related: None,
            retry,
        }
    }

    /// Makes an error of a request for an object of the set.
    pub(crate) fn request(desired: &Desired, step: Step, error: &ApiError) -> Self {
        let manifest = desired.parse();
        let field = match error {
            ApiError::Refused(status) => field::named_by(status, &manifest),
            _ => None,
        };
        let mut about = Self::from_api(&desired.id, step, error, &manifest);
        if let (Some(field), "Secret") = (&field, desired.id.kind.as_str()) {
            // What is shown of messages about Secrets lacks the field.
            about.message = format!("{field}: {}", about.message);
        }
        Self {
            span: Some(desired.provenance.lookup(field.as_deref().unwrap_or_default())),
            field,
            ..about
        }
    }

    /// Makes an error of a request for an object that is not in the set.
    pub(crate) fn stale(id: &ObjectId, step: Step, error: &ApiError) -> Self {
        Self::from_api(id, step, error, &Value::Null)
    }

    /// Makes the error for an object that left the set and whose kind is served by somebody who does not answer.
    pub(crate) fn unknown(id: &ObjectId) -> Self {
        Self {
            object: id.display(),
            step: Step::Delete,
            reason: "NoMatch".to_owned(),
            message: format!(
                "the API server of {} does not answer, so that {} is not known",
                id.group, id.kind
            ),
            field: None,
            span: None,
            related: None,
            retry: Retry::Soon,
        }
    }

    fn from_api(id: &ObjectId, step: Step, error: &ApiError, manifest: &Value) -> Self {
        Self {
            object: id.display(),
            step,
            reason: error.reason(),
            message: message(id, error, manifest),
            field: None,
            span: None,
            related: None,
            retry: if error.is_infrastructure() {
                Retry::Soon
            } else {
                Retry::AtInterval
            },
        }
    }
}

/// Prints it as Flux does: `ConfigMap/shop/web dry-run failed (Invalid): …`.
impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Step::Prepare => write!(f, "{}: {}", self.object, self.message),
            step => write!(
                f,
                "{} {} failed ({}): {}",
                self.object,
                step.as_str(),
                self.reason,
                self.message
            ),
        }
    }
}

impl std::error::Error for ObjectError {}

/// Returns what may be shown of an error, and what to do where the server leaves that open.
fn message(id: &ObjectId, error: &ApiError, manifest: &Value) -> String {
    let shown = mask::shown(&id.kind, &error.to_string(), manifest);
    if error.is_missing_namespace() {
        format!("{shown}; create it, or let the project declare it")
    } else {
        shown
    }
}

/// Why a pass did not do all it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Objects cannot be applied or deleted; at least one.
    #[error("{}", join(.0))]
    Objects(Vec<ObjectError>),
    /// Objects belong to other releases, which exist; at least one. Nothing of the pass was written after this showed.
    #[error("{}", join(.0))]
    Ownership(Vec<ObjectError>),
    /// It is not known which kinds the cluster serves.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A [hook](crate::Hooks) failed.
    #[error("{0}")]
    Hook(BoxError),
    /// The pass was cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl Failure {
    /// Returns when to try again: as soon as the most hopeful of its errors allows.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Objects(errors) | Self::Ownership(errors) => errors
                .iter()
                .map(|error| error.retry)
                .max()
                .unwrap_or(Retry::AtInterval),
            Self::Catalog(_) | Self::Hook(_) | Self::Cancelled => Retry::Soon,
        }
    }

    /// Returns the errors of single objects.
    pub fn objects(&self) -> &[ObjectError] {
        match self {
            Self::Objects(errors) | Self::Ownership(errors) => errors,
            Self::Catalog(_) | Self::Hook(_) | Self::Cancelled => &[],
        }
    }
}

fn join(errors: &[ObjectError]) -> String {
    let mut lines: Vec<String> = errors.iter().take(SHOWN).map(ToString::to_string).collect();
    if errors.len() > SHOWN {
        lines.push(format!("and {} more", errors.len() - SHOWN));
    }
    lines.join("\n")
}
