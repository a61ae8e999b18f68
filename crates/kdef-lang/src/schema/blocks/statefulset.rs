//! `statefulset`

use kdef_source::{Code, Diagnostic};

use super::autoscale::{AUTOSCALE, check_scale};
use super::container::CONTAINER;
use super::disruption_budget::NESTED_DISRUPTION_BUDGET;
use super::ingress::NESTED_INGRESS;
use super::pod::{POD_ATTRIBUTES, POD_BLOCKS, POD_PARTS};
use super::raw::RAW;
use super::rollout::STATEFULSET_ROLLOUT;
use super::service::SERVICE;
use super::volume_claim::{VOLUME_CLAIM, check_claims};
use super::workload::{SCALE, WORKLOAD_ATTRIBUTES, check_workload};
use crate::Block;
use crate::schema::{AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, LabelSchema};

/// `statefulset "name" { ... }`: a StatefulSet, and the Service and Ingresses that go with it.
pub static STATEFULSET: BlockSchema = BlockSchema::new(
    "statefulset",
    "Runs pods that each have a name and volumes of their own, as a StatefulSet.",
)
.labels(&[LabelSchema::new("name", &DNS_LABEL)])
.attributes(&[
    WORKLOAD_ATTRIBUTES,
    &[
        AttributeSchema::optional(
            "service_name",
            AttributeType::Text(&DNS_LABEL),
            "The Service that gives each pod a host name; a `service` of this name is headless unless its `type` is set.",
        )
        .default("the name"),
        AttributeSchema::optional(
            "pod_management_policy",
            AttributeType::Words(&["OrderedReady", "Parallel"]),
            "Whether the pods start and stop one after another, or all at once.",
        )
        .default("`OrderedReady`"),
    ],
    POD_ATTRIBUTES,
    RAW,
])
.blocks(&[
    &[
        ChildSchema::many(&CONTAINER).needed(),
        ChildSchema::single(&SCALE),
        ChildSchema::single(&AUTOSCALE),
        ChildSchema::single(&STATEFULSET_ROLLOUT),
        ChildSchema::many(&VOLUME_CLAIM),
        ChildSchema::single(&CLAIM_RETENTION),
        ChildSchema::named(&SERVICE),
        ChildSchema::many(&NESTED_INGRESS),
        ChildSchema::single(&NESTED_DISRUPTION_BUDGET),
    ],
    POD_BLOCKS,
    POD_PARTS,
])
.workload()
.check(|block, diagnostics| {
    check_workload(block, diagnostics);
    check_scale(block, diagnostics);
    check_name(block, diagnostics);
    check_claims(block, diagnostics);
});

const FATE: AttributeType = AttributeType::Words(&["Retain", "Delete"]);

/// `persistent_volume_claim_retention_policy { ... }`: what becomes of the claims.
static CLAIM_RETENTION: BlockSchema = BlockSchema::new(
    "persistent_volume_claim_retention_policy",
    "Says what becomes of the claims of pods that go.",
)
.attributes(&[&[
    AttributeSchema::optional("when_deleted", FATE, "When the StatefulSet is deleted.").default("`Retain`"),
    AttributeSchema::optional("when_scaled", FATE, "When there are fewer pods than before.")
        .default("`Retain`"),
]]);

/// The greatest length of a name: the pods carry it as a label, with a dash and a hash of 10 characters.
const NAME_LENGTH: usize = 52;

/// The pods are named after the StatefulSet, and their names are host names.
fn check_name(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let name = block.name();
    let fault = match name.len() {
        _ if name.contains('.') => "holds a dot, which the host names of its pods cannot".to_owned(),
        // A longer one than that is reported for all workloads.
        length if (NAME_LENGTH + 1..=63).contains(&length) => format!(
            "has {length} characters; its pods carry it in a label with a hash, which leaves {NAME_LENGTH}"
        ),
        _ => return,
    };
    diagnostics.push(
        Diagnostic::error(
            Code::InvalidName,
            block.name_span(),
            format!("the name of this statefulset {fault}"),
        )
        .with_hint("change it, or set another with `name`"),
    );
}
