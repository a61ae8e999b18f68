//! Asks the server what applying would do, before anything is written.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use serde_json::Value;

use super::{Found, Hooks, Pass, Progress, Verdict};
use crate::Owner;
use crate::catalog::{GroupKind, Lookup};
use crate::error::{BoxError, Failure, ObjectError, Retry, Step};
use crate::live::{Facts, differs, is_stored};
use crate::order::Stage;
use crate::plan::{Decision, Seen, decide};
use crate::prepare::Desired;
use crate::request::{ApiError, Target};

/// How often an object is tried whose definition was written in the same pass.
const FRESH_ATTEMPTS: u32 = 10;
/// The pause between these attempts.
const FRESH_PAUSE: Duration = Duration::from_millis(300);

/// Why it is not known what to do about an object.
enum Obstacle {
    /// It cannot be applied.
    Refused(Box<Refusal>),
    /// It belongs to another release.
    Conflict(Box<ObjectError>),
    /// The caller could not say whether another release exists.
    Hook(BoxError),
}

struct Refusal {
    error: ObjectError,
    /// Whether objects of an earlier stage may put that right.
    may_pass: bool,
    /// Whether the server is gone, so that asking about the others is in vain.
    is_lost: bool,
}

/// What others have to wait for until the definitions of the set are written and usable.
struct Pending<'a> {
    /// Namespaces that are about to be created.
    namespaces: BTreeSet<&'a str>,
    /// Kinds whose definitions are about to be written, or were written and are not served yet.
    kinds: BTreeSet<&'a GroupKind>,
}

