//! `lifecycle`

use k8s_openapi::api::core::v1::{Lifecycle, LifecycleHandler, SleepAction};
use kdef_lang::Block;

use super::handlers;
use crate::provenance::Recorder;

/// Returns what is done when a container starts and ends; `None` when it is nothing.
pub(super) fn lifecycle(container: &Block, fields: &mut Recorder<'_>) -> Option<Lifecycle> {
    let block = container.child("lifecycle")?;
    fields.record("lifecycle", block.span());
    let mut fields = fields.inside("lifecycle");
    let lifecycle = Lifecycle {
        post_start: hook(block, "post_start", "postStart", &mut fields),
        pre_stop: hook(block, "pre_stop", "preStop", &mut fields),
        ..Lifecycle::default()
    };
    (lifecycle != Lifecycle::default()).then_some(lifecycle)
}

fn hook(lifecycle: &Block, kind: &str, field: &str, fields: &mut Recorder<'_>) -> Option<LifecycleHandler> {
    let block = lifecycle.child(kind)?;
    fields.record(field, block.span());
    let mut fields = fields.inside(field);
    fields.attributes(block, &[("sleep", "sleep")]);
    Some(LifecycleHandler {
        exec: handlers::exec(block, &mut fields),
        http_get: handlers::http_get(block, &mut fields),
        sleep: block.integer("sleep").map(|seconds| SleepAction { seconds }),
        ..LifecycleHandler::default()
    })
}
