//! The status of a release, as pure changes of it.
//!
//! kstatus, `kubectl wait` and Flux read these conditions: while a pass works on something new `Reconciling` is true,
//! `Reconciling` and `Stalled` exclude each other, and `observedGeneration` is written together with the final `Ready`.

use kdef_api::{
    Condition, ConditionStatus, ConditionType, InventoryEntry, KdefReleaseStatus, MESSAGE_BYTES, Reason,
    ReleaseInventory,
};

use ConditionStatus::{False, True, Unknown};
use ConditionType::{Ready, Reconciling, Stalled};

use crate::decide::News;
use crate::problem::Problem;
use crate::text::bounded;

/// What a change of the status is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment<'a> {
    /// The generation of the release that the pass looks at.
    pub(crate) generation: i64,
    /// The time, in RFC 3339.
    pub(crate) now: &'a str,
    /// The value by which a pass was asked for, if one was.
    pub(crate) requested: Option<&'a str>,
}

/// What a pass found out, whatever its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// The revision of the artifact, once there is one.
    pub(crate) revision: Option<String>,
    /// What the release owns now, where that may have changed.
    pub(crate) inventory: Option<Vec<InventoryEntry>>,
}

/// A change of the status.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Update<'a> {
    /// Opens a working pass: says that it runs, and what the release may own from now on.
    Open {
        /// How much is new; what is not new leaves `Ready` as it is.
        news: News,
        findings: &'a Findings,
    },
    /// Closes a pass that applied everything.
    Succeed { findings: &'a Findings },
    /// Closes a pass that failed.
    Fail {
        findings: &'a Findings,
        problem: &'a Problem,
        /// Only a change can help.
        stalled: bool,
    },
    /// Says that the release is deleted as soon as its objects are.
    Delete {
        findings: &'a Findings,
        problem: &'a Problem,
    },
    /// Says that nothing works on the release.
    Suspend,
}

impl Update<'_> {
    /// Makes the change.
    pub(crate) fn apply(self, status: &mut KdefReleaseStatus, at: Moment<'_>) {
        match self {
            Self::Open { news, findings } => open(status, at, news, findings),
            Self::Succeed { findings } => succeed(status, at, findings),
            Self::Fail {
                findings,
                problem,
                stalled,
            } => fail(status, at, findings, problem, stalled),
            Self::Delete { findings, problem } => delete(status, at, findings, problem),
            Self::Suspend => remove(status, Reconciling),
        }
    }
}

fn open(status: &mut KdefReleaseStatus, at: Moment<'_>, news: News, findings: &Findings) {
    take_over(status, findings);
    let revision = findings.revision.as_deref().unwrap_or_default();
    let working = format!("Reconciling revision {revision}");
    remove(status, Stalled);
    set(status, at, (Reconciling, True), Reason::Progressing, &working);
    if news == News::New {
        let text = "Reconciliation in progress";
        set(status, at, (Ready, Unknown), Reason::Progressing, text);
    }
}

fn succeed(status: &mut KdefReleaseStatus, at: Moment<'_>, findings: &Findings) {
    take_over(status, findings);
    close(status, at);
    let revision = findings.revision.clone().unwrap_or_default();
    let text = format!("Applied revision: {revision}");
    remove(status, Stalled);
    remove(status, Reconciling);
    set(status, at, (Ready, True), Reason::ReconciliationSucceeded, &text);
    status.last_applied_revision = Some(revision);
    status.renderer_version = Some(env!("CARGO_PKG_VERSION").to_owned());
}

fn fail(
    status: &mut KdefReleaseStatus,
    at: Moment<'_>,
    findings: &Findings,
    problem: &Problem,
    stalled: bool,
) {
    take_over(status, findings);
    close(status, at);
    let (reason, text) = (problem.reason, problem.message.as_str());
    if stalled {
        remove(status, Reconciling);
        set(status, at, (Stalled, True), reason, text);
    } else {
        let retrying = "The last pass failed and will be tried again";
        remove(status, Stalled);
        set(
            status,
            at,
            (Reconciling, True),
            Reason::ProgressingWithRetry,
            retrying,
        );
    }
    set(status, at, (Ready, False), reason, text);
}

