//! `container` and what stands in it.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use super::security_context::CONTAINER_SECURITY_CONTEXT;
use super::unique::check_unique;
use super::volume::VOLUME;
use crate::Block;
use crate::schema::{
    ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, FreeForm,
    LabelSchema, PORT_NAME, PORT_NUMBER, QUANTITY_RANGE, Referent, WRITTEN_TEXT,
};

/// `container "name" { ... }`
pub static CONTAINER: BlockSchema = BlockSchema::new("container", "Runs an image in each pod.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[&[
        AttributeSchema::required("image", AttributeType::Text(&WRITTEN_TEXT), "The image."),
        AttributeSchema::optional(
            "image_pull_policy",
            AttributeType::Words(&["Always", "IfNotPresent", "Never"]),
            "When the image is pulled.",
        ),
        AttributeSchema::optional(
            "command",
            AttributeType::TextList(&ANY_TEXT),
            "The program and its first arguments, in place of the image's entry point.",
        ),
        AttributeSchema::optional(
            "args",
            AttributeType::TextList(&ANY_TEXT),
            "The arguments, in place of the image's.",
        ),
        AttributeSchema::optional(
            "working_dir",
            AttributeType::Text(&ANY_TEXT),
            "Where the program starts.",
        ),
    ]])
    .blocks(&[&[
        ChildSchema::many(&PORT),
        ChildSchema::merged(&ENV),
        ChildSchema::many(&ENV_FROM),
        ChildSchema::single(&RESOURCES),
        ChildSchema::many(&VOLUME),
        ChildSchema::single(&CONTAINER_SECURITY_CONTEXT),
    ]])
    .check(|block, diagnostics| {
        check_unique(block, "port", 1, diagnostics);
        check_mounts(block, diagnostics);
        check_liveness(block, diagnostics);
    });

const COUNT: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
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
    AttributeSchema::optional("initial_delay", COUNT, "Seconds before the first probe."),
    AttributeSchema::optional("period", COUNT, "Seconds between probes."),
    AttributeSchema::optional("timeout", COUNT, "Seconds that a probe may take."),
    AttributeSchema::optional("failures", COUNT, "Failures in a row until it counts as failed."),
    AttributeSchema::optional(
        "successes",
        COUNT,
        "Successes in a row until it counts as well again.",
    ),
]]);

/// `env { ... }`: environment variables, free-form.
pub static ENV: BlockSchema =
    BlockSchema::new("env", "Sets environment variables.").free_form(FreeForm::TextOrReference);

/// `env_from { ... }`: all keys of a ConfigMap or Secret as environment variables.
pub static ENV_FROM: BlockSchema = BlockSchema::new(
    "env_from",
    "Sets an environment variable for each key of a ConfigMap or Secret.",
)
.attributes(&[&[
    AttributeSchema::optional(
        "config_map",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The ConfigMap.",
    )
    .refers_to(Referent::ConfigMap),
    AttributeSchema::optional("secret", AttributeType::Text(&DNS_SUBDOMAIN), "The Secret.")
        .refers_to(Referent::Secret),
    AttributeSchema::optional(
        "prefix",
        AttributeType::Text(&ANY_TEXT),
        "What stands before each key.",
    ),
]])
.check(check_env_from);

/// `resources { ... }`: what a container asks for and may use.
pub static RESOURCES: BlockSchema = BlockSchema::new(
    "resources",
    "Says what the container asks for, and what it may use.",
)
.attributes(&[&[
    AttributeSchema::optional(
        "cpu",
        AttributeType::Text(&QUANTITY_RANGE),
        "Processor time, as `request..limit` or one quantity for both.",
    ),
    AttributeSchema::optional(
        "memory",
        AttributeType::Text(&QUANTITY_RANGE),
        "Memory, as `request..limit` or one quantity for both.",
    ),
    AttributeSchema::optional(
        "ephemeral_storage",
        AttributeType::Text(&QUANTITY_RANGE),
        "Space on the node's disk, as `request..limit` or one quantity for both.",
    ),
]]);

/// Kubernetes lets one volume be seen at a path.
fn check_mounts(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for volume in block.children("volume") {
        let Some(path) = volume.text("mount_path") else {
            continue;
        };
        let span = volume.span_of("mount_path");
        if let Some(first) = seen.get(path) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    span,
                    "the container has another volume at this path",
                )
                .with_related(*first, "the first one"),
            );
        }
        seen.entry(path).or_insert(span);
    }
}

/// Kubernetes lets a liveness probe succeed after one success only.
fn check_liveness(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let asks = |port: &&Block| port.is_set("health") || port.flag("tcp_health") == Some(true);
    let Some(port) = block.children("port").find(asks) else {
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

fn check_env_from(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let given = |name| block.is_set(name) || block.is_lost(name);
    if !given("config_map") && !given("secret") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span(),
                "`env_from` names neither a configmap nor a secret",
            )
            .with_hint("set `config_map` or `secret`"),
        );
    }
    if block.is_set("config_map") && block.is_set("secret") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("secret"),
                "`env_from` names both a configmap and a secret",
            )
            .with_related(block.span_of("config_map"), "the configmap")
            .with_hint("write an `env_from` block for each"),
        );
    }
}
