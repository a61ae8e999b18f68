//! `service`, in a workload or alone.

use super::metadata::{NAMESPACED_METADATA, SHARED_METADATA};
use super::raw::RAW;
use super::selector::{SELECTOR, check_selector};
use super::service_rules::{check_needs_port, check_service};
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, CIDR, CLUSTER_IP, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN,
    EXTERNAL_IP, IP_FAMILY, LabelSchema, PORT_NUMBER, PORT_OR_NAME, QUALIFIED_NAME, SERVICE_PORT_NAME,
};

/// `service { ... }`: a Service of a workload.
pub static SERVICE: BlockSchema =
    BlockSchema::new("service", "Makes the pods reachable by one name, as a Service.")
        .attributes(&[
            &[AttributeSchema::optional(
                "name",
                AttributeType::Text(&DNS_LABEL),
                "The name of the Service.",
            )
            .default("the workload's name")],
            SHARED_METADATA,
            SERVICE_ATTRIBUTES,
            RAW,
        ])
        .blocks(&[&[ChildSchema::many(&SERVICE_PORT)]])
        .check(check_service);

/// `service "name" { ... }`: a Service of its own.
pub static STANDALONE_SERVICE: BlockSchema = BlockSchema::new(
    "service",
    "Makes pods, or a host outside the cluster, reachable by a name, as a Service.",
)
.labels(&[LabelSchema::new("name", &DNS_LABEL)])
.attributes(&[NAMESPACED_METADATA, SELECTOR, SERVICE_ATTRIBUTES, RAW])
.blocks(&[&[ChildSchema::many(&SERVICE_PORT)]])
.check(|block, diagnostics| {
    check_selector(block, "selector", diagnostics);
    check_needs_port(block, diagnostics);
    check_service(block, diagnostics);
});

/// What every Service can have.
const SERVICE_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "type",
        AttributeType::Words(&["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
        "How it is reached.",
    )
    .default("`ClusterIP`"),
    AttributeSchema::optional(
        "external_name",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The host name that the Service stands for, with the type `ExternalName`.",
    ),
    AttributeSchema::optional(
        "cluster_ip",
        AttributeType::Text(&CLUSTER_IP),
        "Its address, or `None` for a headless Service, whose name leads to the pods themselves.",
    )
    .default("one that the cluster chooses"),
    AttributeSchema::optional(
        "external_ips",
        AttributeType::TextList(&EXTERNAL_IP),
        "Addresses of nodes that lead to it.",
    ),
    AttributeSchema::optional(
        "ip_families",
        AttributeType::TextList(&IP_FAMILY),
        "The families of its addresses, `IPv4` or `IPv6`, the first one first.",
    ),
    AttributeSchema::optional(
        "ip_family_policy",
        AttributeType::Words(&["SingleStack", "PreferDualStack", "RequireDualStack"]),
        "Whether it has addresses of both families.",
    ),
    AttributeSchema::optional(
        "internal_traffic_policy",
        REACH,
        "Which pods traffic from inside goes to.",
    )
    .default("`Cluster`"),
    AttributeSchema::optional(
        "external_traffic_policy",
        REACH,
        "Which pods traffic from outside goes to.",
    )
    .default("`Cluster`"),
    AttributeSchema::optional(
        "traffic_distribution",
        AttributeType::Words(&["PreferClose", "PreferSameZone", "PreferSameNode"]),
        "Which pods are preferred.",
    ),
    AttributeSchema::optional(
        "session_affinity",
        AttributeType::Words(&["None", "ClientIP"]),
        "Whether a client stays with a pod.",
    )
    .default("`None`"),
    AttributeSchema::optional(
        "session_affinity_timeout",
        AttributeType::Integer { min: 1, max: 86_400 },
        "For how many seconds a client stays with a pod.",
    )
    .default("10800"),
    AttributeSchema::optional(
        "publish_not_ready_addresses",
        AttributeType::Bool,
        "Whether pods are reached before they are ready.",
    )
    .default("`false`"),
    AttributeSchema::optional(
        "load_balancer_class",
        AttributeType::Text(&QUALIFIED_NAME),
        "The implementation of the load balancer.",
    ),
    AttributeSchema::optional(
        "load_balancer_source_ranges",
        AttributeType::TextList(&CIDR),
        "The addresses from which the load balancer can be reached.",
    ),
    AttributeSchema::optional(
        "allocate_load_balancer_node_ports",
        AttributeType::Bool,
        "Whether ports of the nodes lead to a Service with a load balancer.",
    )
    .default("`true`"),
    AttributeSchema::optional(
        "health_check_node_port",
        AttributeType::Integer { min: 1, max: 65535 },
        "The port of the nodes on which a load balancer sees whether they have pods.",
    ),
];

const REACH: AttributeType = AttributeType::Words(&["Cluster", "Local"]);

/// `port "number" "name" { ... }` of a service.
pub static SERVICE_PORT: BlockSchema = BlockSchema::new("port", "Names a port of the Service.")
    .labels(&[
        LabelSchema::new("number", &PORT_NUMBER),
        LabelSchema::new("name", &SERVICE_PORT_NAME),
    ])
    .attributes(&[&[
        AttributeSchema::optional(
            "target",
            AttributeType::Text(&PORT_OR_NAME),
            "The port of the pods, by number or name.",
        )
        .default("the same number"),
        AttributeSchema::optional(
            "protocol",
            AttributeType::Words(&["TCP", "UDP", "SCTP"]),
            "The protocol.",
        )
        .default("`TCP`"),
        AttributeSchema::optional(
            "app_protocol",
            AttributeType::Text(&QUALIFIED_NAME),
            "What is spoken on it, such as `http` or `kubernetes.io/h2c`.",
        ),
        AttributeSchema::optional(
            "node_port",
            AttributeType::Integer { min: 1, max: 65535 },
            "The port of the nodes that leads here.",
        )
        .default("one that the cluster chooses, where the type needs one"),
    ]]);
