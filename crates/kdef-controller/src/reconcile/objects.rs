//! From rendered objects to the cluster: the engine's caller.

use futures::FutureExt;
use kdef_api::{InventoryEntry, KdefRelease, Reason};
use kdef_cluster::{
    BoxError, CancellationToken, Change, Cluster, ConnectError, DesiredSet, Failure, Hooks, Inventory,
    ObjectError, Owner, PruneRequest, Pruned, Retry as EngineRetry, Rules,
};
use kdef_render::{Object, Rendered};
use kdef_source::SourceMap;
use kube::ResourceExt;

use super::build::SHOWN;
use super::record::Record;
use super::{Pass, Stop};
use crate::context::Context;
use crate::decide::News;
use crate::problem::{Problem, Retry};
use crate::status::{Findings, Update};
use crate::text::listed;
use crate::watch::Watched;

/// What a release owns, as its status records it.
pub(super) struct Owned {
    pub(super) inventory: Inventory,
    /// Entries that cannot be read; they are kept as they are.
    unreadable: Vec<InventoryEntry>,
}

impl Owned {
    /// Reads the inventory of a release.
    pub(super) fn of(release: &KdefRelease) -> Self {
        let entries = release
            .status
            .as_ref()
            .map_or(&[][..], |status| status.inventory_entries());
        let (inventory, ids) = Inventory::decode(entries.iter().map(|entry| (&entry.id, &entry.v)));
        let unreadable = entries
            .iter()
            .filter(|entry| ids.contains(&entry.id))
            .cloned()
            .collect();
        Self {
            inventory,
            unreadable,
        }
    }

    /// Returns the entries of another inventory of the same release.
    pub(super) fn entries(&self, inventory: &Inventory) -> Vec<InventoryEntry> {
        let entries = inventory.entries().map(|(id, v)| InventoryEntry {
            id: id.to_owned(),
            v: v.to_owned(),
        });
        let mut entries: Vec<_> = entries.chain(self.unreadable.iter().cloned()).collect();
        entries.sort();
        entries
    }
}

/// Returns the account that a release is applied as; none means the controller's own.
pub(super) fn account<'a>(ctx: &'a Context, release: &'a KdefRelease) -> Option<&'a str> {
    release.spec.service_account_name().or(ctx
        .settings
        .default_service_account
        .as_deref()
        .filter(|account| !account.is_empty()))
}

/// Returns the way into the cluster for every request about a release's objects.
pub(super) fn cluster(ctx: &Context, release: &KdefRelease) -> Result<Cluster, Problem> {
    let Some(account) = account(ctx, release) else {
        return Ok(ctx.connection.own());
    };
    let namespace = release.namespace().unwrap_or_default();
    ctx.connection.impersonate(&namespace, account).map_err(|error| {
        let retry = if matches!(error, ConnectError::Account(_)) {
            Retry::Never
        } else {
            Retry::Soon
        };
        Problem::new(
            Reason::InvalidSpec,
            format!("spec.serviceAccountName cannot be used: {error}"),
            retry,
        )
    })
}

/// Returns the release as its objects name it.
pub(super) fn owner(release: &KdefRelease) -> Owner {
    Owner::new(&release.name_any(), &release.namespace().unwrap_or_default())
}

/// What a pass is about to do to the cluster.
struct Plan {
    cluster: Cluster,
    rules: Rules,
    owned: Owned,
    desired: DesiredSet,
    /// What is owned and no longer rendered, where the release prunes.
    stale: Inventory,
}

impl Plan {
    async fn of(
        ctx: &Context,
        release: &KdefRelease,
        rendered: Vec<Object>,
        sources: &SourceMap,
    ) -> Result<Self, Stop> {
        let cluster = cluster(ctx, release)?;
        let rules = Rules {
            owner: owner(release),
            namespace: release.namespace().unwrap_or_default(),
            target_namespace: release.spec.target_namespace().map(str::to_owned),
        };
        let owned = Owned::of(release);
        let desired = kdef_cluster::prepare(&cluster, rendered, &rules)
            .await
            .map_err(|failure| stop(&failure, Reason::ReconciliationFailed, sources))?;
        let stale = if release.spec.prune {
            kdef_cluster::stale(&owned.inventory, &desired).map_err(|blocked| {
                Problem::new(Reason::PruneBlocked, blocked.to_string(), Retry::AtInterval)
            })?
        } else {
            Inventory::default()
        };
        Ok(Self {
            cluster,
            rules,
            owned,
            desired,
            stale,
        })
    }
}

