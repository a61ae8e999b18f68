//! `port` of a container.

use super::probes::SECONDS;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, IP_ADDRESS, LabelSchema, PORT_NAME, PORT_NUMBER,
};

/// `port "number" "name" { ... }` of a container, and the probes that use it.
pub static PORT: BlockSchema = BlockSchema::new(
    "port",
    "Names a port, and says how the container's health is seen on it.",
)
.labels(&[
    LabelSchema::new("number", &PORT_NUMBER),
    LabelSchema::new("name", &PORT_NAME),
])
.attributes(&[&[
    AttributeSchema::optional(
        "protocol",
        AttributeType::Words(&["TCP", "UDP", "SCTP"]),
        "The protocol, which the Service takes over.",
    )
    .default("`TCP`"),
    AttributeSchema::optional(
        "host_port",
        AttributeType::Integer { min: 1, max: 65535 },
        "The port of the node that leads here.",
    ),
    AttributeSchema::optional(
        "host_ip",
        AttributeType::Text(&IP_ADDRESS),
        "The address of the node that `host_port` is bound to.",
    )
    .default("all addresses"),
    AttributeSchema::optional(
        "health",
        AttributeType::Text(&ANY_TEXT),
        "The HTTP path that answers while the container is alive.",
    ),
    AttributeSchema::optional(
        "ready",
        AttributeType::Text(&ANY_TEXT),
        "The HTTP path that answers while the container can be used.",
    ),
    AttributeSchema::optional(
        "tcp_health",
        AttributeType::Bool,
        "Whether the container is alive while the port can be connected to.",
    ),
    AttributeSchema::optional(
        "tcp_ready",
        AttributeType::Bool,
        "Whether the container can be used while the port can be connected to.",
    ),
    AttributeSchema::optional("initial_delay", SECONDS, "Seconds before the first probe."),
    AttributeSchema::optional("period", SECONDS, "Seconds between probes."),
    AttributeSchema::optional("timeout", SECONDS, "Seconds that a probe may take."),
    AttributeSchema::optional(
        "failures",
        SECONDS,
        "Failures in a row until it counts as failed.",
    ),
    AttributeSchema::optional(
        "successes",
        SECONDS,
        "Successes in a row until it counts as well again.",
    ),
]]);
