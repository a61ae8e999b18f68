//! The one table of blocks and attributes: what may be written where, of which type, and what it means.
//!
//! Checking, completion, hover and the reference pages read it. Each kind of block is one static in
//! [`blocks`]; the kinds of files are statics too, since a file is a body as a block's is.

pub mod blocks;
mod containers;
mod cron;
pub mod files;
mod gateway;
mod kubernetes;
mod network;
pub mod scopes;
mod text;
mod volumes;
mod workloads;

use kdef_source::{Diagnostic, nearest};

use crate::Block;

pub use containers::{HTTP_HEADERS, IP_ADDRESS};
pub use cron::SCHEDULE;
pub use gateway::{
    CERTIFICATE_DURATION, COMMON_NAME, GATEWAY_DURATION, HEADER_NAME, KEY_USAGE, ROUTE_HEADERS,
};
pub(crate) use gateway::{certificate_seconds, gateway_milliseconds};
pub use kubernetes::{
    ANNOTATIONS, API_VERSION, CONFIG_KEY, CONFIG_KEYS, DNS_LABEL, DNS_SUBDOMAIN, HOST, HOST_PATH, LABEL_KEY,
    LABEL_VALUE, LABELS, MOUNT_PATH, OBJECT_KIND, PORT_NAME, PORT_NUMBER, QUANTITY, QUANTITY_RANGE,
    RBAC_NAME, SERVICE_PORT_NAME, SUB_PATH,
};
pub use network::{
    CIDR, CLUSTER_IP, EXTERNAL_IP, IP_FAMILY, PODS_OR_PERCENT, POLICY_TYPE, PORT_OR_NAME, QUALIFIED_NAME,
    REQUEST_HOST, URL_PATH,
};
pub(crate) use network::{is_inside, path_fault};
pub use text::{ANY_TEXT, KeyKind, TextKind, WRITTEN_TEXT};
pub use volumes::{
    ABSOLUTE_PATH, CSI_DRIVER, ENV_FIELD, FIELD_ITEMS, FILE_MODE, GROUP, ITEM_PATH, ITEMS, PARAMETERS,
    PROFILE_PATH, RESOURCE_FIELD, SYSCTLS, VOLUME_FIELD,
};
pub use workloads::{COUNT_OR_PERCENTAGE, DURATION, TIME_ZONE};

/// What a kind of block, or a kind of file, may hold.
#[derive(Debug)]
pub struct BlockSchema {
    /// The word that the block begins with; for a file what messages call it, such as `vars.kdef`.
    pub kind: &'static str,
    /// What it is for, in one sentence.
    pub doc: &'static str,
    /// Its labels, all of which must be given.
    pub labels: &'static [LabelSchema],
    /// Its attributes, in groups that several kinds share.
    pub attributes: &'static [&'static [AttributeSchema]],
    /// The blocks inside it, in groups that several kinds share.
    pub blocks: &'static [&'static [ChildSchema]],
    /// What the attributes of a free-form body hold; such a body has names of the user's choice, beside those of its
    /// own attributes, and no blocks.
    pub free_form: Option<FreeForm>,
    /// The object that the block defines for others to refer to.
    pub defines: Option<Referent>,
    /// Whether it runs pods, so that `override "app"` reaches it.
    pub workload: bool,
    /// Tells whether an object is in no namespace although its block has the attribute. What cannot be told is in none.
    pub cluster_scoped: Option<fn(&Block) -> bool>,
    /// What must hold between the attributes and blocks of one block, once it has its final content.
    pub check: Option<fn(&Block, &mut Vec<Diagnostic>)>,
}

/// A label of a block.
#[derive(Debug)]
pub struct LabelSchema {
    /// What it is, such as `name`.
    pub name: &'static str,
    /// What it must look like.
    pub kind: &'static TextKind,
    /// The object that it names.
    pub refers_to: Option<Referent>,
}

