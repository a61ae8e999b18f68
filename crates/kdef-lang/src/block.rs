//! Checked blocks: what the language hands on.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::{Diagnostic, Related, Span, Spanned};

use crate::Value;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, Repeat};

/// A map of texts, each value with its place.
pub type TextMap = BTreeMap<Arc<str>, Spanned<Arc<str>>>;

/// A block whose labels and attributes were evaluated and converted to what the schema asks for.
///
/// What was wrong has been reported and is left out. The accessors know attributes by their names; in debug builds they
/// panic on a name that the schema does not have, or has with another type, so that a test that renders finds a misspelt
/// one.
#[derive(Debug, Clone)]
pub struct Block {
    schema: &'static BlockSchema,
    span: Span,
    labels: Vec<Spanned<Arc<str>>>,
    attributes: Vec<Attribute>,
    entries: BTreeMap<Arc<str>, Entry>,
    blocks: Vec<Block>,
    lost: Vec<&'static str>,
    uses: Option<Arc<Use>>,
}

/// The `use` that makes a block of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The place of its header.
    pub span: Span,
    /// The `use` that makes the component that it stands in.
    pub outer: Option<Arc<Self>>,
}

impl Use {
    /// Names the `use` blocks, the innermost first, in a problem of what they make.
    pub fn explain(&self, problem: &mut Diagnostic) {
        let mut site = Some(self);
        while let Some(Self { span, outer }) = site {
            problem.related.push(Related {
                span: *span,
                message: "used here".to_owned(),
            });
            site = outer.as_deref();
        }
    }
}

/// An attribute that is set.
#[derive(Debug, Clone)]
struct Attribute {
    schema: &'static AttributeSchema,
    content: Content,
    span: Span,
}

/// What an attribute holds, by [`AttributeType`].
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// `Text` and `Words`.
    Text(Arc<str>),
    /// `Bool`.
    Bool(bool),
    /// `Integer`.
    Integer(i64),
    /// `TextList`.
    List(Vec<Spanned<Arc<str>>>),
    /// `TextMap` and `Annotations`.
    Map(TextMap),
    /// `Any`.
    Any(Value),
}

/// An entry of a free-form block, such as one environment variable.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where the name is written.
    pub name_span: Span,
    /// The value: a text, or where the schema allows it a reference, or any value.
    pub value: Spanned<Value>,
    /// Where the parts of the value are written, as far as they are written out; known for [`FreeForm::Json`](crate::schema::FreeForm::Json) only.
    pub places: Places,
}

/// Where the parts of a value are written: the elements of a map by their keys, those of a list by their indexes.
#[derive(Debug, Clone, Default)]
pub struct Places(pub BTreeMap<Arc<str>, Place>);

/// Where a part of a value is written, and the parts of it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The key of an element of a map; an element of a list.
    pub span: Span,
    /// What is inside.
    pub inside: Places,
}

impl Block {
    /// Starts a block without content. `span` is that of its header.
    pub(crate) fn new(schema: &'static BlockSchema, span: Span) -> Self {
        Self {
            schema,
            span,
            labels: Vec::new(),
            attributes: Vec::new(),
            entries: BTreeMap::new(),
            blocks: Vec::new(),
            lost: Vec::new(),
            uses: None,
        }
    }

