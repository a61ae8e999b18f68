//! GitHub's workflow commands, which show a diagnostic beside the line of a pull request.

use crate::{Diagnostic, SourceMap};

/// Renders one `::error file=...` or `::warning ...` line.
pub fn github(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut properties = Vec::new();
    if let Some((span, source)) = diagnostic
        .span
        .and_then(|span| Some((span, sources.get(span.file)?)))
    {
        let (start, end) = (
            source.position(span.start as usize),
            source.position(span.end as usize),
        );
        properties.push(format!("file={}", property(source.name())));
        properties.push(format!("line={}", start.line));
        properties.push(format!("endLine={}", end.line));
        if start.line == end.line {
            properties.push(format!("col={}", start.column));
            properties.push(format!("endColumn={}", end.column));
        }
    }
    properties.push(format!("title={}", diagnostic.code));
    let text: Vec<&str> = std::iter::once(&diagnostic.message)
        .chain(&diagnostic.hints)
        .map(String::as_str)
        .collect();
    format!(
        "::{} {}::{}",
        diagnostic.severity.as_str(),
        properties.join(","),
        data(&text.join("\n"))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
