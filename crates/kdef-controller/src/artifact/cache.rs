//! One download for all releases that share an artifact.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use super::ArtifactError;
use super::files::ArtifactFiles;

/// What identifies an artifact: its URL and its digest.
pub(super) type Key = (String, String);

type Outcome = Result<Arc<ArtifactFiles>, ArtifactError>;

/// Artifacts in memory, bounded by the bytes that they inflate to; the least recently used goes first.
///
/// Whoever asks first starts the download, and whoever asks meanwhile waits for the same one. Failures are shared with
/// those who wait and then forgotten.
#[derive(Debug)]
pub(super) struct Cache {
    max_bytes: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<Key, Entry>,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    download: Shared<BoxFuture<'static, Outcome>>,
    /// Known once the download is done.
    bytes: Option<u64>,
    used: u64,
}

impl Cache {
    /// Makes a cache that keeps at most so many inflated bytes.
    pub(super) fn new(max_bytes: u64) -> Self {
        Self {
            max_bytes,
            state: Mutex::default(),
        }
    }

    /// Returns the artifact from the cache, or from the download that `start` begins.
    pub(super) async fn get(&self, key: Key, start: impl FnOnce() -> BoxFuture<'static, Outcome>) -> Outcome {
        let download = self.enter(key.clone(), start);
        let outcome = download.clone().await;
        self.settle(&key, &download, &outcome);
        outcome
    }

    fn enter(
        &self,
        key: Key,
        start: impl FnOnce() -> BoxFuture<'static, Outcome>,
    ) -> Shared<BoxFuture<'static, Outcome>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clock += 1;
        let used = state.clock;
        let entry = state.entries.entry(key).or_insert_with(|| Entry {
            download: start().shared(),
            bytes: None,
            used,
        });
        entry.used = used;
        entry.download.clone()
    }

    fn settle(&self, key: &Key, download: &Shared<BoxFuture<'static, Outcome>>, outcome: &Outcome) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = |entry: &Entry| entry.download.ptr_eq(download);
        let Some(entry) = state.entries.get_mut(key).filter(|entry| ours(entry)) else {
            return;
        };
        match outcome {
            Ok(files) => entry.bytes = Some(files.bytes),
            Err(_) => {
                state.entries.remove(key);
            }
        }
        state.evict(self.max_bytes);
    }
}

impl State {
    fn evict(&mut self, max_bytes: u64) {
        while self.entries.values().filter_map(|entry| entry.bytes).sum::<u64>() > max_bytes {
            let oldest = self
                .entries
                .iter()
                .filter(|(_, entry)| entry.bytes.is_some())
                .min_by_key(|(_, entry)| entry.used)
                .map(|(key, _)| key.clone());
            match oldest {
                Some(key) => self.entries.remove(&key),
                None => return,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn key(name: &str) -> Key {
        (name.to_owned(), "sha256:00".to_owned())
    }

    fn artifact(bytes: u64) -> Arc<ArtifactFiles> {
        let mut files = ArtifactFiles::default();
        files.bytes = bytes;
        Arc::new(files)
    }

    /// Asks for an artifact and tells whether that started a download.
    async fn downloads(cache: &Cache, name: &str, outcome: Outcome) -> bool {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let start = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            futures::future::ready(outcome).boxed()
        };
        let _outcome = cache.get(key(name), start).await;
        count.load(Ordering::Relaxed) == 1
    }

    #[tokio::test]
    async fn the_least_recently_used_goes_first() {
        let cache = Cache::new(100);
        assert!(downloads(&cache, "a", Ok(artifact(40))).await);
        assert!(downloads(&cache, "b", Ok(artifact(40))).await);
        assert!(!downloads(&cache, "a", Ok(artifact(40))).await, "kept");
        assert!(downloads(&cache, "c", Ok(artifact(40))).await, "and b goes");
        assert!(!downloads(&cache, "a", Ok(artifact(40))).await);
        assert!(downloads(&cache, "b", Ok(artifact(40))).await);
        assert!(downloads(&cache, "huge", Ok(artifact(101))).await);
        assert!(
            downloads(&cache, "huge", Ok(artifact(101))).await,
            "more than the cache holds is not kept"
        );
    }

    #[tokio::test]
    async fn failures_are_not_kept() {
        let cache = Cache::new(100);
        assert!(downloads(&cache, "a", Err(ArtifactError::TooLarge(1))).await);
        assert!(downloads(&cache, "a", Ok(artifact(1))).await);
        assert!(!downloads(&cache, "a", Ok(artifact(1))).await);
    }

    #[tokio::test]
    async fn those_who_ask_meanwhile_share_one_download() {
        let cache = Cache::new(100);
        let (finish, wait) = tokio::sync::oneshot::channel::<()>();
        let first = cache.get(key("a"), move || {
            async move {
                wait.await.ok();
                Ok(artifact(1))
            }
            .boxed()
        });
        let second = cache.get(key("a"), || futures::future::ready(Ok(artifact(2))).boxed());
        let release = async {
            tokio::task::yield_now().await;
            finish.send(()).unwrap();
        };
        let (first, second, ()) = tokio::join!(first, second, release);
        assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
    }
}
