//! `$patch` and its like, which say how to merge.

use super::entries_of;
use crate::yaml::read::{Content, Entry, Node};

/// What `$patch` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

/// Returns what the `$patch` of a map says; what it may say was checked before.
pub(super) fn directive(entries: &[Entry]) -> Directive {
    let entry = entries.iter().find(|entry| entry.key == "$patch");
    match entry.and_then(|entry| entry.node.as_str()) {
        Some("replace") => Directive::Replace,
        Some("delete") => Directive::Delete,
        _ => Directive::Merge,
    }
}

/// Returns the directives that are not supported, or say something unknown, wherever they stand.
pub(super) fn unsupported(node: &Node) -> Vec<&Entry> {
    match &node.content {
        Content::Scalar(_) => Vec::new(),
        Content::List(items) => items.iter().flat_map(unsupported).collect(),
        Content::Map(entries) => {
            let own = entries.iter().filter(|entry| is_unsupported(entry));
            let inside = entries.iter().flat_map(|entry| unsupported(&entry.node));
            own.chain(inside).collect()
        }
    }
}

fn is_unsupported(entry: &Entry) -> bool {
    let known = matches!(entry.node.as_str(), Some("merge" | "replace" | "delete"));
    match entry.key.as_str() {
        "$patch" => !known,
        "$retainKeys" => true,
        key => key.starts_with("$setElementOrder/") || key.starts_with("$deleteFromPrimitiveList/"),
    }
}

/// Returns what of a list or scalar is left when nothing is merged: no `$patch`, and no items that only it makes.
pub(super) fn without_directives(node: &Node) -> Node {
    let content = match &node.content {
        Content::Scalar(value) => Content::Scalar(value.clone()),
        Content::List(items) => {
            let kept = items.iter().filter(|item| !is_only_directive(entries_of(item)));
            Content::List(kept.map(without_directives).collect())
        }
        Content::Map(entries) => {
            let kept = entries.iter().filter(|entry| entry.key != "$patch");
            let entry = |entry: &Entry| Entry {
                key: entry.key.clone(),
                key_range: entry.key_range.clone(),
                node: without_directives(&entry.node),
            };
            Content::Map(kept.map(entry).collect())
        }
    };
    Node {
        content,
        range: node.range.clone(),
    }
}

/// Tells whether an item asks for its own deletion, or for the replacement of the list that it stands in.
fn is_only_directive(entries: &[Entry]) -> bool {
    directive(entries) == Directive::Delete || matches!(entries, [entry] if entry.key == "$patch")
}
