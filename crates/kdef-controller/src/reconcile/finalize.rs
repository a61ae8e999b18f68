//! A release that is deleted: its objects first, where it asks for that, then the finalizer.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::ServiceAccount;
use kdef_api::Reason;
use kdef_cluster::{CancellationToken, Change, ObjectId, PruneRequest};
use kdef_source::SourceMap;
use kube::{Api, ResourceExt};

use super::objects::{self, Owned};
use super::{Pass, Stop};
use crate::decide::{self, Farewell};
use crate::problem::Problem;
use crate::text::listed;

/// How many objects a message names.
const NAMED: usize = 50;

/// Deletes the objects of a release in the reverse order of application, and lets the release go.
pub(super) async fn finalize(pass: &mut Pass<'_>, cancel: &CancellationToken) -> Result<Vec<Change>, Stop> {
    let release = &*pass.record.release;
    let owned = Owned::of(release);
    let mut changes = Vec::new();
    if decide::farewell(&release.spec) == Farewell::Delete && !owned.inventory.is_empty() {
        if account_is_gone(pass).await? {
            leave(pass, &owned).await;
        } else {
            changes = delete(pass, &owned, cancel).await?;
        }
    }
    pass.record.remove_finalizer().await?;
    Ok(changes)
}

async fn delete(pass: &mut Pass<'_>, owned: &Owned, cancel: &CancellationToken) -> Result<Vec<Change>, Stop> {
    let release = &*pass.record.release;
    let cluster = objects::cluster(pass.ctx, release)?;
    let request = PruneRequest {
        owner: &objects::owner(release),
        applied: &BTreeSet::new(),
        namespace: &release.namespace().unwrap_or_default(),
    };
    let pruned = objects::prune(pass.ctx, &cluster, &owned.inventory, &request, cancel).await;
    pass.findings.inventory = Some(owned.entries(&pruned.survivors));
    match pruned.failure {
        Some(failure) => Err(objects::stop(
            &failure,
            Reason::PruneFailed,
            &SourceMap::default(),
        )),
        None => Ok(pruned.changes),
    }
}

/// Tells whether the account that the objects were applied as does not exist any more. Nothing could be deleted as that
/// account, and the release would never go.
async fn account_is_gone(pass: &Pass<'_>) -> Result<bool, Stop> {
    let release = &*pass.record.release;
    let Some(account) = objects::account(pass.ctx, release) else {
        return Ok(false);
    };
    let namespace = release.namespace().unwrap_or_default();
    let accounts: Api<ServiceAccount> = Api::namespaced(pass.ctx.client.clone(), &namespace);
    match accounts.get_metadata_opt(account).await {
        Ok(found) => Ok(found.is_none()),
        // Without the right to look, deleting shows it.
        Err(kube::Error::Api(error)) if error.code == 403 => Ok(false),
        Err(error) => Err(Problem::api("the account of the release cannot be looked up", &error).into()),
    }
}

/// Tells of the objects that stay because nobody is left to delete them.
async fn leave(pass: &Pass<'_>, owned: &Owned) {
    let release = &*pass.record.release;
    let account = objects::account(pass.ctx, release).unwrap_or_default();
    let names: Vec<String> = owned.inventory.ids().map(ObjectId::display).collect();
    let text = format!(
        "the ServiceAccount {account} does not exist any more, so that these objects cannot be deleted and are left behind:\n{}",
        listed(&names, NAMED, "objects")
    );
    tracing::warn!(
        objects = owned.inventory.len(),
        account,
        "objects are left behind"
    );
    pass.ctx
        .events
        .warning(release, Reason::PruneFailed, &text, None)
        .await;
}
