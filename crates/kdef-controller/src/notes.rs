//! What is remembered of each release between its passes. Losing it costs a needless pass, never correctness.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kdef_api::{Artifact, KdefRelease};
use kdef_cluster::CancellationToken;
use kube::ResourceExt;

/// How often in a row a pass may be broken off for something newer; after that it runs to its end, so that a source
/// which changes all the time cannot keep its release from ever being applied.
const BROKEN_OFF: u32 = 3;

/// A release's namespace and name.
pub(crate) type ReleaseKey = (String, String);

/// Returns the key of a release.
pub(crate) fn key_of(release: &impl ResourceExt) -> ReleaseKey {
    (release.namespace().unwrap_or_default(), release.name_any())
}

/// The notes on all releases.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<BTreeMap<ReleaseKey, Note>>);

#[derive(Debug, Default)]
struct Note {
    /// Passes that failed in a row.
    failures: u32,
    /// Passes that were broken off in a row.
    broken_off: u32,
    /// The release as our last write left it, which the watch may not have brought back yet.
    written: Option<Arc<KdefRelease>>,
    /// The artifact that the last pass worked on.
    artifact: Option<Artifact>,
    /// Breaks the running pass off.
    running: Option<CancellationToken>,
}

impl Notes {
    fn with<R>(&self, key: &ReleaseKey, change: impl FnOnce(&mut Note) -> R) -> R {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(notes.entry(key.clone()).or_default())
    }

    /// Drops what is known of a release.
    pub(crate) fn forget(&self, key: &ReleaseKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// Notes that a pass begins, and returns what breaks it off.
    pub(crate) fn begin(&self, key: &ReleaseKey) -> CancellationToken {
        let token = CancellationToken::new();
        self.with(key, |note| {
            note.running = Some(token.clone());
            note.artifact = None;
        });
        token
    }

    /// Notes the artifact that the running pass works on.
    pub(crate) fn works_on(&self, key: &ReleaseKey, artifact: &Artifact) {
        self.with(key, |note| note.artifact = Some(artifact.clone()));
    }

    /// Notes that a pass ended well.
    pub(crate) fn succeeded(&self, key: &ReleaseKey) {
        self.with(key, |note| {
            note.running = None;
            note.failures = 0;
            note.broken_off = 0;
        });
    }

    /// Notes that a pass failed, and returns how many did in a row.
    pub(crate) fn failed(&self, key: &ReleaseKey) -> u32 {
        self.with(key, |note| {
            note.running = None;
            note.broken_off = 0;
            note.failures = note.failures.saturating_add(1);
            note.failures
        })
    }

    /// Notes that a pass was broken off.
    pub(crate) fn was_broken_off(&self, key: &ReleaseKey) {
        self.with(key, |note| {
            note.running = None;
            note.broken_off += 1;
        });
    }

    /// Breaks the running pass off, if there is one and it has not happened too often.
    pub(crate) fn break_off(&self, key: &ReleaseKey) {
        self.with(key, |note| {
            if let Some(token) = note.running.as_ref().filter(|_| note.broken_off < BROKEN_OFF) {
                token.cancel();
            }
        });
    }

    /// Tells whether the last pass of a release worked on this artifact.
    pub(crate) fn worked_on(&self, key: &ReleaseKey, artifact: &Artifact) -> bool {
        let identity = |artifact: &Artifact| {
            (
                artifact.revision.clone(),
                artifact.digest.clone(),
                artifact.url.clone(),
            )
        };
        self.with(key, |note| {
            note.artifact.as_ref().map(identity) == Some(identity(artifact))
        })
    }

    /// Keeps a release as a write left it.
    pub(crate) fn keep_written(&self, key: &ReleaseKey, release: Arc<KdefRelease>) {
        self.with(key, |note| note.written = Some(release));
    }

    /// Returns the newer of the release that the watch shows and the one that our last write left.
    ///
    /// Acting on a status that is older than our own last write would forget objects.
    pub(crate) fn newest(&self, key: &ReleaseKey, watched: &KdefRelease) -> Arc<KdefRelease> {
        self.with(key, |note| match &note.written {
            Some(written) if is_newer(written, watched) => Arc::clone(written),
            _ => {
                note.written = None;
                Arc::new(watched.clone())
            }
        })
    }
}

/// Compares two states of one object; Kubernetes promises that the resource versions of one kind are ordered numbers.
fn is_newer(a: &KdefRelease, b: &KdefRelease) -> bool {
    let version = |release: &KdefRelease| release.resource_version()?.parse::<u64>().ok();
    match (version(a), version(b)) {
        (Some(a_version), Some(b_version)) => a.uid() == b.uid() && a_version > b_version,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::release;

    fn at(version: &str, uid: &str) -> KdefRelease {
        let mut release = release(&serde_json::json!({}));
        release.metadata.resource_version = Some(version.to_owned());
        release.metadata.uid = Some(uid.to_owned());
        release
    }

    #[test]
    fn a_watch_that_lags_behind_our_own_write_is_not_believed() {
        let notes = Notes::default();
        let key = key_of(&at("9", "a"));
        let newest = |watched: &KdefRelease| notes.newest(&key, watched).resource_version().unwrap();
        assert_eq!(newest(&at("9", "a")), "9");
        notes.keep_written(&key, Arc::new(at("10", "a")));
        assert_eq!(newest(&at("9", "a")), "10", "compared as numbers");
        assert_eq!(newest(&at("11", "a")), "11");
        assert_eq!(
            newest(&at("9", "a")),
            "9",
            "what was written is dropped once the watch has passed it"
        );
        notes.keep_written(&key, Arc::new(at("10", "a")));
        assert_eq!(newest(&at("9", "b")), "9", "another object of that name");
    }

    #[test]
    fn a_pass_is_not_broken_off_for_ever() {
        let notes = Notes::default();
        let key = key_of(&at("1", "a"));
        for _ in 0..BROKEN_OFF {
            let token = notes.begin(&key);
            notes.break_off(&key);
            assert!(token.is_cancelled());
            notes.was_broken_off(&key);
        }
        let token = notes.begin(&key);
        notes.break_off(&key);
        assert!(!token.is_cancelled(), "this one runs to its end");
        notes.succeeded(&key);
        let token = notes.begin(&key);
        notes.break_off(&key);
        assert!(token.is_cancelled());
    }

    #[test]
    fn an_artifact_counts_only_for_the_pass_that_found_it() {
        let notes = Notes::default();
        let key = key_of(&at("1", "a"));
        let artifact = Artifact {
            revision: "main".to_owned(),
            ..Artifact::default()
        };
        notes.begin(&key);
        assert!(!notes.worked_on(&key, &artifact));
        notes.works_on(&key, &artifact);
        notes.failed(&key);
        assert!(notes.worked_on(&key, &artifact), "a failed pass worked on it too");
        notes.begin(&key);
        notes.failed(&key);
        assert!(!notes.worked_on(&key, &artifact), "the source was gone meanwhile");
    }

    #[test]
    fn failures_are_counted_in_a_row() {
        let notes = Notes::default();
        let key = key_of(&at("1", "a"));
        assert_eq!((notes.failed(&key), notes.failed(&key)), (1, 2));
        notes.succeeded(&key);
        assert_eq!(notes.failed(&key), 1);
    }
}
