//! Which line of `.kdef` an object, or a field of it, came from.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_lang::{Block, TextMap, Use};
use kdef_source::{Diagnostic, Span};

/// The places that an object was written at: its block, and what is known of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    block: Span,
    definition: Option<Arc<Definition>>,
    uses: Option<Arc<Use>>,
    /// What is known of fields, by path.
    fields: BTreeMap<String, Field>,
}

/// The top-level block that an object comes from, possibly together with others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Definition {
    /// The kind of the block, such as `deployment`.
    pub(crate) kind: &'static str,
    /// The namespace of what it renders.
    pub(crate) namespace: Option<String>,
    /// The name of what it renders.
    pub(crate) name: String,
}

impl Definition {
    /// Names a top-level block.
    pub(crate) fn of(block: &Block) -> Self {
        Self {
            kind: block.kind(),
            namespace: block.namespace().map(str::to_owned),
            name: block.name().to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field {
    span: Span,
    from_raw: bool,
}

impl Provenance {
    /// Starts the provenance of an object that a block renders.
    pub fn new(block: Span) -> Self {
        Self {
            block,
            definition: None,
            uses: None,
            fields: BTreeMap::new(),
        }
    }

    /// Starts the provenance of the one object that a top-level block renders.
    pub(crate) fn of_block(block: &Block) -> Self {
        Self::new(block.span()).of(&Arc::new(Definition::of(block)))
    }

    /// Says which top-level block the object comes from.
    #[must_use]
    pub(crate) fn of(mut self, definition: &Arc<Definition>) -> Self {
        self.definition = Some(Arc::clone(definition));
        self
    }

    /// Says which `use` makes the object.
    pub(crate) fn set_used_by(&mut self, site: &Arc<Use>) {
        self.uses = Some(Arc::clone(site));
    }

    /// Returns the `use` that makes the object, where its block stands in a component.
    pub fn used_by(&self) -> Option<&Use> {
        self.uses.as_deref()
    }

    /// Names the `use` that makes the object in a problem of it.
    pub(crate) fn explain(&self, mut problem: Diagnostic) -> Diagnostic {
        if let Some(site) = self.used_by() {
            site.explain(&mut problem);
        }
        problem
    }

    /// Returns the top-level block that the object comes from.
    pub(crate) fn definition(&self) -> Option<&Definition> {
        self.definition.as_deref()
    }

    /// Records where a field was written. Paths are Kubernetes' own: `spec.template.spec.containers[0].image`.
    pub fn record(&mut self, path: impl Into<String>, span: Span) {
        let from_raw = false;
        self.fields.insert(path.into(), Field { span, from_raw });
    }

    /// Records where a field was written in Kubernetes' own terms.
    pub(crate) fn record_raw(&mut self, path: String, span: Span) {
        let from_raw = true;
        self.fields.insert(path, Field { span, from_raw });
    }

    /// Drops what is known of a field and its inside.
    pub(crate) fn forget(&mut self, path: &str) {
        for known in self.inside(path) {
            self.fields.remove(&known);
        }
    }

    /// Drops what is known of an item of a list, and moves the items after it up.
    pub(crate) fn remove_item(&mut self, list: &str, index: usize) {
        self.forget(&format!("{list}[{index}]"));
        let mut after = Vec::new();
        for path in self.inside(list) {
            let Some((at, rest)) = item_of(list, &path).filter(|(at, _)| *at > index) else {
                continue;
            };
            let moved = format!("{list}[{}]{rest}", at - 1);
            after.extend(self.fields.remove(&path).map(|field| (moved, field)));
        }
        self.fields.extend(after);
    }

    /// Returns the known paths of a field and of what is inside it.
    fn inside(&self, path: &str) -> Vec<String> {
        let from_here = self.fields.range(path.to_owned()..).map(|(known, _)| known);
        let same_start = from_here.take_while(|known| known.starts_with(path));
        same_start.filter(|known| covers(path, known)).cloned().collect()
    }

    /// Returns the place of the block.
    pub fn block(&self) -> Span {
        self.block
    }

    /// Returns the place of the field, or of the nearest field around it, or of the block. The path may begin with a dot.
    pub fn lookup(&self, path: &str) -> Span {
        self.nearest(path).map_or(self.block, |field| field.span)
    }

    /// Tells whether the field, or the nearest field around it that is known, was written in Kubernetes' own terms.
    pub(crate) fn is_from_raw(&self, path: &str) -> bool {
        self.nearest(path).is_some_and(|field| field.from_raw)
    }

    fn nearest(&self, path: &str) -> Option<&Field> {
        let mut around = path.trim_start_matches('.');
        loop {
            if let Some(field) = self.fields.get(around) {
                return Some(field);
            }
            around = &around[..around.rfind(['.', '['])?];
        }
    }
}

/// Records the places of the fields inside one field, while the object is being made.
pub(crate) struct Recorder<'a> {
    provenance: &'a mut Provenance,
    path: String,
}

impl<'a> Recorder<'a> {
    /// Starts at the root of the object.
    pub(crate) fn new(provenance: &'a mut Provenance) -> Self {
        let path = String::new();
        Self { provenance, path }
    }

    /// Goes into a field.
    pub(crate) fn inside(&mut self, field: &str) -> Recorder<'_> {
        Recorder {
            path: self.path_of(field),
            provenance: &mut *self.provenance,
        }
    }

    /// Records an item of a list and goes into it.
    pub(crate) fn item(&mut self, list: &str, index: usize, span: Span) -> Recorder<'_> {
        let path = format!("{}[{index}]", self.path_of(list));
        self.provenance.record(path.clone(), span);
        Recorder {
            path,
            provenance: &mut *self.provenance,
        }
    }

