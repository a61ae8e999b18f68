//! Deletes what left the set.

use std::collections::BTreeSet;
use std::future::ready;

use futures::StreamExt as _;
use futures::stream;
use tokio_util::sync::CancellationToken;

use crate::catalog::{GroupKind, Kinds, Lookup};
use crate::error::{Failure, ObjectError, Step};
use crate::live::Facts;
use crate::order::{Stage, compare, rank};
use crate::plan::{Fate, PruneRules, fate};
use crate::report::{Action, Change};
use crate::request::{ApiError, Target};
use crate::{Cluster, Inventory, ObjectId, Owner};

/// Whose objects are deleted.
#[derive(Debug, Clone, Copy)]
pub struct PruneRequest<'a> {
    /// The release; nothing that does not carry its owner labels is deleted.
    pub owner: &'a Owner,
    /// The uids of what was applied in this pass; empty when a whole release is removed.
    ///
    /// An object that is still wanted under another group, as Ingresses once were under two, is told by its uid.
    pub applied: &'a BTreeSet<String>,
    /// The namespace of the release, which is never deleted.
    pub namespace: &'a str,
}

/// What came of deleting.
#[derive(Debug)]
pub struct Pruned {
    /// What was deleted, and what is ours but had to be left, in the order of deletion.
    pub changes: Vec<Change>,
    /// What could not be deleted, and stays in the inventory to be tried again.
    pub survivors: Inventory,
    /// Why there are survivors.
    pub failure: Option<Failure>,
}

/// Deletes objects in the reverse order of application, objects of one rank in parallel.
///
/// What does not exist, does not carry the owner labels, or is kept by its annotations is left and not tracked any more.
/// Deletion has the uid as its precondition, and goes on past errors. An accepted deletion counts, also if finalizers hold
/// it up.
pub async fn prune(
    cluster: &Cluster,
    stale: &Inventory,
    request: &PruneRequest<'_>,
    cancel: &CancellationToken,
) -> Pruned {
    let mut ids: Vec<&ObjectId> = stale.ids().collect();
    ids.sort_by(|a, b| compare(b, a));
    let mut wanted: Vec<GroupKind> = ids.iter().map(|id| GroupKind::new(&id.group, &id.kind)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let kinds = match cluster.catalog().covering(&wanted).await {
        Ok(kinds) => kinds,
        Err(error) => {
            return Pruned {
                changes: Vec::new(),
                survivors: stale.clone(),
                failure: Some(error.into()),
            };
        }
    };
    let pruner = Pruner {
        cluster,
        request,
        kinds: &kinds,
        cancel,
    };
    let mut changes = Vec::new();
    let mut settled = Inventory::default();
    let mut errors = Vec::new();
    for rank in ids.chunk_by(|a, b| (Stage::of(a), rank(&a.kind)) == (Stage::of(b), rank(&b.kind))) {
        for (id, result) in pruner.remove_all(rank).await {
            match result {
                Ok(action) => {
                    changes.extend(action.map(|action| Change {
                        object: id.display(),
                        action,
                    }));
                    settled.insert(id.clone(), "");
                }
                Err(error) => errors.push(*error),
            }
        }
    }
    let survivors = stale.difference(&settled);
    let failure = match (errors.is_empty(), survivors.is_empty()) {
        (false, _) => Some(Failure::Objects(errors)),
        (true, false) => Some(Failure::Cancelled),
        (true, true) => None,
    };
    Pruned {
        changes,
        survivors,
        failure,
    }
}

struct Pruner<'a> {
    cluster: &'a Cluster,
    request: &'a PruneRequest<'a>,
    kinds: &'a Kinds,
    cancel: &'a CancellationToken,
}

impl Pruner<'_> {
    /// Removes objects in parallel; once cancelled, no more are begun.
    async fn remove_all<'o>(
        &self,
        ids: &[&'o ObjectId],
    ) -> Vec<(&'o ObjectId, Result<Option<Action>, Box<ObjectError>>)> {
        // Places rather than references: with those, callers could not spawn the future.
        let removals = stream::iter(0..ids.len())
            .take_while(|_| ready(!self.cancel.is_cancelled()))
            .map(|at| async move { (ids[at], self.remove(ids[at]).await) });
        let mut results: Vec<_> = removals
            .buffer_unordered(self.cluster.limits().concurrency.max(1))
            .collect()
            .await;
        results.sort_by(|(a, _), (b, _)| compare(b, a));
        results
    }

    /// Removes one object; `None` where there was nothing to do.
    async fn remove(&self, id: &ObjectId) -> Result<Option<Action>, Box<ObjectError>> {
        let failed = |error: &ApiError| Box::new(ObjectError::stale(id, Step::Delete, error));
        let served = match self.kinds.find(&GroupKind::new(&id.group, &id.kind), None) {
            Lookup::Served(served) => served,
            // With the definition of its kind, the object is gone too.
            Lookup::NotServed => return Ok(None),
            Lookup::Unknown => return Err(Box::new(ObjectError::unknown(id))),
        };
        if served.namespaced && id.namespace.is_empty() {
            return Ok(None);
        }
        let target = Target {
            resource: &served.resource,
            namespace: served.namespaced.then_some(id.namespace.as_str()),
            name: &id.name,
        };
        let Some(live) = self.cluster.get(target).await.map_err(|error| failed(&error))? else {
            return Ok(None);
        };
        let live = Facts::of(&live);
        let rules = PruneRules {
            owner: self.request.owner,
            namespace: self.request.namespace,
            is_applied: self.request.applied.contains(&live.uid),
        };
        match fate(id, &live, rules) {
            Fate::Settled => Ok(None),
            Fate::Kept => Ok(Some(Action::Skipped)),
            Fate::Delete if live.terminating => Ok(None),
            Fate::Delete => match self.cluster.delete(target, &live.uid).await {
                Ok(()) => Ok(Some(Action::Deleted)),
                // Gone meanwhile, or another object by now, or already on its way.
                Err(error) if matches!(error.code(), Some(404 | 409)) => Ok(None),
                Err(error) => Err(failed(&error)),
            },
        }
    }
}
