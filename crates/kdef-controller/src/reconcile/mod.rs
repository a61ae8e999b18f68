//! One pass over one release.
//!
//! ```text
//! release ──> deleted? suspended? ──> source ──> artifact ──> values ──> render ──> prepare ──> apply ──> prune ──> status
//!                                                                            │ (right before the first write)
//!                                                                            └──> inventory = owned ∪ wanted
//! ```
//!
//! Whatever happens, a pass ends with a status that says so, and with a time for the next one. A pass is broken off
//! when something newer comes up; what it may have written by then stands in the inventory.

mod build;
mod finalize;
mod objects;
mod record;
mod source;
mod unreadable;

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt;
use kdef_api::{KdefRelease, Reason};
use kdef_cluster::{CancellationToken, Change};
use kube::ResourceExt;

use self::record::Record;
use crate::context::Context;
use crate::decide::{self, News, Step};
use crate::mask::Mask;
use crate::metrics::PassResult;
use crate::notes::key_of;
use crate::problem::{Problem, Retry};
use crate::report;
use crate::status::{Findings, Update};
use crate::values;
use crate::watch::Watched;

/// After how long a pass that has not written anything yet says that it is running.
const ANNOUNCE_AFTER: Duration = Duration::from_secs(1);
/// How long after its deadline a pass may take to finish the requests that are under way.
const GRACE: Duration = Duration::from_mins(1);

/// A pass under way.
struct Pass<'a> {
    ctx: &'a Context,
    record: &'a Record<'a>,
    findings: Findings,
}

