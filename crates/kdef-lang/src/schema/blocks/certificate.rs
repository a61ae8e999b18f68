//! `certificate`

use kdef_source::{Code, Diagnostic};

use super::metadata::NAMESPACED_METADATA;
use super::raw::RAW;
use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, CERTIFICATE_DURATION, COMMON_NAME, ChildSchema,
    DNS_SUBDOMAIN, HOST, IP_ADDRESS, KEY_USAGE, LabelSchema, WRITTEN_TEXT, certificate_seconds,
};

/// `certificate "name" { ... }`: cert-manager's Certificate.
pub static CERTIFICATE: BlockSchema = BlockSchema::new(
    "certificate",
    "Keeps a certificate in a Secret and renews it, as cert-manager's Certificate.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[NAMESPACED_METADATA, SUBJECT, ISSUER, TERMS, RAW])
.blocks(&[&[ChildSchema::single(&PRIVATE_KEY)]])
.check(check_certificate);

/// What the certificate is for.
const SUBJECT: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "secret_name",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The Secret that it is kept in.",
    )
    .default("the block's label"),
    AttributeSchema::optional(
        "common_name",
        AttributeType::Text(&COMMON_NAME),
        "The common name of its subject.",
    ),
    AttributeSchema::optional(
        "dns_names",
        AttributeType::TextList(&HOST),
        "The host names that it is for.",
    ),
    AttributeSchema::optional(
        "ip_addresses",
        AttributeType::TextList(&IP_ADDRESS),
        "The addresses that it is for.",
    ),
    AttributeSchema::optional(
        "uris",
        AttributeType::TextList(&WRITTEN_TEXT),
        "The URIs that it is for.",
    ),
    AttributeSchema::optional(
        "email_addresses",
        AttributeType::TextList(&WRITTEN_TEXT),
        "The mail addresses that it is for.",
    ),
];

const ISSUER: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "issuer",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The issuer that signs it.",
    )
    .default("`letsencrypt-production`"),
    AttributeSchema::optional(
        "issuer_kind",
        AttributeType::Text(&ANY_TEXT),
        "The kind of the issuer, such as `Issuer`.",
    )
    .default("`ClusterIssuer`"),
    AttributeSchema::optional(
        "issuer_group",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The API group of an issuer that is not cert-manager's own.",
    ),
];

const TERMS: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "duration",
        AttributeType::Text(&CERTIFICATE_DURATION),
        "For how long it is valid, such as `2160h`; at least an hour.",
    )
    .default("`2160h`"),
    AttributeSchema::optional(
        "renew_before",
        AttributeType::Text(&CERTIFICATE_DURATION),
        "How long before its end it is renewed; at least 5 minutes, and less than `duration`.",
    )
    .default("a third of `duration`"),
    AttributeSchema::optional(
        "usages",
        AttributeType::TextList(&KEY_USAGE),
        "What its key may be used for.",
    )
    .default("`digital signature` and `key encipherment`"),
    AttributeSchema::optional(
        "is_ca",
        AttributeType::Bool,
        "Whether it can sign other certificates.",
    )
    .default("`false`"),
    AttributeSchema::optional(
        "revision_history_limit",
        AttributeType::Integer {
            min: 1,
            max: i32::MAX as i64,
        },
        "How many requests for it are kept.",
    ),
];

/// `private_key { ... }` of a certificate.
pub static PRIVATE_KEY: BlockSchema =
    BlockSchema::new("private_key", "Says what the certificate's key is like.")
        .attributes(&[&[
            AttributeSchema::optional(
                "algorithm",
                AttributeType::Words(&["RSA", "ECDSA", "Ed25519"]),
                "The algorithm.",
            )
            .default("`RSA`"),
            AttributeSchema::optional(
                "size",
                AttributeType::Integer { min: 256, max: 8192 },
                "The size in bits.",
            )
            .default("2048 for `RSA`, 256 for `ECDSA`"),
            AttributeSchema::optional(
                "encoding",
                AttributeType::Words(&["PKCS1", "PKCS8"]),
                "How it is written.",
            )
            .default("`PKCS1`"),
            AttributeSchema::optional(
                "rotation_policy",
                AttributeType::Words(&["Never", "Always"]),
                "Whether each certificate gets a new one.",
            )
            .default("`Always`"),
        ]])
        .check(check_key);

/// The shortest times that cert-manager takes, in seconds.
const SHORTEST: u64 = 3600;
const SHORTEST_BEFORE: u64 = 300;
/// How long a certificate is valid when it does not say, in seconds.
const DEFAULT_DURATION: u64 = 2160 * 3600;

fn check_certificate(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let subjects = [
        "common_name",
        "dns_names",
        "ip_addresses",
        "uris",
        "email_addresses",
    ];
    let said = |name: &&str| {
        block.is_lost(name)
            || match *name {
                "common_name" => block.is_set(name),
                list => block.list(list).is_some_and(|items| !items.is_empty()),
            }
    };
    if !subjects.iter().any(said) && !block.is_set("raw") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span(),
                "this certificate is for nothing",
            )
            .with_hint(format!("set one of `{}`", subjects.join("`, `"))),
        );
    }
    check_terms(block, diagnostics);
}

fn check_terms(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let seconds = |name| block.text(name).and_then(certificate_seconds);
    let (duration, before) = (seconds("duration"), seconds("renew_before"));
    let refuse = |name, message: &str| Diagnostic::error(Code::OutOfRange, block.span_of(name), message);
    if duration.is_some_and(|duration| duration < SHORTEST) {
        diagnostics.push(refuse("duration", "`duration` must be at least an hour"));
        return;
    }
    let Some(before) = before else { return };
    if before < SHORTEST_BEFORE {
        diagnostics.push(refuse(
            "renew_before",
            "`renew_before` must be at least 5 minutes",
        ));
    } else if before >= duration.unwrap_or(DEFAULT_DURATION) {
        diagnostics.push(refuse(
            "renew_before",
            "`renew_before` must be less than `duration`",
        ));
    }
}

fn check_key(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(size) = block.integer("size") else {
        return;
    };
    let fault = match block.text("algorithm").unwrap_or("RSA") {
        "RSA" if size < 2048 => "a key of `RSA` has 2048 to 8192 bits",
        "ECDSA" if ![256, 384, 521].contains(&size) => "a key of `ECDSA` has 256, 384 or 521 bits",
        "Ed25519" => "a key of `Ed25519` has one size, and takes no `size`",
        _ => return,
    };
    diagnostics.push(Diagnostic::error(Code::OutOfRange, block.span_of("size"), fault));
}
