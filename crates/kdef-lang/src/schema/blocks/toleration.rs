//! `toleration` of a workload.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, LABEL_KEY, LABEL_VALUE};

/// `toleration { ... }`: a taint that the pods put up with.
pub static TOLERATION: BlockSchema =
    BlockSchema::new("toleration", "Lets the pods run on nodes that have a taint.")
        .attributes(&[&[
            AttributeSchema::optional("key", AttributeType::Text(&LABEL_KEY), "The key of the taint.")
                .default("any, with the operator `Exists`"),
            AttributeSchema::optional(
                "operator",
                AttributeType::Words(&["Equal", "Exists"]),
                "Whether the taint must have the `value`, or may have any.",
            )
            .default("`Equal`"),
            AttributeSchema::optional(
                "value",
                AttributeType::Text(&LABEL_VALUE),
                "The value of the taint.",
            ),
            AttributeSchema::optional(
                "effect",
                AttributeType::Words(&["NoSchedule", "PreferNoSchedule", "NoExecute"]),
                "What the taint does.",
            )
            .default("any"),
            AttributeSchema::optional(
                "toleration_seconds",
                AttributeType::Integer {
                    min: 0,
                    max: i64::MAX,
                },
                "For how long the pods put up with a taint that appears; only with the effect `NoExecute`.",
            )
            .default("for ever"),
        ]])
        .check(check_toleration);

fn check_toleration(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let given = |name| block.is_set(name) || block.is_lost(name);
    let is_open = block.text("operator") == Some("Exists");
    if !given("key") && !is_open && !block.is_lost("operator") {
        diagnostics.push(
            Diagnostic::error(Code::Contradiction, block.span(), "this toleration has no `key`")
                .with_hint("set `key`, or `operator = \"Exists\"` to put up with every taint"),
        );
    }
    if is_open && block.is_set("value") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("value"),
                "the operator `Exists` takes no `value`",
            )
            .with_related(block.span_of("operator"), "the operator"),
        );
    }
    let executes = block.text("effect") == Some("NoExecute") || block.is_lost("effect");
    if block.is_set("toleration_seconds") && !executes {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("toleration_seconds"),
                "`toleration_seconds` needs the effect `NoExecute`",
            )
            .with_hint("set `effect = \"NoExecute\"`"),
        );
    }
}
