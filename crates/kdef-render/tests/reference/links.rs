//! The links of all pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::fences::{self, Segment};

/// Returns all Markdown files of a folder and the folders below it.
pub(crate) fn markdown(folder: &Path) -> Outcome<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(markdown(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.insert(path);
        }
    }
    Ok(found)
}

/// Checks that each link from a page to another leads to a file, and to a heading of it where it names one.
pub(crate) fn check(docs: &Path) -> Outcome<()> {
    let mut pages = markdown(docs)?;
    let top = docs.join("..");
    pages.extend(["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"].map(|name| top.join(name)));
    let mut broken = Vec::new();
    for page in &pages {
        for target in targets(&fs::read_to_string(page)?) {
            let (file, heading) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() {
                page.clone()
            } else {
                page.with_file_name(file)
            };
            if !path.exists() || !(heading.is_empty() || has_heading(&path, heading)?) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!("links that lead nowhere:\n{}", broken.join("\n")).into())
}

/// Returns what the links of a page point at, but for other sites.
fn targets(page: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for segment in fences::parse(page) {
        let Segment::Line(line) = segment else { continue };
        for rest in line.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                targets.push(target.to_owned());
            }
        }
    }
    targets
}

/// Tells whether a page has a heading of this anchor, as GitHub makes anchors of headings.
fn has_heading(path: &Path, anchor: &str) -> Outcome<bool> {
    let page = fences::parse(&fs::read_to_string(path)?);
    Ok(page.iter().any(|segment| match segment {
        Segment::Line(line) if line.starts_with('#') => {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().replace(' ', "-") == anchor
        }
        _ => false,
    }))
}
