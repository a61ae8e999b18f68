//! `projected` of a volume: files of several sources in one folder.

use kdef_source::Span;

use super::volume_sources::{DOWNWARD_API, ITEM, ITEMS_OF_KEYS, OPTIONAL, check_paths, paths_of};
use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_SUBDOMAIN, ITEM_PATH,
    LabelSchema, Referent,
};

/// `projected { ... }`
pub static PROJECTED: BlockSchema =
    BlockSchema::new("projected", "Puts files of several sources into one folder.")
        .blocks(&[&[
            ChildSchema::many(&PROJECTED_SECRET),
            ChildSchema::many(&PROJECTED_CONFIG_MAP),
            ChildSchema::many(&DOWNWARD_API),
            ChildSchema::many(&SERVICE_ACCOUNT_TOKEN),
        ]])
        .check(|block, diagnostics| check_paths(paths(block), diagnostics));

/// `secret "name" { ... }` of `projected`.
pub static PROJECTED_SECRET: BlockSchema = BlockSchema::new("secret", "Adds the keys of a Secret as files.")
    .labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN).refers_to(Referent::Secret)])
    .attributes(&[&[ITEMS_OF_KEYS, OPTIONAL]])
    .blocks(&[&[ChildSchema::many(&ITEM)]]);

/// `config_map "name" { ... }` of `projected`.
pub static PROJECTED_CONFIG_MAP: BlockSchema =
    BlockSchema::new("config_map", "Adds the keys of a ConfigMap as files.")
        .labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN).refers_to(Referent::ConfigMap)])
        .attributes(&[&[ITEMS_OF_KEYS, OPTIONAL]])
        .blocks(&[&[ChildSchema::many(&ITEM)]]);

/// `service_account_token { ... }` of `projected`.
pub static SERVICE_ACCOUNT_TOKEN: BlockSchema = BlockSchema::new(
    "service_account_token",
    "Adds a token of the pod's service account, which is renewed before it expires.",
)
.attributes(&[&[
    AttributeSchema::required("path", AttributeType::Text(&ITEM_PATH), "The path of the file."),
    AttributeSchema::optional(
        "audience",
        AttributeType::Text(&ANY_TEXT),
        "Whom the token is for.",
    )
    .default("the API server"),
    AttributeSchema::optional(
        "expiration_seconds",
        AttributeType::Integer {
            min: 600,
            max: 1 << 32,
        },
        "Seconds that a token is good for.",
    )
    .default("3600"),
]]);

/// Returns the files of all sources whose paths are written out.
fn paths(projected: &Block) -> impl Iterator<Item = (&str, Span)> {
    projected.blocks().iter().flat_map(|source| {
        let token = source.schema().is(&SERVICE_ACCOUNT_TOKEN);
        let own = token
            .then(|| Some((source.text("path")?, source.span_of("path"))))
            .flatten();
        let items = (!token).then(|| paths_of(source)).into_iter().flatten();
        own.into_iter().chain(items)
    })
}