fn delete(status: &mut KdefReleaseStatus, at: Moment<'_>, findings: &Findings, problem: &Problem) {
    take_over(status, findings);
    let left = format!("{} objects are left to delete", status.inventory_entries().len());
    remove(status, Stalled);
    set(status, at, (Reconciling, True), Reason::Deleting, &left);
    set(status, at, (Ready, False), problem.reason, &problem.message);
}

fn take_over(status: &mut KdefReleaseStatus, findings: &Findings) {
    if let Some(revision) = &findings.revision {
        status.last_attempted_revision = Some(revision.clone());
    }
    if let Some(entries) = &findings.inventory {
        let mut entries = entries.clone();
        entries.sort();
        status.inventory = Some(ReleaseInventory { entries });
    }
}

fn close(status: &mut KdefReleaseStatus, at: Moment<'_>) {
    status.observed_generation = at.generation;
    if let Some(requested) = at.requested {
        status.last_handled_reconcile_at = Some(requested.to_owned());
    }
}

fn remove(status: &mut KdefReleaseStatus, type_: ConditionType) {
    status
        .conditions
        .retain(|condition| condition.type_ != type_.as_str());
}

/// Sets a condition; the time of its transition moves when its status, reason or message does (Flux's rule).
fn set(
    status: &mut KdefReleaseStatus,
    at: Moment<'_>,
    (type_, state): (ConditionType, ConditionStatus),
    reason: Reason,
    message: &str,
) {
    let mut condition = Condition {
        type_: type_.as_str().to_owned(),
        status: state,
        observed_generation: Some(at.generation),
        last_transition_time: at.now.to_owned(),
        reason: reason.as_str().to_owned(),
        message: bounded(message, MESSAGE_BYTES),
    };
    if let Some(before) = status.condition(type_) {
        let same = |a: &Condition, b: &Condition| {
            (a.status, &a.reason, &a.message) == (b.status, &b.reason, &b.message)
        };
        if same(before, &condition) && !before.last_transition_time.is_empty() {
            condition
                .last_transition_time
                .clone_from(&before.last_transition_time);
        }
    }
    remove(status, type_);
    status.conditions.push(condition);
    status.conditions.sort_by(|a, b| rank(a).cmp(&rank(b)));
}

