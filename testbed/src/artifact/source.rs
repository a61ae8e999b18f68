//! Flux sources with a hand-written status.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::digest;

/// The kinds of Flux sources that publish artifacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A Git repository.
    GitRepository,
    /// An OCI repository.
    OciRepository,
    /// A bucket of an object store.
    Bucket,
    /// An artifact that some other controller publishes.
    ExternalArtifact,
}

impl SourceKind {
    /// Returns the kind as Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            SourceKind::GitRepository => "GitRepository",
            SourceKind::OciRepository => "OCIRepository",
            SourceKind::Bucket => "Bucket",
            SourceKind::ExternalArtifact => "ExternalArtifact",
        }
    }

    /// Returns the smallest valid spec. It is suspended, so that source-controller leaves the status alone.
    fn spec(self) -> Value {
        match self {
            SourceKind::GitRepository => {
                json!({"url": "https://git.invalid/none", "interval": "1h", "suspend": true})
            }
            SourceKind::OciRepository => {
                json!({"url": "oci://oci.invalid/none", "interval": "1h", "suspend": true})
            }
            SourceKind::Bucket => json!({
                "endpoint": "bucket.invalid", "bucketName": "none", "interval": "1h", "suspend": true,
            }),
            SourceKind::ExternalArtifact => {
                json!({"sourceRef": {"apiVersion": "v1", "kind": "ConfigMap", "name": "none"}})
            }
        }
    }

    /// Returns the object of this kind.
    pub(crate) fn object(self, namespace: &str, name: &str) -> Value {
        json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": self.as_str(),
            "metadata": {"namespace": namespace, "name": name},
            "spec": self.spec(),
        })
    }
}

/// What a source's status says about its artifact, true or not.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Where the archive is served.
    pub url: String,
    /// The revision, such as `main@sha1:<40 hex>` or `latest@sha256:<64 hex>`.
    pub revision: String,
    /// The digest, `<algorithm>:<hex>`.
    pub digest: String,
    /// The size in bytes.
    pub size: u64,
}

impl Artifact {
    /// Returns the truth about an archive that is served at `url`.
    pub fn of(url: &str, revision: &str, archive: &[u8]) -> Artifact {
        Artifact {
            url: url.to_owned(),
            revision: revision.to_owned(),
            digest: digest(archive),
            size: archive.len() as u64,
        }
    }

    /// Returns the status of a source that is ready with this artifact.
    pub(crate) fn status(&self) -> Value {
        let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        json!({"status": {
            "artifact": {
                "url": self.url,
                "path": self.url.split('/').skip(3).collect::<Vec<_>>().join("/"),
                "revision": self.revision,
                "digest": self.digest,
                "size": self.size,
                "lastUpdateTime": now,
            },
            "conditions": [{
                "type": "Ready",
                "status": "True",
                "reason": "Succeeded",
                "message": format!("stored artifact for revision '{}'", self.revision),
                "lastTransitionTime": now,
            }],
        }})
    }
}
