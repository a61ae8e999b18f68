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
    /// Whether it must show an example.
    pub(crate) needs_example: bool,
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
    if page.needs_example && !has_example(path)? {
        return Err(
            "the page has no example: write a `kdef` block, or a line such as\n\
                    The example of [`parent`](parent.md#example) shows it in use."
                .into(),
        );
    }
    match &page.must_show {
        Some(text) if !fs::read_to_string(path)?.contains(text) => {
            Err(format!("no example of the page shows `{text}`").into())
        }
        _ => Ok(()),
    }
}

/// Tells whether a page has an example, or points to one of another page.
fn has_example(path: &Path) -> Outcome<bool> {
    let has_own = |text: &str| text.contains("\n```kdef");
    let text = fs::read_to_string(path)?;
    let pointer = text.lines().find(|line| line.ends_with(" shows it in use."));
    let target = pointer.and_then(|line| line.split_once("](")?.1.split([')', '#']).next());
    Ok(has_own(&text)
        || match target {
            Some(target) => has_own(&fs::read_to_string(path.with_file_name(target))?),
            None => false,
        })
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
