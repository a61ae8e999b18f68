//! Diagnostics for people and for machines, and the line that sums them up.

use kdef_source::{Diagnostic, Severity, SourceMap, report};

use crate::args::Format;
use crate::error::CliError;
use crate::ui::{ERROR, Ui, WARNING};

/// Where diagnostics in a machine's format go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// The diagnostics are what the command is for.
    Output,
    /// The output carries something else.
    Error,
}

/// Shows the diagnostics of a run.
///
/// Text for people goes to the standard error. JSON is one array, empty when there is nothing to say, and stands alone
/// on its stream.
pub(crate) fn show(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    format: Format,
    stream: Stream,
    ui: &mut Ui,
) -> Result<(), CliError> {
    let text = match format {
        Format::Human => {
            for diagnostic in diagnostics {
                let excerpt = report::terminal(diagnostic, sources, report::Style::Colour);
                ui.note(&format!("{excerpt}\n"));
            }
            String::new()
        }
        Format::Json => report::json(diagnostics, sources) + "\n",
        Format::Github => diagnostics
            .iter()
            .map(|diagnostic| report::github(diagnostic, sources) + "\n")
            .collect(),
    };
    match stream {
        Stream::Output => ui.data(&text)?,
        Stream::Error if text.is_empty() => {}
        Stream::Error => ui.note(text.trim_end()),
    }
    Ok(())
}

/// Returns `error: 2 errors, 1 warning`, leaving out what did not occur. Names the errors that are warnings but for
/// `--strict`.
pub(crate) fn summary(diagnostics: &[Diagnostic], raised: usize) -> String {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let (style, severity) = if errors > 0 {
        (ERROR, Severity::Error)
    } else {
        (WARNING, Severity::Warning)
    };
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let strict = if raised == 0 {
        String::new()
    } else {
        format!(" ({} counted as errors by --strict)", counted(raised, "warning"))
    };
    format!(
        "{style}{}:{style:#} {}{strict}",
        severity.as_str(),
        counts.join(", ")
    )
}

/// Returns `1 error`, `2 errors`, `3 Ingresses`, `4 NetworkPolicies`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    let plural = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") => format!("{noun}es"),
        _ => format!("{noun}s"),
    };
    format!("{count} {plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_take_their_plural() {
        for (count, noun, expected) in [
            (1, "Ingress", "1 Ingress"),
            (0, "error", "0 errors"),
            (2, "Ingress", "2 Ingresses"),
            (2, "NetworkPolicy", "2 NetworkPolicies"),
            (2, "Gateway", "2 Gateways"),
            (2, "ConfigMap", "2 ConfigMaps"),
        ] {
            assert_eq!(counted(count, noun), expected);
        }
    }
}
