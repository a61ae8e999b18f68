//! From a source's artifact to the world that the language reads.
//!
//! ```text
//! url + digest ──cache──> download (bounded, verified) ──> tar.gz (bounded, checked names) ──> ArtifactFiles
//!                                                                                  ArtifactWorld = files + limits + deadline
//! ```

mod archive;
mod cache;
mod digest;
mod fetch;
mod files;
mod world;

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use kdef_api::Artifact;
use prometheus_client::metrics::counter::Counter;
use thiserror::Error;
use tokio::sync::Semaphore;

use self::archive::{ArchiveError, ArchiveLimits};
use self::cache::Cache;
use self::digest::DigestError;
use self::fetch::Downloader;
pub(crate) use self::files::ArtifactFiles;
pub(crate) use self::world::ArtifactWorld;

/// How many artifacts are inflated at a time, since each may take memory up to its bounds.
const INFLATED_AT_ONCE: usize = 2;

/// The longest that one download may take, whatever the releases that wait for it allow.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_mins(5);

/// The bounds on artifacts, in bytes and files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArtifactLimits {
    /// Bytes of the download.
    pub(crate) compressed_bytes: u64,
    /// Bytes that it inflates to.
    pub(crate) inflated_bytes: u64,
    /// Entries of its archive.
    pub(crate) files: usize,
    /// Inflated bytes that are kept for later passes.
    pub(crate) cached_bytes: u64,
}

/// Fetches artifacts, each once for all that share it.
#[derive(Debug)]
pub(crate) struct Artifacts {
    downloader: Downloader,
    limits: ArchiveLimits,
    cache: Cache,
    permits: Arc<Semaphore>,
    downloaded: Counter,
}

/// Why an artifact cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ArtifactError {
    /// The server no longer has it: the source may have moved on.
    #[error("the artifact is not found at {url}")]
    NotFound {
        /// Where it was looked for.
        url: String,
    },
    /// The server refuses.
    #[error("GET {url} answered {status}{}", if *redirect { "; redirects are not followed" } else { "" })]
    Status {
        /// Where it was looked for.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Whether that is a redirect.
        redirect: bool,
    },
    /// The transfer failed.
    #[error("GET {url} failed: {reason}")]
    Transfer {
        /// Where it was looked for.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The URL cannot be used.
    #[error("the artifact's URL cannot be used: {0}")]
    Url(String),
    /// The download is larger than the limit.
    #[error("the artifact is larger than {0} bytes, the limit of --artifact-max-size")]
    TooLarge(u64),
    /// The bytes are not those that the source promises.
    #[error("what {url} serves does not have the digest {digest} that the source promises")]
    DigestMismatch {
        /// Where it came from.
        url: String,
        /// What the source promises.
        digest: String,
    },
    /// The digest itself cannot be used.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The controller failed.
    #[error("the artifact could not be read: {0}")]
    Internal(String),
}

impl Artifacts {
    /// Makes a fetcher. `host` replaces the host of every URL, for a controller that runs outside the cluster.
    pub(crate) fn new(
        limits: ArtifactLimits,
        host: Option<String>,
        downloaded: Counter,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            downloader: Downloader::new(limits.compressed_bytes, host)?,
            limits: ArchiveLimits {
                inflated_bytes: limits.inflated_bytes,
                entries: limits.files,
            },
            cache: Cache::new(limits.cached_bytes),
            permits: Arc::new(Semaphore::new(INFLATED_AT_ONCE)),
            downloaded,
        })
    }

    /// Returns the files of an artifact.
    pub(crate) async fn get(&self, artifact: &Artifact) -> Result<Arc<ArtifactFiles>, ArtifactError> {
        let key = (artifact.url.clone(), artifact.digest.clone());
        self.cache
            .get(key, || {
                // A task of its own: the download goes on when the release that began it gives up, for those who wait.
                let task = tokio::spawn(tokio::time::timeout(DOWNLOAD_TIMEOUT, self.load(artifact)));
                async move {
                    match task.await {
                        Ok(Ok(outcome)) => outcome.map(Arc::new),
                        Ok(Err(_)) => Err(ArtifactError::Internal("the download took too long".to_owned())),
                        Err(error) => Err(ArtifactError::Internal(error.to_string())),
                    }
                }
                .boxed()
            })
            .await
    }

    fn load(
        &self,
        artifact: &Artifact,
    ) -> impl Future<Output = Result<ArtifactFiles, ArtifactError>> + Send + use<> {
        let downloader = self.downloader.clone();
        let (artifact, limits) = (artifact.clone(), self.limits);
        let (permits, counter) = (Arc::clone(&self.permits), self.downloaded.clone());
        async move {
            let bytes = downloader.download(&artifact).await?;
            counter.inc_by(bytes.len() as u64);
            let _permit = permits.acquire().await;
            tokio::task::spawn_blocking(move || archive::read(&bytes, limits))
                .await
                .map_err(|error| ArtifactError::Internal(error.to_string()))?
                .map_err(ArtifactError::from)
        }
    }
}
