//! `configmap`

use k8s_openapi::api::core::v1::ConfigMap;
use kdef_lang::Block;

use super::meta::{metadata_of, object};
use crate::Object;
use crate::attributes::{binary_map, text_map};
use crate::provenance::{Provenance, Recorder};

pub(super) fn configmap(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let metadata = metadata_of(block, [], &mut fields);
    fields.attributes(block, &[("data", "data"), ("immutable", "immutable")]);
    fields.entries("data", block.map("data"));
    fields.attributes(block, &[("binaryData", "binary_data")]);
    fields.entries("binaryData", block.map("binary_data"));
    let resource = ConfigMap {
        metadata,
        binary_data: binary_map(block, "binary_data"),
        data: text_map(block, "data"),
        immutable: block.flag("immutable"),
    };
    object(&resource, provenance)
}
