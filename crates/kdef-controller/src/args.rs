//! Every tunable, with its environment variable and its default. Names and defaults are Flux's where Flux has the flag.

use std::net::{Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use clap::{ArgAction, Parser, ValueEnum};
use kdef_api::FluxDuration;

/// Renders and applies KdefReleases from Flux sources.
#[derive(Debug, Clone, Parser)]
#[command(name = "kdef-controller", version)]
pub struct Args {
    /// The address that serves /metrics [default: :8080]; 0 switches it off
    #[arg(long, env = "KDEF_METRICS_ADDR", value_name = "ADDRESS")]
    metrics_addr: Option<Listen>,
    /// The same as --metrics-addr
    #[arg(long, value_name = "ADDRESS", hide_short_help = true)]
    metrics_bind_address: Option<Listen>,
    /// The address that serves /healthz and /readyz [default: :9440]; 0 switches it off
    #[arg(long, env = "KDEF_HEALTH_ADDR", value_name = "ADDRESS")]
    health_addr: Option<Listen>,
    /// The same as --health-addr
    #[arg(long, value_name = "ADDRESS", hide_short_help = true)]
    health_probe_bind_address: Option<Listen>,
    /// The KdefReleases reconciled at a time
    #[arg(long, env = "KDEF_CONCURRENT", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) concurrent: u16,
    /// The requests that one KdefRelease makes at a time while its objects are checked and applied
    #[arg(long, env = "KDEF_CONCURRENT_SSA", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrent_ssa: u16,
    /// Watch every namespace, or only the controller's own
    #[arg(long, env = "KDEF_WATCH_ALL_NAMESPACES", value_name = "BOOL", default_value_t = true,
          action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) watch_all_namespaces: bool,
    /// The controller's own namespace; that of its account when not given
    #[arg(long, env = "RUNTIME_NAMESPACE", value_name = "NAMESPACE")]
    pub(crate) runtime_namespace: Option<String>,
    /// What is logged
    #[arg(long, env = "KDEF_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    pub(crate) log_level: LogLevel,
    /// How it is logged
    #[arg(
        long,
        env = "KDEF_LOG_ENCODING",
        value_name = "ENCODING",
        default_value = "json"
    )]
    pub(crate) log_encoding: LogEncoding,
    /// The wait before a source without an artifact is looked at again, unless it changes sooner
    #[arg(
        long,
        env = "KDEF_REQUEUE_DEPENDENCY",
        value_name = "DURATION",
        default_value = "30s"
    )]
    requeue_dependency: FluxDuration,
    /// By how many percent an interval is varied, so that releases do not all come due at once
    #[arg(long, env = "KDEF_INTERVAL_JITTER_PERCENTAGE", value_name = "PERCENT", default_value_t = 5,
          value_parser = clap::value_parser!(u8).range(0..=99))]
    pub(crate) interval_jitter_percentage: u8,
    /// The times that a failed download is tried again after 5 to 30 seconds, before the retry interval applies
    #[arg(long, env = "KDEF_HTTP_RETRY", value_name = "COUNT", default_value_t = 9)]
    pub(crate) http_retry: u32,
    /// The wait after a first failure; it doubles with each further one
    #[arg(
        long,
        env = "KDEF_MIN_RETRY_DELAY",
        value_name = "DURATION",
        default_value = "750ms"
    )]
    min_retry_delay: FluxDuration,
    /// The longest such wait; a shorter retryInterval of the release wins
    #[arg(
        long,
        env = "KDEF_MAX_RETRY_DELAY",
        value_name = "DURATION",
        default_value = "15m"
    )]
    max_retry_delay: FluxDuration,
    /// The account that releases without serviceAccountName are applied as; the controller's own when not given
    #[arg(long, env = "KDEF_DEFAULT_SERVICE_ACCOUNT", value_name = "NAME")]
    pub(crate) default_service_account: Option<String>,
    /// The largest artifact that is downloaded
    #[arg(
        long,
        env = "KDEF_ARTIFACT_MAX_SIZE",
        value_name = "SIZE",
        default_value = "64Mi"
    )]
    artifact_max_size: Size,
    /// The most that an artifact may inflate to
    #[arg(
        long,
        env = "KDEF_ARTIFACT_MAX_EXTRACTED_SIZE",
        value_name = "SIZE",
        default_value = "128Mi"
    )]
    artifact_max_extracted_size: Size,
    /// The most files that an artifact may hold
    #[arg(
        long,
        env = "KDEF_ARTIFACT_MAX_FILES",
        value_name = "COUNT",
        default_value_t = 50_000
    )]
    pub(crate) artifact_max_files: usize,
    /// The inflated artifacts that are kept in memory for later passes
    #[arg(
        long,
        env = "KDEF_ARTIFACT_CACHE_SIZE",
        value_name = "SIZE",
        default_value = "128Mi"
    )]
    artifact_cache_size: Size,
    /// The longest that one project may take to render
    #[arg(
        long,
        env = "KDEF_RENDER_TIMEOUT",
        value_name = "DURATION",
        default_value = "30s"
    )]
    render_timeout: FluxDuration,
    /// The most objects that one project may render to
    #[arg(
        long,
        env = "KDEF_RENDER_MAX_OBJECTS",
        value_name = "COUNT",
        default_value_t = 10_000
    )]
    pub(crate) render_max_objects: usize,
    /// The wait for passes that are running when the controller is told to stop
    #[arg(
        long,
        env = "KDEF_GRACEFUL_SHUTDOWN_TIMEOUT",
        value_name = "DURATION",
        default_value = "55s"
    )]
    graceful_shutdown_timeout: FluxDuration,
    /// The host and port that artifacts are downloaded from instead of their own, for a controller outside the cluster
    #[arg(long, env = "SOURCE_CONTROLLER_LOCALHOST", value_name = "HOST:PORT")]
    pub(crate) source_controller_localhost: Option<String>,
}

