//! Applies a set, stage by stage.
//!
//! ```text
//! for each stage: check everything that can be checked ──> write this stage ──> wait until it is usable
//!                 (dry runs, in parallel)                  (rank by rank)       (CRDs, Namespaces)
//! ```
//!
//! Checking looks ahead: an object of the last stage that the server refuses is found before the first stage is written.
//! What cannot be checked yet, since its kind or namespace comes with an earlier stage, is checked when that has been
//! written; then all that is left is checked before any of it is written.

mod check;
mod wait;
mod write;

use std::collections::BTreeSet;
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::catalog::{GroupKind, Kinds};
use crate::error::{BoxError, Failure};
use crate::order::Stage;
use crate::prepare::{Desired, DesiredSet};
use crate::report::{Action, Change};
use crate::{Cluster, Inventory, Owner};

/// What a pass asks of whoever runs it.
pub trait Hooks: Sync {
    /// Records what the release may own from now on: all that it owned and all that it wants.
    ///
    /// Called at most once, right before the first write, so that whatever happens afterwards no object is forgotten. An
    /// error ends the pass with nothing written.
    fn before_first_write(&self, inventory: &Inventory) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Tells whether the release that an object's owner labels name exists.
    ///
    /// The object of a release that exists is never taken; an error ends the pass.
    fn owner_exists(&self, owner: &Owner) -> impl Future<Output = Result<bool, BoxError>> + Send;
}

/// What came of a pass, also of one that failed half-way.
#[derive(Debug)]
pub struct Applied {
    /// What was done about each object, in the order of application. What was not reached is not in it.
    pub changes: Vec<Change>,
    /// What the release owns now: the set if all went well, else all that it owned before and all that was, or may have
    /// been, applied.
    pub inventory: Inventory,
    /// The uids of the objects that were applied or found as wanted, for [`prune`](crate::prune).
    pub uids: BTreeSet<String>,
    /// Why the pass ended before its end.
    pub failure: Option<Failure>,
}

/// Makes the cluster hold what is desired; what is already there as wanted is not written.
///
/// All errors that can be found before the first write are found before it, and reported together. Cancelling ends the
/// pass after the requests that are under way.
pub async fn apply(
    cluster: &Cluster,
    desired: &DesiredSet,
    old: &Inventory,
    hooks: &impl Hooks,
    cancel: &CancellationToken,
) -> Applied {
    let mut pass = Pass {
        cluster,
        set: desired,
        old,
        hooks,
        cancel,
        kinds: Arc::default(),
        fresh: BTreeSet::new(),
        progress: desired.objects.iter().map(|_| Progress::Unchecked).collect(),
        is_open: false,
    };
    let failure = pass.run().await.err();
    sum_up(desired, old, pass.progress, failure)
}

/// How far the pass is with one object.
enum Progress {
    /// The server was not asked yet, or what it needs is not there yet.
    Unchecked,
    /// It is known what to do.
    Checked { verdict: Verdict, found: Found },
    /// It was done.
    Done { action: Action, found: Found },
    /// It was applied, and it is not known whether that worked.
    Uncertain,
}

/// What is to be done about an object that may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Create,
    Update,
    Unchanged,
    Skip,
}

/// What is known of an object as it is in the cluster.
#[derive(Debug, Clone, Default)]
struct Found {
    uid: String,
    status: Value,
}

struct Pass<'a, H> {
    cluster: &'a Cluster,
    set: &'a DesiredSet,
    old: &'a Inventory,
    hooks: &'a H,
    cancel: &'a CancellationToken,
    kinds: Arc<Kinds>,
    /// The kinds whose definitions were written in this pass.
    fresh: BTreeSet<GroupKind>,
    /// One for each object of the set.
    progress: Vec<Progress>,
    /// Whether the write-ahead inventory was recorded.
    is_open: bool,
}