/// An attribute of a block.
#[derive(Debug)]
pub struct AttributeSchema {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub ty: AttributeType,
    /// Whether it must be written.
    pub required: bool,
    /// What it means, in one sentence.
    pub doc: &'static str,
    /// What holds when it is not written, for readers; empty when that is nothing.
    pub default: &'static str,
    /// The object that its text names.
    pub refers_to: Option<Referent>,
}

/// What an attribute holds. Values convert to it as cty's do: numbers and bools to text, text to numbers and bools.
#[derive(Debug, Clone, Copy)]
pub enum AttributeType {
    /// A text.
    Text(&'static TextKind),
    /// One of these words.
    Words(&'static [&'static str]),
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A list of texts.
    TextList(&'static TextKind),
    /// A map from texts to texts.
    TextMap(&'static KeyKind),
    /// A map from texts to texts, in which maps may be nested: the keys are joined with `/`.
    Annotations,
    /// Any value. What reads it checks it.
    Any,
}

/// A block inside a block.
#[derive(Debug)]
pub struct ChildSchema {
    /// Its kind.
    pub schema: &'static BlockSchema,
    /// How often it may stand there.
    pub repeat: Repeat,
    /// Whether there must be one.
    pub required: bool,
}

/// How often a block may stand in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Once.
    Single,
    /// Any number of times.
    Many,
    /// Any number of times, and all of them make one, in which the later entries win. It may be written as an
    /// attribute with a map too.
    Merged,
    /// Any number of times, told apart by their attribute `name`, which one of them may lack.
    Named,
}

/// What the attributes of a free-form body hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeForm {
    /// Texts.
    Text,
    /// Texts, and references to secrets, configmaps and fields.
    TextOrReference,
    /// Any value.
    Any,
    /// Any value that can be written as JSON, which references cannot.
    Json,
}

/// An object that can be referred to by name within its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Referent {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
    /// A PersistentVolumeClaim.
    Claim,
}

impl Referent {
    /// Returns the block that defines one, which is what messages call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "configmap",
            Self::Secret => "secret",
            Self::Claim => "persistentvolumeclaim",
        }
    }
}

impl BlockSchema {
    /// Starts the schema of a kind that holds nothing.
    pub(crate) const fn new(kind: &'static str, doc: &'static str) -> Self {
        Self {
            kind,
            doc,
            labels: &[],
            attributes: &[],
            blocks: &[],
            free_form: None,
            defines: None,
            workload: false,
            cluster_scoped: None,
            check: None,
        }
    }

    /// Sets the labels.
    pub(crate) const fn labels(mut self, labels: &'static [LabelSchema]) -> Self {
        self.labels = labels;
        self
    }

    /// Sets the groups of attributes.
    pub(crate) const fn attributes(mut self, groups: &'static [&'static [AttributeSchema]]) -> Self {
        self.attributes = groups;
        self
    }

    /// Sets the groups of blocks.
    pub(crate) const fn blocks(mut self, groups: &'static [&'static [ChildSchema]]) -> Self {
        self.blocks = groups;
        self
    }

    /// Makes the body free-form.
    pub(crate) const fn free_form(mut self, form: FreeForm) -> Self {
        self.free_form = Some(form);
        self
    }

    /// Says what the block defines.
    pub(crate) const fn defines(mut self, referent: Referent) -> Self {
        self.defines = Some(referent);
        self
    }

    /// Says that the block runs pods.
    pub(crate) const fn workload(mut self) -> Self {
        self.workload = true;
        self
    }

    /// Sets what tells objects in no namespace from others.
    pub(crate) const fn cluster_scoped(mut self, tells: fn(&Block) -> bool) -> Self {
        self.cluster_scoped = Some(tells);
        self
    }

    /// Sets the check of the finished block.
    pub(crate) const fn check(mut self, check: fn(&Block, &mut Vec<Diagnostic>)) -> Self {
        self.check = Some(check);
        self
    }

    /// Returns the attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&'static AttributeSchema> {
        self.all_attributes().find(|attribute| attribute.name == name)
    }

    /// Returns all attributes in the order of the table.
    pub fn all_attributes(&self) -> impl Iterator<Item = &'static AttributeSchema> + use<> {
        self.attributes.iter().copied().flatten()
    }

    /// Returns the block of a kind inside this one.
    pub fn child(&self, kind: &str) -> Option<&'static ChildSchema> {
        self.all_children().find(|child| child.schema.kind == kind)
    }

    /// Returns all blocks inside this one in the order of the table.
    pub fn all_children(&self) -> impl Iterator<Item = &'static ChildSchema> + use<> {
        self.blocks.iter().copied().flatten()
    }

    /// Returns the attribute that a name which none has was probably meant to be: a near one, or else a required one that
    /// the name ends with as a word, as `error_message` does with `message`.
    pub(crate) fn meant_attribute(&self, name: &str) -> Option<&'static str> {
        let is_last_word = |own: &&str| name.strip_suffix(own).is_some_and(|rest| rest.ends_with('_'));
        let required = self.all_attributes().filter(|attribute| attribute.required);
        nearest(name, self.all_attributes().map(|attribute| attribute.name)).or_else(|| {
            let mut names = required.map(|attribute| attribute.name);
            names.find(is_last_word)
        })
    }

    /// Returns the kind of block that a kind which none has was probably meant to be.
    pub(crate) fn meant_child(&self, kind: &str) -> Option<&'static str> {
        nearest(kind, self.all_children().map(|child| child.schema.kind))
    }

    /// Tells whether this is that very row of the table.
    pub(crate) fn is(&'static self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }

    /// Tells whether the block has a namespace. Of its object [`Block::is_namespaced`] tells.
    pub fn is_namespaced(&self) -> bool {
        self.attribute("namespace").is_some()
    }
}

