//! `persistentvolumeclaim`

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kdef_lang::Block;
use kdef_lang::quantity;

use super::meta::{metadata_of, object};
use crate::Object;
use crate::attributes::{text, texts};
use crate::provenance::{Provenance, Recorder};

pub(super) fn claim(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let resource = PersistentVolumeClaim {
        metadata: metadata_of(block, [], &mut fields),
        spec: Some(spec(block, &mut fields.inside("spec"))),
        ..PersistentVolumeClaim::default()
    };
    object(&resource, provenance)
}

fn spec(block: &Block, fields: &mut Recorder<'_>) -> PersistentVolumeClaimSpec {
    fields.attributes(
        block,
        &[
            ("accessModes", "access_modes"),
            ("resources.requests.storage", "storage"),
            ("storageClassName", "storage_class"),
        ],
    );
    // The schema has checked the text.
    let storage = block
        .text("storage")
        .and_then(|text| quantity::Quantity::parse(text).ok());
    let requests = storage.map(|amount| [("storage".to_owned(), Quantity(amount.to_string()))].into());
    PersistentVolumeClaimSpec {
        access_modes: texts(block, "access_modes").or_else(|| Some(vec!["ReadWriteOnce".to_owned()])),
        resources: Some(VolumeResourceRequirements {
            requests,
            ..VolumeResourceRequirements::default()
        }),
        storage_class_name: text(block, "storage_class"),
        ..PersistentVolumeClaimSpec::default()
    }
}
