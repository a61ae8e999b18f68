//! What to do next, as pure functions of what is known.

use std::time::Duration;

use kdef_api::{ConditionStatus, ConditionType, KdefRelease, KdefReleaseSpec, Reason};

use crate::problem::Retry;

/// The shortest interval; a shorter one would do nothing but work.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
/// The shortest time that a pass gets unless its release says otherwise (Flux's rule).
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The waits between attempts at a download (Flux's rule).
const DOWNLOAD_WAITS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(30));

/// The waits of the controller that releases cannot set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    /// Before a source without an artifact is looked at again.
    pub(crate) dependency: Duration,
    /// After a first failure; doubles.
    pub(crate) min_retry: Duration,
    /// The longest of these.
    pub(crate) max_retry: Duration,
    /// How often a failed download is tried again soon.
    pub(crate) downloads: u32,
    /// The percentage by which a wait is varied.
    pub(crate) jitter: u8,
}

/// What to do with a release that came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Delete its objects where it asks for that, and let it go.
    Finalize,
    /// It is being deleted and does not wait for us.
    Nothing,
    /// Leave it alone.
    Suspend,
    /// Bring the cluster to what its source says.
    Apply,
}

/// Decides what a release that came up needs.
pub(crate) fn step(release: &KdefRelease) -> Step {
    let ours = |finalizers: &Vec<String>| {
        finalizers
            .iter()
            .any(|finalizer| finalizer == kdef_api::FINALIZER)
    };
    match &release.metadata {
        meta if meta.deletion_timestamp.is_none() && release.spec.suspend => Step::Suspend,
        meta if meta.deletion_timestamp.is_none() => Step::Apply,
        meta if meta.finalizers.as_ref().is_some_and(ours) => Step::Finalize,
        _ => Step::Nothing,
    }
}

/// What happens to the objects of a release that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// They are deleted.
    Delete,
    /// They stay: the release does not prune, or is suspended.
    Keep,
}

/// Decides what happens to the objects of a release that is deleted (Flux's rule).
pub(crate) fn farewell(spec: &KdefReleaseSpec) -> Farewell {
    if spec.prune && !spec.suspend {
        Farewell::Delete
    } else {
        Farewell::Keep
    }
}

/// How much is new in a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum News {
    /// Nothing: the pass only looks whether everything is as it was left.
    Nothing,
    /// The last pass failed, or one is asked for.
    Again,
    /// The spec or the revision is another, or the release was never applied.
    New,
}

/// Decides how much is new for a release whose source is at a revision.
pub(crate) fn news(release: &KdefRelease, revision: &str) -> News {
    let Some(status) = &release.status else {
        return News::New;
    };
    let attempted = status.last_attempted_revision.as_deref() == Some(revision);
    if !attempted || release.metadata.generation != Some(status.observed_generation) {
        return News::New;
    }
    let ready = status.condition(ConditionType::Ready);
    let applied = ready.is_some_and(|ready| ready.status == ConditionStatus::True);
    let working = status.condition(ConditionType::Reconciling).is_some();
    if !applied || working || requested(release) != status.last_handled_reconcile_at.as_deref() {
        return News::Again;
    }
    News::Nothing
}

/// Returns the value by which a pass was asked for, which is opaque.
pub(crate) fn requested(release: &KdefRelease) -> Option<&str> {
    let annotations = release.metadata.annotations.as_ref()?;
    annotations.get(kdef_api::REQUESTED_AT).map(String::as_str)
}

/// Returns how long a pass may take: `timeout`, or `interval` less 30 seconds, but at least 30 seconds.
pub(crate) fn timeout(spec: &KdefReleaseSpec) -> Duration {
    let interval: Duration = spec.interval.into();
    spec.timeout.map_or_else(
        || interval.saturating_sub(SHORTEST_TIMEOUT).max(SHORTEST_TIMEOUT),
        |timeout| Duration::from(timeout).max(SHORTEST_INTERVAL),
    )
}

/// Returns the wait after a pass that succeeded. `chance` is in `0.0..1.0`.
pub(crate) fn after_success(spec: &KdefReleaseSpec, waits: &Waits, chance: f64) -> Duration {
    vary(
        Duration::from(spec.interval).max(SHORTEST_INTERVAL),
        waits.jitter,
        chance,
    )
}

