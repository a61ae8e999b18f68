//! `ingress` and `ingress_defaults`.

use kdef_source::{Code, Diagnostic};

use super::ingress_path::{DEFAULT_BACKEND, INGRESS_PATH, check_paths};
use super::metadata::{MORE_LABELS, NAMESPACE};
use super::raw::RAW;
use crate::Block;
use crate::expand::structure;
use crate::ingress::{MAX_PATHS, hosts, is_gateway_route, renders_nothing, targets};
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, LabelSchema,
    PORT_OR_NAME, REQUEST_HOST,
};

/// `ingress { ... }` in a workload.
pub static NESTED_INGRESS: BlockSchema = BlockSchema::new(
    "ingress",
    "Makes the workload reachable from outside the cluster.",
)
.attributes(&[
    &[
        NAME.default("the workload's name, with `-2`, `-3`, ... for the ingresses after the first"),
        SERVICE_NAME.default("the workload's first Service"),
        PORT.default("the first port of that Service"),
    ],
    HOSTS,
    &[MORE_LABELS],
    DEFAULTABLE_ATTRIBUTES,
    RAW,
])
.blocks(BLOCKS)
.check(check_ingress);

/// `ingress "name" { ... }`: an Ingress of its own.
pub static INGRESS: BlockSchema = BlockSchema::new(
    "ingress",
    "Makes a Service reachable from outside the cluster, as an Ingress or an HTTPRoute.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[
    &[
        NAME.default("the block's label"),
        NAMESPACE,
        SERVICE_NAME.default("**required**, unless every `path` has one"),
        PORT.default("**required**, unless every `path` has one"),
    ],
    HOSTS,
    &[MORE_LABELS],
    DEFAULTABLE_ATTRIBUTES,
    RAW,
])
.blocks(BLOCKS)
.check(|block, diagnostics| {
    check_targets(block, diagnostics);
    check_ingress(block, diagnostics);
});

/// `ingress_defaults { ... }` in `root.kdef`, `vars.kdef` and imported files.
pub static INGRESS_DEFAULTS: BlockSchema = BlockSchema::new(
    "ingress_defaults",
    "Sets what every ingress has that does not say otherwise.",
)
.attributes(&[DEFAULTABLE_ATTRIBUTES]);

const NAME: AttributeSchema = AttributeSchema::optional(
    "name",
    AttributeType::Text(&DNS_SUBDOMAIN),
    "The name of the object.",
);

const SERVICE_NAME: AttributeSchema = AttributeSchema::optional(
    "service_name",
    AttributeType::Text(&DNS_LABEL),
    "The Service that requests go to.",
);

const PORT: AttributeSchema = AttributeSchema::optional(
    "port",
    AttributeType::Text(&PORT_OR_NAME),
    "The port of the Service, by number or name.",
);

/// What an ingress answers to.
const HOSTS: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "host",
        AttributeType::Text(&REQUEST_HOST),
        "The host name that it answers to.",
    ),
    AttributeSchema::optional(
        "hosts",
        AttributeType::TextList(&REQUEST_HOST),
        "More host names that it answers to.",
    ),
];

const BLOCKS: &[&[ChildSchema]] = &[&[
    ChildSchema::many(&INGRESS_PATH),
    ChildSchema::single(&DEFAULT_BACKEND),
]];

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

/// The annotation that came before `spec.ingressClassName`; the API server refuses both together.
const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// Without a workload there is nothing to take the Service and its port from.
fn check_targets(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let unsure = |name| block.is_lost(name) || block.is_lost("path") || block.is_lost("default_backend");
    for name in ["service_name", "port"] {
        let lacks = |part: &&Block| !part.is_set(name) && !part.is_lost(name);
        if block.is_set(name) || unsure(name) || !targets(block).any(|part| lacks(&part)) {
            continue;
        }
        diagnostics.push(
            structure::missing_attribute(block.schema(), name, block.span())
                .with_hint("there is no workload here to take it from"),
        );
    }
}

fn check_ingress(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let unsure = ["host", "hosts", "default_backend"];
    if renders_nothing(block) && !unsure.iter().any(|name| block.is_lost(name)) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                block.span(),
                "this ingress has no host, so nothing is rendered for it",
            )
            .with_hint("set `host` or `hosts`"),
        );
    }
    if is_gateway_route(block) {
        check_gateway(block, diagnostics);
    } else {
        check_class(block, diagnostics);
    }
    check_paths(block, diagnostics);
    let paths = hosts(block).len().saturating_mul(block.children("path").count());
    if paths > MAX_PATHS {
        let message = format!("hosts times paths are {paths}; an ingress may have at most {MAX_PATHS}");
        diagnostics.push(
            Diagnostic::error(Code::LimitReached, block.span(), message)
                .with_hint("split it into several ingresses"),
        );
    }
}

/// The bounds are those that the definition of HTTPRoute sets.
fn check_gateway(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if !block.is_set("gateway") && !block.is_lost("gateway") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span_of("mode"),
                "`mode = \"gateway\"` needs a `gateway`",
            )
            .with_hint("name the Gateway, here or in `ingress_defaults`"),
        );
    }
    if let Some(part) = block.child("default_backend") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                part.span(),
                "an HTTPRoute has no default backend, and `mode` is `gateway`",
            )
            .with_hint("add `path \"/\"`, which takes what no other path does"),
        );
    }
    let counts = [
        ("hosts", hosts(block).len()),
        ("paths", block.children("path").count()),
    ];
    for (what, count) in counts.into_iter().filter(|(_, count)| *count > 16) {
        let message = format!("an HTTPRoute may have at most 16 {what}, and this ingress has {count}");
        diagnostics.push(
            Diagnostic::error(Code::OutOfRange, block.span(), message)
                .with_hint("split it into several ingresses"),
        );
    }
}

fn check_class(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let annotation = block.map("annotations").and_then(|map| map.get(CLASS_ANNOTATION));
    if let Some(value) = annotation
        && !block.is_set("raw")
    {
        let message =
            format!("the annotation `{CLASS_ANNOTATION}` cannot stand beside the class, which is always set");
        diagnostics.push(
            Diagnostic::error(Code::Contradiction, value.span, message).with_hint("set `class` in its place"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_can_be_set_on_an_ingress() {
        for attribute in INGRESS_DEFAULTS.all_attributes() {
            for schema in [&NESTED_INGRESS, &INGRESS] {
                assert!(schema.attribute(attribute.name).is_some(), "{}", attribute.name);
            }
        }
    }
}
