//! `secret`

use super::data_rules::{BINARY_DATA, check_data, check_required_keys};
use super::metadata::{IMMUTABLE, NAMESPACED_METADATA};
use super::raw::RAW;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, CONFIG_KEYS, DNS_SUBDOMAIN, LabelSchema, Referent,
};

/// `secret "name" { ... }`: a Secret.
pub static SECRET: BlockSchema = BlockSchema::new("secret", "Keeps secret texts for pods, as a Secret.")
    .labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
    .attributes(&[
        NAMESPACED_METADATA,
        RAW,
        &[
            AttributeSchema::optional("type", AttributeType::Text(&ANY_TEXT), "The type of the Secret.")
                .default("`Opaque`"),
            AttributeSchema::optional(
                "data",
                AttributeType::TextMap(&CONFIG_KEYS),
                "The texts by their keys, in clear.",
            ),
            BINARY_DATA,
            IMMUTABLE,
        ],
    ])
    .check(|block, diagnostics| {
        check_data(block, diagnostics);
        check_required_keys(block, diagnostics);
    })
    .defines(Referent::Secret);
