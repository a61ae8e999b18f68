//! `service_account`, of definition files and, where workloads use it, of `root.kdef`.

use k8s_openapi::api::core::v1::ServiceAccount;
use kdef_lang::Block;

use super::meta::{metadata_of, object};
use crate::Object;
use crate::pod::image_pull_secrets;
use crate::provenance::{Provenance, Recorder};

pub(super) fn service_account(block: &Block) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let metadata = metadata_of(block, [], &mut fields);
    let automount = "automount_service_account_token";
    fields.attributes(block, &[("automountServiceAccountToken", automount)]);
    let resource = ServiceAccount {
        metadata,
        automount_service_account_token: block.flag(automount),
        image_pull_secrets: image_pull_secrets(block, &mut fields),
        ..ServiceAccount::default()
    };
    object(&resource, provenance)
}
