//! `daemonset`

use super::container::CONTAINER;
use super::ingress::NESTED_INGRESS;
use super::pod::{POD_ATTRIBUTES, POD_BLOCKS, POD_PARTS};
use super::raw::RAW;
use super::rollout::DAEMONSET_ROLLOUT;
use super::service::SERVICE;
use super::workload::{WORKLOAD_ATTRIBUTES, check_workload};
use crate::schema::{BlockSchema, ChildSchema, DNS_SUBDOMAIN, LabelSchema};

/// `daemonset "name" { ... }`: a DaemonSet, and the Service and Ingresses that go with it.
pub static DAEMONSET: BlockSchema = BlockSchema::new("daemonset", "Runs a pod on each node, as a DaemonSet.")
    .labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
    .attributes(&[WORKLOAD_ATTRIBUTES, POD_ATTRIBUTES, RAW])
    .blocks(&[
        &[
            ChildSchema::many(&CONTAINER).needed(),
            ChildSchema::single(&DAEMONSET_ROLLOUT),
            ChildSchema::named(&SERVICE),
            ChildSchema::many(&NESTED_INGRESS),
        ],
        POD_BLOCKS,
        POD_PARTS,
    ])
    .workload()
    .check(check_workload);
