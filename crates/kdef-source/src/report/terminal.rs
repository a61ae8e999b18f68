//! Excerpts with carets, in the look of rustc.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{Diagnostic, Severity, Source, SourceMap, Span};

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With ANSI colours.
    Colour,
}

/// Renders a diagnostic over several lines, with an excerpt of each file it speaks of. Ends without a line break.
pub fn terminal(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let code = diagnostic.code.to_string();
    let title = level.primary_title(&diagnostic.message).id(&code);
    let mut group = Group::with_title(title);
    for snippet in snippets(diagnostic, sources) {
        group = group.element(snippet);
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(hint));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    renderer.render(&[group])
}

/// One snippet a file: the primary place's file first, then the others in the order in which they are named.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a SourceMap,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let primary = diagnostic
        .span
        .map(|span| (span, diagnostic.label.as_str(), AnnotationKind::Primary));
    let related = diagnostic.related.iter();
    let related = related.map(|related| (related.span, related.message.as_str(), AnnotationKind::Context));
    let mut files = Vec::new();
    let places: Vec<_> = primary.into_iter().chain(related).collect();
    for (span, _, _) in &places {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    }
    let mut snippets = Vec::new();
    for file in files {
        let Some(source) = sources.get(file) else { continue };
        let places = places.iter().filter(|(span, ..)| span.file == file);
        let excerpt = excerpt(places.clone().map(|(span, ..)| visible(*span, source)), source);
        let first_line = source.position(excerpt.start).line;
        let mut snippet = Snippet::source(&source.text()[excerpt.clone()])
            .line_start(first_line)
            .path(source.name());
        for (span, label, kind) in places {
            let label = (!label.is_empty()).then_some(*label);
            let range = visible(*span, source);
            let range = range.start - excerpt.start..range.end - excerpt.start;
            snippet = snippet.annotation(kind.span(range).label(label));
        }
        snippets.push(snippet);
    }
    snippets
}

/// Returns the whole lines that hold all the ranges, so that showing a place in a long file does not cost its length.
fn excerpt(ranges: impl Iterator<Item = Range<usize>>, source: &Source) -> Range<usize> {
    let text = source.text();
    let (first, last) = ranges.fold((text.len(), 0), |(first, last), range| {
        (first.min(range.start), last.max(range.end))
    });
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let start = line_start(first);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
    if start == end {
        // The end of the text, after its last line break: that line break's line is shown.
        return line_start(start.saturating_sub(1))..end;
    }
    start..end
}

/// Cuts a span to its first line when it covers many, and to the text's characters.
fn visible(span: Span, source: &Source) -> Range<usize> {
    let text = source.text();
    let floor = |offset: u32| text.floor_char_boundary((offset as usize).min(text.len()));
    let (start, end) = (floor(span.start), floor(span.end));
    let first_line = text[start..end].find('\n').map_or(end, |at| start + at);
    start..first_line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn shows_the_excerpt_the_other_place_and_the_hint() {
        let mut sources = SourceMap::default();
        let file = sources.add("app.kdef", "image = \"a\"\nport  = 1\nimage = \"b\"\n");
        let diagnostic = Diagnostic::error(
            Code::DuplicateAttribute,
            Span::new(file, 22, 27),
            "`image` is set twice in this body",
        )
        .with_label("set again here")
        .with_related(Span::new(file, 0, 5), "first set here")
        .with_hint("keep one of them");
        let expected = "\
error[K0105]: `image` is set twice in this body
 --> app.kdef:3:1
  |
1 | image = \"a\"
  | ----- first set here
2 | port  = 1
3 | image = \"b\"
  | ^^^^^ set again here
  |
  = help: keep one of them";
        assert_eq!(terminal(&diagnostic, &sources, Style::Plain), expected);
    }

    #[test]
    fn places_far_down_and_at_the_end_keep_their_lines() {
        let mut sources = SourceMap::default();
        let text = "# é\r\n".repeat(99) + "x = y\n";
        let file = sources.add("app.kdef", text.as_str());
        let shown = |start: usize, end: usize| {
            let span = Span::new(file, start, end);
            let diagnostic = Diagnostic::error(Code::UnknownVariable, span, "wrong");
            terminal(&diagnostic, &sources, Style::Plain)
        };
        let end = text.len();
        let expected = "\
error[K0201]: wrong
   --> app.kdef:100:5
    |
100 | x = y
    |     ^";
        assert_eq!(shown(end - 2, end - 1), expected);
        for (start, end, place) in [
            (0, 1, "1:1"),
            (6, 10, "2:1"),
            (end, end, "100:7"),
            (end + 9, end + 9, "100:7"),
        ] {
            let shown = shown(start, end);
            assert!(
                shown.contains(&format!("--> app.kdef:{place}\n")),
                "{place}: {shown}"
            );
        }
    }
}
