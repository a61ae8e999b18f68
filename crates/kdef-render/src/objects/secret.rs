//! `secret`

use k8s_openapi::api::core::v1::Secret;
use kdef_lang::Block;

use super::meta::{metadata_of, object};
use crate::Object;
use crate::attributes::{binary_map, text_map};
use crate::provenance::{Provenance, Recorder};

pub(super) fn secret(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let metadata = metadata_of(block, [], &mut fields);
    fields.attributes(
        block,
        &[
            ("type", "type"),
            ("stringData", "data"),
            ("data", "binary_data"),
            ("immutable", "immutable"),
        ],
    );
    fields.entries("stringData", block.map("data"));
    fields.entries("data", block.map("binary_data"));
    let resource = Secret {
        metadata,
        type_: Some(block.text("type").unwrap_or("Opaque").to_owned()),
        data: binary_map(block, "binary_data"),
        string_data: text_map(block, "data"),
        immutable: block.flag("immutable"),
    };
    object(&resource, provenance)
}
