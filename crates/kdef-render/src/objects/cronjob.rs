//! `cronjob`

use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, JobTemplateSpec};
use kdef_lang::Block;
use kdef_source::Diagnostic;

use super::meta::{metadata_of, object};
use super::{Output, job};
use crate::Object;
use crate::attributes::{small, text};
use crate::provenance::{Provenance, Recorder};

/// Renders a `CronJob`.
pub(super) fn render(block: &Block, output: &mut Output<'_>) {
    let cronjob = cronjob(block, &mut output.diagnostics);
    output.add_with_raw(cronjob, block);
}

fn cronjob(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Object {
    let mut provenance = Provenance::of_block(block);
    let mut fields = Recorder::new(&mut provenance);
    let metadata = metadata_of(block, job::own_labels(block), &mut fields);
    let mut fields = fields.inside("spec");
    fields.attributes(
        block,
        &[
            ("schedule", "schedule"),
            ("timeZone", "time_zone"),
            ("concurrencyPolicy", "concurrency"),
            ("startingDeadlineSeconds", "deadline"),
            ("suspend", "suspend"),
            ("successfulJobsHistoryLimit", "successful_jobs_history_limit"),
            ("failedJobsHistoryLimit", "failed_jobs_history_limit"),
        ],
    );
    let spec = CronJobSpec {
        schedule: text(block, "schedule").unwrap_or_default(),
        time_zone: text(block, "time_zone"),
        concurrency_policy: Some(concurrency(block).to_owned()),
        starting_deadline_seconds: job::seconds(block, "deadline"),
        suspend: block.flag("suspend"),
        successful_jobs_history_limit: small(block, "successful_jobs_history_limit"),
        failed_jobs_history_limit: small(block, "failed_jobs_history_limit"),
        job_template: JobTemplateSpec {
            metadata: None,
            spec: Some(job::spec(
                block,
                &mut fields.inside("jobTemplate.spec"),
                diagnostics,
            )),
        },
    };
    let resource = CronJob {
        metadata,
        spec,
        ..CronJob::default()
    };
    object(&resource, provenance)
}

/// Returns Kubernetes' word for what happens when the last run still goes on.
fn concurrency(block: &Block) -> &'static str {
    match block.text("concurrency") {
        Some("Forbid" | "forbid") => "Forbid",
        Some("Replace" | "replace") => "Replace",
        _ => "Allow",
    }
}
