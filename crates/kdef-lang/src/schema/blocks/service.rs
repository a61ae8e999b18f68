//! `service` of a workload.

use super::raw::RAW;
use super::unique::check_unique;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, LabelSchema, PORT_NUMBER,
    SERVICE_PORT_NAME,
};

/// `service { ... }`: the Service of a workload.
pub static SERVICE: BlockSchema =
    BlockSchema::new("service", "Makes the pods reachable by one name, as a Service.")
        .attributes(&[
            RAW,
            &[
                AttributeSchema::optional(
                    "name",
                    AttributeType::Text(&DNS_LABEL),
                    "The name of the Service.",
                )
                .default("the workload's name"),
                AttributeSchema::optional(
                    "type",
                    AttributeType::Words(&["ClusterIP", "NodePort", "LoadBalancer"]),
                    "How it is reached.",
                )
                .default("`ClusterIP`"),
            ],
        ])
        .blocks(&[&[ChildSchema::many(&SERVICE_PORT)]])
        .check(|block, diagnostics| {
            check_unique(block, "port", 0, diagnostics);
            check_unique(block, "port", 1, diagnostics);
        });

/// `port "number" "name" { ... }` of a service.
pub static SERVICE_PORT: BlockSchema = BlockSchema::new("port", "Names a port of the Service.")
    .labels(&[
        LabelSchema::new("number", &PORT_NUMBER),
        LabelSchema::new("name", &SERVICE_PORT_NAME),
    ])
    .attributes(&[&[AttributeSchema::optional(
        "target",
        AttributeType::Integer { min: 1, max: 65535 },
        "The port of the pods.",
    )
    .default("the same number")]]);
