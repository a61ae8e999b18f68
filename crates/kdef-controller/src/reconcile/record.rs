//! What a pass writes to its release: status and finalizer.

use std::sync::Arc;

use jiff::Timestamp;
use kdef_api::{FINALIZER, KdefRelease, KdefReleaseStatus};
use kube::api::{Patch, PatchParams};
use kube::{Api, ResourceExt};
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::Stop;
use crate::context::Context;
use crate::decide;
use crate::notes::{ReleaseKey, key_of};
use crate::problem::Problem;
use crate::status::{Moment, Update};

/// The field manager of what is written to a release, in Flux's form.
const MANAGER: &str = "gotk-kdef-controller";
/// How often a write is tried when others write at the same time.
const ATTEMPTS: usize = 5;

/// A release under work: as the pass found it, and as it stands by now.
pub(super) struct Record<'a> {
    ctx: &'a Context,
    key: ReleaseKey,
    api: Api<KdefRelease>,
    /// The release that the pass looks at.
    pub(super) release: Arc<KdefRelease>,
    /// The release as the last write left it.
    current: Mutex<Arc<KdefRelease>>,
}

impl<'a> Record<'a> {
    pub(super) fn new(ctx: &'a Context, release: Arc<KdefRelease>) -> Self {
        let key = key_of(&*release);
        Self {
            ctx,
            api: Api::namespaced(ctx.client.clone(), &key.0),
            key,
            current: Mutex::new(Arc::clone(&release)),
            release,
        }
    }

    /// Returns the release's namespace and name.
    pub(super) fn key(&self) -> &ReleaseKey {
        &self.key
    }

    /// Changes the status; nothing is sent when that leaves it as it is.
    ///
    /// The write names the state that it is based on, so that nothing written meanwhile is lost; the change is then made
    /// again on top of that.
    pub(super) async fn change(&self, update: Update<'_>) -> Result<(), kube::Error> {
        let now = now();
        let at = Moment {
            generation: self.release.metadata.generation.unwrap_or_default(),
            now: &now,
            requested: decide::requested(&self.release),
        };
        let mut current = self.current.lock().await;
        for attempt in 1.. {
            let mut status = current.status.clone().unwrap_or_default();
            update.apply(&mut status, at);
            if current.status.as_ref() == Some(&status) {
                return Ok(());
            }
            let patch = json!({
                "metadata": { "resourceVersion": current.resource_version() },
                "status": difference(current.status.as_ref(), &status),
            });
            let name = &self.key.1;
            match self
                .api
                .patch_status(name, &parameters(), &Patch::Merge(&patch))
                .await
            {
                Ok(written) => {
                    self.keep(&mut current, written);
                    return Ok(());
                }
                Err(kube::Error::Api(error)) if error.is_conflict() && attempt < ATTEMPTS => {
                    *current = Arc::new(self.api.get(name).await?);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Adds our finalizer, unless it is there.
    pub(super) async fn add_finalizer(&self) -> Result<(), Stop> {
        let mut current = self.current.lock().await;
        if current
            .finalizers()
            .iter()
            .any(|finalizer| finalizer == FINALIZER)
        {
            return Ok(());
        }
        let mut finalizers = current.finalizers().to_vec();
        finalizers.push(FINALIZER.to_owned());
        self.patch_finalizers(&mut current, &finalizers).await
    }

    /// Removes our finalizer: the release may go.
    pub(super) async fn remove_finalizer(&self) -> Result<(), Stop> {
        let mut current = self.current.lock().await;
        let mut finalizers = current.finalizers().to_vec();
        finalizers.retain(|finalizer| finalizer != FINALIZER);
        self.patch_finalizers(&mut current, &finalizers).await
    }

    async fn patch_finalizers(
        &self,
        current: &mut Arc<KdefRelease>,
        finalizers: &[String],
    ) -> Result<(), Stop> {
        let patch = json!({
            "metadata": { "resourceVersion": current.resource_version(), "finalizers": finalizers },
        });
        match self
            .api
            .patch(&self.key.1, &parameters(), &Patch::Merge(&patch))
            .await
        {
            Ok(written) => {
                self.keep(current, written);
                Ok(())
            }
            Err(kube::Error::Api(error)) if error.is_not_found() => Err(Stop::Gone),
            Err(error) => Err(Problem::api("the finalizer cannot be changed", &error).into()),
        }
    }

    fn keep(&self, current: &mut Arc<KdefRelease>, mut written: KdefRelease) {
        written.managed_fields_mut().clear();
        *current = Arc::new(written);
        self.ctx.notes.keep_written(&self.key, Arc::clone(current));
    }
}

fn parameters() -> PatchParams {
    PatchParams {
        field_manager: Some(MANAGER.to_owned()),
        ..PatchParams::default()
    }
}

/// Returns the time in RFC 3339, to the second, as Kubernetes writes it.
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Returns the merge patch that leads from one status to another: the fields that differ, whole.
fn difference(before: Option<&KdefReleaseStatus>, after: &KdefReleaseStatus) -> Value {
    let fields = |status: &KdefReleaseStatus| match serde_json::to_value(status) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let before = before.map(fields).unwrap_or_default();
    let mut after = fields(after);
    let removed: Vec<String> = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .cloned()
        .collect();
    after.retain(|name, value| before.get(name) != Some(value));
    after.extend(removed.into_iter().map(|name| (name, Value::Null)));
    Value::Object(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_holds_what_differs() {
        let before: KdefReleaseStatus = serde_json::from_value(json!({
            "observedGeneration": 1,
            "lastAttemptedRevision": "a",
            "lastHandledReconcileAt": "x",
            "inventory": { "entries": [{ "id": "a_b__ConfigMap", "v": "v1" }] },
        }))
        .unwrap();
        assert_eq!(difference(Some(&before), &before), json!({}));
        let mut after = before.clone();
        after.last_attempted_revision = Some("b".to_owned());
        after.last_handled_reconcile_at = None;
        assert_eq!(
            difference(Some(&before), &after),
            json!({ "lastAttemptedRevision": "b", "lastHandledReconcileAt": null })
        );
        assert_eq!(
            difference(None, &KdefReleaseStatus::default()),
            json!({ "observedGeneration": -1 })
        );
    }
}
