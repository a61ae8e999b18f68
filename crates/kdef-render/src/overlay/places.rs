//! Where the text of `raw` stands in the `.kdef` file.

use std::ops::Range;

use kdef_source::{SourceMap, Span};

/// Maps places of an attribute's text to places of the file that it is written in.
///
/// A heredoc's text differs from what stands in the file: indentation may be stripped and templates filled in. Lines
/// that are the same up to their indentation are mapped exactly, other lines as a whole. Where the text comes from
/// somewhere else, as with `file()`, every place is that of the attribute.
pub(super) struct Places<'a> {
    text: &'a str,
    /// The offsets at which the lines of the text begin.
    starts: Vec<usize>,
    attribute: Span,
    /// The source lines of the lines of the text; empty where they are not known.
    lines: Vec<SourceLine<'a>>,
}

/// A line of the source that holds a line of the text.
#[derive(Clone, Copy)]
struct SourceLine<'a> {
    /// The offset of the line in the file.
    start: usize,
    content: &'a str,
}

impl SourceLine<'_> {
    /// Returns how many bytes of indentation stand before a line of the text; `None` when the source has another text.
    fn indent_before(self, line: &str) -> Option<usize> {
        let indent = self.content.strip_suffix(line)?;
        indent.trim().is_empty().then_some(indent.len())
    }

    fn has_template(self) -> bool {
        self.content.contains("${") || self.content.contains("%{")
    }
}

impl<'a> Places<'a> {
    /// Relates a text to the expression that it came from.
    pub(super) fn new(text: &'a str, attribute: Span, sources: &'a SourceMap) -> Self {
        let source = sources.text(attribute);
        let start = attribute.start as usize;
        let lines = match source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) if quoted == text => vec![SourceLine {
                start: start + 1,
                content: quoted,
            }],
            _ if source.starts_with("<<") => heredoc(source, start),
            _ => Vec::new(),
        };
        let lines = if are_aligned(text, &lines) {
            lines
        } else {
            Vec::new()
        };
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self {
            text,
            starts,
            attribute,
            lines,
        }
    }

    /// Returns the place of some bytes of the text.
    pub(super) fn place(&self, range: &Range<usize>) -> Span {
        let number = self.line_of(range.start);
        let Some(source) = self.lines.get(number) else {
            return self.attribute;
        };
        let line_start = self.starts[number];
        let line = self.text[line_start..].split('\n').next().unwrap_or_default();
        let (start, end) = if let Some(indent) = source.indent_before(line) {
            let within = |offset: usize| indent + offset.saturating_sub(line_start).min(line.len());
            (within(range.start), within(range.end))
        } else {
            let indent = source.content.len() - source.content.trim_start().len();
            (indent, source.content.trim_end().len())
        };
        Span::new(self.attribute.file, source.start + start, source.start + end)
    }

    /// Says which line of the text some bytes stand on, for a message whose place cannot show it.
    pub(super) fn line_note(&self, range: &Range<usize>) -> Option<String> {
        let number = self.line_of(range.start);
        let known = self.lines.get(number).is_some();
        (!known && self.starts.len() > 1).then(|| format!("line {} of the YAML", number + 1))
    }

    /// Returns the index of the line that a byte stands on.
    fn line_of(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }
}

/// Tells whether each line of the text comes from the source line of its number. Templates may have added or taken away
/// lines; then no line can be trusted by its number.
fn are_aligned(text: &str, lines: &[SourceLine<'_>]) -> bool {
    let texts: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
    let fits = |(line, source): (&&str, &SourceLine<'_>)| {
        source.indent_before(line).is_some() || source.has_template()
    };
    texts.len() == lines.len() && texts.iter().zip(lines).all(fits)
}

/// Returns the lines between the opening marker and the closing one.
fn heredoc(source: &str, start: usize) -> Vec<SourceLine<'_>> {
    let Some((opening, body)) = source.split_once('\n') else {
        return Vec::new();
    };
    let marker = opening.trim_start_matches(['<', '-']).trim();
    let mut offset = start + opening.len() + 1;
    let mut lines = Vec::new();
    for line in body.split('\n') {
        if line.trim() == marker {
            break;
        }
        lines.push(SourceLine {
            start: offset,
            content: line.strip_suffix('\r').unwrap_or(line),
        });
        offset += line.len() + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the source text that the first occurrence of `part` in `text` is mapped to.
    fn mapped(source: &str, text: &str, part: &str) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add("a.kdef", format!("raw = {source}\n"));
        let attribute = Span::new(file, 6, 6 + source.len());
        let places = Places::new(text, attribute, &sources);
        let at = text.find(part).unwrap();
        let span = places.place(&(at..at + part.len()));
        sources.text(span).to_owned()
    }

    #[test]
    fn lines_of_a_heredoc_are_found() {
        let source = "<<-EOT\n    spec:\n      replicas: ${n}\n      paused: yes\n  EOT";
        let text = "spec:\n  replicas: 3\n  paused: yes\n";
        assert_eq!(mapped(source, text, "paused"), "paused");
        assert_eq!(mapped(source, text, "yes"), "yes");
        assert_eq!(mapped(source, text, "3"), "replicas: ${n}", "the line as a whole");
        let crlf = source.replace('\n', "\r\n");
        assert_eq!(mapped(&crlf, text, "yes"), "yes");
    }

    #[test]
    fn what_is_written_elsewhere_is_the_attribute() {
        assert_eq!(
            mapped("file(\"x.yaml\")", "a: 1\nb: 2\n", "b"),
            "file(\"x.yaml\")"
        );
        let looped = "<<EOT\n%{ for x in l }\n- ${x}\n%{ endfor }\nEOT";
        assert_eq!(mapped(looped, "- a\n- b\n", "b"), looped, "lines were added");
        assert_eq!(mapped("\"a: 1\"", "a: 1", "1"), "1");
        assert_eq!(mapped("\"a: \\\"1\\\"\"", "a: \"1\"", "1"), "\"a: \\\"1\\\"\"");
    }
}