/// Makes the cluster hold what is rendered, and deletes what left the render where the release asks for that.
pub(super) async fn apply(
    pass: &mut Pass<'_>,
    rendered: Rendered,
    news: News,
    cancel: &CancellationToken,
) -> Result<Vec<Change>, Stop> {
    let Rendered { sources, objects, .. } = rendered;
    let ctx = pass.ctx;
    let plan = Plan::of(ctx, &pass.record.release, objects, &sources).await?;
    let owned = &plan.owned;
    let hooks = PassHooks {
        ctx,
        record: pass.record,
        owned,
        revision: pass.findings.revision.clone(),
        news,
    };
    let applied = kdef_cluster::apply(&plan.cluster, &plan.desired, &owned.inventory, &hooks, cancel);
    let applied = applied.boxed().await;
    for change in &applied.changes {
        ctx.metrics.applied(change.action.as_str(), 1);
    }
    pass.findings.inventory = Some(owned.entries(&applied.inventory.union(&plan.stale)));
    if let Some(failure) = &applied.failure {
        return Err(stop(failure, Reason::ReconciliationFailed, &sources));
    }
    let request = PruneRequest {
        owner: &plan.rules.owner,
        applied: &applied.uids,
        namespace: &plan.rules.namespace,
    };
    let pruned = prune(ctx, &plan.cluster, &plan.stale, &request, cancel).await;
    pass.findings.inventory = Some(owned.entries(&applied.inventory.union(&pruned.survivors)));
    match &pruned.failure {
        Some(failure) => Err(stop(failure, Reason::PruneFailed, &sources)),
        None => Ok([applied.changes, pruned.changes].concat()),
    }
}

/// Deletes what is stale, and counts it.
pub(super) async fn prune(
    ctx: &Context,
    cluster: &Cluster,
    stale: &Inventory,
    request: &PruneRequest<'_>,
    cancel: &CancellationToken,
) -> Pruned {
    if stale.is_empty() {
        return Pruned {
            changes: Vec::new(),
            survivors: Inventory::default(),
            failure: None,
        };
    }
    let pruned = kdef_cluster::prune(cluster, stale, request, cancel).boxed().await;
    for change in &pruned.changes {
        ctx.metrics.pruned(change.action.as_str(), 1);
    }
    ctx.metrics.pruned("failed", pruned.survivors.len() as u64);
    pruned
}

/// Words a failure of the engine: an error about an object begins with the place that the object was written at.
pub(super) fn stop(failure: &Failure, reason: Reason, sources: &SourceMap) -> Stop {
    let reason = match failure {
        Failure::Cancelled => return Stop::Cancelled,
        Failure::Ownership(_) => Reason::OwnershipConflict,
        Failure::Objects(_) | Failure::Catalog(_) | Failure::Hook(_) => reason,
    };
    let retry = match failure.retry() {
        EngineRetry::Never => Retry::AtInterval,
        EngineRetry::AtInterval | EngineRetry::Soon => Retry::Soon,
    };
    if failure.objects().is_empty() {
        return Problem::new(reason, failure.to_string(), retry).into();
    }
    let lines: Vec<String> = failure
        .objects()
        .iter()
        .map(|error| line(error, sources))
        .collect();
    let problem = Problem {
        detail: Some(lines.join("\n")),
        ..Problem::new(reason, listed(&lines, SHOWN, "objects"), retry)
    };
    problem.into()
}

fn line(error: &ObjectError, sources: &SourceMap) -> String {
    let place = error
        .span
        .map_or_else(String::new, |span| sources.locate(span) + ": ");
    let used = error
        .used_at
        .map_or_else(String::new, |span| format!(" (used at {})", sources.locate(span)));
    let related = error.related.map_or_else(String::new, |span| {
        format!(" (the other one is at {})", sources.locate(span))
    });
    format!("{place}{error}{used}{related}")
}

/// What the engine asks of a pass.
struct PassHooks<'a> {
    ctx: &'a Context,
    record: &'a Record<'a>,
    owned: &'a Owned,
    revision: Option<String>,
    news: News,
}

impl Hooks for PassHooks<'_> {
    async fn before_first_write(&self, inventory: &Inventory) -> Result<(), BoxError> {
        let grows = inventory.ids().any(|id| !self.owned.inventory.contains(id));
        if self.news == News::Nothing && !grows {
            return Ok(());
        }
        let findings = Findings {
            revision: self.revision.clone(),
            inventory: Some(self.owned.entries(inventory)),
        };
        let news = self.news.max(News::Again);
        self.record
            .change(Update::Open {
                news,
                findings: &findings,
            })
            .await
            .map_err(|error| {
                format!("the objects to be applied cannot be recorded in the status: {error}").into()
            })
    }

    async fn owner_exists(&self, owner: &Owner) -> Result<bool, BoxError> {
        // Releases of namespaces that are not watched are not known; their objects are left alone.
        let watched = self
            .ctx
            .namespace
            .as_deref()
            .is_none_or(|namespace| namespace == owner.namespace());
        let is_owner = |release: &Watched| {
            Owner::new(&release.name_any(), &release.namespace().unwrap_or_default()) == *owner
        };
        Ok(!watched || self.ctx.releases.find(is_owner).is_some())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::release;

    #[test]
    fn an_inventory_keeps_what_it_cannot_read() {
        let mut release = release(&json!({}));
        let status = json!({ "inventory": { "entries": [
            { "id": "a_web_apps_Deployment", "v": "apps/v1" },
            { "id": "what?", "v": "v7" },
        ] } });
        release.status = Some(serde_json::from_value(status).unwrap());
        let owned = Owned::of(&release);
        assert_eq!(owned.inventory.len(), 1);
        let entry = |id: &str, v: &str| InventoryEntry {
            id: id.to_owned(),
            v: v.to_owned(),
        };
        assert_eq!(
            owned.entries(&owned.inventory),
            [entry("a_web_apps_Deployment", "v1"), entry("what?", "v7")]
        );
        assert_eq!(owned.entries(&Inventory::default()), [entry("what?", "v7")]);
    }
}
