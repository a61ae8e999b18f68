//! `raw`: YAML in Kubernetes' own terms that is merged into a rendered object as a strategic merge patch.
//!
//! Maps merge key by key, `null` removes, lists with a merge key ([`keys`]) merge item by item, other lists and all else
//! are replaced. `$patch: replace` or `delete` in a map or an item says so explicitly. Everything that is merged gets the
//! provenance of its line in `raw`.

mod directives;
mod keys;
mod places;

use std::ops::Range;

use kdef_source::{Code, Diagnostic, SourceMap, Span};
use serde_json::{Map, Value};

use crate::Object;
use crate::yaml::read::{Content, Entry, Node, ReadError, read};

use directives::{Directive, directive, unsupported, without_directives};
use keys::{MergeKey, merge_key};
use places::Places;

/// The fields that say which object it is; `raw` may repeat them, but not change them.
const IDENTITY: [&str; 4] = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/// Merges the text of a `raw` attribute, which stands at `place`, into an object. With errors the object is not to be
/// used.
pub(crate) fn merge(object: &mut Object, text: &str, place: Span, sources: &SourceMap) -> Vec<Diagnostic> {
    let places = Places::new(text, place, sources);
    let mut merge = Merge {
        kind: object.kind.clone(),
        places: &places,
        object,
        diagnostics: Vec::new(),
    };
    match read(text) {
        Ok(node) => merge.root(&node),
        Err(error) => merge.unreadable(&error),
    }
    merge.diagnostics
}

/// Where in the object the merge is: the path of the field with indices of items, and without them.
#[derive(Clone, Default)]
struct At {
    path: String,
    plain: String,
}

impl At {
    fn field(&self, name: &str) -> Self {
        let join = |path: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        Self {
            path: join(&self.path),
            plain: join(&self.plain),
        }
    }

    fn item(&self, index: usize) -> Self {
        Self {
            path: format!("{}[{index}]", self.path),
            plain: self.plain.clone(),
        }
    }
}

/// The most items that a list may have to be merged by key.
const LIST_ITEMS: usize = 10_000;

struct Merge<'a> {
    kind: String,
    places: &'a Places<'a>,
    object: &'a mut Object,
    diagnostics: Vec<Diagnostic>,
}