/// Orders our own types first, as [`ConditionType`] lists them, then the others by name.
fn rank(condition: &Condition) -> (usize, &str) {
    let own = ConditionType::ALL
        .iter()
        .position(|type_| type_.as_str() == condition.type_);
    (own.unwrap_or(ConditionType::ALL.len()), &condition.type_)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Retry;

    const FIRST: Moment<'_> = Moment {
        generation: 1,
        now: "2026-01-01T00:00:00Z",
        requested: None,
    };
    const LATER: Moment<'_> = Moment {
        generation: 2,
        now: "2026-01-02T00:00:00Z",
        requested: Some("now!"),
    };

    fn findings(revision: &str, ids: &[&str]) -> Findings {
        let entry = |id: &&str| InventoryEntry {
            id: (*id).to_owned(),
            v: "v1".to_owned(),
        };
        Findings {
            revision: Some(revision.to_owned()),
            inventory: Some(ids.iter().map(entry).collect()),
        }
    }

    fn problem() -> Problem {
        Problem::new(Reason::BuildFailed, "a.kdef:1:1: no", Retry::AtInterval)
    }

    /// `Type=Status/Reason`, in order.
    fn shown(status: &KdefReleaseStatus) -> Vec<String> {
        let conditions = status.conditions.iter();
        conditions
            .map(|condition| {
                format!(
                    "{}={}/{}",
                    condition.type_,
                    condition.status.as_str(),
                    condition.reason
                )
            })
            .collect()
    }

    #[test]
    fn the_life_of_a_release() {
        let mut status = KdefReleaseStatus::default();
        open(
            &mut status,
            FIRST,
            News::New,
            &findings("main@sha1:a", &["b", "a"]),
        );
        assert_eq!(
            shown(&status),
            ["Reconciling=True/Progressing", "Ready=Unknown/Progressing"]
        );
        assert_eq!(status.observed_generation, -1, "not before the pass is over");
        assert_eq!(status.inventory_entries()[0].id, "a", "sorted");
        assert_eq!(status.last_attempted_revision.as_deref(), Some("main@sha1:a"));
        assert_eq!(status.last_applied_revision, None);

        succeed(&mut status, FIRST, &findings("main@sha1:a", &["a"]));
        assert_eq!(shown(&status), ["Ready=True/ReconciliationSucceeded"]);
        assert_eq!(status.conditions[0].message, "Applied revision: main@sha1:a");
        assert_eq!(status.observed_generation, 1);
        assert_eq!(status.last_applied_revision.as_deref(), Some("main@sha1:a"));
        assert_eq!(status.last_handled_reconcile_at, None);

        fail(&mut status, LATER, &Findings::default(), &problem(), false);
        assert_eq!(
            shown(&status),
            ["Reconciling=True/ProgressingWithRetry", "Ready=False/BuildFailed"]
        );
        assert_eq!(status.observed_generation, 2);
        assert_eq!(
            status.last_handled_reconcile_at.as_deref(),
            Some("now!"),
            "whatever the result"
        );
        assert_eq!(
            status.last_applied_revision.as_deref(),
            Some("main@sha1:a"),
            "kept"
        );
        assert_eq!(status.inventory_entries().len(), 1, "kept");

        fail(&mut status, LATER, &Findings::default(), &problem(), true);
        assert_eq!(
            shown(&status),
            ["Stalled=True/BuildFailed", "Ready=False/BuildFailed"]
        );

        open(&mut status, LATER, News::Again, &findings("main@sha1:b", &[]));
        assert_eq!(
            shown(&status),
            ["Reconciling=True/Progressing", "Ready=False/BuildFailed"],
            "Ready is kept"
        );
        delete(&mut status, LATER, &Findings::default(), &problem());
        assert_eq!(
            shown(&status),
            ["Reconciling=True/Deleting", "Ready=False/BuildFailed"]
        );
        Update::Suspend.apply(&mut status, LATER);
        assert_eq!(shown(&status), ["Ready=False/BuildFailed"]);
    }

    #[test]
    fn nothing_moves_when_nothing_changes() {
        let mut status = KdefReleaseStatus::default();
        succeed(&mut status, FIRST, &findings("r", &["a"]));
        let before = status.clone();
        let again = Moment {
            now: LATER.now,
            ..FIRST
        };
        succeed(&mut status, again, &findings("r", &["a"]));
        assert_eq!(status, before);
        succeed(&mut status, again, &findings("s", &["a"]));
        assert_eq!(status.conditions[0].last_transition_time, LATER.now);
    }

    #[test]
    fn conditions_of_others_stay_and_come_last() {
        let mut status = KdefReleaseStatus::default();
        let theirs = Condition {
            type_: "Approved".to_owned(),
            ..condition_of_others()
        };
        status.conditions.push(theirs.clone());
        fail(&mut status, FIRST, &Findings::default(), &problem(), true);
        assert_eq!(
            shown(&status),
            [
                "Stalled=True/BuildFailed",
                "Ready=False/BuildFailed",
                "Approved=True/Yes"
            ]
        );
        succeed(&mut status, FIRST, &Findings::default());
        assert_eq!(status.conditions[1], theirs);
    }

    fn condition_of_others() -> Condition {
        Condition {
            type_: String::new(),
            status: ConditionStatus::True,
            observed_generation: None,
            last_transition_time: FIRST.now.to_owned(),
            reason: "Yes".to_owned(),
            message: String::new(),
        }
    }

    #[test]
    fn messages_are_bounded() {
        let long = Problem::new(Reason::BuildFailed, "é".repeat(40_000), Retry::AtInterval);
        let mut status = KdefReleaseStatus::default();
        fail(&mut status, FIRST, &Findings::default(), &long, false);
        assert!(status.conditions[1].message.len() <= MESSAGE_BYTES);
    }
}