impl LabelSchema {
    /// Makes the label that names an object.
    pub(crate) const fn new(name: &'static str, kind: &'static TextKind) -> Self {
        Self {
            name,
            kind,
            refers_to: None,
        }
    }

    /// Says what it names.
    pub(crate) const fn refers_to(mut self, referent: Referent) -> Self {
        self.refers_to = Some(referent);
        self
    }
}

impl AttributeSchema {
    /// Makes an attribute that may be left out.
    pub(crate) const fn optional(name: &'static str, ty: AttributeType, doc: &'static str) -> Self {
        Self {
            name,
            ty,
            required: false,
            doc,
            default: "",
            refers_to: None,
        }
    }

    /// Makes an attribute that must be written.
    pub(crate) const fn required(name: &'static str, ty: AttributeType, doc: &'static str) -> Self {
        Self {
            required: true,
            ..Self::optional(name, ty, doc)
        }
    }

    /// Says what holds when it is not written.
    pub(crate) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// Says what its text names.
    pub(crate) const fn refers_to(mut self, referent: Referent) -> Self {
        self.refers_to = Some(referent);
        self
    }
}

impl AttributeType {
    /// Returns what messages call it, with its article.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Words(_) => "a text",
            Self::Bool => "`true` or `false`",
            Self::Integer { .. } => "a whole number",
            Self::TextList(_) => "a list of texts",
            Self::TextMap(_) | Self::Annotations => "a map of texts",
            Self::Any => "a value",
        }
    }
}

impl ChildSchema {
    /// Makes a block that may stand once.
    pub(crate) const fn single(schema: &'static BlockSchema) -> Self {
        Self {
            schema,
            repeat: Repeat::Single,
            required: false,
        }
    }

    /// Makes a block that may stand any number of times.
    pub(crate) const fn many(schema: &'static BlockSchema) -> Self {
        Self {
            schema,
            repeat: Repeat::Many,
            required: false,
        }
    }

    /// Makes a block without labels that may stand any number of times, told apart by its attribute `name`.
    pub(crate) const fn named(schema: &'static BlockSchema) -> Self {
        Self {
            schema,
            repeat: Repeat::Named,
            required: false,
        }
    }

    /// Makes a free-form block of which several make one.
    pub(crate) const fn merged(schema: &'static BlockSchema) -> Self {
        Self {
            schema,
            repeat: Repeat::Merged,
            required: false,
        }
    }

    /// Says that there must be one.
    pub(crate) const fn needed(mut self) -> Self {
        self.required = true;
        self
    }
}
