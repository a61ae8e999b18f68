//! Watches that wake passes up.
//!
//! ```text
//! KdefReleases (generation, requestedAt, deletion) ──┐
//! sources (revision, digest) ──> releases that use it ├──> queue of releases ──> passes
//! a release that is gone ──> releases in conflict ────┘
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;
use futures::channel::mpsc::UnboundedSender;
use kdef_api::{ConditionType, KdefRelease, Reason};
use kube::api::ObjectMeta;
use kube::core::DeserializeGuard;
use kube::runtime::WatchStreamExt;
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Resource, ResourceExt};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::metrics::Metrics;
use crate::notes::{Notes, ReleaseKey, key_of};
use crate::sources::{Lookup, SourceId, Sources};

/// A release as it is watched: one that cannot be read does not stop the others.
pub(crate) type Watched = DeserializeGuard<KdefRelease>;

/// Wakes passes up when something they depend on changes.
pub(crate) struct Waker {
    /// The releases, filled by [`Waker::watch_releases`].
    pub(crate) releases: Store<Watched>,
    /// Where releases that need a pass are sent.
    pub(crate) queue: UnboundedSender<ObjectRef<Watched>>,
    pub(crate) notes: Arc<Notes>,
    pub(crate) metrics: Metrics,
}

impl Waker {
    fn wake(&self, key: &ReleaseKey) {
        self.notes.break_off(key);
        // The receiver is gone only when the controller is stopping.
        let _sent = self.queue.unbounded_send(ObjectRef::new(&key.1).within(&key.0));
    }

    /// Keeps the store of releases filled and wakes those up that need a pass; never returns.
    pub(crate) async fn watch_releases(&self, api: Api<Watched>, mut writer: Writer<Watched>) {
        let mut known = Known::default();
        let mut events = watcher(api, watcher::Config::default())
            .default_backoff()
            .modify(|release| release.managed_fields_mut().clear())
            .boxed();
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => {
                    writer.apply_watcher_event(&event);
                    let Changes { due, gone } = known.take(&event);
                    for key in &due {
                        self.wake(key);
                    }
                    for key in &gone {
                        self.gone(key);
                    }
                }
                Err(error) => tracing::warn!(%error, "KdefReleases cannot be watched"),
            }
        }
    }

    fn gone(&self, key: &ReleaseKey) {
        self.notes.forget(key);
        self.metrics.forget(&key.1, &key.0);
        // What it owned may be free to be taken now.
        for release in self.releases.state() {
            if release.0.as_ref().is_ok_and(in_conflict) {
                self.wake(&key_of(&*release));
            }
        }
    }

    /// Wakes the releases up whose source has another artifact; never returns while sources are watched.
    pub(crate) async fn watch_sources(&self, sources: &Sources, mut changes: UnboundedReceiver<SourceId>) {
        while let Some(id) = changes.recv().await {
            let Lookup::Artifact(artifact) = sources.lookup(&id, None).await else {
                continue;
            };
            for release in self.releases.state() {
                let uses = release.0.as_ref().is_ok_and(|release| source_id(release) == id);
                let key = key_of(&*release);
                if uses && !self.notes.worked_on(&key, &artifact) {
                    self.wake(&key);
                }
            }
        }
    }
}

/// Returns the source that a release names.
pub(crate) fn source_id(release: &KdefRelease) -> SourceId {
    let reference = &release.spec.source_ref;
    SourceId {
        kind: reference.kind,
        namespace: reference
            .namespace()
            .map_or_else(|| release.namespace().unwrap_or_default(), str::to_owned),
        name: reference.name.clone(),
    }
}

fn in_conflict(release: &KdefRelease) -> bool {
    let ready = release
        .status
        .as_ref()
        .and_then(|status| status.condition(ConditionType::Ready));
    ready.is_some_and(|ready| ready.reason == Reason::OwnershipConflict.as_str())
}

/// What of each release was last seen, as far as a change of it needs a pass.
#[derive(Debug, Default)]
struct Known {
    releases: BTreeMap<ReleaseKey, Seen>,
    listing: Option<BTreeSet<ReleaseKey>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Seen {
    uid: Option<String>,
    generation: Option<i64>,
    requested: Option<String>,
    deleting: bool,
}

/// What an event of the watch leads to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Changes {
    /// Releases that need a pass.
    due: Vec<ReleaseKey>,
    /// Releases that are no more.
    gone: Vec<ReleaseKey>,
}

