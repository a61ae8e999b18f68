//! Pages that are partly generated.
//!
//! A generated part stands between [`begin`] and [`END`]. What stands outside is written by hand and kept.

use std::fs;
use std::path::Path;

use crate::fences::{self, Segment};
use crate::{COMMAND, Outcome, examples};

/// What ends a generated part.
const END: &str = "<!-- end of the generated part -->\n";

/// A page of the reference.
pub(crate) struct Page {
    /// Its path below `docs/reference`.
    pub(crate) path: String,
    /// Its generated parts: names, and what they should be.
    pub(crate) parts: Vec<(&'static str, String)>,
    /// A text that an example must show.
    pub(crate) must_show: Option<String>,
}

/// Returns what begins a generated part.
fn begin(part: &str) -> String {
    format!("<!-- generated, {part}: {COMMAND} -->\n")
}

/// Checks a page: its generated parts and its examples. When updating, writes both anew.
pub(crate) fn check(path: &Path, page: &Page, update: bool) -> Outcome<()> {
    let found = if path.exists() {
        fs::read_to_string(path)?
    } else {
        String::new()
    };
    let mut fresh = found.clone();
    for (part, content) in &page.parts {
        fresh = renew(&fresh, part, content)?;
    }
    if fresh != found && update {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        fs::write(path, &fresh)?;
    } else if fresh != found {
        return Err(format!("the page is missing or stale: {COMMAND}").into());
    }
    check_examples(path, update)?;
    match &page.must_show {
        Some(text) if !fs::read_to_string(path)?.contains(text) => {
            Err(format!("no example of the page shows `{text}`").into())
        }
        _ => Ok(()),
    }
}

/// Runs the examples of a page.
pub(crate) fn check_examples(path: &Path, update: bool) -> Outcome<()> {
    let found = fs::read_to_string(path)?;
    let fresh: String = examples::run(fences::parse(&found))?
        .iter()
        .map(Segment::to_string)
        .collect();
    if fresh == found {
        return Ok(());
    }
    if update {
        return Ok(fs::write(path, fresh)?);
    }
    let differing = fresh.lines().zip(found.lines()).position(|(new, old)| new != old);
    let line = differing.unwrap_or(found.lines().count());
    let shown: Vec<&str> = fresh.lines().skip(line).take(20).collect();
    Err(format!(
        "an example gives something else from line {} on ({COMMAND}):\n{}",
        line + 1,
        shown.join("\n")
    )
    .into())
}

/// Replaces a generated part; one that is not there is added at the end.
fn renew(text: &str, part: &str, content: &str) -> Outcome<String> {
    let begin = begin(part);
    let fresh = format!("{begin}{content}{END}");
    let Some((before, rest)) = text.split_once(&begin) else {
        let space = if text.is_empty() { "" } else { "\n" };
        return Ok(format!("{text}{space}{fresh}"));
    };
    let (_, after) = rest
        .split_once(END)
        .ok_or_else(|| format!("the generated part `{part}` has no end"))?;
    Ok(format!("{before}{fresh}{after}"))
}
