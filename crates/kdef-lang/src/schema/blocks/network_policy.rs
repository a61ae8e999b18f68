//! `networkpolicy`

use kdef_source::{Code, Diagnostic};

use super::metadata::NAMESPACED_METADATA;
use super::raw::RAW;
use super::selector::{POD_SELECTOR, check_selector};
use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, CIDR, ChildSchema, DNS_SUBDOMAIN, LABELS, LabelSchema,
    POLICY_TYPE, PORT_OR_NAME, is_inside,
};

/// `networkpolicy "name" { ... }`: a NetworkPolicy.
pub static NETWORKPOLICY: BlockSchema = BlockSchema::new(
    "networkpolicy",
    "Says what may connect to pods, and what they may connect to, as a NetworkPolicy; without rules nothing may.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[
    NAMESPACED_METADATA,
    POD_SELECTOR,
    &[AttributeSchema::optional(
        "policy_types",
        AttributeType::TextList(&POLICY_TYPE),
        "The directions that are limited: `Ingress`, `Egress`.",
    )
    .default("those that have rules; both where there are none")],
    RAW,
])
.blocks(&[&[
    ChildSchema::many(&INGRESS_RULE),
    ChildSchema::many(&EGRESS_RULE),
]])
.check(|block, diagnostics| {
    check_selector(block, "pod_selector", diagnostics);
    check_types(block, diagnostics);
});

/// `ingress { ... }` of a networkpolicy.
pub static INGRESS_RULE: BlockSchema = BlockSchema::new(
    "ingress",
    "Allows connections to the pods: from all of `from`, to all of `port`.",
)
.blocks(&[&[ChildSchema::many(&FROM), ChildSchema::many(&POLICY_PORT)]]);

/// `egress { ... }` of a networkpolicy.
pub static EGRESS_RULE: BlockSchema = BlockSchema::new(
    "egress",
    "Allows connections of the pods: to all of `to`, on all of `port`.",
)
.blocks(&[&[ChildSchema::many(&TO), ChildSchema::many(&POLICY_PORT)]]);

/// `from { ... }` of a rule.
pub static FROM: BlockSchema = BlockSchema::new("from", "Names who may connect; without one, everyone may.")
    .attributes(&[POD_SELECTOR, PEER])
    .check(check_peer);

/// `to { ... }` of a rule.
pub static TO: BlockSchema = BlockSchema::new(
    "to",
    "Names what may be connected to; without one, everything may.",
)
.attributes(&[POD_SELECTOR, PEER])
.check(check_peer);

const PEER: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "namespace_selector",
        AttributeType::TextMap(&LABELS),
        "The labels of the namespaces; `{}` stands for all namespaces.",
    )
    .default("the policy's own namespace"),
    AttributeSchema::optional(
        "cidr",
        AttributeType::Text(&CIDR),
        "A range of addresses, in place of pods.",
    ),
    AttributeSchema::optional(
        "except",
        AttributeType::TextList(&CIDR),
        "Ranges inside `cidr` that are not meant.",
    ),
];

/// `port "port" { ... }` of a rule.
pub static POLICY_PORT: BlockSchema = BlockSchema::new(
    "port",
    "Names a port of the pods that are connected to; without one, all ports are meant.",
)
.labels(&[LabelSchema::new("port", &PORT_OR_NAME)])
.attributes(&[&[
    AttributeSchema::optional(
        "protocol",
        AttributeType::Words(&["TCP", "UDP", "SCTP"]),
        "The protocol.",
    )
    .default("`TCP`"),
    AttributeSchema::optional(
        "end_port",
        AttributeType::Integer { min: 1, max: 65535 },
        "The last port of a range that begins with this one.",
    ),
]])
.check(check_port);

/// Rules for a direction that is not limited have no effect.
fn check_types(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(types) = block.list("policy_types").filter(|types| !types.is_empty()) else {
        return;
    };
    for (kind, name) in [("ingress", "Ingress"), ("egress", "Egress")] {
        if let Some(rule) = block.children(kind).next()
            && types.iter().all(|listed| *listed.value != *name)
        {
            let message = format!("this rule has no effect, since `policy_types` does not hold `{name}`");
            diagnostics.push(
                Diagnostic::warning(Code::NoEffect, rule.span(), message)
                    .with_related(block.span_of("policy_types"), "the directions that are limited"),
            );
        }
    }
}

fn check_peer(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_selector(block, "pod_selector", diagnostics);
    let selectors = ["workload", "pod_selector", "namespace_selector"];
    let selector = selectors.into_iter().find(|name| block.is_set(name));
    let lost = selectors.iter().chain(&["cidr"]).any(|name| block.is_lost(name));
    if let (Some(selector), true) = (selector, block.is_set("cidr")) {
        let message = format!("`cidr` and `{selector}` cannot stand together");
        diagnostics.push(
            Diagnostic::error(Code::Contradiction, block.span_of("cidr"), message)
                .with_related(block.span_of(selector), "the other one")
                .with_hint(format!("write a `{}` block for each", block.kind())),
        );
    }
    if block.is_set("workload") && block.is_set("namespace_selector") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("workload"),
                "`workload` means pods of the policy's own namespace",
            )
            .with_hint("name the pods of other namespaces with `pod_selector`"),
        );
    }
    if selector.is_none() && !block.is_set("cidr") && !lost {
        let message = format!("this `{}` names nobody", block.kind());
        diagnostics.push(
            Diagnostic::error(Code::MissingAttribute, block.span(), message).with_hint(
                "set `workload`, `pod_selector`, `namespace_selector` or `cidr`; leave the block out to mean everyone",
            ),
        );
    }
    check_except(block, diagnostics);
}

fn check_except(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(cidr) = block.text("cidr") else {
        if block.is_set("except") && !block.is_lost("cidr") {
            let message = "`except` needs a `cidr` that it lies inside";
            diagnostics.push(Diagnostic::error(
                Code::Contradiction,
                block.span_of("except"),
                message,
            ));
        }
        return;
    };
    for range in block.list("except").unwrap_or_default() {
        if !is_inside(&range.value, cidr) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    range.span,
                    "this range must lie inside `cidr`, and be smaller",
                )
                .with_related(block.span_of("cidr"), "`cidr`"),
            );
        }
    }
}

fn check_port(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(end) = block.integer("end_port").filter(|_| !block.label(0).is_empty()) else {
        return;
    };
    let fault = match block.label_integer(0) {
        None => "`end_port` needs a port that is a number",
        Some(start) if end < start => "`end_port` is before the port that the range begins with",
        Some(_) => return,
    };
    diagnostics.push(Diagnostic::error(
        Code::Contradiction,
        block.span_of("end_port"),
        fault,
    ));
}
