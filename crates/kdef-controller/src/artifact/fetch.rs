//! The download of an artifact: by http or https, bounded, and held against its digest before anything looks into it.

use std::time::Duration;

use kdef_api::Artifact;
use reqwest::{Client, Response, StatusCode, Url, redirect};

use super::ArtifactError;
use super::digest::Digest;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server may stay silent within a response.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Downloads artifacts.
#[derive(Debug, Clone)]
pub(super) struct Downloader {
    client: Client,
    max_bytes: u64,
    host: Option<String>,
}

impl Downloader {
    /// Makes a downloader that takes at most `max_bytes` an artifact and, where `host` is given, asks that host and port
    /// instead of the one that the source names (for a controller that runs outside the cluster).
    pub(super) fn new(max_bytes: u64, host: Option<String>) -> Result<Self, reqwest::Error> {
        let builder = || {
            Client::builder()
                .user_agent(concat!("kdef-controller/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(READ_TIMEOUT)
                .no_proxy()
        };
        // An image without root certificates can still speak http, which is what source-controller serves.
        let client = builder()
            .build()
            .or_else(|_| builder().tls_certs_only([]).build())?;
        Ok(Self {
            client,
            max_bytes,
            host,
        })
    }

    /// Downloads an artifact and verifies its digest; the bytes are still compressed.
    pub(super) async fn download(&self, artifact: &Artifact) -> Result<Vec<u8>, ArtifactError> {
        let digest = Digest::parse(&artifact.digest)?;
        let url = self.url(&artifact.url)?;
        let mut response = self.request(&url).await?;
        if response
            .content_length()
            .is_some_and(|length| length > self.max_bytes)
        {
            return Err(ArtifactError::TooLarge(self.max_bytes));
        }
        let mut hasher = digest.hasher();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(&url, &error))? {
            hasher.update(&chunk);
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > self.max_bytes {
                return Err(ArtifactError::TooLarge(self.max_bytes));
            }
        }
        if digest.matches(hasher) {
            Ok(bytes)
        } else {
            Err(ArtifactError::DigestMismatch {
                url: shown(&url),
                digest: artifact.digest.clone(),
            })
        }
    }

    async fn request(&self, url: &Url) -> Result<Response, ArtifactError> {
        let response = self
            .client
            .get(url.clone())
            .send()
            .await
            .map_err(|error| broken(url, &error))?;
        let url = shown(url);
        match response.status() {
            StatusCode::OK => Ok(response),
            StatusCode::NOT_FOUND => Err(ArtifactError::NotFound { url }),
            status => Err(ArtifactError::Status {
                url,
                status: status.as_u16(),
                redirect: status.is_redirection(),
            }),
        }
    }

    fn url(&self, text: &str) -> Result<Url, ArtifactError> {
        let refuse = |reason: &str| ArtifactError::Url(reason.to_owned());
        let mut url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("only http and https are allowed"));
        }
        if let Some(host) = &self.host {
            let other = Url::parse(&format!("http://{host}"))
                .map_err(|error| refuse(&format!("SOURCE_CONTROLLER_LOCALHOST is not a host: {error}")))?;
            let moved = url.set_host(other.host_str()).is_ok() && url.set_port(other.port()).is_ok();
            if !moved {
                return Err(refuse("SOURCE_CONTROLLER_LOCALHOST is not a host"));
            }
        }
        Ok(url)
    }
}

/// Returns a URL as messages show it: without credentials, which may stand before the host or in the query.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let plain = url.set_username("").is_ok() && url.set_password(None).is_ok();
    url.set_query(None);
    url.set_fragment(None);
    if plain {
        url.to_string()
    } else {
        "its URL".to_owned()
    }
}

/// Words a failed transfer by its innermost cause; the outer layers repeat the URL with its query.
fn broken(url: &Url, error: &reqwest::Error) -> ArtifactError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    ArtifactError::Transfer {
        url: shown(url),
        reason: if error.is_timeout() {
            "the server did not answer in time".to_owned()
        } else {
            cause.to_string()
        },
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode as Code;
    use axum::response::Redirect;
    use axum::routing::get;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn downloader(host: Option<&str>) -> Downloader {
        crate::telemetry::install_crypto();
        Downloader::new(1 << 20, host.map(str::to_owned)).unwrap()
    }

    #[test]
    fn urls_are_checked_moved_and_shown_without_secrets() {
        let plain = downloader(None);
        assert!(
            plain
                .url("http://source-controller.flux-system.svc/a.tar.gz")
                .is_ok()
        );
        for bad in ["", "file:///etc/passwd", "ftp://x/y", "not a url", "http://"] {
            assert!(matches!(plain.url(bad), Err(ArtifactError::Url(_))), "{bad}");
        }
        let moved = downloader(Some("localhost:9090"));
        let url = moved
            .url("http://source-controller.flux-system.svc.cluster.local./gitrepository/a.tar.gz")
            .unwrap();
        assert_eq!(url.as_str(), "http://localhost:9090/gitrepository/a.tar.gz");
        let secret = plain
            .url("https://user:pass@host/a.tar.gz?X-Amz-Signature=abc#f")
            .unwrap();
        assert_eq!(shown(&secret), "https://host/a.tar.gz");
    }

    fn digest_of(bytes: &[u8]) -> String {
        let hex: Vec<String> = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("sha256:{}", hex.concat())
    }

    /// Starts a server and returns its address.
    async fn server() -> String {
        let routes = Router::new()
            .route("/good", get(|| async { "good" }))
            .route("/moved", get(|| async { Redirect::temporary("/good") }))
            .route("/broken", get(|| async { Code::INTERNAL_SERVER_ERROR }))
            .route("/large", get(|| async { vec![0_u8; (1 << 20) + 1] }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        crate::admin::serve(listener, routes);
        format!("http://{address}")
    }

    #[tokio::test]
    async fn only_what_its_digest_promises_is_taken() {
        let server = server().await;
        let downloader = downloader(None);
        let fetch = async |path: &str, digest: &str| {
            let artifact = Artifact {
                url: format!("{server}{path}"),
                digest: digest.to_owned(),
                ..Artifact::default()
            };
            downloader.download(&artifact).await
        };
        let good = digest_of(b"good");
        assert_eq!(fetch("/good", &good).await.unwrap(), b"good");
        assert!(matches!(fetch("/good", "").await, Err(ArtifactError::Digest(_))));
        assert!(matches!(
            fetch("/good", &digest_of(b"other")).await,
            Err(ArtifactError::DigestMismatch { .. })
        ));
        assert!(matches!(
            fetch("/none", &good).await,
            Err(ArtifactError::NotFound { .. })
        ));
        assert_eq!(
            fetch("/large", &good).await,
            Err(ArtifactError::TooLarge(1 << 20))
        );
        for (path, expected) in [("/moved", (307, true)), ("/broken", (500, false))] {
            let Err(ArtifactError::Status { status, redirect, .. }) = fetch(path, &good).await else {
                panic!("{path} is refused by its status");
            };
            assert_eq!((status, redirect), expected, "{path}");
        }
    }
}
