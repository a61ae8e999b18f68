//! Names, namespaces and labels.

use std::collections::BTreeMap;

use k8s_openapi::Resource;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use kdef_lang::schema::LABELS;
use serde::Serialize;

use crate::attributes::text_map;
use crate::provenance::Recorder;
use crate::{Object, Provenance};

/// The label that names what an object belongs to.
pub(super) const NAME_LABEL: &str = "app.kubernetes.io/name";

pub(super) type Labels = BTreeMap<String, String>;

/// Returns the labels of every object, with those given. The label that says who manages it cannot be replaced.
pub(super) fn labels(more: impl IntoIterator<Item = (String, String)>) -> Labels {
    let managed_by = ("app.kubernetes.io/managed-by".to_owned(), "kdef".to_owned());
    more.into_iter().chain([managed_by]).collect()
}

/// Returns the labels of an object that belongs to something of this name.
pub(super) fn named_labels(name: &str) -> Labels {
    labels([(NAME_LABEL.to_owned(), name.to_owned())])
}

/// Returns the metadata that every object has.
pub(super) fn metadata(name: &str, namespace: Option<&str>, labels: Labels) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: namespace.map(str::to_owned),
        labels: Some(labels),
        ..ObjectMeta::default()
    }
}

/// Returns the metadata of the object of a top-level block, and records where it was written. `own` are the labels that
/// kdef gives the object; those of the block come on top.
pub(super) fn metadata_of(
    block: &Block,
    own: impl IntoIterator<Item = (String, String)>,
    fields: &mut Recorder<'_>,
) -> ObjectMeta {
    record_identity(block, fields);
    let mut metadata = metadata(block.name(), block.namespace(), labels(own));
    add_custom(block, &mut metadata, fields);
    metadata
}

/// Adds the labels and annotations that a block sets; it cannot replace the label that says who manages the object.
pub(super) fn add_custom(block: &Block, metadata: &mut ObjectMeta, fields: &mut Recorder<'_>) {
    for name in ["labels", "annotations"] {
        fields.attributes(block, &[(&format!("metadata.{name}"), name)]);
        fields.entries(&format!("metadata.{name}"), block.map(name));
    }
    metadata.annotations = text_map(block, "annotations");
    if let Some(more) = text_map(block, "labels") {
        let own = metadata.labels.take().unwrap_or_default();
        metadata.labels = Some(labels(own.into_iter().chain(more)));
    }
}

/// Returns the label that names the object of a block; none where the name is not one that labels can hold.
pub(super) fn name_label(block: &Block) -> Option<(String, String)> {
    let is_value = (LABELS.value.check)(block.name()).is_ok();
    is_value.then(|| (NAME_LABEL.to_owned(), block.name().to_owned()))
}

/// Records where the name and the namespace of a block's object were written.
pub(super) fn record_identity(block: &Block, fields: &mut Recorder<'_>) {
    fields.record("metadata.name", block.name_span());
    if block.is_namespaced() {
        fields.attributes(block, &[("metadata.namespace", "namespace")]);
    }
}

/// Makes an object of one of Kubernetes' types.
pub(super) fn object<T: Resource + Serialize>(resource: &T, provenance: Provenance) -> Object {
    let value =
        serde_json::to_value(resource).expect("Kubernetes' types have texts as keys, and write themselves");
    Object::new(value, provenance)
}