/// Why a pass ended before its end.
#[derive(Debug)]
enum Stop {
    /// It was told to: something newer came up, or its time was over.
    Cancelled,
    /// The release is no more.
    Gone,
    /// Something is wrong.
    Problem(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// How a pass ended that was not stopped.
enum Done {
    /// There was nothing to do, or the release may go.
    Idle,
    /// The release is applied.
    Applied { changes: Vec<Change>, news: News },
}

/// Runs one pass over a release and returns when to run the next, or `None` when only a change calls for one.
pub(crate) async fn reconcile(watched: Arc<Watched>, ctx: Arc<Context>) -> Option<Duration> {
    let started = Instant::now();
    let _running = ctx.metrics.running();
    let key = key_of(&*watched);
    let release = match &watched.0 {
        Ok(release) => ctx.notes.newest(&key, release),
        Err(invalid) => {
            unreadable::report(&ctx, invalid).await;
            ctx.metrics
                .pass(&key.1, &key.0, started.elapsed(), PassResult::Error);
            ctx.forget_if_gone(&key);
            return None;
        }
    };
    let cancel = ctx.notes.begin(&key);
    let record = Record::new(&ctx, release);
    let mut pass = Pass {
        ctx: &ctx,
        record: &record,
        findings: Findings::default(),
    };
    let outcome = AssertUnwindSafe(run(&mut pass, &cancel)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|_| {
        tracing::error!("a pass panicked");
        let text = "the pass ended with an internal error; the controller's log has the details";
        Err(Problem::new(Reason::ReconciliationFailed, text, Retry::Soon).into())
    });
    let (next, result) = settle(&pass, outcome, &cancel).await;
    ctx.metrics.pass(&key.1, &key.0, started.elapsed(), result);
    ctx.forget_if_gone(&key);
    tracing::debug!(took = ?started.elapsed(), ?next, "pass ended");
    next
}

async fn run(pass: &mut Pass<'_>, cancel: &CancellationToken) -> Result<Done, Stop> {
    match decide::step(&pass.record.release) {
        Step::Nothing => Ok(Done::Idle),
        Step::Suspend => {
            let suspended = pass.record.change(Update::Suspend).await;
            suspended.map_err(|error| Problem::api("the status cannot be written", &error))?;
            Ok(Done::Idle)
        }
        Step::Finalize => {
            let deleted = finalize::finalize(pass, cancel).await?;
            tracing::info!(objects = deleted.len(), "release deleted");
            Ok(Done::Idle)
        }
        Step::Apply => apply(pass, cancel).await,
    }
}

/// Brings the cluster to what the source says, within the time that the release allows.
async fn apply(pass: &mut Pass<'_>, cancel: &CancellationToken) -> Result<Done, Stop> {
    pass.record.add_finalizer().await?;
    let release = Arc::clone(&pass.record.release);
    let artifact = source::artifact(pass.ctx, &release).await?;
    pass.ctx.notes.works_on(pass.record.key(), &artifact);
    pass.findings.revision = Some(artifact.revision.clone());
    let news = decide::news(&release, &artifact.revision);
    let opening = pass.findings.clone();
    let record = pass.record;
    let limit = decide::timeout(&release.spec);
    let token = cancel.child_token();
    let mut work = pin!(work(pass, &artifact, news, &token));
    if let Ok(outcome) = tokio::time::timeout(limit.min(ANNOUNCE_AFTER), work.as_mut()).await {
        return outcome;
    }
    tokio::select! {
        outcome = work.as_mut() => return outcome,
        () = announce(record, news, &opening) => {}
    }
    if let Ok(outcome) = tokio::time::timeout(limit.saturating_sub(ANNOUNCE_AFTER), work.as_mut()).await {
        return outcome;
    }
    token.cancel();
    match tokio::time::timeout(GRACE, work).await {
        Ok(Err(Stop::Cancelled)) | Err(_) if !cancel.is_cancelled() => {
            let text = format!("the pass did not end within {limit:?}, the timeout of the release");
            Err(Problem::new(Reason::ReconciliationFailed, text, Retry::Soon).into())
        }
        Ok(outcome) => outcome,
        Err(_) => Err(Stop::Cancelled),
    }
}

/// Says in the status that a pass with something new is running.
async fn announce(record: &Record<'_>, news: News, findings: &Findings) {
    if news == News::Nothing {
        return;
    }
    let opened = record.change(Update::Open { news, findings }).await;
    if let Err(error) = opened {
        tracing::debug!(%error, "the start of the pass cannot be announced");
    }
}

/// Fetches, renders and applies.
async fn work(
    pass: &mut Pass<'_>,
    artifact: &kdef_api::Artifact,
    news: News,
    cancel: &CancellationToken,
) -> Result<Done, Stop> {
    let ctx = pass.ctx;
    let release = Arc::clone(&pass.record.release);
    let files = tokio::select! {
        () = cancel.cancelled() => {
            let text = "the artifact was not downloaded within the timeout of the release";
            return Err(Problem::new(Reason::ArtifactFailed, text, Retry::Download).into());
        }
        files = ctx.artifacts.get(artifact) => files.map_err(Problem::from)?,
    };
    let values = match &release.spec.values_from {
        Some(reference) => {
            let namespace = release.namespace().unwrap_or_default();
            let values = values::read(&ctx.client, &namespace, reference).await;
            Some(values.map_err(Problem::from)?)
        }
        None => None,
    };
    let mask = Mask::of(values.as_ref());
    let applied = async {
        let rendered = build::build(ctx, &release, files, values).await?;
        report::warnings(&rendered, news, &mask);
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        objects::apply(pass, rendered, news, cancel).await
    };
    match applied.await {
        Ok(changes) => Ok(Done::Applied { changes, news }),
        Err(Stop::Problem(problem)) => Err(problem.masked(&mask).into()),
        Err(stop) => Err(stop),
    }
}

/// Writes the end of a pass down and decides about the next.
async fn settle(
    pass: &Pass<'_>,
    outcome: Result<Done, Stop>,
    cancel: &CancellationToken,
) -> (Option<Duration>, PassResult) {
    let notes = &pass.ctx.notes;
    let key = pass.record.key();
    match outcome {
        Ok(Done::Idle) | Err(Stop::Gone) => {
            notes.succeeded(key);
            (None, PassResult::Success)
        }
        Ok(Done::Applied { changes, news }) => applied(pass, &changes, news).await,
        Err(_) if cancel.is_cancelled() => {
            tracing::info!("pass broken off for something newer");
            notes.was_broken_off(key);
            (Some(Duration::ZERO), PassResult::RequeueAfter)
        }
        Err(Stop::Cancelled) => failed(pass, &Problem::interrupted()).await,
        Err(Stop::Problem(problem)) => failed(pass, &problem.shortened()).await,
    }
}

async fn applied(pass: &Pass<'_>, changes: &[Change], news: News) -> (Option<Duration>, PassResult) {
    let (ctx, release) = (pass.ctx, &*pass.record.release);
    let findings = &pass.findings;
    let written = pass.record.change(Update::Succeed { findings }).await;
    if let Err(error) = written {
        return failed(pass, &Problem::api("the status cannot be written", &error)).await;
    }
    ctx.notes.succeeded(pass.record.key());
    if let Some(text) = report::success(release, &pass.findings, changes, news) {
        let revision = pass.findings.revision.as_deref();
        tracing::info!(revision, changed = report::changed(changes), "applied");
        ctx.events
            .normal(release, Reason::ReconciliationSucceeded, &text, revision)
            .await;
    }
    let next = decide::after_success(&release.spec, &ctx.settings.waits, chance());
    (Some(next), PassResult::RequeueAfter)
}

async fn failed(pass: &Pass<'_>, problem: &Problem) -> (Option<Duration>, PassResult) {
    let (ctx, release) = (pass.ctx, &*pass.record.release);
    let failures = ctx.notes.failed(pass.record.key());
    tracing::warn!(reason = %problem.reason, failures, "pass failed: {}", problem.message);
    let findings = &pass.findings;
    let update = match decide::step(release) {
        Step::Finalize => Update::Delete { findings, problem },
        _ => Update::Fail {
            findings,
            problem,
            stalled: decide::stalls(problem.retry, problem.reason),
        },
    };
    let written = pass.record.change(update).await;
    let mut retry = problem.retry;
    match written {
        Ok(()) => {}
        Err(kube::Error::Api(error)) if error.is_not_found() => return (None, PassResult::Success),
        Err(error) => {
            tracing::warn!(%error, "the status cannot be written");
            retry = Retry::Soon;
        }
    }
    let revision = pass.findings.revision.as_deref();
    ctx.events
        .warning(release, problem.reason, problem.event(), revision)
        .await;
    let next = decide::after_failure(retry, failures, &release.spec, &ctx.settings.waits, chance());
    (next, PassResult::Error)
}

/// Returns a number in `0.0..1.0` for jitter. It need not be good, so the seed of a hash map will do.
fn chance() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    let bits = u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap_or_default();
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// Names a release in spans of the log.
pub(crate) fn span(watched: &Watched) -> tracing::Span {
    let name = watched.name_any();
    let namespace = watched.namespace().unwrap_or_default();
    tracing::info_span!("reconcile", kind = "KdefRelease", namespace, name)
}

/// Tells whether a release was ready before the pass.
pub(crate) fn was_ready(release: &KdefRelease) -> bool {
    let ready = release
        .status
        .as_ref()
        .and_then(|status| status.condition(kdef_api::ConditionType::Ready));
    ready.is_some_and(|ready| ready.status == kdef_api::ConditionStatus::True)
}
