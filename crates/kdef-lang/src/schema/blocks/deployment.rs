//! `deployment`

use super::container::CONTAINER;
use super::ingress::NESTED_INGRESS;
use super::pod::POD_ATTRIBUTES;
use super::raw::RAW;
use super::security_context::POD_SECURITY_CONTEXT;
use super::service::SERVICE;
use super::volume::POD_VOLUME;
use super::workload::{SCALE, WORKLOAD_ATTRIBUTES, check_workload};
use crate::schema::{BlockSchema, ChildSchema, DNS_SUBDOMAIN, LabelSchema};

/// `deployment "name" { ... }`: a Deployment, and the Service and Ingresses that go with it.
pub static DEPLOYMENT: BlockSchema = BlockSchema::new(
    "deployment",
    "Runs pods that can replace each other, as a Deployment.",
)
.labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
.attributes(&[WORKLOAD_ATTRIBUTES, POD_ATTRIBUTES, RAW])
.blocks(&[&[
    ChildSchema::many(&CONTAINER).needed(),
    ChildSchema::single(&SCALE),
    ChildSchema::many(&POD_VOLUME),
    ChildSchema::single(&POD_SECURITY_CONTEXT),
    ChildSchema::single(&SERVICE),
    ChildSchema::many(&NESTED_INGRESS),
]])
.workload()
.check(check_workload);
