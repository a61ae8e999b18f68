//! The artifact of the source that a release names.

use kdef_api::{Artifact, KdefRelease, Reason, SOURCE_GROUP};

use crate::context::Context;
use crate::problem::{Problem, Retry};
use crate::sources::Lookup;
use crate::watch::source_id;

/// Returns the artifact that the source offers.
pub(super) async fn artifact(ctx: &Context, release: &KdefRelease) -> Result<Artifact, Problem> {
    let id = source_id(release);
    if let Some(watched) = ctx
        .namespace
        .as_deref()
        .filter(|namespace| *namespace != id.namespace)
    {
        let text = format!("{id} is out of reach: the controller watches the namespace {watched} alone");
        return Err(Problem::new(Reason::ArtifactFailed, text, Retry::AtInterval));
    }
    let api_version = release.spec.source_ref.api_version();
    let (text, retry) = match ctx.sources.lookup(&id, api_version).await {
        Lookup::Artifact(artifact) => return Ok(artifact),
        Lookup::Missing => (format!("{id} does not exist"), Retry::Soon),
        Lookup::NoArtifact(None) => (format!("{id} has no artifact yet"), Retry::Dependency),
        Lookup::NoArtifact(Some(complaint)) => (
            format!("{id} has no artifact yet: {complaint}"),
            Retry::Dependency,
        ),
        Lookup::NotServed => {
            let version = api_version.unwrap_or(SOURCE_GROUP);
            let text = format!(
                "the cluster does not serve {} of {version}; install the controller that provides it",
                id.kind
            );
            (text, Retry::Dependency)
        }
        Lookup::NotListed(error) => {
            let error = error.unwrap_or_else(|| "no answer from the API server yet".to_owned());
            (
                format!("the sources of kind {} cannot be listed: {error}", id.kind),
                Retry::Soon,
            )
        }
    };
    Err(Problem::new(Reason::ArtifactFailed, text, retry))
}
