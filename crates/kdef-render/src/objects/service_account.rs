//! ServiceAccounts that `root.kdef` declares and workloads use.

use k8s_openapi::api::core::v1::ServiceAccount;
use kdef_lang::Block;

use super::meta::{labels, metadata, object, record_identity};
use crate::Object;
use crate::pod::image_pull_secrets;
use crate::provenance::{Provenance, Recorder};

pub(super) fn service_account(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    record_identity(block, &mut fields);
    let resource = ServiceAccount {
        metadata: metadata(block.name(), block.text("namespace"), labels([])),
        image_pull_secrets: image_pull_secrets(block, &mut fields),
        ..ServiceAccount::default()
    };
    object(&resource, provenance)
}