    /// Records a field.
    pub(crate) fn record(&mut self, field: &str, span: Span) {
        self.provenance.record(self.path_of(field), span);
    }

    /// Records fields that attributes of a block say, as pairs of field and attribute. What is not set is passed over.
    pub(crate) fn attributes(&mut self, block: &Block, pairs: &[(&str, &str)]) {
        for (field, attribute) in pairs {
            if block.is_set(attribute) {
                self.record(field, block.span_of(attribute));
            }
        }
    }

    /// Records the entries of a map attribute under a field.
    pub(crate) fn entries(&mut self, field: &str, map: Option<&TextMap>) {
        for (key, value) in map.into_iter().flatten() {
            self.record(&format!("{field}.{key}"), value.span);
        }
    }

    fn path_of(&self, field: &str) -> String {
        match self.path.as_str() {
            "" => field.to_owned(),
            path => format!("{path}.{field}"),
        }
    }
}

/// Tells whether `path` is `field` or lies inside it.
fn covers(field: &str, path: &str) -> bool {
    path.strip_prefix(field)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Splits the path of something inside a list into the item's index and what follows it.
fn item_of<'a>(list: &str, path: &'a str) -> Option<(usize, &'a str)> {
    let (index, rest) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kdef_source::SourceMap;

    #[test]
    fn the_nearest_recorded_field_answers() {
        let file = SourceMap::default().add("a.kdef", "");
        let span = |at| Span::new(file, at, at + 1);
        let mut provenance = Provenance::new(span(0));
        provenance.record("spec.template.spec.containers[0]", span(1));
        provenance.record("spec.template.spec.containers[0].image", span(2));
        provenance.record("spec.replicas", span(3));
        for (path, expected) in [
            ("spec.template.spec.containers[0].image", 2),
            ("spec.template.spec.containers[0].imagePullPolicy", 1),
            ("spec.template.spec.containers[0].env[3].name", 1),
            ("spec.template.spec.containers[01].image", 0),
            ("spec.replicas", 3),
            (".spec.replicas", 3),
            ("metadata.name", 0),
            ("", 0),
        ] {
            assert_eq!(provenance.lookup(path), span(expected), "{path}");
        }
    }

    #[test]
    fn items_move_up_when_one_is_removed() {
        let file = SourceMap::default().add("a.kdef", "");
        let span = |at| Span::new(file, at, at + 1);
        let mut provenance = Provenance::new(span(0));
        for index in 0..3 {
            provenance.record(format!("l[{index}]"), span(10 + index));
            provenance.record(format!("l[{index}].a"), span(20 + index));
        }
        provenance.remove_item("l", 1);
        assert_eq!(provenance.lookup("l[0].a"), span(20));
        assert_eq!(provenance.lookup("l[1].a"), span(22));
        assert_eq!(provenance.lookup("l[1]"), span(12));
        assert_eq!(provenance.lookup("l[2]"), span(0));
        provenance.forget("l[1]");
        provenance.record_raw("l[1]".to_owned(), span(5));
        assert_eq!(provenance.lookup("l[1].a"), span(5));
        assert!(provenance.is_from_raw("l[1].a") && !provenance.is_from_raw("l[0].a"));
    }
}
