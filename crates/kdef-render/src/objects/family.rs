//! What the objects of one top-level block share: where they come from, their namespace, and the label that names them.

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use kdef_source::Span;

use super::meta::{add_custom, metadata, named_labels};
use crate::provenance::{Definition, Provenance, Recorder};

/// A top-level block that several objects come from.
#[derive(Clone)]
pub(super) struct Family<'a> {
    block: &'a Block,
    /// The value of the label that says what the objects belong to.
    label: &'a str,
    definition: Arc<Definition>,
}

impl<'a> Family<'a> {
    pub(super) fn new(block: &'a Block, label: &'a str) -> Self {
        let definition = Arc::new(Definition::of(block));
        Self {
            block,
            label,
            definition,
        }
    }

    /// Starts the provenance of an object that a part of the block makes.
    pub(super) fn provenance(&self, part: Span) -> Provenance {
        Provenance::new(part).of(&self.definition)
    }

    /// Returns the metadata of an object.
    pub(super) fn metadata(&self, name: &str, fields: &mut Recorder<'_>) -> ObjectMeta {
        fields.attributes(self.block, &[("metadata.namespace", "namespace")]);
        metadata(name, self.namespace(), named_labels(self.label))
    }

    /// Returns the metadata of the object of a part that may have labels and annotations of its own. `default` is its name
    /// when the part does not set `name`.
    pub(super) fn metadata_of(&self, part: &Block, default: &str, fields: &mut Recorder<'_>) -> ObjectMeta {
        fields.attributes(part, &[("metadata.name", "name")]);
        let mut metadata = self.metadata(part.text("name").unwrap_or(default), fields);
        add_custom(part, &mut metadata, fields);
        metadata
    }

    pub(super) fn namespace(&self) -> Option<&'a str> {
        self.block.text("namespace")
    }
}
