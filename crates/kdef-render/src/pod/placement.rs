//! Where pods run: the taints that they put up with.

use k8s_openapi::api::core::v1::Toleration;
use kdef_lang::Block;

use crate::attributes::text;
use crate::provenance::Recorder;

/// Returns the taints that the pods of a workload put up with, in source order.
pub(super) fn tolerations(workload: &Block, fields: &mut Recorder<'_>) -> Vec<Toleration> {
    let toleration = |(index, block): (usize, &Block)| {
        fields.item("tolerations", index, block.span()).attributes(
            block,
            &[
                ("key", "key"),
                ("operator", "operator"),
                ("value", "value"),
                ("effect", "effect"),
                ("tolerationSeconds", "toleration_seconds"),
            ],
        );
        Toleration {
            key: text(block, "key"),
            operator: text(block, "operator"),
            value: text(block, "value"),
            effect: text(block, "effect"),
            toleration_seconds: block.integer("toleration_seconds"),
        }
    };
    workload
        .children("toleration")
        .enumerate()
        .map(toleration)
        .collect()
}
