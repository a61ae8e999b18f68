//! Checks objects against the types of Kubernetes 1.36, without a cluster.

mod kinds;
mod walk;

use kdef_source::{Code, Diagnostic, nearest};

use crate::Object;
use walk::{TypeError, UnknownField};

pub(crate) use kinds::{Scope, scope_of};

/// Looks for fields that the object's kind does not have, and for values of a wrong type. Kinds that are not known are
/// not checked.
pub(crate) fn check(object: &Object) -> Vec<Diagnostic> {
    let Some(kind) = kinds::find(&object.api_version, &object.kind) else {
        return Vec::new();
    };
    let findings = (kind.read)(&object.value);
    let unknown = findings.unknown.iter().map(|field| unknown_field(object, field));
    let wrong = findings.wrong.iter().map(|error| wrong_type(object, error));
    unknown
        .chain(wrong)
        .map(|problem| object.provenance.explain(problem))
        .collect()
}

/// A field that came through `raw` may be known to a cluster that is newer; any other is a mistake.
fn unknown_field(object: &Object, field: &UnknownField) -> Diagnostic {
    let place = object.provenance.lookup(&field.path);
    let message = format!(
        "Kubernetes 1.36 knows no field `{}` in a {}",
        field.path, object.kind
    );
    let problem = if object.provenance.is_from_raw(&field.path) {
        Diagnostic::warning(Code::UnknownField, place, message)
    } else {
        Diagnostic::error(Code::UnknownField, place, message)
    };
    let name = field.path.rsplit('.').next().unwrap_or_default();
    problem.with_suggestion(nearest(name, field.known.iter().copied()))
}

/// Says which type a value should have. The value itself stays out of the message: it may be secret.
fn wrong_type(object: &Object, error: &TypeError) -> Diagnostic {
    let place = object.provenance.lookup(&error.path);
    let message = format!(
        "`{}` of a {} must be {}, not {}",
        error.path, object.kind, error.expected, error.found
    );
    let quotable = error.expected == "a text" && matches!(error.found, "a number" | "a fraction" | "a bool");
    let problem = Diagnostic::error(Code::InvalidField, place, message);
    if quotable {
        problem.with_hint("put it in quotes")
    } else {
        problem
    }
}

#[cfg(test)]
mod tests;