/// Returns the wait after a pass that failed, or `None` when only a change can help.
///
/// `failures` counts the passes that failed in a row, this one included; `chance` is in `0.0..1.0`.
pub(crate) fn after_failure(
    retry: Retry,
    failures: u32,
    spec: &KdefReleaseSpec,
    waits: &Waits,
    chance: f64,
) -> Option<Duration> {
    let longest = spec.retry_interval.unwrap_or(spec.interval);
    let longest = Duration::from(longest).max(SHORTEST_INTERVAL);
    let doublings = failures.saturating_sub(1);
    let wait = match retry {
        Retry::Never => return None,
        Retry::Dependency => waits.dependency,
        Retry::Soon => doubled(waits.min_retry, doublings)
            .min(waits.max_retry)
            .min(longest),
        Retry::Download if failures <= waits.downloads => doubled(DOWNLOAD_WAITS.0, doublings)
            .min(DOWNLOAD_WAITS.1)
            .min(longest),
        Retry::AtInterval | Retry::Download => longest,
    };
    Some(vary(wait, waits.jitter, chance))
}

fn doubled(wait: Duration, times: u32) -> Duration {
    wait.saturating_mul(2_u32.saturating_pow(times))
}

/// Varies a wait by up to so many percent, up or down.
fn vary(wait: Duration, percent: u8, chance: f64) -> Duration {
    let share = f64::from(percent) / 100.0 * (2.0 * chance - 1.0);
    wait.mul_f64(1.0 + share)
}

/// Tells which condition a failure leaves behind: `Stalled` when only a change can help, else `Reconciling`.
pub(crate) fn stalls(retry: Retry, reason: Reason) -> bool {
    retry == Retry::Never || reason == Reason::PruneBlocked
}

#[cfg(test)]
mod tests {
    use kdef_api::{Condition, KdefReleaseStatus};
    use kube::ResourceExt;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::release;

    const WAITS: Waits = Waits {
        dependency: Duration::from_secs(30),
        min_retry: Duration::from_millis(750),
        max_retry: Duration::from_mins(15),
        downloads: 9,
        jitter: 0,
    };

    #[test]
    fn every_release_has_a_next_step() {
        let ours = json!([kdef_api::FINALIZER]);
        let cases = [
            (json!({}), false, json!([]), Step::Apply),
            (json!({ "suspend": true }), false, json!([]), Step::Suspend),
            (json!({}), true, ours.clone(), Step::Finalize),
            (json!({ "suspend": true }), true, ours, Step::Finalize),
            (json!({}), true, json!(["other/finalizer"]), Step::Nothing),
        ];
        for (spec, deleting, finalizers, expected) in cases {
            let mut release = release(&spec);
            release.metadata.finalizers = serde_json::from_value(finalizers.clone()).unwrap();
            if deleting {
                release.metadata.deletion_timestamp =
                    serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
            }
            assert_eq!(step(&release), expected, "{spec} {deleting} {finalizers}");
        }
    }

    #[test]
    fn objects_go_with_a_release_that_prunes_and_is_not_suspended() {
        for (prune, suspend, expected) in [
            (true, false, Farewell::Delete),
            (true, true, Farewell::Keep),
            (false, false, Farewell::Keep),
            (false, true, Farewell::Keep),
        ] {
            let spec = release(&json!({ "prune": prune, "suspend": suspend })).spec;
            assert_eq!(farewell(&spec), expected, "prune {prune}, suspend {suspend}");
        }
    }

    /// The status that a pass over generation 1 at revision `r1` leaves behind.
    fn applied() -> KdefReleaseStatus {
        serde_json::from_value(json!({
            "observedGeneration": 1,
            "lastAttemptedRevision": "r1",
            "conditions": [{ "type": "Ready", "status": "True" }],
        }))
        .unwrap()
    }

    fn changed(change: impl Fn(&mut KdefReleaseStatus)) -> KdefReleaseStatus {
        let mut status = applied();
        change(&mut status);
        status
    }