impl Known {
    fn take<K: Resource>(&mut self, event: &Event<K>) -> Changes {
        match event {
            Event::Init => {
                self.listing = Some(BTreeSet::new());
                Changes::default()
            }
            Event::Apply(release) | Event::InitApply(release) => self.apply(release.meta()),
            Event::Delete(release) => self.delete(key_of_meta(release.meta())),
            Event::InitDone => {
                let listed = self.listing.take().unwrap_or_default();
                let gone: Vec<_> = self
                    .releases
                    .keys()
                    .filter(|key| !listed.contains(*key))
                    .cloned()
                    .collect();
                self.releases.retain(|key, _| listed.contains(key));
                Changes {
                    gone,
                    ..Changes::default()
                }
            }
        }
    }

    fn apply(&mut self, meta: &ObjectMeta) -> Changes {
        let key = key_of_meta(meta);
        if let Some(listed) = &mut self.listing {
            listed.insert(key.clone());
        }
        let annotations = meta.annotations.as_ref();
        let seen = Seen {
            uid: meta.uid.clone(),
            generation: meta.generation,
            requested: annotations.and_then(|annotations| annotations.get(kdef_api::REQUESTED_AT).cloned()),
            deleting: meta.deletion_timestamp.is_some(),
        };
        let is_new = self.releases.get(&key) != Some(&seen);
        self.releases.insert(key.clone(), seen);
        Changes {
            due: if is_new { vec![key] } else { Vec::new() },
            gone: Vec::new(),
        }
    }

    fn delete(&mut self, key: ReleaseKey) -> Changes {
        self.releases.remove(&key);
        Changes {
            due: Vec::new(),
            gone: vec![key],
        }
    }
}

fn key_of_meta(meta: &ObjectMeta) -> ReleaseKey {
    (
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::release;

    fn changed(change: impl Fn(&mut KdefRelease)) -> KdefRelease {
        let mut release = release(&json!({}));
        change(&mut release);
        release
    }

    #[test]
    fn only_what_needs_a_pass_wakes_one() {
        let mut known = Known::default();
        let annotated = |key: &str, value: &str| {
            changed(|release| {
                release.metadata.generation = Some(2);
                release.annotations_mut().insert(key.to_owned(), value.to_owned());
            })
        };
        let deleting = || {
            let mut release = annotated(kdef_api::REQUESTED_AT, "2");
            release.metadata.deletion_timestamp =
                Some(serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap());
            release
        };
        let cases = [
            ("created", release(&json!({})), true),
            ("seen again", release(&json!({})), false),
            (
                "status written",
                changed(|r| r.status = Some(kdef_api::KdefReleaseStatus::default())),
                false,
            ),
            (
                "labelled",
                changed(|r| drop(r.labels_mut().insert("a".to_owned(), "b".to_owned()))),
                false,
            ),
            ("spec changed", changed(|r| r.metadata.generation = Some(2)), true),
            ("annotated", annotated("other", "1"), false),
            ("asked for", annotated(kdef_api::REQUESTED_AT, "1"), true),
            ("asked for again", annotated(kdef_api::REQUESTED_AT, "2"), true),
            ("being deleted", deleting(), true),
            ("finalizer removed", deleting(), false),
        ];
        for (what, release, wakes) in cases {
            let changes = known.take(&Event::Apply(release));
            assert_eq!(!changes.due.is_empty(), wakes, "{what}");
        }
        let changes = known.take(&Event::Delete(deleting()));
        assert_eq!(changes.gone, [("apps".to_owned(), "shop".to_owned())]);
        assert_eq!(
            known.take(&Event::Apply(release(&json!({})))).due.len(),
            1,
            "created anew"
        );
    }

    #[test]
    fn a_listing_tells_who_is_gone() {
        let mut known = Known::default();
        let named = |name: &str| changed(|release| release.metadata.name = Some(name.to_owned()));
        for name in ["a", "b"] {
            known.take(&Event::Apply(named(name)));
        }
        known.take(&Event::<KdefRelease>::Init);
        assert_eq!(known.take(&Event::InitApply(named("b"))), Changes::default());
        let changes = known.take(&Event::<KdefRelease>::InitDone);
        assert_eq!(changes.gone, [("apps".to_owned(), "a".to_owned())]);
    }

    #[test]
    fn the_source_is_looked_for_where_the_release_is() {
        let shop = |reference| source_id(&release(&json!({ "sourceRef": reference }))).to_string();
        assert_eq!(shop(json!({ "kind": "Bucket", "name": "b" })), "Bucket/apps/b");
        assert_eq!(
            shop(json!({ "kind": "Bucket", "name": "b", "namespace": "" })),
            "Bucket/apps/b"
        );
        assert_eq!(
            shop(json!({ "kind": "GitRepository", "name": "b", "namespace": "flux-system" })),
            "GitRepository/flux-system/b"
        );
    }
}
