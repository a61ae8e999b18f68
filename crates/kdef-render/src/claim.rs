//! What a claim asks for, which objects, templates and volumes of pods share.

use k8s_openapi::api::core::v1::{PersistentVolumeClaimSpec, VolumeResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kdef_lang::{Block, quantity};

use crate::attributes::{text, texts};
use crate::provenance::Recorder;

/// Returns what a block asks for that has the attributes of a claim. `fields` stands at the spec.
pub(crate) fn spec(block: &Block, fields: &mut Recorder<'_>) -> PersistentVolumeClaimSpec {
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
