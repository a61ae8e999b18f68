//! `dns_config` and `host_alias` of a workload: how its pods look names up.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, DNS_SUBDOMAIN, IP_ADDRESS, KeyKind, LabelSchema,
    WRITTEN_TEXT,
};

/// `dns_config { ... }`: what is added to how the pods look names up.
pub static DNS_CONFIG: BlockSchema = BlockSchema::new("dns_config", "Adds to how the pods look names up.")
    .attributes(&[&[
        AttributeSchema::optional(
            "nameservers",
            AttributeType::TextList(&IP_ADDRESS),
            "The addresses of at most 3 name servers.",
        ),
        AttributeSchema::optional(
            "searches",
            AttributeType::TextList(&WRITTEN_TEXT),
            "The domains in which short names are looked up, at most 32.",
        ),
        AttributeSchema::optional(
            "options",
            AttributeType::TextMap(&OPTIONS),
            "The options of the resolver; one without a value has an empty one.",
        ),
    ]])
    .check(|block, diagnostics| {
        for (name, most) in [("nameservers", 3), ("searches", 32)] {
            let count = block.list(name).unwrap_or_default().len();
            if count > most {
                diagnostics.push(Diagnostic::error(
                    Code::OutOfRange,
                    block.span_of(name),
                    format!("`{name}` lists {count}; at most {most} are allowed"),
                ));
            }
        }
    });

static OPTIONS: KeyKind = KeyKind {
    key: &WRITTEN_TEXT,
    value: &ANY_TEXT,
};

/// `host_alias "ip" { ... }`: names for an address, in the pods' `/etc/hosts`.
pub static HOST_ALIAS: BlockSchema = BlockSchema::new(
    "host_alias",
    "Gives an address names, in the `/etc/hosts` of the pods.",
)
.labels(&[LabelSchema::new("ip", &IP_ADDRESS)])
.attributes(&[&[AttributeSchema::required(
    "hostnames",
    AttributeType::TextList(&DNS_SUBDOMAIN),
    "The names.",
)]]);

/// Checks that pods that use nothing of the cluster's DNS have a name server of their own.
pub(super) fn check_dns(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let has_servers = workload.child("dns_config").is_some_and(|config| {
        config.is_lost("nameservers") || config.list("nameservers").is_some_and(|list| !list.is_empty())
    });
    if workload.text("dns_policy") == Some("None") && !has_servers && !workload.is_lost("dns_config") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                workload.span_of("dns_policy"),
                "`dns_policy` is `None`, and no name server is given",
            )
            .with_hint("list one in `dns_config { nameservers = [...] }`"),
        );
    }
}
