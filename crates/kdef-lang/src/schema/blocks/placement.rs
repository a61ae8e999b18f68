//! `affinity` and `topology_spread` of a workload: on which nodes its pods run, and beside which other pods.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, LABEL_KEY, LABELS, LabelSchema,
    WRITTEN_TEXT,
};

/// `affinity { ... }`: which nodes the pods need or prefer, and which pods they stay near or away from.
pub static AFFINITY: BlockSchema = BlockSchema::new(
    "affinity",
    "Says which nodes the pods need or prefer, and which pods they stay near or away from.",
)
.blocks(&[&[
    ChildSchema::single(&NODE_AFFINITY),
    ChildSchema::single(&POD_AFFINITY),
    ChildSchema::single(&POD_ANTI_AFFINITY),
]]);

static NODE_AFFINITY: BlockSchema =
    BlockSchema::new("node_affinity", "Says which nodes the pods need, or prefer.").blocks(&[&[
        ChildSchema::many(&REQUIRED_NODE),
        ChildSchema::many(&PREFERRED_NODE),
    ]]);

static POD_AFFINITY: BlockSchema =
    BlockSchema::new("pod_affinity", "Says which pods they must, or should, run near.").blocks(&[POD_TERMS]);

static POD_ANTI_AFFINITY: BlockSchema = BlockSchema::new(
    "pod_anti_affinity",
    "Says which pods they must not, or should not, run near.",
)
.blocks(&[POD_TERMS]);

const POD_TERMS: &[ChildSchema] = &[
    ChildSchema::many(&REQUIRED_PODS),
    ChildSchema::many(&PREFERRED_PODS),
];

static REQUIRED_NODE: BlockSchema = BlockSchema::new(
    "required",
    "A node must match all of its expressions; of several such blocks, one is enough.",
)
.blocks(&[&[ChildSchema::many(&NODE_EXPRESSION).needed()]]);

static PREFERRED_NODE: BlockSchema = BlockSchema::new(
    "preferred",
    "Nodes that match all of its expressions are preferred.",
)
.attributes(&[&[WEIGHT]])
.blocks(&[&[ChildSchema::many(&NODE_EXPRESSION).needed()]]);

static REQUIRED_PODS: BlockSchema = BlockSchema::new("required", "Must hold for a node to be chosen.")
    .attributes(&[POD_TERM])
    .blocks(&[&[ChildSchema::many(&MATCH_EXPRESSION)]]);

static PREFERRED_PODS: BlockSchema = BlockSchema::new("preferred", "Nodes where it holds are preferred.")
    .attributes(&[&[WEIGHT], POD_TERM])
    .blocks(&[&[ChildSchema::many(&MATCH_EXPRESSION)]]);

const WEIGHT: AttributeSchema = AttributeSchema::optional(
    "weight",
    AttributeType::Integer { min: 1, max: 100 },
    "How much it counts beside other preferences.",
)
.default("1");

const POD_TERM: &[AttributeSchema] = &[
    AttributeSchema::required(
        "topology_key",
        AttributeType::Text(&LABEL_KEY),
        "The label of nodes whose value says what is near, such as `kubernetes.io/hostname`.",
    ),
    MATCH_LABELS,
    AttributeSchema::optional(
        "namespaces",
        AttributeType::TextList(&DNS_LABEL),
        "The namespaces of the pods.",
    )
    .default("that of the workload"),
];

const MATCH_LABELS: AttributeSchema = AttributeSchema::optional(
    "match_labels",
    AttributeType::TextMap(&LABELS),
    "The labels of the pods that are meant.",
)
.default("those of the workload's own pods, unless `match_expression` is written");

/// `match_expression "key" { ... }`: what the label of a pod must be.
static MATCH_EXPRESSION: BlockSchema = BlockSchema::new("match_expression", "Says what a label must be.")
    .labels(&[LabelSchema::new("key", &LABEL_KEY)])
    .attributes(&[&[
        AttributeSchema::optional(
            "operator",
            AttributeType::Words(&["In", "NotIn", "Exists", "DoesNotExist"]),
            "How the label is compared.",
        )
        .default("`In`"),
        VALUES,
    ]])
    .check(check_expression);

