//! Ways into a cluster: our own account's, and those of the accounts we act for.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kube::client::ConfigExt as _;
use kube::client::retry::RetryPolicy;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use tower::{BoxError, ServiceBuilder};

use crate::Catalog;

/// How often a request that the server cannot take at the moment (429, 503, 504) is sent again.
const RETRIES: u32 = 4;
/// The pauses between such attempts, unless the server names one with `Retry-After`.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How to reach a cluster, and what to expect of it.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// The kubeconfig; without one `$KUBECONFIG`, `~/.kube/config` and the pod's own account are tried in this order.
    pub kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig, instead of its current one.
    pub context: Option<String>,
    /// What requests say they come from.
    pub user_agent: String,
    /// The engine's bounds.
    pub limits: Limits,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            kubeconfig: None,
            context: None,
            user_agent: concat!("kdef/", env!("CARGO_PKG_VERSION")).to_owned(),
            limits: Limits::default(),
        }
    }
}

/// The bounds of what the engine does at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many requests of one pass are under way at once; at least 1. 16 is where an API server stops getting faster.
    pub concurrency: usize,
    /// How long one request may take, repeated attempts included: 30 seconds, as in Flux.
    pub request_timeout: Duration,
    /// How long a pass waits for definitions of kinds and Namespaces to be usable: 60 seconds, as in Flux.
    pub stage_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 16,
            request_timeout: Duration::from_secs(30),
            stage_timeout: Duration::from_mins(1),
        }
    }
}

/// Why there is no way into the cluster.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The kubeconfig that was named cannot be used.
    #[error("the kubeconfig {path} cannot be used: {source}")]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: kube::config::KubeconfigError,
    },
    /// There is neither a usable kubeconfig nor a pod's account.
    #[error(
        "no cluster is configured: no usable kubeconfig ({kubeconfig}), and not inside a cluster ({in_cluster})"
    )]
    NotConfigured {
        /// Why no kubeconfig is used.
        kubeconfig: kube::config::KubeconfigError,
        /// Why no pod's account is used.
        in_cluster: kube::config::InClusterError,
    },
    /// A setting cannot be used.
    #[error("the client cannot be set up: {0}")]
    Setup(#[from] kube::Error),
    /// The user agent is no legal header value.
    #[error("the user agent {0:?} cannot be sent")]
    UserAgent(String),
    /// The name of an account or its namespace is no legal one.
    #[error("{0:?} is not the name of a service account")]
    Account(String),
}

/// A cluster, with one pool of connections and one catalog of its kinds for all accounts.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Connection {
    config: Config,
    base: Client,
    catalog: Arc<Catalog>,
    limits: Limits,
}

impl Connection {
    /// Reads the configuration and sets the clients up. Nothing is sent yet.
    pub async fn open(options: &ConnectOptions) -> Result<Self, ConnectError> {
        Self::with_config(configuration(options).await?, &options.user_agent, options.limits)
    }

    fn with_config(mut config: Config, user_agent: &str, limits: Limits) -> Result<Self, ConnectError> {
        let value = user_agent
            .parse()
            .map_err(|_| ConnectError::UserAgent(user_agent.to_owned()))?;
        config.headers.push((http::header::USER_AGENT, value));
        config.connect_timeout = Some(CONNECT_TIMEOUT);
        // The kube crate's own retrying goes on for minutes. Its HTTP/1.1 stays: with as many connections as requests under
        // way, an API server answers about three times as fast as over the single connection of HTTP/2.
        config.default_retry = false;
        let base = Client::try_from(config.clone())?;
        config.headers.clear();
        let catalog = Arc::new(Catalog::new(account_client(&base, &config)?));
        Ok(Self {
            config,
            base,
            catalog,
            limits,
        })
    }

    /// Returns the way in with our own account.
    pub fn own(&self) -> Cluster {
        Cluster {
            client: self.catalog.client().clone(),
            catalog: self.catalog.clone(),
            limits: self.limits,
        }
    }

    /// Returns the way in as a service account: requests carry its user name, and the server derives its groups.
    ///
    /// Whether the account exists, and whether we may act for it, shows at the first request. The connections are those
    /// of [`own`](Self::own), so this is cheap enough for every pass.
    pub fn impersonate(&self, namespace: &str, account: &str) -> Result<Cluster, ConnectError> {
        let legal = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
        };
        if !legal(namespace) || !legal(account) {
            return Err(ConnectError::Account(format!("{namespace}/{account}")));
        }
        let mut config = self.config.clone();
        config.auth_info.impersonate = Some(format!("system:serviceaccount:{namespace}:{account}"));
        let client = account_client(&self.base, &config)?;
        Ok(Cluster {
            client,
            catalog: self.catalog.clone(),
            limits: self.limits,
        })
    }
}

/// One account's way into a cluster. Cheap to clone.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    catalog: Arc<Catalog>,
    limits: Limits,
}

impl Cluster {
    /// Returns the client, for requests that are not the engine's.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the kinds that the cluster serves.
    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }
}

async fn configuration(options: &ConnectOptions) -> Result<Config, ConnectError> {
    let choice = KubeConfigOptions {
        context: options.context.clone(),
        ..KubeConfigOptions::default()
    };
    if let Some(path) = &options.kubeconfig {
        let fail = |source| ConnectError::Kubeconfig {
            path: path.clone(),
            source,
        };
        let kubeconfig = Kubeconfig::read_from(path).map_err(fail)?;
        return Config::from_custom_kubeconfig(kubeconfig, &choice)
            .await
            .map_err(fail);
    }
    match Config::from_kubeconfig(&choice).await {
        Ok(config) => Ok(config),
        Err(kubeconfig) => Config::incluster().map_err(|in_cluster| ConnectError::NotConfigured {
            kubeconfig,
            in_cluster,
        }),
    }
}

/// Puts one account's headers and the retrying in front of the shared client.
fn account_client(base: &Client, config: &Config) -> Result<Client, ConnectError> {
    let (first, longest) = RETRY_PAUSES;
    let retry = RetryPolicy::new(first, longest, RETRIES, true).expect("the constants are a valid policy");
    let shared = base.clone();
    let service = ServiceBuilder::new()
        .layer(config.extra_headers_layer()?)
        .retry(retry)
        .map_err(BoxError::from)
        .service(tower::service_fn(move |request| {
            let client = shared.clone();
            async move { client.send(request).await }
        }));
    Ok(Client::new(service, config.default_namespace.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn account_names_cannot_smuggle_anything_in() {
        let config = Config::new("http://127.0.0.1:1".parse().expect("a legal address"));
        let connection =
            Connection::with_config(config, "test", Limits::default()).expect("a usable configuration");
        assert!(connection.impersonate("apps", "deployer").is_ok());
        for (namespace, account) in [
            ("", "a"),
            ("a", ""),
            ("a:b", "c"),
            ("a", "b:c"),
            ("a", "b\r\nx"),
            ("A", "b"),
        ] {
            assert!(
                connection.impersonate(namespace, account).is_err(),
                "{namespace:?} {account:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_kubeconfig_that_is_not_there_is_named() {
        let options = ConnectOptions {
            kubeconfig: Some("/nowhere/kubeconfig".into()),
            ..ConnectOptions::default()
        };
        let error = Connection::open(&options)
            .await
            .err()
            .expect("there is no such file");
        assert!(error.to_string().contains("/nowhere/kubeconfig"), "{error}");
    }
}
