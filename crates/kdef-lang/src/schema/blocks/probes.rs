//! `probes` of a container.

use kdef_source::{Code, Diagnostic, nearest};

use super::handlers::{EXEC, GRPC, HTTP_GET, check_one_handler, ports_of};
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, ChildSchema, PORT_OR_NAME};

/// What tunes a probe: seconds, or how often something happens in a row.
pub(super) const SECONDS: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

/// `probes { ... }`: how the container's health is seen. Each probe takes the place of that which a port asks for.
pub static PROBES: BlockSchema = BlockSchema::new(
    "probes",
    "Says how the container's health is seen, in place of what its ports say.",
)
.blocks(&[&[
    ChildSchema::single(&LIVENESS),
    ChildSchema::single(&READINESS),
    ChildSchema::single(&STARTUP),
]]);

/// `liveness { ... }`
pub static LIVENESS: BlockSchema = BlockSchema::new(
    "liveness",
    "Tells whether the container is alive; it is restarted when it is not.",
)
.attributes(&[PROBE_ATTRIBUTES, GRACE])
.blocks(&[HANDLER_BLOCKS])
.check(|block, diagnostics| {
    check_one_handler(block, diagnostics);
    check_success_threshold(block, diagnostics);
});

/// `readiness { ... }`
pub static READINESS: BlockSchema = BlockSchema::new(
    "readiness",
    "Tells whether the container can be used; it gets no traffic while it cannot.",
)
.attributes(&[PROBE_ATTRIBUTES])
.blocks(&[HANDLER_BLOCKS])
.check(check_one_handler);

/// `startup { ... }`
pub static STARTUP: BlockSchema = BlockSchema::new(
    "startup",
    "Tells whether the container has started; the other probes wait for it.",
)
.attributes(&[PROBE_ATTRIBUTES, GRACE])
.blocks(&[HANDLER_BLOCKS])
.check(|block, diagnostics| {
    check_one_handler(block, diagnostics);
    check_success_threshold(block, diagnostics);
});

const HANDLER_BLOCKS: &[ChildSchema] = &[ChildSchema::single(&HTTP_GET), ChildSchema::single(&GRPC)];

const PROBE_ATTRIBUTES: &[AttributeSchema] = &[
    EXEC,
    AttributeSchema::optional(
        "tcp_socket_port",
        AttributeType::Text(&PORT_OR_NAME),
        "The port that is connected to, by its number or its name.",
    ),
    AttributeSchema::optional("initial_delay", SECONDS, "Seconds before the first probe.").default("0"),
    AttributeSchema::optional("period", SECONDS, "Seconds between probes.").default("10"),
    AttributeSchema::optional("timeout", SECONDS, "Seconds that a probe may take.").default("1"),
    AttributeSchema::optional(
        "failure_threshold",
        SECONDS,
        "Failures in a row until it counts as failed.",
    )
    .default("3"),
    AttributeSchema::optional(
        "success_threshold",
        SECONDS,
        "Successes in a row until it counts as well again; only `readiness` may ask for more than 1.",
    )
    .default("1"),
];

const GRACE: &[AttributeSchema] = &[AttributeSchema::optional(
    "termination_grace_period",
    AttributeType::Integer {
        min: 1,
        max: i32::MAX as i64,
    },
    "Seconds that the container has to end after the probe has failed.",
)
.default("that of the pod")];

/// Kubernetes lets probes that restart a container succeed after one success only.
fn check_success_threshold(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block
        .integer("success_threshold")
        .is_some_and(|successes| successes > 1)
    {
        diagnostics.push(
            Diagnostic::error(
                Code::OutOfRange,
                block.span_of("success_threshold"),
                format!("`success_threshold`: the number must be 1 in `{}`", block.kind()),
            )
            .with_hint("only in `readiness` can it be more"),
        );
    }
}

/// The same, where a port asks for the probe.
pub(super) fn check_port_liveness(container: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let replaced = container
        .child("probes")
        .is_some_and(|probes| probes.child("liveness").is_some());
    let asks = |port: &&Block| port.is_set("health") || port.flag("tcp_health") == Some(true);
    let Some(port) = container.children("port").find(asks).filter(|_| !replaced) else {
        return;
    };
    if port.integer("successes").is_some_and(|successes| successes > 1) {
        diagnostics.push(
            Diagnostic::error(
                Code::OutOfRange,
                port.span_of("successes"),
                "`successes`: the number must be 1 where the port says whether the container is alive",
            )
            .with_hint("only for `ready` and `tcp_ready` can it be more; another port may carry those"),
        );
    }
}

/// Checks that the ports that probes and hooks name are among the container's.
pub(super) fn check_named_ports(container: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if container.is_lost("port") || container.children("port").any(|port| port.is_lost("name")) {
        return;
    }
    let names = || container.children("port").map(|port| port.label(1));
    let parts = [container.child("probes"), container.child("lifecycle")];
    let askers = parts.into_iter().flatten().flat_map(Block::blocks);
    for (name, span) in askers.flat_map(ports_of) {
        if name.parse::<i64>().is_ok() || names().any(|known| known == name) {
            continue;
        }
        diagnostics.push(
            Diagnostic::error(
                Code::UnknownPart,
                span,
                format!("container `{}` has no port `{name}`", container.label(0)),
            )
            .with_suggestion(nearest(name, names()))
            .with_hint("name one of its `port` blocks, or write the number"),
        );
    }
}