impl<H: Hooks> Pass<'_, H> {
    /// Checks a stage, and of the later stages what can be checked yet.
    pub(super) async fn check(&mut self, stage: Stage) -> Result<(), Failure> {
        let mut errors = Errors::default();
        // What this stage is about to write decides what of the later ones can be looked at.
        let now = self.unchecked(self.of_stage(stage));
        self.look(now, &mut errors).await?;
        if !errors.is_lost {
            let mut later = self.unchecked(self.of_stage(stage).end..self.set.objects.len());
            let pending = self.pending();
            later.retain(|&at| {
                let desired = &self.set.objects[at];
                !pending.namespaces.contains(desired.id.namespace.as_str())
                    && !pending.kinds.contains(&desired.kind())
            });
            self.look(later, &mut errors).await?;
        }
        errors.into_result()
    }

    fn unchecked(&self, places: Range<usize>) -> Vec<usize> {
        places
            .filter(|&at| matches!(self.progress[at], Progress::Unchecked))
            .collect()
    }

    /// Tells whether an object is going to be written.
    fn is_pending(&self, at: usize) -> bool {
        let written = [Verdict::Create, Verdict::Update];
        matches!(&self.progress[at], Progress::Checked { verdict, .. } if written.contains(verdict))
    }

    /// Returns what the definitions of the set, which were not written yet, have to bring first.
    fn pending(&self) -> Pending<'_> {
        let mut pending = Pending {
            namespaces: BTreeSet::new(),
            kinds: BTreeSet::new(),
        };
        for at in self.of_stage(Stage::Definitions) {
            let (desired, progress) = (&self.set.objects[at], &self.progress[at]);
            if matches!(progress, Progress::Done { .. }) {
                continue;
            }
            if let Some(definition) = &desired.defines {
                if self.is_pending(at) || !self.kinds.serve(&definition.served()) {
                    pending.kinds.insert(&definition.kind);
                }
            } else if desired.id.kind == "Namespace"
                && matches!(
                    progress,
                    Progress::Checked {
                        verdict: Verdict::Create,
                        ..
                    }
                )
            {
                pending.namespaces.insert(&desired.id.name);
            }
        }
        pending
    }

    /// Tells whether something is going to be written before an object's own stage.
    fn follows_pending(&self, at: usize) -> bool {
        let own = self.of_stage(Stage::of(&self.set.objects[at].id));
        (0..own.start).any(|earlier| self.is_pending(earlier))
    }

    /// Looks at objects in parallel and notes what is to be done about them.
    async fn look(&mut self, places: Vec<usize>, errors: &mut Errors) -> Result<(), Failure> {
        let seen = self.observe_all(places).await.ok_or(Failure::Cancelled)?;
        let mut refused = Vec::new();
        for (at, result) in seen {
            match result {
                Ok((verdict, found)) => self.progress[at] = Progress::Checked { verdict, found },
                Err(Obstacle::Refused(refusal)) => refused.push((at, refusal)),
                Err(Obstacle::Conflict(error)) => errors.conflicts.push((at, *error)),
                Err(Obstacle::Hook(error)) => return Err(Failure::Hook(error)),
            }
        }
        // Whether anything is written before, so that a refusal may wait, is known after all have been looked at.
        for (at, refusal) in refused {
            errors.is_lost |= refusal.is_lost;
            if !(refusal.may_pass && self.follows_pending(at)) {
                errors.refused.push((at, refusal.error));
            }
        }
        Ok(())
    }

    /// Observes objects in parallel; `None` once cancelled. What comes after the server was lost is left out.
    async fn observe_all(
        &self,
        places: Vec<usize>,
    ) -> Option<Vec<(usize, Result<(Verdict, Found), Obstacle>)>> {
        let mut seen = Vec::with_capacity(places.len());
        let looks = places
            .into_iter()
            .map(|at| async move { (at, self.observe(&self.set.objects[at]).await) });
        let mut looks = stream::iter(looks).buffer_unordered(self.cluster.limits().concurrency.max(1));
        loop {
            let next = tokio::select! {
                () = self.cancel.cancelled() => return None,
                next = looks.next() => next,
            };
            let Some((at, result)) = next else {
                return Some(seen);
            };
            let is_lost = matches!(&result, Err(Obstacle::Refused(refusal)) if refusal.is_lost);
            seen.push((at, result));
            if is_lost {
                return Some(seen);
            }
        }
    }

    /// Finds out what is to be done about an object: one dry run, and a look at the object if it exists.
    async fn observe(&self, desired: &Desired) -> Result<(Verdict, Found), Obstacle> {
        let target = self
            .target(desired)
            .map_err(|lookup| not_served(desired, &lookup))?;
        if desired.policies.forbid_apply() {
            let live = self
                .cluster
                .get(target)
                .await
                .map_err(|error| refused(desired, &error))?;
            return Ok((Verdict::Skip, found(live.as_ref())));
        }
        let answer = match self.dry_run(desired, target).await {
            Ok(answer) => answer,
            Err(error) => return self.look_closer(desired, target, &error).await,
        };
        if !is_stored(&answer) {
            return self.judge(desired, None, false).await;
        }
        let live = self
            .cluster
            .get(target)
            .await
            .map_err(|error| refused(desired, &error))?;
        let differs = live.as_ref().is_some_and(|live| differs(live, &answer));
        self.judge(desired, live.as_ref(), differs).await
    }

    /// Asks what applying would do, more than once if the definition of the kind was only just written: the server takes a
    /// moment to follow it.
    async fn dry_run(&self, desired: &Desired, target: Target<'_>) -> Result<Value, ApiError> {
        let mut answer = self.cluster.dry_run(target, &desired.manifest).await;
        if self.fresh.contains(&desired.kind()) {
            for _ in 0..FRESH_ATTEMPTS {
                let is_behind = |error: &ApiError| {
                    error.is_about_content() || (error.is_not_found() && !error.is_missing_namespace())
                };
                if !answer.as_ref().is_err_and(is_behind) {
                    break;
                }
                tokio::time::sleep(FRESH_PAUSE).await;
                answer = self.cluster.dry_run(target, &desired.manifest).await;
            }
        }
        answer
    }

    /// Finds where an object is served, in the version that its manifest has.
    pub(super) fn target<'o>(&'o self, desired: &'o Desired) -> Result<Target<'o>, Lookup<'o>> {
        let served = match self.kinds.find(&desired.kind(), Some(&desired.version)) {
            Lookup::Served(served) if served.resource.version == desired.version => served,
            lookup => return Err(lookup),
        };
        Ok(Target {
            resource: &served.resource,
            namespace: served.namespaced.then_some(desired.id.namespace.as_str()),
            name: &desired.id.name,
        })
    }

    /// Handles a refused dry run: an object that is not ours, or not to be touched, does not need to be applicable.
    async fn look_closer(
        &self,
        desired: &Desired,
        target: Target<'_>,
        error: &ApiError,
    ) -> Result<(Verdict, Found), Obstacle> {
        if error.is_unknown_kind() {
            self.cluster.catalog().invalidate();
            return Err(not_served(desired, &Lookup::NotServed));
        }
        // Asking again would bring the same error.
        let is_pointless = error.is_infrastructure() || error.is_not_found();
        let live = if is_pointless {
            None
        } else {
            self.cluster.get(target).await.ok().flatten()
        };
        let Some(live) = live else {
            return Err(refused(desired, error));
        };
        match self.judge(desired, Some(&live), true).await {
            Ok((Verdict::Create | Verdict::Update | Verdict::Unchanged, _)) => Err(refused(desired, error)),
            decided => decided,
        }
    }

    /// Decides, after asking about the owner if the object seems to be another release's.
    async fn judge(
        &self,
        desired: &Desired,
        live: Option<&Value>,
        differs: bool,
    ) -> Result<(Verdict, Found), Obstacle> {
        let facts = live.map(Facts::of);
        let owner_exists = match facts.as_ref().and_then(|facts| facts.owner.as_ref()) {
            Some(other) if *other != self.set.owner => {
                self.hooks.owner_exists(other).await.map_err(Obstacle::Hook)?
            }
            _ => false,
        };
        let seen = Seen {
            live: facts.as_ref(),
            differs,
            owner_exists,
        };
        let verdict = match decide(&self.set.owner, desired.policies, seen) {
            Decision::Create => Verdict::Create,
            Decision::Update => Verdict::Update,
            Decision::Unchanged => Verdict::Unchanged,
            Decision::Skip => Verdict::Skip,
            Decision::Conflict(other) => return Err(conflict(desired, &self.set.owner, &other)),
            Decision::Terminating => return Err(terminating(desired)),
        };
        Ok((verdict, found(live)))
    }
}

