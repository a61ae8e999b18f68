//! `rollout` of a deployment, a daemonset and a statefulset.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, COUNT_OR_PERCENTAGE};

const COUNT: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

const DOC: &str = "Says how new pods take the place of old ones.";

/// `rollout { ... }` of a deployment.
pub static DEPLOYMENT_ROLLOUT: BlockSchema = BlockSchema::new("rollout", DOC)
    .attributes(&[
        &[
            AttributeSchema::optional(
                "strategy",
                AttributeType::Words(&[ROLLING, "Recreate"]),
                "Whether pods are replaced step by step, or the old ones go first.",
            )
            .default("`RollingUpdate`"),
            MAX_SURGE.default("`25%`"),
            MAX_UNAVAILABLE.default("`25%`"),
            AttributeSchema::optional(
                "progress_deadline",
                AttributeType::Integer {
                    min: 1,
                    max: i32::MAX as i64,
                },
                "Seconds without progress after which the rollout counts as failed.",
            )
            .default("600"),
            AttributeSchema::optional(
                "paused",
                AttributeType::Bool,
                "Whether changes of the pods are not rolled out.",
            ),
        ],
        SHARED,
    ])
    .check(|block, diagnostics| {
        check_strategy(block, diagnostics);
        check_unavailable(block, diagnostics);
        check_deadline(block, diagnostics);
        if amount(block, "max_surge") == Some(0) && amount(block, "max_unavailable") == Some(0) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    block.span_of("max_unavailable"),
                    "`max_surge` and `max_unavailable` cannot both be 0",
                )
                .with_related(block.span_of("max_surge"), "`max_surge`")
                .with_hint("pods are replaced by running more of them, or fewer, for a while"),
            );
        }
    });

/// `rollout { ... }` of a daemonset.
pub static DAEMONSET_ROLLOUT: BlockSchema = BlockSchema::new("rollout", DOC)
    .attributes(&[
        &[ON_DELETE, MAX_SURGE.default("0"), MAX_UNAVAILABLE.default("1")],
        SHARED,
    ])
    .check(|block, diagnostics| {
        check_strategy(block, diagnostics);
        check_unavailable(block, diagnostics);
        check_percentage(block, "max_surge", diagnostics);
        check_either(block, diagnostics);
    });

/// `rollout { ... }` of a statefulset.
pub static STATEFULSET_ROLLOUT: BlockSchema = BlockSchema::new("rollout", DOC)
    .attributes(&[
        &[
            ON_DELETE,
            AttributeSchema::optional(
                "partition",
                COUNT,
                "The number of the first pod that is replaced; those before it keep what they run.",
            )
            .default("0"),
            MAX_UNAVAILABLE.default("1"),
        ],
        SHARED,
    ])
    .check(|block, diagnostics| {
        check_strategy(block, diagnostics);
        check_unavailable(block, diagnostics);
        if amount(block, "max_unavailable") == Some(0) {
            diagnostics.push(Diagnostic::error(
                Code::OutOfRange,
                block.span_of("max_unavailable"),
                "`max_unavailable`: the number must be at least 1, since a statefulset never runs more pods",
            ));
        }
    });

const ROLLING: &str = "RollingUpdate";

/// What one word makes the attributes of a rolling update mean nothing.
const ROLLING_ATTRIBUTES: [&str; 3] = ["max_surge", "max_unavailable", "partition"];

const ON_DELETE: AttributeSchema = AttributeSchema::optional(
    "strategy",
    AttributeType::Words(&[ROLLING, "OnDelete"]),
    "Whether pods are replaced step by step, or each when someone deletes it.",
)
.default("`RollingUpdate`");

const MAX_SURGE: AttributeSchema = AttributeSchema::optional(
    "max_surge",
    AttributeType::Text(&COUNT_OR_PERCENTAGE),
    "How many pods more than asked for there may be, as a number or a percentage.",
);

const MAX_UNAVAILABLE: AttributeSchema = AttributeSchema::optional(
    "max_unavailable",
    AttributeType::Text(&COUNT_OR_PERCENTAGE),
    "How many of the pods may be missing, as a number or a percentage.",
);

const SHARED: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "min_ready_seconds",
        COUNT,
        "Seconds that a pod must be ready for to count as available.",
    )
    .default("0"),
    AttributeSchema::optional(
        "revision_history_limit",
        COUNT,
        "How many old revisions are kept to go back to.",
    )
    .default("10"),
];

/// The deadline of a deployment that sets none.
const DEFAULT_DEADLINE: i64 = 600;

/// Returns the number, or the percentage, that an attribute says.
fn amount(block: &Block, name: &str) -> Option<u64> {
    block.text(name)?.trim_end_matches('%').parse().ok()
}

fn check_strategy(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let Some(strategy) = block.text("strategy").filter(|strategy| *strategy != ROLLING) else {
        return;
    };
    let has = |name: &&str| block.schema().attribute(name).is_some() && block.is_set(name);
    for name in ROLLING_ATTRIBUTES.iter().filter(|name| has(name)) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                block.span_of(name),
                format!("`{name}` has no effect with the strategy `{strategy}`"),
            )
            .with_related(block.span_of("strategy"), "the strategy"),
        );
    }
}

fn check_unavailable(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_percentage(block, "max_unavailable", diagnostics);
}

fn check_percentage(block: &Block, name: &str, diagnostics: &mut Vec<Diagnostic>) {
    let is_percentage = block.text(name).is_some_and(|text| text.ends_with('%'));
    if is_percentage && amount(block, name).is_none_or(|percentage| percentage > 100) {
        diagnostics.push(Diagnostic::error(
            Code::OutOfRange,
            block.span_of(name),
            format!("`{name}`: the percentage must be at most 100%"),
        ));
    }
}

fn check_deadline(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_lost("progress_deadline") {
        return;
    }
    let deadline = block.integer("progress_deadline").unwrap_or(DEFAULT_DEADLINE);
    if block
        .integer("min_ready_seconds")
        .is_some_and(|seconds| seconds >= deadline)
    {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("min_ready_seconds"),
                "`min_ready_seconds` leaves the rollout no time to make progress",
            )
            .with_hint(format!(
                "it must be less than `progress_deadline`, which is {deadline}"
            )),
        );
    }
}

/// A daemonset replaces a pod either after the new one is ready or before it starts.
fn check_either(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let is_rolling = block.text("strategy").is_none_or(|strategy| strategy == ROLLING);
    let names = ["max_surge", "max_unavailable"];
    if !is_rolling || names.iter().any(|name| block.is_lost(name)) {
        return;
    }
    let surge = amount(block, "max_surge").unwrap_or(0);
    let unavailable = amount(block, "max_unavailable").unwrap_or(1);
    let (name, message, hint) = match (surge, unavailable) {
        (0, 0) => (
            "max_unavailable",
            "`max_unavailable` cannot be 0 when `max_surge` is",
            "",
        ),
        (1.., 1..) => (
            "max_surge",
            "a daemonset takes one of `max_surge` and `max_unavailable`, and the other must be 0",
            "`max_unavailable` is 1 unless it is set to 0",
        ),
        _ => return,
    };
    let problem = Diagnostic::error(Code::Contradiction, block.span_of(name), message);
    diagnostics.push(if hint.is_empty() {
        problem
    } else {
        problem.with_hint(hint)
    });
}
