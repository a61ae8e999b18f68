//! `autoscale` of a deployment and a statefulset.

use kdef_source::{Code, Diagnostic};

use super::metadata::{MORE_ANNOTATIONS, MORE_LABELS};
use super::raw::RAW;
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, ChildSchema};

const PODS: AttributeType = AttributeType::Integer {
    min: 1,
    max: i32::MAX as i64,
};

/// `autoscale { ... }`: a `HorizontalPodAutoscaler`.
pub static AUTOSCALE: BlockSchema = BlockSchema::new(
    "autoscale",
    "Lets the number of pods follow their load, as a HorizontalPodAutoscaler.",
)
.attributes(&[
    &[
        AttributeSchema::required("min", PODS, "The least number of pods."),
        AttributeSchema::required("max", PODS, "The greatest number of pods."),
        AttributeSchema::optional(
            "cpu",
            PODS,
            "The processor time that the pods should use, as a percentage of what they request.",
        )
        .default("80, unless `memory` is set"),
        AttributeSchema::optional(
            "memory",
            PODS,
            "The memory that the pods should use, as a percentage of what they request.",
        ),
        MORE_LABELS,
        MORE_ANNOTATIONS,
    ],
    RAW,
])
.blocks(&[&[ChildSchema::single(&BEHAVIOR)]])
.check(check_range);

/// `behavior { ... }`: how fast the number of pods changes.
static BEHAVIOR: BlockSchema = BlockSchema::new("behavior", "Says how fast the number of pods changes.")
    .blocks(&[&[ChildSchema::single(&SCALE_UP), ChildSchema::single(&SCALE_DOWN)]]);

static SCALE_UP: BlockSchema = BlockSchema::new("scale_up", "Says how fast pods are added.")
    .attributes(&[SCALING_ATTRIBUTES])
    .blocks(&[&[ChildSchema::many(&POLICY)]]);

static SCALE_DOWN: BlockSchema = BlockSchema::new("scale_down", "Says how fast pods are removed.")
    .attributes(&[SCALING_ATTRIBUTES])
    .blocks(&[&[ChildSchema::many(&POLICY)]]);

const SCALING_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "stabilization_window_seconds",
        AttributeType::Integer { min: 0, max: 3600 },
        "For how long a need is watched before it is followed.",
    )
    .default("0 up and 300 down"),
    AttributeSchema::optional(
        "select_policy",
        AttributeType::Words(&["Max", "Min", "Disabled"]),
        "Which of several policies counts: the one that changes most, or least; `Disabled` changes nothing.",
    )
    .default("`Max`"),
];

static POLICY: BlockSchema =
    BlockSchema::new("policy", "Bounds the change within a period.").attributes(&[&[
        AttributeSchema::required(
            "type",
            AttributeType::Words(&["Pods", "Percent"]),
            "Whether `value` counts pods, or is a percentage of those that run.",
        ),
        AttributeSchema::required("value", PODS, "The greatest change within the period."),
        AttributeSchema::required(
            "period_seconds",
            AttributeType::Integer { min: 1, max: 1800 },
            "How long the period is.",
        ),
    ]]);

fn check_range(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if let (Some(min), Some(max)) = (block.integer("min"), block.integer("max"))
        && min > max
    {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("min"),
                "`min` is greater than `max`",
            )
            .with_related(block.span_of("max"), "`max`"),
        );
    }
}

/// Warns of a number of pods that the autoscaler decides.
pub(super) fn check_scale(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if let (Some(autoscale), Some(scale)) = (workload.child("autoscale"), workload.child("scale")) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                scale.span(),
                "`scale` has no effect beside `autoscale`, which decides how many pods there are",
            )
            .with_related(autoscale.span(), "autoscaled here")
            .with_hint("remove it; `min` is the number to start with"),
        );
    }
}