    /// Returns the row of the schema table that the block follows.
    pub fn schema(&self) -> &'static BlockSchema {
        self.schema
    }

    /// Returns the word that the block begins with.
    pub fn kind(&self) -> &'static str {
        self.schema.kind
    }

    /// Returns the place of the header: the kind and the labels.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns a label by its index; empty when there is none.
    pub fn label(&self, index: usize) -> &str {
        debug_assert!(
            index < self.schema.labels.len(),
            "{} has no label {index}",
            self.kind()
        );
        self.labels.get(index).map_or("", |label| &*label.value)
    }

    /// Returns the place of a label; the header when there is none.
    pub fn label_span(&self, index: usize) -> Span {
        self.labels.get(index).map_or(self.span, |label| label.span)
    }

    /// Returns the number that a label holds, as in `port "8080" "http"`.
    pub fn label_integer(&self, index: usize) -> Option<i64> {
        self.label(index).parse().ok()
    }

    /// Returns the `use` that makes the block, where it is a top-level one of a component.
    pub fn used_by(&self) -> Option<&Arc<Use>> {
        self.uses.as_ref()
    }

    /// Returns the name of the object: the attribute `name`, else the last label.
    pub fn name(&self) -> &str {
        match self.attribute("name").map(|attribute| &attribute.content) {
            Some(Content::Text(name)) => name,
            _ => self.labels.last().map_or("", |label| &*label.value),
        }
    }

    /// Returns the place of what [`Block::name`] returns.
    pub fn name_span(&self) -> Span {
        match (self.attribute("name"), self.labels.last()) {
            (Some(attribute), _) => attribute.span,
            (None, Some(label)) => label.span,
            (None, None) => self.span,
        }
    }

    /// Returns the namespace of the object; `None` where it has none, or none is known.
    pub fn namespace(&self) -> Option<&str> {
        self.is_namespaced().then(|| self.text("namespace")).flatten()
    }

    /// Tells whether the object has a namespace.
    pub fn is_namespaced(&self) -> bool {
        self.schema.is_namespaced() && self.schema.cluster_scoped.is_none_or(|tells| !tells(self))
    }

    /// Tells whether the name could be found out.
    pub(crate) fn has_name(&self) -> bool {
        self.attribute("name").is_some() || (!self.is_lost("name") && !self.labels.is_empty())
    }

    /// Returns an attribute of type `Text` or `Words`; `None` when it is not set. It is never empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.content(name, |ty| {
            matches!(ty, AttributeType::Text(_) | AttributeType::Words(_))
        })? {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns an attribute of type `Integer`; `None` when it is not set.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.content(name, |ty| matches!(ty, AttributeType::Integer { .. }))? {
            Content::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns an attribute of type `Bool`; `None` when it is not set.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.content(name, |ty| matches!(ty, AttributeType::Bool))? {
            Content::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Returns an attribute of type `TextList`; `None` when it is not set.
    pub fn list(&self, name: &str) -> Option<&[Spanned<Arc<str>>]> {
        match self.content(name, |ty| matches!(ty, AttributeType::TextList(_)))? {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns an attribute of type `TextMap` or `Annotations`, the latter flattened; `None` when it is not set.
    pub fn map(&self, name: &str) -> Option<&TextMap> {
        match self.content(name, |ty| {
            matches!(ty, AttributeType::TextMap(_) | AttributeType::Annotations)
        })? {
            Content::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns an attribute of type `Any`; `None` when it is not set.
    pub fn value(&self, name: &str) -> Option<&Value> {
        match self.content(name, |ty| matches!(ty, AttributeType::Any))? {
            Content::Any(value) => Some(value),
            _ => None,
        }
    }

    /// Tells whether an attribute is set.
    pub fn is_set(&self, name: &str) -> bool {
        self.content(name, |_| true).is_some()
    }

    /// Returns the place of an attribute's value; the header when it is not set.
    pub fn span_of(&self, name: &str) -> Span {
        self.attribute(name).map_or(self.span, |attribute| attribute.span)
    }

    /// Returns the block of a kind that may stand once.
    pub fn child(&self, kind: &str) -> Option<&Self> {
        debug_assert!(
            self.schema
                .child(kind)
                .is_some_and(|child| matches!(child.repeat, Repeat::Single | Repeat::Merged)),
            "{} has no single block {kind}",
            self.kind()
        );
        self.blocks.iter().find(|block| block.kind() == kind)
    }

    /// Returns the blocks of a kind in source order.
    pub fn children<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Self> + use<'a> {
        debug_assert!(
            self.schema.child(kind).is_some(),
            "{} has no block {kind}",
            self.kind()
        );
        self.blocks.iter().filter(move |block| block.kind() == kind)
    }

    /// Returns all blocks inside this one in source order.
    pub fn blocks(&self) -> &[Self] {
        &self.blocks
    }

    /// Returns the entries of a free-form block, sorted by name in byte order.
    pub fn entries(&self) -> &BTreeMap<Arc<str>, Entry> {
        debug_assert!(
            self.schema.free_form.is_some(),
            "{} is not free-form",
            self.kind()
        );
        &self.entries
    }

    /// Tells whether an attribute, label or block was written that could not be used, so that nothing can be said about
    /// it being there or not.
    pub(crate) fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(&name)
    }

    /// Tells whether everything that is written in the block, and in the blocks in it, could be used.
    pub fn is_sound(&self) -> bool {
        self.lost.is_empty() && self.blocks.iter().all(Self::is_sound)
    }

    /// Returns what [`Block::is_lost`] tells of.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &'static str> {
        self.lost.iter().copied()
    }

    /// Returns the labels in order.
    pub(crate) fn labels(&self) -> &[Spanned<Arc<str>>] {
        &self.labels
    }

    /// Returns the attributes that are set, in the order in which they were, with the place of each value.
    pub(crate) fn set_attributes(&self) -> impl Iterator<Item = (&'static AttributeSchema, &Content, Span)> {
        self.attributes
            .iter()
            .map(|attribute| (attribute.schema, &attribute.content, attribute.span))
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.schema.name == name)
    }

    fn content(&self, name: &str, fits: fn(&AttributeType) -> bool) -> Option<&Content> {
        debug_assert!(
            self.schema
                .attribute(name)
                .is_some_and(|attribute| fits(&attribute.ty)),
            "{} has no attribute {name} of this type",
            self.kind()
        );
        self.attribute(name).map(|attribute| &attribute.content)
    }
}

/// How blocks are made and changed inside this crate.
impl Block {
    /// Says which `use` makes the block.
    pub(crate) fn set_used_by(&mut self, uses: Option<Arc<Use>>) {
        self.uses = uses;
    }

    /// Adds the next label.
    pub(crate) fn push_label(&mut self, label: Spanned<Arc<str>>) {
        self.labels.push(label);
    }

    /// Sets an attribute, in place of what it was.
    pub(crate) fn set(&mut self, schema: &'static AttributeSchema, content: Content, span: Span) {
        let attribute = Attribute {
            schema,
            content,
            span,
        };
        match self
            .attributes
            .iter_mut()
            .find(|known| known.schema.name == schema.name)
        {
            Some(known) => *known = attribute,
            None => self.attributes.push(attribute),
        }
    }

    /// Sets an attribute to a text, unless it is set or could not be read; nothing happens where the schema lacks it.
    pub(crate) fn set_default_text(&mut self, name: &str, text: &Spanned<Arc<str>>) {
        if let Some(schema) = self.schema.attribute(name)
            && self.attribute(name).is_none()
            && !self.is_lost(name)
        {
            self.set(schema, Content::Text(Arc::clone(&text.value)), text.span);
        }
    }

    /// Takes what a map attribute holds, to change it; empty when it is not set.
    pub(crate) fn take_map(&mut self, name: &str) -> TextMap {
        let at = self
            .attributes
            .iter()
            .position(|attribute| attribute.schema.name == name);
        match at.map(|at| self.attributes.remove(at).content) {
            Some(Content::Map(map)) => map,
            _ => TextMap::new(),
        }
    }

    /// Sets an entry, in place of what it was.
    pub(crate) fn set_entry(&mut self, name: Arc<str>, entry: Entry) {
        self.entries.insert(name, entry);
    }

    /// Moves the entries out.
    pub(crate) fn take_entries(&mut self) -> BTreeMap<Arc<str>, Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Adds a block at the end.
    pub(crate) fn push_block(&mut self, block: Self) {
        self.blocks.push(block);
    }

    /// Returns the blocks inside, to change them.
    pub(crate) fn blocks_mut(&mut self) -> &mut Vec<Self> {
        &mut self.blocks
    }

    /// Notes that an attribute, label or block was written that could not be used.
    pub(crate) fn lose(&mut self, name: &'static str) {
        if !self.is_lost(name) {
            self.lost.push(name);
        }
    }
}
