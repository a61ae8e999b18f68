//! What can go wrong, told so that its reader can act on it.

use std::fmt;

use kdef_render::Provenance;
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
    ///
    /// It is not cut, although some servers quote whole objects: whoever shows it may have more to hide, and half of a
    /// hidden text would not be found.
    pub message: String,
    /// The field that it is about, as `spec.template.spec.containers[0].image`.
    pub field: Option<String>,
    /// The place in the sources that the field, or else the object, was written at; objects that are no longer rendered
    /// have none.
    pub span: Option<Span>,
    /// The place of the outermost `use` that makes the object, where it comes from a component.
    pub used_at: Option<Span>,
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
            used_at: used_at(&object.provenance),
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
            used_at: used_at(&desired.provenance),
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
            used_at: used_at(&desired.provenance),
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
            used_at: None,
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
            used_at: None,
            related: None,
            retry: if error.is_infrastructure() {
                Retry::Soon
            } else {
                Retry::AtInterval
            },
        }
    }
}

/// Returns the place of the outermost `use` of an object.
pub(crate) fn used_at(provenance: &Provenance) -> Option<Span> {
    let innermost = provenance.used_by();
    let all = std::iter::successors(innermost, |site| site.outer.as_deref());
    all.last().map(|site| site.span)
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
    let mut shown = mask::shown(&id.kind, &error.to_string(), manifest);
    if error.is_missing_namespace() {
        shown.push_str("; create it, or let the project declare it");
    }
    shown
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::tests::desired_set;
    use kube::core::Status;

    fn refused(code: u16, reason: &str, message: &str) -> ApiError {
        ApiError::Refused(Box::new(Status::failure(message, reason).with_code(code)))
    }

    fn error(kind: &str, step: Step, error: &ApiError) -> ObjectError {
        ObjectError::request(&desired_set(&[(kind, "x")]).objects[0], step, error)
    }

    #[test]
    fn errors_read_as_in_flux() {
        let typed =
            "failed to create typed patch object (apps/x; /v1, Kind=Any): .metadata.name: expected string";
        let denied = "configmaps \"x\" is forbidden: User \"system:serviceaccount:apps:web\" cannot patch resource \
                      \"configmaps\" in API group \"\" in the namespace \"apps\"";
        let timeout = ApiError::Timeout(std::time::Duration::from_secs(30));
        for (kind, step, cause, expected, field, retry) in [
            (
                "ConfigMap",
                Step::DryRun,
                refused(500, "", typed),
                format!("ConfigMap/apps/x dry-run failed (Invalid): {typed}"),
                Some("metadata.name"),
                Retry::AtInterval,
            ),
            (
                "Secret",
                Step::DryRun,
                refused(500, "", typed),
                "Secret/apps/x dry-run failed (Invalid): metadata.name: expected string".to_owned(),
                Some("metadata.name"),
                Retry::AtInterval,
            ),
            (
                "ConfigMap",
                Step::DryRun,
                refused(403, "Forbidden", denied),
                format!("ConfigMap/apps/x dry-run failed (Forbidden): {denied}"),
                None,
                Retry::AtInterval,
            ),
            (
                "Namespace",
                Step::Apply,
                timeout,
                "Namespace/x apply failed (Timeout): the API server did not answer within 30 s".to_owned(),
                None,
                Retry::Soon,
            ),
        ] {
            let error = error(kind, step, &cause);
            assert_eq!(
                (error.to_string(), error.field.as_deref(), error.retry),
                (expected, field, retry)
            );
            assert!(error.span.is_some());
        }
    }

    #[test]
    fn a_missing_namespace_comes_with_advice() {
        let body = r#"{"code": 404, "message": "namespaces \"apps\" not found", "reason": "NotFound",
                       "details": {"name": "apps", "kind": "namespaces"}}"#;
        let status: Status = serde_json::from_str(body).expect("a status");
        let error = error("Secret", Step::DryRun, &ApiError::Refused(Box::new(status)));
        assert_eq!(
            error.message,
            "namespaces \"apps\" not found; create it, or let the project declare it"
        );
    }

    #[test]
    fn the_number_of_messages_is_bounded() {
        let many = vec![error("ConfigMap", Step::Apply, &refused(422, "Invalid", "no")); 23];
        let text = Failure::Objects(many).to_string();
        assert_eq!(text.lines().count(), 21);
        assert!(text.ends_with("\nand 3 more"), "{text}");
    }

    #[test]
    fn the_most_hopeful_error_says_when_to_try_again() {
        let content = error("ConfigMap", Step::DryRun, &refused(422, "Invalid", "no"));
        let busy = error(
            "ConfigMap",
            Step::DryRun,
            &refused(429, "TooManyRequests", "later"),
        );
        let fixed = ObjectError {
            retry: Retry::Never,
            ..content.clone()
        };
        for (errors, expected) in [
            (vec![fixed.clone()], Retry::Never),
            (vec![fixed, content.clone()], Retry::AtInterval),
            (vec![content, busy], Retry::Soon),
        ] {
            assert_eq!(Failure::Objects(errors).retry(), expected);
        }
        assert_eq!(Failure::Cancelled.retry(), Retry::Soon);
    }
}
