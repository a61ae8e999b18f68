//! `persistentvolumeclaim`

use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use kdef_lang::Block;

use super::meta::{metadata_of, object};
use crate::provenance::{Provenance, Recorder};
use crate::{Object, claim};

pub(super) fn claim(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let resource = PersistentVolumeClaim {
        metadata: metadata_of(block, [], &mut fields),
        spec: Some(claim::spec(block, &mut fields.inside("spec"))),
        ..PersistentVolumeClaim::default()
    };
    object(&resource, provenance)
}
