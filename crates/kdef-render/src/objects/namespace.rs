//! `namespace`, and the namespaces that `root.kdef` lists.

use k8s_openapi::api::core::v1::Namespace;
use kdef_lang::Block;

use super::meta::{metadata_of, object};
use crate::Object;
use crate::provenance::{Provenance, Recorder};

pub(super) fn namespace(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let resource = Namespace {
        metadata: metadata_of(block, [], &mut Recorder::new(&mut provenance)),
        ..Namespace::default()
    };
    object(&resource, provenance)
}
