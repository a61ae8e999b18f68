//! What the objects of one workload share: its name, its namespace, its labels and its ports.

use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use kdef_lang::Block;
use kdef_source::{Diagnostic, Span};

use super::family::Family;
use super::meta::{Labels, NAME_LABEL, labels, metadata, named_labels, record_identity};
use crate::attributes::{small, text_map};
use crate::pod;
use crate::provenance::{Provenance, Recorder};

/// A block that runs pods.
#[derive(Clone)]
pub(super) struct Workload<'a> {
    pub(super) block: &'a Block,
    pub(super) family: Family<'a>,
}

impl<'a> Workload<'a> {
    pub(super) fn new(block: &'a Block) -> Self {
        let family = Family::new(block, block.name());
        Self { block, family }
    }

    pub(super) fn name(&self) -> &'a str {
        self.block.name()
    }

    /// Starts the provenance of an object that a part of the workload makes.
    pub(super) fn provenance(&self, part: Span) -> Provenance {
        self.family.provenance(part)
    }

    /// Returns the metadata of the workload's own object.
    pub(super) fn metadata(&self, fields: &mut Recorder<'_>) -> ObjectMeta {
        record_identity(self.block, fields);
        let mut fields = fields.inside("metadata");
        record_map(self.block, ("labels", "labels"), &mut fields);
        record_map(self.block, ("annotations", "annotations"), &mut fields);
        ObjectMeta {
            annotations: text_map(self.block, "annotations"),
            ..metadata(self.name(), self.namespace(), self.labels())
        }
    }

    /// Returns what the pods are made from. `fields` stands at it.
    pub(super) fn pod_template(
        &self,
        fields: &mut Recorder<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> PodTemplateSpec {
        PodTemplateSpec {
            metadata: Some(self.pod_metadata(&mut fields.inside("metadata"))),
            spec: Some(pod::spec(self.block, &mut fields.inside("spec"), diagnostics)),
        }
    }

    fn pod_metadata(&self, fields: &mut Recorder<'_>) -> ObjectMeta {
        record_map(self.block, ("labels", "labels"), fields);
        record_map(self.block, ("labels", "pod_labels"), fields);
        record_map(self.block, ("annotations", "pod_annotations"), fields);
        let more = text_map(self.block, "pod_labels").unwrap_or_default();
        ObjectMeta {
            labels: Some(labels(self.labels().into_iter().chain(more))),
            annotations: text_map(self.block, "pod_annotations"),
            ..ObjectMeta::default()
        }
    }

    /// Returns the number of pods, 1 when the block does not say, and `None` when an autoscaler decides. `fields` stands
    /// at the spec.
    pub(super) fn replicas(&self, fields: &mut Recorder<'_>) -> Option<i32> {
        if self.block.child("autoscale").is_some() {
            return None;
        }
        let scale = self.block.child("scale");
        if let Some(scale) = scale {
            fields.attributes(scale, &[("replicas", "replicas")]);
        }
        Some(scale.and_then(|scale| small(scale, "replicas")).unwrap_or(1))
    }

    /// Returns the labels by which the workload and its Service find the pods.
    pub(super) fn selector(&self) -> Labels {
        let default = || [(NAME_LABEL.to_owned(), self.name().to_owned())].into();
        text_map(self.block, "selector").unwrap_or_else(default)
    }

    pub(super) fn label_selector(&self, fields: &mut Recorder<'_>) -> LabelSelector {
        fields.attributes(self.block, &[("matchLabels", "selector")]);
        LabelSelector {
            match_labels: Some(self.selector()),
            ..LabelSelector::default()
        }
    }

    pub(super) fn namespace(&self) -> Option<&'a str> {
        self.block.text("namespace")
    }

    /// Returns the ports of all containers in source order.
    pub(super) fn container_ports(&self) -> impl Iterator<Item = &'a Block> {
        self.block
            .children("container")
            .flat_map(|container| container.children("port"))
    }

    fn labels(&self) -> Labels {
        match text_map(self.block, "labels") {
            Some(custom) => labels(custom),
            None => named_labels(self.name()),
        }
    }
}

/// Records a field that a map attribute says, and its entries. `pair` is field and attribute.
pub(super) fn record_map(block: &Block, pair: (&str, &str), fields: &mut Recorder<'_>) {
    let (field, attribute) = pair;
    fields.attributes(block, &[pair]);
    fields.entries(field, block.map(attribute));
}
