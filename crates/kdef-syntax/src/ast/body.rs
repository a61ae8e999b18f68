//! Attributes and blocks.

use std::borrow::Cow;
use std::fmt;

use kdef_source::Span;

use super::{Expr, Template};

/// A name, such as that of an attribute, a block or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// The name as it is written; empty where one is missing and an error says so.
    pub name: Box<str>,
    /// Where it stands.
    pub span: Span,
}

impl Ident {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The content of a file, or of a block between its braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Attributes and blocks in the order in which they are written.
    ///
    /// An attribute that is set twice is in here twice, and a diagnostic names both.
    pub items: Vec<Item>,
    /// The whole file, or everything between the braces.
    pub span: Span,
}

impl Body {
    /// Returns the attributes in source order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) => None,
        })
    }

    /// Returns the blocks in source order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(_) => None,
            Item::Block(block) => Some(block),
        })
    }
}

/// One item of a [`Body`].
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `name = value`
    Attribute(Attribute),
    /// `kind "label" { ... }`
    Block(Block),
}

impl Item {
    /// Returns the place of the whole item.
    pub fn span(&self) -> Span {
        match self {
            Self::Attribute(attribute) => attribute.span,
            Self::Block(block) => block.span,
        }
    }
}

/// `name = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name to the left of `=`.
    pub name: Ident,
    /// The value to the right of it.
    pub value: Expr,
    /// From the name to the end of the value.
    pub span: Span,
}

/// `kind "label" { ... }`
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The first word; any name, `if`, `else` and `for` included.
    pub kind: Ident,
    /// What stands between the kind and the opening brace.
    pub labels: Vec<Label>,
    /// What stands between the braces.
    pub body: Body,
    /// From the kind to the last label, or to the kind's end when there is none.
    pub header: Span,
    /// The opening brace; empty where it is missing and an error says so.
    pub open: Span,
    /// The closing brace; empty where it is missing and an error says so.
    pub close: Span,
    /// From the kind to the closing brace.
    pub span: Span,
}

/// One label of a [`Block`].
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// How it is written.
    pub kind: LabelKind,
    /// The whole label, quotes included.
    pub span: Span,
}

/// How a [`Label`] is written.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelKind {
    /// A word without quotes.
    Bare(Ident),
    /// A quoted string. Whether interpolation has a meaning here is for the language to judge.
    Quoted(Template),
}

impl Label {
    /// Returns the text of a label without interpolation and directives, `None` for one that has them.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            LabelKind::Bare(ident) => Some(Cow::Borrowed(ident.as_str())),
            LabelKind::Quoted(template) => template.literal(),
        }
    }
}