impl<H: Hooks> Pass<'_, H> {
    async fn run(&mut self) -> Result<(), Failure> {
        let mut wanted: Vec<_> = self.set.objects.iter().map(Desired::kind).collect();
        wanted.sort_unstable();
        wanted.dedup();
        self.kinds = self.cluster.catalog().covering(&wanted).await?;
        for stage in Stage::ALL {
            self.check(stage).await?;
            self.write(stage).await?;
            if stage == Stage::Definitions {
                self.wait().await?;
            }
        }
        Ok(())
    }

    /// Returns the places in the set of the objects of a stage; the set is sorted by stage.
    fn of_stage(&self, stage: Stage) -> Range<usize> {
        let objects = &self.set.objects;
        let start = objects.partition_point(|desired| Stage::of(&desired.id) < stage);
        start..objects.partition_point(|desired| Stage::of(&desired.id) <= stage)
    }
}

/// Sums a pass up: after a failure nothing that may be there is forgotten.
fn sum_up(set: &DesiredSet, old: &Inventory, progress: Vec<Progress>, failure: Option<Failure>) -> Applied {
    let mut changes = Vec::new();
    let mut uids = BTreeSet::new();
    let mut reached = Inventory::default();
    for (desired, progress) in set.objects.iter().zip(progress) {
        match progress {
            Progress::Done { action, found } => {
                changes.push(Change {
                    object: desired.id.display(),
                    action,
                });
                if !found.uid.is_empty() {
                    uids.insert(found.uid);
                }
                if action != Action::Skipped {
                    reached.insert(desired.id.clone(), &desired.version);
                }
            }
            Progress::Uncertain => reached.insert(desired.id.clone(), &desired.version),
            Progress::Unchecked | Progress::Checked { .. } => {}
        }
    }
    let inventory = if failure.is_none() {
        set.inventory()
    } else {
        reached.union(old)
    };
    Applied {
        changes,
        inventory,
        uids,
        failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::tests::desired_set;
    use proptest::prelude::*;

    /// One kind of progress for each digit.
    fn progress(kind: u8) -> Progress {
        let found = Found {
            uid: format!("uid-{kind}"),
            status: Value::Null,
        };
        match kind {
            0 => Progress::Unchecked,
            1 => Progress::Checked {
                verdict: Verdict::Create,
                found,
            },
            2 => Progress::Uncertain,
            3 => Progress::Done {
                action: Action::Skipped,
                found,
            },
            4 => Progress::Done {
                action: Action::Unchanged,
                found,
            },
            5 => Progress::Done {
                action: Action::Configured,
                found,
            },
            _ => Progress::Done {
                action: Action::Created,
                found,
            },
        }
    }

    fn inventory(names: &BTreeSet<String>) -> Inventory {
        Inventory::decode(names.iter().map(|name| (format!("apps_{name}__ConfigMap"), "v1"))).0
    }

    proptest! {
        #[test]
        fn a_failed_pass_forgets_nothing(
            old in proptest::collection::btree_set("[a-f]", 0..6),
            wanted in proptest::collection::btree_map("[a-f]", 0_u8..7, 1..6),
        ) {
            let objects: Vec<_> = wanted.keys().map(|name| ("ConfigMap", name.as_str())).collect();
            let (set, old) = (desired_set(&objects), inventory(&old));
            let reached = wanted.iter().filter(|(_, kind)| !matches!(kind, 0 | 1 | 3)).map(|(name, _)| name.clone());
            let expected = inventory(&reached.collect()).union(&old);

            let kinds: Vec<_> = wanted.values().copied().collect();
            let failed = sum_up(&set, &old, kinds.iter().copied().map(progress).collect(), Some(Failure::Cancelled));
            prop_assert_eq!(failed.inventory, expected);
            prop_assert_eq!(failed.changes.len(), kinds.iter().filter(|kind| **kind > 2).count());
            prop_assert!(failed.uids.iter().all(|uid| !["uid-0", "uid-1", "uid-2"].contains(&uid.as_str())));
        }

        #[test]
        fn a_good_pass_owns_the_set(
            old in proptest::collection::btree_set("[a-f]", 0..6),
            wanted in proptest::collection::btree_map("[a-f]", 3_u8..7, 1..6),
        ) {
            let objects: Vec<_> = wanted.keys().map(|name| ("ConfigMap", name.as_str())).collect();
            let set = desired_set(&objects);
            let applied = sum_up(&set, &inventory(&old), wanted.values().copied().map(progress).collect(), None);
            prop_assert_eq!(applied.inventory, set.inventory());
        }
    }
}