impl Args {
    /// Returns where metrics are served, or why the two flags for it contradict each other.
    pub(crate) fn metrics_listen(&self) -> Result<Listen, String> {
        agreed(
            ("--metrics-addr", self.metrics_addr),
            ("--metrics-bind-address", self.metrics_bind_address),
            Listen::on_port(8080),
        )
    }

    /// Returns where health is served, or why the two flags for it contradict each other.
    pub(crate) fn health_listen(&self) -> Result<Listen, String> {
        agreed(
            ("--health-addr", self.health_addr),
            ("--health-probe-bind-address", self.health_probe_bind_address),
            Listen::on_port(9440),
        )
    }

    pub(crate) fn requeue_dependency(&self) -> Duration {
        self.requeue_dependency.into()
    }

    pub(crate) fn min_retry_delay(&self) -> Duration {
        self.min_retry_delay.into()
    }

    pub(crate) fn max_retry_delay(&self) -> Duration {
        self.max_retry_delay.into()
    }

    pub(crate) fn render_timeout(&self) -> Duration {
        self.render_timeout.into()
    }

    pub(crate) fn graceful_shutdown_timeout(&self) -> Duration {
        self.graceful_shutdown_timeout.into()
    }

    /// Returns the bounds on artifacts.
    pub(crate) fn artifact_limits(&self) -> crate::artifact::ArtifactLimits {
        crate::artifact::ArtifactLimits {
            compressed_bytes: self.artifact_max_size.0,
            inflated_bytes: self.artifact_max_extracted_size.0,
            files: self.artifact_max_files,
            cached_bytes: self.artifact_cache_size.0,
        }
    }
}

fn agreed(
    (name, flag): (&str, Option<Listen>),
    (alias, other): (&str, Option<Listen>),
    default: Listen,
) -> Result<Listen, String> {
    match (flag, other) {
        (Some(flag), Some(other)) if flag != other => Err(format!(
            "{name} and {alias} mean the same and are given different addresses; leave one of them out"
        )),
        (flag, other) => Ok(flag.or(other).unwrap_or(default)),
    }
}

