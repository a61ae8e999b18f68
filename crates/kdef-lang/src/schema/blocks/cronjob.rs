//! `cronjob`

use super::container::{CONTAINER_ATTRIBUTES, CONTAINER_PARTS};
use super::job::{IMAGE, JOB_ATTRIBUTES, JOB_BLOCKS, JOB_METADATA, SUSPEND, check_job, check_name};
use super::pod::{POD_ATTRIBUTES, POD_PARTS};
use super::raw::RAW;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, DNS_SUBDOMAIN, DURATION, LabelSchema, SCHEDULE, TIME_ZONE,
};

/// `cronjob "name" { ... }`: a `CronJob`.
pub static CRONJOB: BlockSchema = BlockSchema::new("cronjob", "Starts a Job again and again, as a CronJob.")
    .labels(&[LabelSchema::new("name", &DNS_SUBDOMAIN)])
    .attributes(&[
        JOB_METADATA,
        CRONJOB_ATTRIBUTES,
        JOB_ATTRIBUTES,
        IMAGE,
        CONTAINER_ATTRIBUTES,
        POD_ATTRIBUTES,
        RAW,
    ])
    .blocks(&[JOB_BLOCKS, CONTAINER_PARTS, POD_PARTS])
    .workload()
    .check(|block, diagnostics| {
        check_job(block, diagnostics);
        check_name(
            block,
            NAME_LENGTH,
            "Kubernetes adds a time to it and",
            diagnostics,
        );
    });

const LIMIT: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

const CRONJOB_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::required(
        "schedule",
        AttributeType::Text(&SCHEDULE),
        "When it runs: minute, hour, day of the month, month and day of the week, or a macro such as `@daily`.",
    ),
    AttributeSchema::optional(
        "time_zone",
        AttributeType::Text(&TIME_ZONE),
        "The time zone of the schedule, as IANA names it.",
    )
    .default("that of the cluster"),
    AttributeSchema::optional(
        "concurrency",
        AttributeType::Words(&["Allow", "Forbid", "Replace", "allow", "forbid", "replace"]),
        "What happens when the last run still goes on: both run, the new one is left out, or the last one is ended.",
    )
    .default("`Allow`"),
    AttributeSchema::optional(
        "deadline",
        AttributeType::Text(&DURATION),
        "How late a run may still start, in seconds or as in `10m`.",
    )
    .default("at any time"),
    SUSPEND,
    AttributeSchema::optional(
        "successful_jobs_history_limit",
        LIMIT,
        "How many Jobs that succeeded are kept.",
    )
    .default("3"),
    AttributeSchema::optional(
        "failed_jobs_history_limit",
        LIMIT,
        "How many Jobs that failed are kept.",
    )
    .default("1"),
];

/// The greatest length of a name: Jobs are named after it, with a dash and the time in 10 digits.
const NAME_LENGTH: usize = 52;
