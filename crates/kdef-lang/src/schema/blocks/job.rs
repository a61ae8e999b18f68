//! `job`, and what it shares with `cronjob`.

use kdef_source::{Code, Diagnostic};

use super::container::{CONTAINER, CONTAINER_ATTRIBUTES, CONTAINER_PARTS, check_container};
use super::init::INIT;
use super::metadata::{MORE_ANNOTATIONS, NAMESPACE};
use super::pod::{POD_ATTRIBUTES, POD_PARTS, check_pod_parts};
use super::pod_rules::check_pod;
use super::raw::RAW;
use super::security_context::{JOB_SECURITY_CONTEXT, warn_place};
use super::volume::POD_VOLUME;
use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, DURATION, LABELS,
    LabelSchema, WRITTEN_TEXT,
};

/// `job "name" { ... }`: a Job. What it runs cannot be changed once it is there: a new run is a new name.
pub static JOB: BlockSchema = BlockSchema::new(
    "job",
    "Runs pods until they have done their work, as a Job; for another run give it another `name`, with a version in it.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[
    JOB_METADATA,
    &[SUSPEND],
    JOB_ATTRIBUTES,
    IMAGE,
    CONTAINER_ATTRIBUTES,
    POD_ATTRIBUTES,
    RAW,
])
.blocks(&[JOB_BLOCKS, CONTAINER_PARTS, POD_PARTS])
.workload()
.check(|block, diagnostics| {
    check_job(block, diagnostics);
    check_name(block, NAME_LENGTH, "the label of its pods", diagnostics);
    check_host_names(block, diagnostics);
});

/// The object's own metadata.
pub(super) const JOB_METADATA: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "name",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The name of the object.",
    )
    .default("the block's label"),
    NAMESPACE,
    AttributeSchema::optional(
        "labels",
        AttributeType::TextMap(&LABELS),
        "More labels of the object and its pods, beside kdef's own.",
    ),
    MORE_ANNOTATIONS,
];

pub(super) const SUSPEND: AttributeSchema = AttributeSchema::optional(
    "suspend",
    AttributeType::Bool,
    "Whether nothing is started for now.",
);

const COUNT: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

/// What the Job itself says, whatever starts it.
pub(super) const JOB_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "restart",
        AttributeType::Words(&["OnFailure", "Never"]),
        "Whether a container that fails is started again in its pod, or in a new pod.",
    )
    .default("`OnFailure`"),
    AttributeSchema::optional(
        "backoff_limit",
        COUNT,
        "How often it is tried again before it counts as failed.",
    )
    .default("6"),
    AttributeSchema::optional(
        "active_deadline_seconds",
        AttributeType::Text(&DURATION),
        "For how long it may run, in seconds or as in `10m`.",
    ),
    AttributeSchema::optional(
        "ttl_seconds_after_finished",
        COUNT,
        "Seconds after its end when it is deleted.",
    )
    .default("it stays"),
    AttributeSchema::optional("parallelism", COUNT, "How many pods run at once.").default("1"),
    AttributeSchema::optional("completions", COUNT, "How many pods must succeed.")
        .default("1, or any of them"),
    AttributeSchema::optional(
        "completion_mode",
        AttributeType::Words(&["NonIndexed", "Indexed"]),
        "Whether each of the `completions` has a number of its own.",
    )
    .default("`NonIndexed`"),
];

/// What may be written without a `container` block, which makes the only container.
pub(super) const IMAGE: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "image",
        AttributeType::Text(&WRITTEN_TEXT),
        "The image of the only container; `container` blocks take its place.",
    ),
    AttributeSchema::optional(
        "container_name",
        AttributeType::Text(&DNS_LABEL),
        "The name of the only container.",
    )
    .default("the name"),
];

pub(super) const JOB_BLOCKS: &[ChildSchema] = &[
    ChildSchema::many(&CONTAINER),
    ChildSchema::many(&INIT),
    ChildSchema::many(&POD_VOLUME),
    ChildSchema::single(&JOB_SECURITY_CONTEXT),
];

