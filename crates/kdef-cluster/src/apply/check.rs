//! Asks the server what applying would do, before anything is written.

use futures::StreamExt as _;
use futures::stream;
use serde_json::Value;

use super::{Found, Hooks, Pass, Progress, Verdict};
use crate::catalog::Lookup;
use crate::error::{BoxError, Failure, ObjectError, Retry, Step};
use crate::live::{Facts, differs, is_stored};
use crate::order::Stage;
use crate::plan::{Decision, Seen, decide, is_off_limits};
use crate::prepare::Desired;
use crate::request::{ApiError, Target};

/// Why it is not known what to do about an object.
enum Obstacle {
    /// The server refuses it.
    Refused {
        error: ObjectError,
        /// Whether objects of an earlier stage may put that right.
        may_pass: bool,
        /// Whether the server is gone, so that asking about the others is in vain.
        is_lost: bool,
    },
    /// It belongs to another release.
    Conflict(ObjectError),
    /// The caller could not say whether another release exists.
    Hook(BoxError),
}

impl<H: Hooks> Pass<'_, H> {
    /// Checks a stage, and of the later stages what can be checked yet.
    pub(super) async fn check(&mut self, stage: Stage) -> Result<(), Failure> {
        let mut errors = Errors::default();
        // What this stage is about to create decides what of the later ones can be looked at.
        let now = self.unchecked(|at| self.stage(at) == stage);
        self.look(now, &mut errors).await?;
        let later = self.unchecked(|at| self.stage(at) > stage && !self.depends_on_pending(at));
        self.look(later, &mut errors).await?;
        errors.into_result()
    }

    fn stage(&self, at: usize) -> Stage {
        Stage::of(&self.set.objects[at].id)
    }

    fn unchecked(&self, filter: impl Fn(usize) -> bool) -> Vec<usize> {
        let all = 0..self.progress.len();
        all.filter(|&at| matches!(self.progress[at], Progress::Unchecked) && filter(at))
            .collect()
    }

    /// Tells whether an object is going to be written.
    fn is_pending(&self, at: usize) -> bool {
        let written = [Verdict::Create, Verdict::Update];
        matches!(&self.progress[at], Progress::Checked { verdict, .. } if written.contains(verdict))
    }

    /// Tells whether an object's namespace is about to be created, or the definition of its kind about to be written.
    fn depends_on_pending(&self, at: usize) -> bool {
        let wanted = &self.set.objects[at];
        let kind = wanted.kind();
        self.set.objects.iter().enumerate().any(|(other_at, other)| {
            let is_definition = other
                .defines
                .as_ref()
                .is_some_and(|definition| definition.kind == kind);
            let is_namespace = other.id.kind == "Namespace"
                && other.id.group.is_empty()
                && other.id.name == wanted.id.namespace;
            (is_definition || is_namespace) && self.is_pending(other_at)
        })
    }

    /// Tells whether something is going to be written before an object's own stage.
    fn follows_pending(&self, at: usize) -> bool {
        let stage = self.stage(at);
        (0..self.progress.len()).any(|other| self.stage(other) < stage && self.is_pending(other))
    }

    /// Looks at objects in parallel and notes what is to be done about them.
    async fn look(&mut self, places: Vec<usize>, errors: &mut Errors) -> Result<(), Failure> {
        let mut seen = Vec::with_capacity(places.len());
        {
            let pass = &*self;
            let looks = places
                .into_iter()
                .map(|at| async move { (at, pass.observe(&pass.set.objects[at]).await) });
            let mut looks = stream::iter(looks).buffer_unordered(pass.cluster.limits().concurrency.max(1));
            loop {
                let next = tokio::select! {
                    () = pass.cancel.cancelled() => return Err(Failure::Cancelled),
                    next = looks.next() => next,
                };
                let Some((at, result)) = next else { break };
                let is_lost = matches!(&result, Err(Obstacle::Refused { is_lost: true, .. }));
                seen.push((at, result));
                if is_lost {
                    break;
                }
            }
        }
        // What is refused may only wait if something is written first, and that is known after all have been looked at.
        let mut refused = Vec::new();
        for (at, result) in seen {
            match result {
                Ok((verdict, found)) => self.progress[at] = Progress::Checked { verdict, found },
                Err(Obstacle::Refused { error, may_pass, .. }) => refused.push((at, error, may_pass)),
                Err(Obstacle::Conflict(error)) => errors.conflicts.push((at, error)),
                Err(Obstacle::Hook(error)) => return Err(Failure::Hook(error)),
            }
        }
        for (at, error, may_pass) in refused {
            if !(may_pass && self.follows_pending(at)) {
                errors.refused.push((at, error));
            }
        }
        Ok(())
    }

    /// Finds out what is to be done about an object: one dry run, and a look at the object if it exists.
    async fn observe(&self, desired: &Desired) -> Result<(Verdict, Found), Obstacle> {
        if desired.policies.forbid_apply() {
            return Ok((Verdict::Skip, Found::default()));
        }
        let target = self
            .target(desired)
            .map_err(|lookup| not_served(desired, &lookup))?;
        let answer = match self.cluster.dry_run(target, &desired.manifest).await {
            Ok(answer) => answer,
            Err(error) => return self.look_away(desired, target, &error).await,
        };
        if !is_stored(&answer) {
            return self.judge(desired, None, &answer).await;
        }
        let live = self
            .cluster
            .get(target)
            .await
            .map_err(|error| refusal(desired, &error))?;
        self.judge(desired, live.as_ref(), &answer).await
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

    /// Handles a refused dry run: an object that is not to be touched does not need to be applicable.
    async fn look_away(
        &self,
        desired: &Desired,
        target: Target<'_>,
        error: &ApiError,
    ) -> Result<(Verdict, Found), Obstacle> {
        if error.is_unknown_kind() {
            self.cluster.catalog().invalidate();
        }
        // Nobody can be asked, or the answer would be the same.
        if error.is_infrastructure() || error.is_not_found() {
            return Err(refusal(desired, error));
        }
        match self.cluster.get(target).await {
            Ok(Some(live)) if is_off_limits(desired.policies, &Facts::of(&live)) => {
                Ok((Verdict::Skip, found(Some(&live))))
            }
            _ => Err(refusal(desired, error)),
        }
    }

    async fn judge(
        &self,
        desired: &Desired,
        live: Option<&Value>,
        answer: &Value,
    ) -> Result<(Verdict, Found), Obstacle> {
        let facts = live.map(Facts::of);
        let owner_exists = match facts.as_ref().and_then(|facts| facts.owner.as_ref()) {
            Some(other) if *other != self.set.owner => {
                self.hooks.owner_exists(other).await.map_err(Obstacle::Hook)?
            }
            _ => false,
        };
        let differs = live.is_some_and(|live| differs(live, answer));
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
            Decision::Conflict(other) => {
                let message = format!(
                    "it belongs to the release {other}, and {} takes no object of another release; \
                     rename it in one of the two, or remove it from {other}",
                    self.set.owner
                );
                let retry = Retry::AtInterval;
                let error = ObjectError::decided(desired, Step::Prepare, "OwnershipConflict", message, retry);
                return Err(Obstacle::Conflict(error));
            }
            Decision::Terminating => {
                let message = "the object is being deleted; it is applied again once it is gone".to_owned();
                let error = ObjectError::decided(desired, Step::DryRun, "Terminating", message, Retry::Soon);
                return Err(Obstacle::Refused {
                    error,
                    may_pass: false,
                    is_lost: false,
                });
            }
        };
        Ok((verdict, found(live)))
    }
}

/// The errors of a check, each with the place of its object.
#[derive(Default)]
struct Errors {
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

fn refusal(desired: &Desired, error: &ApiError) -> Obstacle {
    Obstacle::Refused {
        error: ObjectError::request(desired, Step::DryRun, error),
        may_pass: matches!(error.code(), Some(403 | 404)),
        is_lost: matches!(error, ApiError::Timeout(_) | ApiError::Unreachable(_)),
    }
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
    Obstacle::Refused {
        error: ObjectError::decided(desired, Step::DryRun, "NoMatch", message, retry),
        may_pass: false,
        is_lost: false,
    }
}
