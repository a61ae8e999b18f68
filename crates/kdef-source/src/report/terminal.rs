//! Excerpts with carets, in the look of rustc.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::{Diagnostic, Severity, Source, SourceMap, Span};

/// How many bytes may lie between places that share an excerpt.
const NEAR: u32 = 16 << 10;
/// The longest excerpt, in bytes. A longer line is not shown, only named.
const LONGEST: usize = 64 << 10;

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
    for excerpt in excerpts(diagnostic, sources) {
        group = group.element(excerpt);
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

/// A place, the phrase that stands under it, and how it is marked.
type Place<'a> = (Span, &'a str, AnnotationKind);

/// Shows each place: the primary one first, then the others in the order in which they are named. Places that lie near
/// each other share an excerpt.
fn excerpts<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Vec<Element<'a>> {
    let primary = diagnostic
        .span
        .map(|span| (span, diagnostic.label.as_str(), AnnotationKind::Primary));
    let related = diagnostic.related.iter();
    let related = related.map(|related| (related.span, related.message.as_str(), AnnotationKind::Context));
    let mut groups: Vec<Vec<Place<'a>>> = Vec::new();
    for place in primary.into_iter().chain(related) {
        match groups.iter_mut().find(|group| fits(group, place.0, sources)) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    let shown = groups.iter().filter_map(|group| {
        let source = sources.get(group[0].0.file)?;
        Some(shown(group, source, sources))
    });
    shown.collect()
}

/// Tells whether a place may share the excerpt of others: it lies near them, with nothing secret in between.
fn fits(group: &[Place<'_>], place: Span, sources: &SourceMap) -> bool {
    let all = |group: &[Place<'_>]| group.iter().fold(place, |all, (span, ..)| all.to(*span));
    is_near(group[0].0, place) && (sources.may_show(all(group)) || !sources.may_show(place))
}

/// Tells whether two places may share an excerpt, which costs as much as there is between them.
fn is_near(left: Span, right: Span) -> bool {
    left.file == right.file && left.start.abs_diff(right.start) <= NEAR
}

fn shown<'a>(places: &[Place<'a>], source: &'a Source, sources: &SourceMap) -> Element<'a> {
    let excerpt = excerpt(places.iter().map(|(span, ..)| visible(*span, source)), source);
    let span = Span::new(places[0].0.file, excerpt.start, excerpt.end);
    if !sources.may_show(span) || excerpt.len() > LONGEST {
        let at = source.position(places[0].0.start as usize);
        return Origin::path(source.name())
            .line(at.line)
            .char_column(at.column)
            .into();
    }
    let mut snippet = Snippet::source(&source.text()[excerpt.clone()])
        .line_start(source.position(excerpt.start).line)
        .path(source.name());
    for (span, label, kind) in places {
        let label = (!label.is_empty()).then_some(*label);
        let range = visible(*span, source);
        let range = range.start - excerpt.start..range.end - excerpt.start;
        snippet = snippet.annotation(kind.span(range).label(label));
    }
    snippet.into()
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

    #[test]
    fn places_far_apart_have_excerpts_of_their_own() {
        let mut sources = SourceMap::default();
        let text = "first\n".to_owned() + &"# more\n".repeat(5_000) + "second\n";
        let file = sources.add("app.kdef", text.as_str());
        let at = text.len() - 7;
        let diagnostic = Diagnostic::error(Code::DuplicateObject, Span::new(file, at, at + 6), "twice")
            .with_related(Span::new(file, 0, 5), "the first one");
        let expected = "\
error[K0601]: twice
   --> app.kdef:5002:1
    |
5002 | second
    | ^^^^^^
    |
   ::: app.kdef:1:1
    |
  1 | first
    | ----- the first one";
        let shown = terminal(&diagnostic, &sources, Style::Plain);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&shown), words(expected), "{shown}");
    }

    #[test]
    fn what_is_secret_or_endless_is_named_and_not_shown() {
        let mut sources = SourceMap::default();
        let secret = sources.add_secret("values.json", "{\"password\": \"hunter2\"}");
        let endless = sources.add("app.kdef", "x".repeat(LONGEST + 1));
        let partly = sources.add("vars.kdef", "a = \"hunter2\"\nb = 1\n");
        sources.hide(Span::new(partly, 4, 13));
        for (span, expected) in [
            (
                Span::new(secret, 1, 11),
                "error[K0404]: wrong\n--> values.json:1:2",
            ),
            (
                Span::new(endless, 60, 61),
                "error[K0404]: wrong\n--> app.kdef:1:61",
            ),
            (Span::new(partly, 0, 1), "error[K0404]: wrong\n--> vars.kdef:1:1"),
            (
                Span::new(partly, 14, 15),
                "error[K0404]: wrong\n --> vars.kdef:2:1\n  |\n2 | b = 1\n  | ^",
            ),
        ] {
            let diagnostic = Diagnostic::error(Code::VariableType, span, "wrong");
            assert_eq!(terminal(&diagnostic, &sources, Style::Plain), expected);
        }
        let between = sources.add("more.kdef", "a = 1\nb = \"hunter2\"\nc = 2\n");
        sources.hide(Span::new(between, 10, 19));
        let diagnostic = Diagnostic::error(Code::VariableType, Span::new(between, 20, 21), "wrong")
            .with_related(Span::new(between, 0, 1), "see here");
        assert_eq!(
            terminal(&diagnostic, &sources, Style::Plain),
            "error[K0404]: wrong\n --> more.kdef:3:1\n  |\n3 | c = 2\n  | ^\n  |\n ::: more.kdef:1:1\n  |\n1 | a = 1\n  | - see here"
        );
    }
}
