//! `sealedsecret`

use super::metadata::{NAMESPACED_METADATA, SHARED_METADATA};
use super::raw::RAW;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, CONFIG_KEYS, ChildSchema, DNS_SUBDOMAIN,
    LabelSchema, Referent,
};

/// `sealedsecret "name" { ... }`: a SealedSecret, of which the cluster makes a Secret.
pub static SEALED_SECRET: BlockSchema = BlockSchema::new(
    "sealedsecret",
    "Keeps encrypted texts, as a SealedSecret of which the cluster makes a Secret.",
)
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
            "The texts by their keys, as `kubeseal` encrypts them.",
        ),
        AttributeSchema::optional(
            "scope",
            AttributeType::Words(&["strict", "namespace-wide", "cluster-wide"]),
            "Under which names and in which namespaces the texts can be decrypted, as they were encrypted.",
        )
        .default("`strict`: this name in this namespace"),
    ],
])
.blocks(&[&[ChildSchema::single(&SECRET_TEMPLATE)]])
.defines(Referent::Secret);

/// `template { ... }` of a sealedsecret: what the Secret carries.
pub static SECRET_TEMPLATE: BlockSchema =
    BlockSchema::new("template", "Says what the Secret carries.").attributes(&[SHARED_METADATA]);
