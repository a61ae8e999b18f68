//! `deployment`

use super::autoscale::{AUTOSCALE, check_scale};
use super::container::CONTAINER;
use super::disruption_budget::NESTED_DISRUPTION_BUDGET;
use super::ingress::NESTED_INGRESS;
use super::pod::{POD_ATTRIBUTES, POD_BLOCKS, POD_PARTS};
use super::raw::RAW;
use super::rollout::DEPLOYMENT_ROLLOUT;
use super::service::SERVICE;
use super::workload::{SCALE, WORKLOAD_ATTRIBUTES, check_workload};
use crate::schema::{BlockSchema, ChildSchema, DNS_SUBDOMAIN, LabelSchema};

/// `deployment "name" { ... }`: a Deployment, and the Service and Ingresses that go with it.
pub static DEPLOYMENT: BlockSchema = BlockSchema::new(
    "deployment",
    "Runs pods that can replace each other, as a Deployment.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[WORKLOAD_ATTRIBUTES, POD_ATTRIBUTES, RAW])
.blocks(&[
    &[
        ChildSchema::many(&CONTAINER).needed(),
        ChildSchema::single(&SCALE),
        ChildSchema::single(&AUTOSCALE),
        ChildSchema::single(&DEPLOYMENT_ROLLOUT),
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
});