/// The greatest length of a Job's name, which is a label of its pods.
const NAME_LENGTH: usize = 63;

/// Checks what a job runs, and that its parts have names of their own.
pub(super) fn check_job(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_pod(block, diagnostics);
    check_pod_parts(block, diagnostics);
    let has_containers = block.children("container").next().is_some();
    if has_containers {
        check_containers(block, diagnostics);
    } else {
        check_only_container(block, diagnostics);
    }
    let is_indexed = block.text("completion_mode") == Some("Indexed");
    if is_indexed && !block.is_set("completions") && !block.is_lost("completions") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span_of("completion_mode"),
                "the completion mode `Indexed` needs the attribute `completions`",
            )
            .with_hint("set `completions` to how many numbers there are"),
        );
    }
}

/// Checks the form in which the block says itself what its only container runs.
fn check_only_container(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let given = |name| block.is_set(name) || block.is_lost(name);
    if !given("image") && !given("raw") && !block.is_lost("container") {
        diagnostics.push(
            Diagnostic::error(
                Code::MissingAttribute,
                block.span(),
                format!("this {} says nothing to run", block.kind()),
            )
            .with_hint("set `image`, or write a `container` block"),
        );
    }
    if block.has_name() && block.name().contains('.') && !given("container_name") {
        diagnostics.push(
            Diagnostic::error(
                Code::InvalidName,
                block.name_span(),
                format!(
                    "the name of this {} holds a dot, which the name of its container cannot",
                    block.kind()
                ),
            )
            .with_hint("set `container_name`"),
        );
    }
    check_container(block, diagnostics);
    for volume in block.children("volume") {
        if !volume.is_set("mount_path") && !volume.is_lost("mount_path") {
            diagnostics.push(Diagnostic::error(
                Code::MissingAttribute,
                volume.span(),
                format!(
                    "`volume` needs the attribute `mount_path` in a {} without `container`",
                    block.kind()
                ),
            ));
        }
    }
    warn_place(block, true, diagnostics);
}

/// Checks that a block with containers says nothing of an only one.
fn check_containers(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(container) = block.children("container").next() else {
        return;
    };
    let attributes = IMAGE
        .iter()
        .chain(CONTAINER_ATTRIBUTES)
        .map(|attribute| attribute.name);
    let attributes = attributes
        .filter(|name| block.is_set(name))
        .map(|name| (name, block.span_of(name)));
    let blocks = CONTAINER_PARTS
        .iter()
        .filter_map(|part| block.children(part.schema.kind).next())
        .map(|part| (part.kind(), part.span()));
    for (name, span) in attributes.chain(blocks) {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                span,
                format!("`{name}` cannot stand beside `container` blocks"),
            )
            .with_related(container.span(), "the first `container`")
            .with_hint("move it into the `container` that it is for"),
        );
    }
    warn_place(block, false, diagnostics);
}

/// Checks the length of the name. `carrier` says why it is bounded.
pub(super) fn check_name(block: &Block, longest: usize, carrier: &str, diagnostics: &mut Vec<Diagnostic>) {
    let length = block.name().len();
    if block.has_name() && length > longest {
        diagnostics.push(
            Diagnostic::error(
                Code::InvalidName,
                block.name_span(),
                format!(
                    "the name of this {} has {length} characters; {carrier} allows {longest}",
                    block.kind()
                ),
            )
            .with_hint("change it, or set another with `name`"),
        );
    }
}

/// The pods of an indexed Job are reached under its name with their numbers.
fn check_host_names(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.text("completion_mode") != Some("Indexed") || !block.has_name() {
        return;
    }
    let last = block.integer("completions").unwrap_or(1).max(1) - 1;
    if let Err(fault) = (DNS_LABEL.check)(&format!("{}-{last}", block.name())) {
        diagnostics.push(Diagnostic::error(
            Code::InvalidName,
            block.name_span(),
            format!("the name of this job with a number, the host name of its pods, {fault}"),
        ));
    }
}
