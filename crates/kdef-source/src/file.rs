//! The table of files that a run has read.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::{LineColumn, LineIndex, Span};

/// Names a file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// One text that was read: a file, or something given on the command line.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    lines: LineIndex,
    secret: bool,
}

impl Source {
    /// Returns the name as messages show it: a path, or something like `--set`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Returns the line and column of a byte offset.
    pub fn position(&self, offset: usize) -> LineColumn {
        self.lines.position(&self.text, offset)
    }
}

/// All the texts of a run, in the order in which they were added.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    files: Vec<Arc<Source>>,
    hidden: BTreeSet<Span>,
}

impl SourceMap {
    /// Adds a text under the name that messages will show, and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.add_source(name.into(), text.into(), false)
    }

    /// Adds a text that may be secret: messages name places in it and show none of it.
    pub fn add_secret(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.add_source(name.into(), text.into(), true)
    }

    fn add_source(&mut self, name: String, text: Arc<str>, secret: bool) -> FileId {
        let lines = LineIndex::new(&text);
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Arc::new(Source {
            name,
            text,
            lines,
            secret,
        }));
        id
    }

    /// Adds all texts of another map. What it returns moves spans of that map to this one.
    pub fn append(&mut self, other: &Self) -> impl Fn(Span) -> Span + use<> {
        let offset = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let moved = move |span: Span| Span {
            file: FileId(span.file.0.saturating_add(offset)),
            ..span
        };
        self.files.extend(other.files.iter().map(Arc::clone));
        self.hidden.extend(other.hidden.iter().copied().map(moved));
        moved
    }

    /// Says that the text of a place is secret: messages name it and do not show the lines that it lies on.
    pub fn hide(&mut self, span: Span) {
        self.hidden.insert(span);
    }

    /// Tells whether the text of a place may be shown: that it lies in no secret text, and touches no hidden place.
    pub fn may_show(&self, span: Span) -> bool {
        let touches =
            |hidden: &Span| hidden.file == span.file && hidden.start < span.end && span.start < hidden.end;
        self.get(span.file).is_some_and(|source| !source.secret) && !self.hidden.iter().any(touches)
    }

    /// Returns a file, or `None` for an id of another map.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize).map(AsRef::as_ref)
    }

    /// Returns the text that a span covers, empty when the span does not fit its file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|source| source.text.get(span.range()))
            .unwrap_or_default()
    }

    /// Returns `name:line:column` of a span's start.
    pub fn locate(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(source) => {
                let at = source.position(span.start as usize);
                format!("{}:{}:{}", source.name, at.line, at.column)
            }
            None => "?".to_owned(),
        }
    }
}
