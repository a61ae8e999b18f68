//! Markdown as far as fenced blocks matter.

use std::fmt;

/// A piece of a page.
#[derive(Debug)]
pub(crate) enum Segment {
    /// A line outside fences, with its line break.
    Line(String),
    /// A fenced block.
    Fence(Fence),
}

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Fence {
    /// The word after the backticks.
    pub(crate) language: String,
    /// The path after that word, for a file.
    pub(crate) path: Option<String>,
    /// The `name=value` pairs after that.
    pub(crate) options: Vec<(String, String)>,
    /// The whole info string as it is written.
    info: String,
    /// The lines inside.
    pub(crate) text: String,
}

impl Fence {
    /// Makes a block.
    pub(crate) fn new(info: &str, text: String) -> Self {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        let (options, paths): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('='));
        let pair = |word: &str| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            (name.to_owned(), value.to_owned())
        };
        Self {
            language,
            path: paths.first().map(|path| (*path).to_owned()),
            options: options.into_iter().map(pair).collect(),
            info: info.to_owned(),
            text,
        }
    }

    /// Returns the value of an option.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let pair = self.options.iter().find(|(known, _)| known == name);
        pair.map(|(_, value)| value.as_str())
    }
}

/// Writes what was read.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => f.write_str(line),
            Self::Fence(fence) => write!(f, "```{}\n{}```\n", fence.info, fence.text),
        }
    }
}

/// Splits a page. Fences are of three backticks at the beginning of a line; one that is not closed ends with the page.
pub(crate) fn parse(page: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            segments.push(Segment::Line(line.to_owned()));
            continue;
        };
        let inside = lines.by_ref().take_while(|line| line.trim_end() != "```");
        segments.push(Segment::Fence(Fence::new(info.trim_end(), inside.collect())));
    }
    segments
}
