//! `sealedsecret`

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::Block;
use serde_json::json;

use super::meta::{add_custom, labels, metadata, metadata_of};
use crate::Object;
use crate::attributes::text_map;
use crate::provenance::{Provenance, Recorder};

pub(super) fn sealed_secret(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let mut own = metadata_of(block, [], &mut fields);
    fields.attributes(
        block,
        &[("spec.encryptedData", "data"), ("spec.template.type", "type")],
    );
    fields.entries("spec.encryptedData", block.map("data"));
    if let Some(annotation) = scope_annotation(block) {
        fields.record(
            &format!("metadata.annotations.{annotation}"),
            block.span_of("scope"),
        );
        let annotations = own.annotations.get_or_insert_default();
        annotations.insert(annotation.to_owned(), "true".to_owned());
    }
    let value = json!({
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": own,
        "spec": {
            "encryptedData": text_map(block, "data").unwrap_or_default(),
            "template": {
                "metadata": template_metadata(block, &mut fields.inside("spec.template")),
                "type": block.text("type").unwrap_or("Opaque"),
            },
        },
    });
    Object::new(value, provenance)
}

/// Returns the annotation by which the cluster knows with which scope the texts were encrypted.
fn scope_annotation(block: &Block) -> Option<&'static str> {
    match block.text("scope")? {
        "namespace-wide" => Some("sealedsecrets.bitnami.com/namespace-wide"),
        "cluster-wide" => Some("sealedsecrets.bitnami.com/cluster-wide"),
        _ => None,
    }
}

/// Returns the metadata of the Secret.
fn template_metadata(block: &Block, fields: &mut Recorder<'_>) -> ObjectMeta {
    let mut metadata = metadata(block.name(), block.namespace(), labels([]));
    if let Some(template) = block.child("template") {
        add_custom(template, &mut metadata, fields);
    }
    metadata
}
