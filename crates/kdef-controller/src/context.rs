//! What every pass is given.

use std::sync::Arc;
use std::time::Duration;

use kdef_cluster::Connection;
use kdef_source::Limits;
use kube::Client;
use kube::runtime::reflector::{ObjectRef, Store};

use crate::artifact::Artifacts;
use crate::decide::Waits;
use crate::events::Events;
use crate::metrics::Metrics;
use crate::notes::{Notes, ReleaseKey};
use crate::sources::Sources;
use crate::watch::Watched;

/// What every pass is given.
pub(crate) struct Context {
    /// The ways into the cluster, with the accounts that releases name.
    pub(crate) connection: Connection,
    /// The controller's own account.
    pub(crate) client: Client,
    /// The releases that are watched.
    pub(crate) releases: Store<Watched>,
    /// The namespace that is watched; none for all.
    pub(crate) namespace: Option<String>,
    pub(crate) sources: Sources,
    pub(crate) artifacts: Artifacts,
    pub(crate) events: Events,
    pub(crate) metrics: Metrics,
    pub(crate) notes: Arc<Notes>,
    pub(crate) settings: Settings,
}

impl Context {
    /// Drops what is remembered of a release that is gone. A pass that it went under has written it down again.
    pub(crate) fn forget_if_gone(&self, key: &ReleaseKey) {
        let release = ObjectRef::new(&key.1).within(&key.0);
        if self.releases.get(&release).is_none() {
            self.notes.forget(key);
            self.metrics.forget(&key.1, &key.0);
        }
    }
}

/// The settings that passes read.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Passes at a time.
    pub(crate) concurrent: u16,
    pub(crate) waits: Waits,
    /// The account of releases that name none.
    pub(crate) default_service_account: Option<String>,
    pub(crate) render_timeout: Duration,
    /// The bounds of one project.
    pub(crate) render: Limits,
}
