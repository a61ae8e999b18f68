//! Which pods a block means that names a workload of the project, or labels.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kdef_lang::{Block, Project};
use kdef_source::{Code, Diagnostic, nearest};

use super::meta::Labels;
use super::workload::Workload;
use crate::attributes::text_map;
use crate::provenance::Recorder;

/// The workloads of a project, by namespace and name.
pub(super) struct Pods<'a> {
    workloads: BTreeMap<(Option<&'a str>, &'a str), &'a Block>,
    /// Whether these are all that there are.
    complete: bool,
}

impl<'a> Pods<'a> {
    pub(super) fn of(project: &'a Project, complete: bool) -> Self {
        let has_selector = |block: &&Block| block.schema().attribute("selector").is_some();
        let blocks = project.blocks.iter().filter(|block| block.schema().workload);
        let mut workloads = BTreeMap::new();
        for block in blocks.filter(has_selector) {
            workloads
                .entry((block.text("namespace"), block.name()))
                .or_insert(block);
        }
        Self { workloads, complete }
    }

    /// Returns the labels of the pods that a block means with `workload`, or with the attribute `selector`; `None` when it
    /// sets neither. What is said is recorded as `field`.
    pub(super) fn labels(
        &self,
        block: &Block,
        namespace: Option<&str>,
        [selector, field]: [&str; 2],
        fields: &mut Recorder<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Labels> {
        fields.attributes(block, &[(field, "workload"), (field, selector)]);
        if let Some(name) = block.text("workload") {
            let workload = self.workloads.get(&(namespace, name));
            if workload.is_none() && self.complete {
                diagnostics.push(self.unknown(block, namespace, name));
            }
            return Some(workload.map_or_else(Labels::new, |workload| Workload::new(workload).selector()));
        }
        fields.entries(field, block.map(selector));
        let labels = || text_map(block, selector).unwrap_or_default();
        block.is_set(selector).then(labels)
    }

    /// Returns what [`Pods::labels`] does, as Kubernetes' newer kinds have it.
    pub(super) fn selector(
        &self,
        block: &Block,
        namespace: Option<&str>,
        [selector, field]: [&str; 2],
        fields: &mut Recorder<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<LabelSelector> {
        fields.attributes(block, &[(field, "workload"), (field, selector)]);
        let field = format!("{field}.matchLabels");
        let labels = self.labels(block, namespace, [selector, &field], fields, diagnostics)?;
        Some(label_selector(labels))
    }

    fn unknown(&self, block: &Block, namespace: Option<&str>, name: &str) -> Diagnostic {
        let place = namespace.map_or_else(String::new, |name| format!(" in namespace `{name}`"));
        let message = format!("there is no workload `{name}`{place} among what is rendered");
        let here = self.workloads.keys().filter(|(other, _)| *other == namespace);
        Diagnostic::error(Code::UnknownWorkload, block.span_of("workload"), message)
            .with_suggestion(nearest(name, here.map(|(_, name)| *name)))
    }
}

/// Makes a selector of labels; without any it selects everything.
pub(super) fn label_selector(labels: Labels) -> LabelSelector {
    LabelSelector {
        match_labels: (!labels.is_empty()).then_some(labels),
        ..LabelSelector::default()
    }
}
