//! `job`, and the Jobs that a `cronjob` starts.

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{PodSpec, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kdef_lang::{Block, duration};
use kdef_source::Diagnostic;

use super::Output;
use super::meta::{Labels, NAME_LABEL, labels, metadata_of, object};
use super::workload::record_map;
use crate::attributes::{small, text, text_map};
use crate::provenance::{Provenance, Recorder};
use crate::{Object, pod};

/// The label that tells the pods of jobs from others of the same name.
const COMPONENT_LABEL: &str = "app.kubernetes.io/component";

/// Renders a Job.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let job = job(block, &mut output.diagnostics);
    output.add_with_raw(job, block);
}

fn job(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let metadata = metadata_of(block, own_labels(block), &mut fields);
    let mut fields = fields.inside("spec");
    fields.attributes(block, &[("suspend", "suspend")]);
    let spec = JobSpec {
        suspend: block.flag("suspend"),
        ..spec(block, &mut fields, diagnostics)
    };
    let resource = Job {
        metadata,
        spec: Some(spec),
        ..Job::default()
    };
    object(&resource, provenance)
}

/// Returns the labels that kdef gives a job and its pods.
pub(super) fn own_labels(block: &Block) -> Labels {
    [(NAME_LABEL, block.name()), (COMPONENT_LABEL, block.kind())]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

/// Returns what a Job does, whatever starts it. `fields` stands at its spec.
pub(super) fn spec(block: &Block, fields: &mut Recorder<'_>, diagnostics: &mut Vec<Diagnostic>) -> JobSpec {
    fields.attributes(
        block,
        &[
            ("backoffLimit", "backoff_limit"),
            ("activeDeadlineSeconds", "active_deadline_seconds"),
            ("ttlSecondsAfterFinished", "ttl_seconds_after_finished"),
            ("parallelism", "parallelism"),
            ("completions", "completions"),
            ("completionMode", "completion_mode"),
        ],
    );
    JobSpec {
        backoff_limit: small(block, "backoff_limit"),
        active_deadline_seconds: seconds(block, "active_deadline_seconds"),
        ttl_seconds_after_finished: small(block, "ttl_seconds_after_finished"),
        parallelism: small(block, "parallelism"),
        completions: small(block, "completions"),
        completion_mode: text(block, "completion_mode"),
        template: pod_template(block, &mut fields.inside("template"), diagnostics),
        ..JobSpec::default()
    }
}

/// Returns the seconds of a duration. The schema has checked the text.
pub(super) fn seconds(block: &Block, name: &str) -> Option<i64> {
    duration::seconds(block.text(name)?).ok()
}

fn pod_template(
    block: &Block,
    fields: &mut Recorder<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> PodTemplateSpec {
    let metadata = pod_metadata(block, &mut fields.inside("metadata"));
    let mut fields = fields.inside("spec");
    fields.attributes(block, &[("restartPolicy", "restart")]);
    let spec = PodSpec {
        restart_policy: Some(block.text("restart").unwrap_or("OnFailure").to_owned()),
        ..pod::spec(block, &mut fields, diagnostics)
    };
    PodTemplateSpec {
        metadata: Some(metadata),
        spec: Some(spec),
    }
}

fn pod_metadata(block: &Block, fields: &mut Recorder<'_>) -> ObjectMeta {
    for pair in [
        ("labels", "labels"),
        ("labels", "pod_labels"),
        ("annotations", "pod_annotations"),
    ] {
        record_map(block, pair, fields);
    }
    let more = ["labels", "pod_labels"].map(|name| text_map(block, name).unwrap_or_default());
    ObjectMeta {
        labels: Some(labels(
            own_labels(block).into_iter().chain(more.into_iter().flatten()),
        )),
        annotations: text_map(block, "pod_annotations"),
        ..ObjectMeta::default()
    }
}