/// The errors of a check, each with the place of its object.
#[derive(Default)]
struct Errors {
    /// Whether the server is gone.
    is_lost: bool,
    refused: Vec<(usize, ObjectError)>,
    conflicts: Vec<(usize, ObjectError)>,
}

impl Errors {
    /// Fails with all errors in the order of the objects, conflicts first.
    fn into_result(self) -> Result<(), Failure> {
        let sorted = |mut errors: Vec<(usize, ObjectError)>| {
            errors.sort_by_key(|(at, _)| *at);
            errors.into_iter().map(|(_, error)| error)
        };
        let is_conflict = !self.conflicts.is_empty();
        let errors: Vec<_> = sorted(self.conflicts).chain(sorted(self.refused)).collect();
        match (errors.is_empty(), is_conflict) {
            (true, _) => Ok(()),
            (false, true) => Err(Failure::Ownership(errors)),
            (false, false) => Err(Failure::Objects(errors)),
        }
    }
}

fn found(live: Option<&Value>) -> Found {
    let Some(live) = live else { return Found::default() };
    Found {
        uid: live["metadata"]["uid"].as_str().unwrap_or_default().to_owned(),
        status: live["status"].clone(),
    }
}

fn refused(desired: &Desired, error: &ApiError) -> Obstacle {
    let is_missing_other = error.is_not_found() && !error.is_missing_namespace();
    Obstacle::Refused(Box::new(Refusal {
        error: ObjectError::request(desired, Step::DryRun, error),
        may_pass: error.code() == Some(403) || is_missing_other,
        is_lost: error.is_lost(),
    }))
}

fn decided(desired: &Desired, reason: &str, message: String, retry: Retry) -> Obstacle {
    Obstacle::Refused(Box::new(Refusal {
        error: ObjectError::decided(desired, Step::DryRun, reason, message, retry),
        may_pass: false,
        is_lost: false,
    }))
}

fn conflict(desired: &Desired, owner: &Owner, other: &Owner) -> Obstacle {
    let message = format!(
        "it belongs to the release {other}, and {owner} takes no object of another release; \
         rename it in one of the two, or remove it from {other}"
    );
    let error = ObjectError::decided(
        desired,
        Step::Prepare,
        "OwnershipConflict",
        message,
        Retry::AtInterval,
    );
    Obstacle::Conflict(Box::new(error))
}

fn terminating(desired: &Desired) -> Obstacle {
    let message = "the object is being deleted; it is applied again once it is gone".to_owned();
    decided(desired, "Terminating", message, Retry::Soon)
}

fn not_served(desired: &Desired, lookup: &Lookup<'_>) -> Obstacle {
    let (group, kind, version) = (&desired.id.group, &desired.id.kind, &desired.version);
    let named = if group.is_empty() {
        kind.clone()
    } else {
        format!("{kind} of {group}")
    };
    let message = match lookup {
        Lookup::Served(served) => {
            let other = &served.resource.version;
            format!("the cluster serves {named} as {other}, not as {version}")
        }
        Lookup::NotServed => format!(
            "the cluster does not know {named}/{version}; install what defines it, \
             or render its CustomResourceDefinition in the same project"
        ),
        Lookup::Unknown => format!("the API server of {group} does not answer, so that {kind} is not known"),
    };
    let retry = if matches!(lookup, Lookup::Unknown) {
        Retry::Soon
    } else {
        Retry::AtInterval
    };
    decided(desired, "NoMatch", message, retry)
}
