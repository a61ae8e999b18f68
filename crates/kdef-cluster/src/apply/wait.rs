//! Waits until what defines other objects is usable.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{Hooks, Pass, Progress};
use crate::error::{Failure, ObjectError, Retry, Step};
use crate::health::{Health, health};
use crate::order::Stage;
use crate::report::Action;

/// The first pause between two looks; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl<H: Hooks> Pass<'_, H> {
    /// Waits for the definitions of the set, and makes the kinds that they define known.
    pub(super) async fn wait(&mut self) -> Result<(), Failure> {
        let deadline = Instant::now() + self.cluster.limits().stage_timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            let waiting = self.not_ready()?;
            if waiting.is_empty() {
                break;
            }
            if Instant::now() >= deadline {
                return Err(Failure::Objects(self.overdue(&waiting)));
            }
            tokio::select! {
                () = self.cancel.cancelled() => return Err(Failure::Cancelled),
                () = sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            for (at, _) in waiting {
                self.look_again(at).await?;
            }
        }
        self.learn_kinds().await
    }

    /// Returns the objects that are not usable yet, and what is missing.
    fn not_ready(&self) -> Result<Vec<(usize, String)>, Failure> {
        let mut waiting = Vec::new();
        for at in self.of_stage(Stage::Definitions) {
            let Progress::Done { action, found } = &self.progress[at] else {
                continue;
            };
            if *action == Action::Skipped {
                continue;
            }
            let desired = &self.set.objects[at];
            let live = json!({ "status": found.status });
            match health(&desired.id, &live, Timestamp::now()) {
                Health::Current => {}
                Health::Terminating => waiting.push((at, "it is being deleted".to_owned())),
                Health::InProgress(message) => waiting.push((at, message)),
                Health::Failed(message) => {
                    let error =
                        ObjectError::decided(desired, Step::Wait, "Failed", message, Retry::AtInterval);
                    return Err(Failure::Objects(vec![error]));
                }
            }
        }
        Ok(waiting)
    }

    async fn look_again(&mut self, at: usize) -> Result<(), Failure> {
        let desired = &self.set.objects[at];
        let Ok(target) = self.target(desired) else {
            return Ok(());
        };
        let live = self
            .cluster
            .get(target)
            .await
            .map_err(|error| Failure::Objects(vec![ObjectError::request(desired, Step::Wait, &error)]))?;
        if let (Progress::Done { found, .. }, Some(mut live)) = (&mut self.progress[at], live) {
            found.status = live["status"].take();
        }
        Ok(())
    }

    fn overdue(&self, waiting: &[(usize, String)]) -> Vec<ObjectError> {
        let limit = self.cluster.limits().stage_timeout.as_secs();
        let error = |(at, message): &(usize, String)| {
            let message = format!("it is not usable after {limit} s: {message}");
            ObjectError::decided(
                &self.set.objects[*at],
                Step::Wait,
                "Timeout",
                message,
                Retry::Soon,
            )
        };
        waiting.iter().map(error).collect()
    }

    /// Asks for the kinds of the cluster again if definitions of the set were written or are not served yet.
    async fn learn_kinds(&mut self) -> Result<(), Failure> {
        let mut wanted = Vec::new();
        for (desired, progress) in self.set.objects.iter().zip(&self.progress) {
            let Some(definition) = &desired.defines else {
                continue;
            };
            wanted.extend(definition.served());
            if matches!(progress, Progress::Done { action, .. } if action.is_change()) {
                self.fresh.insert(definition.kind.clone());
            }
        }
        if !self.fresh.is_empty() || !self.kinds.serve(&wanted) {
            self.kinds = tokio::select! {
                () = self.cancel.cancelled() => return Err(Failure::Cancelled),
                kinds = self.cluster.catalog().await_kinds(&wanted) => kinds?,
            };
        }
        Ok(())
    }
}