/// `match_expression "key" { ... }` of a node.
static NODE_EXPRESSION: BlockSchema =
    BlockSchema::new("match_expression", "Says what a label of a node must be.")
        .labels(&[LabelSchema::new("key", &LABEL_KEY)])
        .attributes(&[&[
            AttributeSchema::optional(
                "operator",
                AttributeType::Words(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
                "How the label is compared.",
            )
            .default("`In`"),
            VALUES,
        ]])
        .check(check_expression);

const VALUES: AttributeSchema = AttributeSchema::optional(
    "values",
    AttributeType::TextList(&WRITTEN_TEXT),
    "The values that it is compared with.",
);

/// `topology_spread "key" { ... }`: how evenly the pods are spread.
pub static TOPOLOGY_SPREAD: BlockSchema = BlockSchema::new(
    "topology_spread",
    "Spreads the pods evenly over nodes, zones or whatever the label of nodes tells apart.",
)
.labels(&[LabelSchema::new("topology key", &LABEL_KEY)])
.attributes(&[&[
    AttributeSchema::optional("max_skew", COUNT, "By how many pods two places may differ.").default("1"),
    AttributeSchema::optional(
        "when_unsatisfiable",
        AttributeType::Words(&["DoNotSchedule", "ScheduleAnyway"]),
        "Whether a pod that would differ more waits, or runs all the same.",
    )
    .default("`DoNotSchedule`"),
    AttributeSchema::optional("min_domains", COUNT, "How many places there must be."),
    MATCH_LABELS,
    AttributeSchema::optional(
        "node_affinity_policy",
        HONOR,
        "Whether only nodes that the pods may run on count.",
    )
    .default("`Honor`"),
    AttributeSchema::optional(
        "node_taints_policy",
        HONOR,
        "Whether only nodes whose taints the pods put up with count.",
    )
    .default("`Ignore`"),
]])
.blocks(&[&[ChildSchema::many(&MATCH_EXPRESSION)]])
.check(|block, diagnostics| {
    let waits = block.text("when_unsatisfiable") != Some("ScheduleAnyway");
    if block.is_set("min_domains") && !waits {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("min_domains"),
                "`min_domains` needs `when_unsatisfiable` to be `DoNotSchedule`",
            )
            .with_related(block.span_of("when_unsatisfiable"), "pods run all the same"),
        );
    }
});

const COUNT: AttributeType = AttributeType::Integer {
    min: 1,
    max: i32::MAX as i64,
};

const HONOR: AttributeType = AttributeType::Words(&["Honor", "Ignore"]);

/// Checks that an expression has the values that its operator takes.
fn check_expression(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_lost("operator") || block.is_lost("values") {
        return;
    }
    let operator = block.text("operator").unwrap_or("In");
    let values = block.list("values").unwrap_or_default();
    let is_number = || values.iter().all(|value| value.value.parse::<i64>().is_ok());
    let fault = match operator {
        "In" | "NotIn" if values.is_empty() => "needs `values`",
        "Exists" | "DoesNotExist" if !values.is_empty() => "takes no `values`",
        "Gt" | "Lt" if values.len() != 1 || !is_number() => "takes one whole number in `values`",
        _ => return,
    };
    let place = if values.is_empty() {
        block.span()
    } else {
        block.span_of("values")
    };
    let message = format!("the operator `{operator}` {fault}");
    diagnostics.push(Diagnostic::error(Code::Contradiction, place, message));
}

/// Kubernetes takes one constraint for each label of nodes and each answer to what cannot be satisfied.
pub(super) fn check_spread(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let identity = |block: &Block| {
        let answer = block.text("when_unsatisfiable").unwrap_or("DoNotSchedule");
        (block.label(0).to_owned(), answer.to_owned())
    };
    let mut seen: BTreeMap<(String, String), Span> = BTreeMap::new();
    for block in workload.children("topology_spread") {
        if let Some(first) = seen.get(&identity(block)) {
            diagnostics.push(
                Diagnostic::error(
                    Code::DuplicateBlock,
                    block.span(),
                    format!("there is a `topology_spread` for `{}` already", block.label(0)),
                )
                .with_related(*first, "the first one"),
            );
        }
        seen.entry(identity(block)).or_insert(block.span());
    }
}
