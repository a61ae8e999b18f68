//! Writes a stage.

use std::future::ready;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt as _;
use futures::stream;

use super::{Found, Hooks, Pass, Progress, Verdict};
use crate::error::{Failure, ObjectError, Step};
use crate::order::{Stage, rank};
use crate::report::Action;
use crate::request::ApiError;

impl<H: Hooks> Pass<'_, H> {
    /// Writes what of a stage is not as wanted: objects of one rank in parallel, the ranks one after the other.
    pub(super) async fn write(&mut self, stage: Stage) -> Result<(), Failure> {
        let places: Vec<usize> = self.of_stage(stage).collect();
        let rank_of = |at: &usize| rank(&self.set.objects[*at].id.kind);
        let ranks: Vec<Vec<usize>> = places
            .chunk_by(|a, b| rank_of(a) == rank_of(b))
            .map(<[_]>::to_vec)
            .collect();
        for places in ranks {
            self.write_rank(places).await?;
        }
        Ok(())
    }

    async fn write_rank(&mut self, places: Vec<usize>) -> Result<(), Failure> {
        let mut to_write = Vec::new();
        for at in places {
            let progress = &mut self.progress[at];
            let Progress::Checked { verdict, found } = progress else {
                continue;
            };
            let action = match verdict {
                Verdict::Create | Verdict::Update => {
                    to_write.push(at);
                    continue;
                }
                Verdict::Unchanged => Action::Unchanged,
                Verdict::Skip => Action::Skipped,
            };
            *progress = Progress::Done {
                action,
                found: std::mem::take(found),
            };
        }
        if to_write.is_empty() {
            return Ok(());
        }
        self.open().await?;
        let errors = self.write_all(to_write).await;
        if !errors.is_empty() {
            return Err(Failure::Objects(errors));
        }
        if self.cancel.is_cancelled() {
            Err(Failure::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Records what may be owned from now on, once.
    async fn open(&mut self) -> Result<(), Failure> {
        if self.cancel.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        if !self.is_open {
            let union = self.set.inventory().union(self.old);
            self.hooks
                .before_first_write(&union)
                .await
                .map_err(Failure::Hook)?;
            self.is_open = true;
        }
        Ok(())
    }

    /// Applies objects in parallel and returns the errors in the order of the objects.
    async fn write_all(&mut self, places: Vec<usize>) -> Vec<ObjectError> {
        // Once cancelled, or once the server is gone, no more are begun; those under way are waited for.
        let is_lost = AtomicBool::new(false);
        let mut results: Vec<_> = {
            let (pass, is_lost) = (&*self, &is_lost);
            let writes = stream::iter(places)
                .take_while(move |_| ready(!pass.cancel.is_cancelled() && !is_lost.load(Ordering::Relaxed)))
                .map(|at| async move {
                    let result = pass.write_one(at).await;
                    if result.as_ref().is_err_and(ApiError::is_lost) {
                        is_lost.store(true, Ordering::Relaxed);
                    }
                    (at, result)
                });
            writes
                .buffer_unordered(pass.cluster.limits().concurrency.max(1))
                .collect()
                .await
        };
        results.sort_by_key(|(at, _)| *at);
        let mut errors = Vec::new();
        for (at, result) in results {
            match result {
                Ok((action, found)) => self.progress[at] = Progress::Done { action, found },
                Err(error) => {
                    if !error.nothing_was_written() {
                        self.progress[at] = Progress::Uncertain;
                    }
                    errors.push(ObjectError::request(&self.set.objects[at], Step::Apply, &error));
                }
            }
        }
        errors
    }

    async fn write_one(&self, at: usize) -> Result<(Action, Found), ApiError> {
        let desired = &self.set.objects[at];
        let Ok(target) = self.target(desired) else {
            return Err(ApiError::Unreadable("the kind is not served any more".to_owned()));
        };
        let (created, written) = self.cluster.write(target, &desired.manifest).await?;
        let action = if created {
            Action::Created
        } else {
            Action::Configured
        };
        Ok((
            action,
            Found {
                uid: written.metadata.uid,
                status: written.status,
            },
        ))
    }
}
