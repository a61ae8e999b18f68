//! JSON, for editors and scripts.

use serde::Serialize;

use crate::{Diagnostic, SourceMap, Span};

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    code: String,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Range<'a>>,
    hints: &'a [String],
    related: Vec<RelatedRow<'a>>,
}

#[derive(Serialize)]
struct RelatedRow<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Option<Range<'a>>,
}

#[derive(Serialize)]
struct Range<'a> {
    file: &'a str,
    start: Place,
    end: Place,
}

/// Renders all diagnostics as one JSON array of
/// `{code, severity, message, file, start: {line, column}, end, hints, related}`. Lines and columns count from 1.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let rows: Vec<Row<'_>> = diagnostics
        .iter()
        .map(|diagnostic| row(diagnostic, sources))
        .collect();
    serde_json::to_string_pretty(&rows).unwrap_or_default()
}

fn row<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Row<'a> {
    let related = diagnostic.related.iter();
    Row {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.message,
        place: diagnostic.span.and_then(|span| range(span, sources)),
        hints: &diagnostic.hints,
        related: related
            .map(|related| RelatedRow {
                message: &related.message,
                place: range(related.span, sources),
            })
            .collect(),
    }
}

fn range(span: Span, sources: &SourceMap) -> Option<Range<'_>> {
    let source = sources.get(span.file)?;
    let place = |offset: u32| {
        let at = source.position(offset as usize);
        Place {
            line: at.line,
            column: at.column,
        }
    };
    Some(Range {
        file: source.name(),
        start: place(span.start),
        end: place(span.end),
    })
}
