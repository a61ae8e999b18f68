//! The Flux sources of the cluster, watched.
//!
//! ```text
//! discovery ──> which kinds, which version (v1, else v1beta2) ──> one watch a kind ──> Index ──> lookup
//!                                                                                       └──> changed artifacts ──> passes
//! ```
//!
//! A kind that is not installed is no error until a release names it, and is picked up when it appears.

mod index;
mod object;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt;
use kdef_api::{SOURCE_GROUP, SourceKind};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, Event, watcher};
use kube::{Api, Client};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::AbortHandle;

use self::index::Index;
pub(crate) use self::index::{Lookup, SourceId};
use self::object::FluxSource;

/// The versions that sources are read in, the preferred first.
const VERSIONS: [&str; 2] = ["v1", "v1beta2"];
/// How often, about, the cluster is asked which kinds it serves.
const REDISCOVER: Duration = Duration::from_mins(1);
/// How often it is asked while a release waits for a kind that is not served.
const REDISCOVER_SOON: Duration = Duration::from_secs(5);
/// How long a pass waits for the sources of a kind to be listed.
const LISTED_WITHIN: Duration = Duration::from_secs(10);

/// What is known of the sources; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Sources(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    index: Mutex<Index>,
    /// Counts changes, for those who wait for one.
    version: watch::Sender<u64>,
    changed: mpsc::UnboundedSender<SourceId>,
    rediscover: Notify,
}

impl Sources {
    /// Makes an empty table, and the stream of sources whose artifact changed.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<SourceId>) {
        let (sender, changes) = mpsc::unbounded_channel();
        let shared = Shared {
            index: Mutex::default(),
            version: watch::Sender::new(0),
            changed: sender,
            rediscover: Notify::new(),
        };
        (Self(Arc::new(shared)), changes)
    }

    /// Keeps the table up to date; never returns. Without a namespace, every namespace is watched.
    pub(crate) async fn run(self, client: Client, namespace: Option<String>) {
        let mut watches: BTreeMap<SourceKind, (&str, AbortHandle)> = BTreeMap::new();
        let mut asked_at: Option<Instant> = None;
        loop {
            match discover(&client).await {
                Ok(served) => self.watch_served(&served, &mut watches, &client, namespace.as_deref()),
                Err(error) => tracing::warn!(%error, "the kinds of Flux source cannot be discovered"),
            }
            tokio::time::sleep(REDISCOVER_SOON).await;
            if asked_at.is_some_and(|asked| asked.elapsed() < REDISCOVER) {
                continue;
            }
            let asked = tokio::time::timeout(REDISCOVER, self.0.rediscover.notified()).await;
            asked_at = asked.ok().map(|()| Instant::now());
        }
    }

    fn watch_served(
        &self,
        served: &BTreeMap<SourceKind, Vec<String>>,
        watches: &mut BTreeMap<SourceKind, (&'static str, AbortHandle)>,
        client: &Client,
        namespace: Option<&str>,
    ) {
        self.update(|index| index.set_served(served));
        for kind in SourceKind::ALL {
            let versions = served.get(&kind);
            let wanted = VERSIONS
                .into_iter()
                .find(|version| versions.is_some_and(|served| served.iter().any(|v| v == version)));
            if watches.get(&kind).map(|(version, _)| *version) == wanted {
                continue;
            }
            if let Some((_, old)) = watches.remove(&kind) {
                old.abort();
            }
            if let Some(version) = wanted {
                tracing::info!(%kind, version, "watching sources");
                let resource = object::api_resource(kind, version);
                let api = match namespace {
                    Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
                    None => Api::all_with(client.clone(), &resource),
                };
                let task = tokio::spawn(self.clone().watch(kind, api));
                watches.insert(kind, (version, task.abort_handle()));
            }
        }
    }

    async fn watch(self, kind: SourceKind, api: Api<FluxSource>) {
        let mut events = watcher(api, watcher::Config::default()).default_backoff().boxed();
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => self.take(kind, event),
                Err(error) => {
                    tracing::warn!(%kind, %error, "sources cannot be watched");
                    self.update(|index| index.failed(kind, error.to_string()));
                }
            }
        }
    }

    fn take(&self, kind: SourceKind, event: Event<FluxSource>) {
        match event {
            Event::Init => self.update(|index| index.begin(kind)),
            Event::InitDone => self.update(|index| index.complete(kind)),
            Event::Delete(object) => self.update(|index| index.delete(&object.id(kind))),
            Event::Apply(object) | Event::InitApply(object) => {
                let id = object.id(kind);
                let source = object.into_source();
                if self.update(|index| index.apply(&id, source)) {
                    // The receiver is gone only when the process is about to end.
                    let _sent = self.0.changed.send(id);
                }
            }
        }
    }

    fn update<R>(&self, change: impl FnOnce(&mut Index) -> R) -> R {
        let outcome = change(&mut self.lock());
        self.0.version.send_modify(|version| *version += 1);
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        self.0.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers for a source, waiting a little where its kind is not listed yet.
    pub(crate) async fn lookup(&self, id: &SourceId, api_version: Option<&str>) -> Lookup {
        let mut version = self.0.version.subscribe();
        let known = async {
            // The sender lives as long as this table, so waiting cannot fail.
            while matches!(self.lock().lookup(id, api_version), Lookup::NotListed(None)) {
                if version.changed().await.is_err() {
                    break;
                }
            }
        };
        let _either = tokio::time::timeout(LISTED_WITHIN, known).await;
        let answer = self.lock().lookup(id, api_version);
        if answer == Lookup::NotServed {
            self.0.rediscover.notify_one();
        }
        answer
    }

    /// Waits until every served kind is listed, or known to be unlistable.
    pub(crate) async fn settled(&self) {
        let mut version = self.0.version.subscribe();
        while !self.lock().settled() {
            if version.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Returns the versions in which the cluster serves each kind of source, of those that it serves in a readable one.
async fn discover(client: &Client) -> Result<BTreeMap<SourceKind, Vec<String>>, kube::Error> {
    let groups = client.list_api_groups().await?;
    let group = groups.groups.into_iter().find(|group| group.name == SOURCE_GROUP);
    let mut served: BTreeMap<SourceKind, Vec<String>> = BTreeMap::new();
    for version in group.into_iter().flat_map(|group| group.versions) {
        let resources = client
            .list_api_group_resources(&version.group_version)
            .await?
            .resources;
        for kind in SourceKind::ALL {
            if resources.iter().any(|resource| resource.name == kind.plural()) {
                served.entry(kind).or_default().push(version.version.clone());
            }
        }
    }
    served.retain(|_, versions| {
        versions
            .iter()
            .any(|version| VERSIONS.contains(&version.as_str()))
    });
    Ok(served)
}