    #[test]
    fn what_is_new_is_told_from_what_is_looked_at_again() {
        let condition = |type_: &'static str, status: ConditionStatus| {
            move |of: &mut KdefReleaseStatus| {
                of.conditions.retain(|condition| condition.type_ != type_);
                of.conditions.push(Condition {
                    type_: type_.to_owned(),
                    status,
                    observed_generation: None,
                    last_transition_time: String::new(),
                    reason: String::new(),
                    message: String::new(),
                });
            }
        };
        let cases = [
            (
                "as the schema's default has it",
                KdefReleaseStatus::default(),
                News::New,
            ),
            ("as it was left", applied(), News::Nothing),
            (
                "another revision",
                changed(|s| s.last_attempted_revision = Some("r0".to_owned())),
                News::New,
            ),
            (
                "another generation",
                changed(|s| s.observed_generation = 0),
                News::New,
            ),
            (
                "failed",
                changed(condition("Ready", ConditionStatus::False)),
                News::Again,
            ),
            (
                "interrupted",
                changed(condition("Reconciling", ConditionStatus::True)),
                News::Again,
            ),
        ];
        assert_eq!(news(&release(&json!({})), "r1"), News::New, "never looked at");
        for (what, status, expected) in cases {
            let mut release = release(&json!({}));
            release.status = Some(status);
            assert_eq!(news(&release, "r1"), expected, "{what}");
        }
    }

    #[test]
    fn a_request_is_a_change_of_an_opaque_value() {
        let mut release = release(&json!({}));
        for (value, handled, expected) in [
            (None, None, News::Nothing),
            (Some("now"), None, News::Again),
            (Some("now"), Some("then"), News::Again),
            (Some("then"), Some("then"), News::Nothing),
        ] {
            release.annotations_mut().clear();
            if let Some(value) = value {
                release
                    .annotations_mut()
                    .insert(kdef_api::REQUESTED_AT.to_owned(), value.to_owned());
            }
            release.status = Some(changed(|status| {
                status.last_handled_reconcile_at = handled.map(str::to_owned);
            }));
            assert_eq!(news(&release, "r1"), expected, "{value:?} after {handled:?}");
        }
    }

    #[test]
    fn the_time_of_a_pass_follows_its_interval() {
        for (spec, seconds) in [
            (json!({ "interval": "5m" }), 270),
            (json!({ "interval": "10s" }), 30),
            (json!({ "interval": "1h", "timeout": "2m" }), 120),
            (json!({ "interval": "1h", "timeout": "0s" }), 1),
        ] {
            assert_eq!(
                timeout(&release(&spec).spec),
                Duration::from_secs(seconds),
                "{spec}"
            );
        }
    }

    #[test]
    fn failures_wait_by_their_kind() {
        let seconds = |seconds: f64| Some(Duration::from_secs_f64(seconds));
        let hour = json!({ "interval": "1h" });
        let quick = json!({ "interval": "1h", "retryInterval": "10s" });
        let cases: [(Retry, u32, &Value, Option<Duration>); 16] = [
            (Retry::Never, 1, &hour, None),
            (Retry::AtInterval, 1, &hour, seconds(3600.0)),
            (Retry::AtInterval, 7, &quick, seconds(10.0)),
            (Retry::Dependency, 9, &hour, seconds(30.0)),
            (Retry::Soon, 1, &hour, seconds(0.75)),
            (Retry::Soon, 2, &hour, seconds(1.5)),
            (Retry::Soon, 5, &hour, seconds(12.0)),
            (Retry::Soon, 12, &hour, seconds(900.0)),
            (Retry::Soon, u32::MAX, &hour, seconds(900.0)),
            (Retry::Soon, 12, &quick, seconds(10.0)),
            (Retry::Download, 1, &hour, seconds(5.0)),
            (Retry::Download, 2, &hour, seconds(10.0)),
            (Retry::Download, 4, &hour, seconds(30.0)),
            (Retry::Download, 9, &hour, seconds(30.0)),
            (Retry::Download, 10, &hour, seconds(3600.0)),
            (Retry::Download, 1, &json!({ "interval": "0s" }), seconds(1.0)),
        ];
        for (retry, failures, spec, expected) in cases {
            let wait = after_failure(retry, failures, &release(spec).spec, &WAITS, 0.3);
            assert_eq!(wait, expected, "{retry:?} after {failures} failures, {spec}");
        }
    }

    #[test]
    fn waits_vary_within_their_percentage() {
        let spec = release(&json!({ "interval": "100s" })).spec;
        let waits = Waits { jitter: 5, ..WAITS };
        for (chance, seconds) in [(0.0, 95.0), (0.5, 100.0), (1.0, 105.0)] {
            let wait = after_success(&spec, &waits, chance).as_secs_f64();
            assert!((wait - seconds).abs() < 1e-6, "{chance}: {wait}");
        }
    }
}