impl Merge<'_> {
    fn root(&mut self, patch: &Node) {
        let Content::Map(entries) = &patch.content else {
            if !patch.is_null() {
                self.error(&patch.range, "`raw` must be a map, as in `spec: { ... }`");
            }
            return;
        };
        let wrong = unsupported(patch);
        if !wrong.is_empty() {
            for entry in wrong {
                self.refuse(entry);
            }
            return;
        }
        let mut value = self.object.value.take();
        if let Value::Object(target) = &mut value {
            self.map(target, entries, &At::default());
        }
        self.object.value = value;
        self.check_identity(patch);
    }

    fn map(&mut self, target: &mut Map<String, Value>, entries: &[Entry], at: &At) {
        if directive(entries) == Directive::Replace {
            target.clear();
            self.object.provenance.forget(&at.path);
        }
        for entry in entries.iter().filter(|entry| entry.key != "$patch") {
            if entry.key == "status" && at.path.is_empty() {
                self.warn(
                    &entry.key_range,
                    "`status` is the cluster's to write; it is left out",
                );
            } else {
                self.field(target, entry, &at.field(&entry.key));
            }
        }
    }

    fn field(&mut self, target: &mut Map<String, Value>, entry: &Entry, at: &At) {
        match &entry.node.content {
            Content::Scalar(Value::Null) => self.remove(target, &entry.key, at),
            Content::Map(entries) if directive(entries) == Directive::Delete => {
                self.remove(target, &entry.key, at);
            }
            Content::Map(entries) => {
                let known = target.entry(&entry.key).or_insert(Value::Null);
                if !known.is_object() {
                    *known = Value::Object(Map::new());
                    self.record(&entry.key_range, at);
                }
                if let Value::Object(known) = known {
                    self.map(known, entries, at);
                }
            }
            Content::List(items) => {
                if let Some(key) = merge_key(&self.kind, &at.plain) {
                    self.keyed_list(target, &entry.key, items, key, at);
                } else {
                    self.replace(target, entry, at);
                }
            }
            Content::Scalar(_) => self.replace(target, entry, at),
        }
    }

    fn replace(&mut self, target: &mut Map<String, Value>, entry: &Entry, at: &At) {
        let node = without_directives(&entry.node);
        target.insert(entry.key.clone(), Value::from(&node));
        self.object.provenance.forget(&at.path);
        self.record_all(&node, &entry.key_range, at);
    }

    fn remove(&mut self, target: &mut Map<String, Value>, key: &str, at: &At) {
        target.remove(key);
        self.object.provenance.forget(&at.path);
    }

    /// Merges a list that has a merge key; one that ends up empty is left out.
    fn keyed_list(
        &mut self,
        target: &mut Map<String, Value>,
        name: &str,
        items: &[Node],
        key: MergeKey,
        at: &At,
    ) {
        let mut list = match target.remove(name) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        self.items(&mut list, items, key, at);
        if !list.is_empty() {
            target.insert(name.to_owned(), Value::Array(list));
        }
    }

    /// Merges items by their key. Those that are new come last, in the order of the patch.
    fn items(&mut self, target: &mut Vec<Value>, items: &[Node], key: MergeKey, at: &At) {
        if let Some(item) = items.get(LIST_ITEMS) {
            self.error(
                &item.range,
                &format!("`{}` has more than {LIST_ITEMS} items to merge", at.plain),
            );
            return;
        }
        // An item without a key that says `$patch: replace` speaks of the whole list.
        let speaks_of_list =
            |item: &&Node| item.get(key.field).is_none() && directive(entries_of(item)) == Directive::Replace;
        if items.iter().any(|item| speaks_of_list(&item)) {
            target.clear();
            self.object.provenance.forget(&at.path);
        }
        for item in items.iter().filter(|item| !speaks_of_list(item)) {
            if item.get(key.field).is_some() {
                self.item(target, item, key, at);
            } else {
                let message = format!(
                    "this item of `{}` needs `{}` to say which one it is",
                    at.plain, key.field
                );
                self.error(&item.range, &message);
            }
        }
    }

    fn item(&mut self, target: &mut Vec<Value>, item: &Node, key: MergeKey, at: &At) {
        let value = Value::from(item);
        let found = target.iter().position(|known| key.matches(known, &value));
        let index = found.unwrap_or(target.len());
        match (directive(entries_of(item)), found) {
            (Directive::Delete, Some(index)) => {
                target.remove(index);
                self.object.provenance.remove_item(&at.path, index);
                return;
            }
            (Directive::Delete, None) => {
                self.warn(
                    &item.range,
                    &format!("there is no such item in `{}` to delete", at.plain),
                );
                return;
            }
            (_, Some(_)) => {}
            (_, None) => {
                target.push(Value::Object(Map::new()));
                self.record(&item.range, &at.item(index));
            }
        }
        if let Some(Value::Object(known)) = target.get_mut(index) {
            self.map(known, entries_of(item), &at.item(index));
        }
    }

    fn record(&mut self, range: &Range<usize>, at: &At) {
        let place = self.places.place(range);
        self.object.provenance.record_raw(at.path.clone(), place);
    }

    /// Records where a value and everything in it was written.
    fn record_all(&mut self, node: &Node, key_range: &Range<usize>, at: &At) {
        // From the key to the end of what stands beside it.
        let end = node.range.end.max(key_range.end);
        self.record(&(key_range.start..end), at);
        match &node.content {
            Content::Scalar(_) => {}
            Content::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.record_all(item, &item.range, &at.item(index));
                }
            }
            Content::Map(entries) => {
                for entry in entries {
                    self.record_all(&entry.node, &entry.key_range, &at.field(&entry.key));
                }
            }
        }
    }

    /// Refuses a patch that made another object of it.
    fn check_identity(&mut self, patch: &Node) {
        let before = [
            Some(self.object.api_version.clone()),
            Some(self.object.kind.clone()),
            Some(self.object.name.clone()),
            self.object.namespace.clone(),
        ];
        for (path, before) in IDENTITY.into_iter().zip(before) {
            let pointer = format!("/{}", path.replace('.', "/"));
            let after = self.object.value.pointer(&pointer).and_then(Value::as_str);
            if after == before.as_deref() {
                continue;
            }
            let range = range_of(patch, path);
            let message = format!("`raw` may not change `{path}` of this {}", self.kind);
            self.error_with_hint(
                &range,
                &message,
                "names and namespaces are set by the block itself",
            );
        }
    }

    fn refuse(&mut self, directive: &Entry) {
        if directive.key == "$patch" {
            self.error(
                &directive.node.range,
                "`$patch` must be `merge`, `replace` or `delete`",
            );
        } else {
            let message = format!("`{}` is not supported in `raw`", directive.key);
            let hint = "`null` removes a field, and `$patch: replace` replaces a whole map or list";
            self.error_with_hint(&directive.key_range, &message, hint);
        }
    }

    fn unreadable(&mut self, error: &ReadError) {
        let message = format!("`raw` is not valid YAML: {}", error.message);
        self.error(&(error.offset..error.offset), &message);
    }

    fn warn(&mut self, range: &Range<usize>, message: &str) {
        let place = self.places.place(range);
        self.diagnostics
            .push(Diagnostic::warning(Code::NoEffect, place, message));
    }

    fn error(&mut self, range: &Range<usize>, message: &str) {
        let note = self.places.line_note(range).map(|note| format!(" ({note})"));
        let message = format!("{message}{}", note.unwrap_or_default());
        let place = self.places.place(range);
        self.diagnostics
            .push(Diagnostic::error(Code::InvalidRaw, place, message));
    }

    fn error_with_hint(&mut self, range: &Range<usize>, message: &str, hint: &str) {
        self.error(range, message);
        if let Some(last) = self.diagnostics.pop() {
            self.diagnostics.push(last.with_hint(hint));
        }
    }
}

/// Returns the entries of a map; none for anything else.
fn entries_of(node: &Node) -> &[Entry] {
    match &node.content {
        Content::Map(entries) => entries,
        _ => &[],
    }
}

/// Returns where the text speaks of a field, or of the nearest field around it.
fn range_of(root: &Node, path: &str) -> Range<usize> {
    let mut node = root;
    let mut range = root.range.clone();
    for name in path.split('.') {
        let Some(entry) = node.get(name) else { break };
        range = entry.key_range.clone();
        node = &entry.node;
    }
    range
}

#[cfg(test)]
mod tests;