/// Where a server listens: `host:port`, `:port` for every interface, or `0` for nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listen(pub(crate) Option<SocketAddr>);

impl Listen {
    fn on_port(port: u16) -> Self {
        Self(Some((Ipv6Addr::UNSPECIFIED, port).into()))
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "0" {
            return Ok(Self(None));
        }
        let address = match text.strip_prefix(':') {
            Some(port) => port.parse().ok().map(|port| Self::on_port(port).0),
            None => text.replacen("localhost", "127.0.0.1", 1).parse().ok().map(Some),
        };
        address
            .map(Self)
            .ok_or_else(|| "write :PORT, IP:PORT, or 0 for nowhere".to_owned())
    }
}

/// A number of bytes, as a Kubernetes quantity: `64Mi`, `1Gi`, `500000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(u64);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let unit = match unit {
            "" => Some(1),
            "Ki" => Some(1 << 10),
            "Mi" => Some(1 << 20),
            "Gi" => Some(1_u64 << 30),
            _ => None,
        };
        let bytes = unit.and_then(|unit| number.parse::<u64>().ok()?.checked_mul(unit));
        bytes
            .filter(|bytes| *bytes > 0)
            .map(Self)
            .ok_or_else(|| "write a whole number of bytes, with Ki, Mi or Gi: 64Mi".to_owned())
    }
}

/// What is logged: everything of a level and above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// How it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogEncoding {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Console,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Args, clap::Error> {
        Args::try_parse_from(["kdef-controller"].iter().chain(args))
    }

    #[test]
    fn the_old_names_of_the_addresses_are_kept() {
        let args = parse(&[
            "--health-probe-bind-address=:8081",
            "--metrics-bind-address=127.0.0.1:8080",
        ])
        .unwrap();
        assert_eq!(args.health_listen(), Ok(Listen::on_port(8081)));
        assert_eq!(args.metrics_listen(), Ok("127.0.0.1:8080".parse().unwrap()));

        let same = parse(&["--metrics-addr=:1", "--metrics-bind-address=:1"]).unwrap();
        assert!(same.metrics_listen().is_ok());
        let different = parse(&["--metrics-addr=:1", "--metrics-bind-address=:2"]).unwrap();
        assert!(
            different
                .metrics_listen()
                .unwrap_err()
                .contains("--metrics-bind-address")
        );
    }

    #[test]
    fn defaults_are_flux_own() {
        let args = parse(&[]).unwrap();
        assert_eq!(args.health_listen(), Ok(Listen::on_port(9440)));
        assert_eq!(args.metrics_listen(), Ok(Listen::on_port(8080)));
        assert_eq!(args.concurrent, 4);
        assert_eq!(args.requeue_dependency(), Duration::from_secs(30));
        assert_eq!(args.min_retry_delay(), Duration::from_millis(750));
        assert_eq!(args.artifact_limits().compressed_bytes, 64 << 20);
        assert!(args.watch_all_namespaces);
    }

    #[test]
    fn flags_are_read_and_nonsense_is_refused() {
        assert!(
            !parse(&["--watch-all-namespaces=false"])
                .unwrap()
                .watch_all_namespaces
        );
        assert!(parse(&["--watch-all-namespaces"]).unwrap().watch_all_namespaces);
        assert_eq!(
            parse(&["--health-addr=0"]).unwrap().health_listen(),
            Ok(Listen(None))
        );
        for bad in [
            "--concurrent=0",
            "--metrics-addr=8080",
            "--metrics-addr=:80800",
            "--artifact-max-size=0",
            "--artifact-max-size=64MB",
            "--artifact-max-size=99999999999Gi",
            "--requeue-dependency=30",
            "--interval-jitter-percentage=100",
            "--log-level=loud",
        ] {
            assert!(parse(&[bad]).is_err(), "{bad}");
        }
    }
}
