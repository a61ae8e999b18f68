//! `persistentvolumeclaim`

use super::claim::{CLAIM_ATTRIBUTES, check_access_modes};
use super::metadata::NAMESPACED_METADATA;
use super::raw::RAW;
use crate::schema::{BlockSchema, DNS_SUBDOMAIN, LabelSchema, Referent};

/// `persistentvolumeclaim "name" { ... }`: a PersistentVolumeClaim.
pub static PERSISTENT_VOLUME_CLAIM: BlockSchema = BlockSchema::new(
    "persistentvolumeclaim",
    "Asks for storage that outlives pods, as a PersistentVolumeClaim.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[NAMESPACED_METADATA, RAW, CLAIM_ATTRIBUTES])
.defines(Referent::Claim)
.check(check_access_modes);
