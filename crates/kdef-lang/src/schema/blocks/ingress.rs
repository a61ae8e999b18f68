//! `ingress` and `ingress_defaults`.

use kdef_source::{Code, Diagnostic};

use super::raw::RAW;
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, DNS_SUBDOMAIN, HOST};

/// `ingress { ... }` in a workload.
pub static NESTED_INGRESS: BlockSchema = BlockSchema::new(
    "ingress",
    "Makes the workload reachable from outside the cluster.",
)
.attributes(&[
    &[
        AttributeSchema::optional(
            "name",
            AttributeType::Text(&DNS_SUBDOMAIN),
            "The name of the object.",
        )
        .default("the workload's name, with `-2`, `-3`, ... for the ingresses after the first"),
        AttributeSchema::optional(
            "service_name",
            AttributeType::Text(&DNS_LABEL),
            "The Service that requests go to.",
        )
        .default("the workload's Service"),
        AttributeSchema::optional(
            "port",
            AttributeType::Integer { min: 1, max: 65535 },
            "The port of the Service.",
        )
        .default("the first port of the workload's Service"),
    ],
    ROUTE_ATTRIBUTES,
    DEFAULTABLE_ATTRIBUTES,
    RAW,
])
.check(check_ingress);

/// `ingress_defaults { ... }` in `root.kdef`, `vars.kdef` and imported files.
pub static INGRESS_DEFAULTS: BlockSchema = BlockSchema::new(
    "ingress_defaults",
    "Sets what every ingress has that does not say otherwise.",
)
.attributes(&[DEFAULTABLE_ATTRIBUTES]);

/// What an ingress answers to.
const ROUTE_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "host",
        AttributeType::Text(&HOST),
        "The host name that it answers to.",
    ),
    AttributeSchema::optional(
        "hosts",
        AttributeType::TextList(&HOST),
        "More host names that it answers to.",
    ),
];

/// What `ingress_defaults` can set.
const DEFAULTABLE_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional("tls", AttributeType::Bool, "Whether it is served with TLS.")
        .default("`false`"),
    AttributeSchema::optional(
        "tls_secret",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The Secret that holds the certificate.",
    )
    .default("one that a Certificate fills, named after the first host"),
    AttributeSchema::optional(
        "issuer",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "cert-manager's ClusterIssuer.",
    )
    .default("`letsencrypt-production`"),
    AttributeSchema::optional("class", AttributeType::Text(&DNS_SUBDOMAIN), "The IngressClass.")
        .default("`nginx`"),
    AttributeSchema::optional(
        "annotations",
        AttributeType::Annotations,
        "The annotations of the object.",
    ),
    AttributeSchema::optional(
        "mode",
        AttributeType::Words(&["ingress", "gateway"]),
        "Whether it is an Ingress, or an HTTPRoute of the Gateway API.",
    )
    .default("`ingress`"),
    AttributeSchema::optional(
        "gateway",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The Gateway of an HTTPRoute.",
    ),
    AttributeSchema::optional(
        "gateway_namespace",
        AttributeType::Text(&DNS_LABEL),
        "The namespace of the Gateway.",
    )
    .default("that of the HTTPRoute"),
];

fn check_ingress(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let hosts_known = !block.is_lost("host") && !block.is_lost("hosts");
    if hosts_known && crate::ingress::hosts(block).is_empty() {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                block.span(),
                "this ingress has no host, so nothing is rendered for it",
            )
            .with_hint("set `host` or `hosts`"),
        );
    }
    let by_gateway = block.text("mode") == Some("gateway");
    if by_gateway && !block.is_set("gateway") && !block.is_lost("gateway") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span_of("mode"),
                "`mode = \"gateway\"` needs a `gateway`",
            )
            .with_hint("name the Gateway, here or in `ingress_defaults`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_can_be_set_on_an_ingress() {
        for attribute in INGRESS_DEFAULTS.all_attributes() {
            assert!(
                NESTED_INGRESS.attribute(attribute.name).is_some(),
                "{}",
                attribute.name
            );
        }
    }
}
