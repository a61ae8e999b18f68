//! One line each.

use crate::{Diagnostic, SourceMap};

/// Renders `file:line:column: severity[code]: message`, without the place where there is none.
pub fn short(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = diagnostic
        .span
        .map_or_else(String::new, |span| sources.locate(span) + ": ");
    format!(
        "{place}{}[{}]: {}",
        diagnostic.severity.as_str(),
        diagnostic.code,
        diagnostic.message
    )
}

/// Renders `file:line:column: message`, the form that a condition of a `KdefRelease` carries.
pub fn located(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = diagnostic
        .span
        .map_or_else(String::new, |span| sources.locate(span) + ": ");
    let hint = diagnostic
        .hints
        .first()
        .map_or_else(String::new, |hint| format!(" ({hint})"));
    format!("{place}{}{hint}", diagnostic.message)
}
