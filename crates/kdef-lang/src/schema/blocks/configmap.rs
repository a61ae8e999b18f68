//! `configmap`

use super::data_rules::{BINARY_DATA, check_data};
use super::metadata::{IMMUTABLE, NAMESPACED_METADATA};
use super::raw::RAW;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, CONFIG_KEYS, DNS_SUBDOMAIN, LabelSchema, Referent,
};

/// `configmap "name" { ... }`: a ConfigMap.
pub static CONFIGMAP: BlockSchema = BlockSchema::new("configmap", "Keeps texts for pods, as a ConfigMap.")
    .labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
    .attributes(&[
        NAMESPACED_METADATA,
        RAW,
        &[
            AttributeSchema::optional(
                "data",
                AttributeType::TextMap(&CONFIG_KEYS),
                "The texts by their keys.",
            ),
            BINARY_DATA,
            IMMUTABLE,
        ],
    ])
    .check(check_data)
    .defines(Referent::ConfigMap);
