//! From arguments to a running controller, and to its orderly end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures::channel::mpsc::UnboundedReceiver;
use futures::{FutureExt, StreamExt};
use kdef_cluster::{ConnectOptions, Connection};
use kdef_source::Limits;
use kube::Api;
use kube::runtime::controller::{Action, Config, applier};
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{self, ObjectRef, Store};
use prometheus_client::registry::Registry;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::Instrument;

use crate::admin;
use crate::args::Args;
use crate::artifact::Artifacts;
use crate::context::{Context, Settings};
use crate::decide::Waits;
use crate::events::Events;
use crate::metrics::Metrics;
use crate::notes::Notes;
use crate::reconcile;
use crate::sources::Sources;
use crate::telemetry;
use crate::watch::{Waker, Watched};

/// The stack of each thread. Projects are rendered on them, and bounded nesting still needs room.
const STACK_BYTES: usize = 8 << 20;

impl Args {
    /// Runs the controller until the process is told to stop.
    ///
    /// # Errors
    ///
    /// Fails when flags contradict each other, no cluster is configured, or an address cannot be listened on.
    pub fn run(self) -> anyhow::Result<()> {
        telemetry::start_logging(self.log_level, self.log_encoding);
        telemetry::install_crypto();
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build()
            .context("the runtime cannot be started")?
            .block_on(run(self))
    }
}

async fn run(args: Args) -> anyhow::Result<()> {
    let metrics_listen = args.metrics_listen().map_err(anyhow::Error::msg)?;
    let health_listen = args.health_listen().map_err(anyhow::Error::msg)?;
    let connection = connect(&args).await?;
    let client = connection.own().client().clone();
    let namespace = watched_namespace(&args, client.default_namespace());
    let (releases, writer) = reflector::store();
    let mut registry = Registry::default();
    let metrics = Metrics::register(&mut registry, args.concurrent, releases.clone());
    let (sources, source_changes) = Sources::new();
    let context = Arc::new(context(
        &args,
        connection,
        namespace.clone(),
        releases,
        sources.clone(),
        metrics,
    )?);

    let (ready, is_ready) = watch::channel(false);
    serve(metrics_listen, admin::metrics(Arc::new(registry))).await?;
    serve(health_listen, admin::probes(is_ready)).await?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        ?namespace,
        "controller started"
    );

    tokio::spawn(sources.clone().run(client, namespace));
    let queue = start_watching(&context, writer, source_changes);
    let stop = stop_signal()?;
    let work = passes(context, queue, ready, stop.clone());
    until_stopped(work, stop, args.graceful_shutdown_timeout()).await;
    Ok(())
}

/// Runs to the end, and once told to stop not much longer.
async fn until_stopped(work: impl Future<Output = ()>, stop: impl Future<Output = ()>, limit: Duration) {
    let too_late = async {
        stop.await;
        tracing::info!("stopping: waiting for passes that are running");
        tokio::time::sleep(limit).await;
    };
    tokio::select! {
        () = work => tracing::info!("stopped"),
        () = too_late => tracing::warn!("stopped with passes still running; the next start takes them up again"),
    }
}

async fn connect(args: &Args) -> anyhow::Result<Connection> {
    let defaults = ConnectOptions::default();
    let options = ConnectOptions {
        user_agent: concat!("kdef-controller/", env!("CARGO_PKG_VERSION")).to_owned(),
        limits: kdef_cluster::Limits {
            concurrency: args.concurrent_ssa.into(),
            ..defaults.limits
        },
        ..defaults
    };
    Ok(Connection::open(&options).await?)
}

/// Returns the namespace that is watched, or `None` for all.
fn watched_namespace(args: &Args, own: &str) -> Option<String> {
    if args.watch_all_namespaces {
        return None;
    }
    let configured = args
        .runtime_namespace
        .clone()
        .filter(|namespace| !namespace.is_empty());
    Some(configured.unwrap_or_else(|| own.to_owned()))
}

fn context(
    args: &Args,
    connection: Connection,
    namespace: Option<String>,
    releases: Store<Watched>,
    sources: Sources,
    metrics: Metrics,
) -> anyhow::Result<Context> {
    let client = connection.own().client().clone();
    let host = args
        .source_controller_localhost
        .clone()
        .filter(|host| !host.is_empty());
    let artifacts = Artifacts::new(args.artifact_limits(), host, metrics.artifact_bytes.clone())
        .context("the HTTP client cannot be set up")?;
    let instance = std::env::var("HOSTNAME").unwrap_or_default();
    Ok(Context {
        events: Events::new(client.clone(), instance),
        connection,
        client,
        releases,
        namespace,
        sources,
        artifacts,
        metrics,
        notes: Arc::new(Notes::default()),
        settings: settings(args),
    })
}

fn settings(args: &Args) -> Settings {
    Settings {
        concurrent: args.concurrent,
        waits: Waits {
            dependency: args.requeue_dependency(),
            min_retry: args.min_retry_delay(),
            max_retry: args.max_retry_delay(),
            downloads: args.http_retry,
            jitter: args.interval_jitter_percentage,
        },
        default_service_account: args
            .default_service_account
            .clone()
            .filter(|account| !account.is_empty()),
        render_timeout: args.render_timeout(),
        render: Limits {
            objects: args.render_max_objects,
            ..Limits::default()
        },
    }
}

async fn serve(listen: crate::args::Listen, routes: axum::Router) -> anyhow::Result<()> {
    let Some(address) = listen.0 else {
        return Ok(());
    };
    let listener = admin::listen(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    admin::serve(listener, routes);
    Ok(())
}

/// Starts the watches that fill the queue of releases that need a pass.
fn start_watching(
    context: &Arc<Context>,
    writer: Writer<Watched>,
    source_changes: tokio::sync::mpsc::UnboundedReceiver<crate::sources::SourceId>,
) -> UnboundedReceiver<ObjectRef<Watched>> {
    let (sender, queue) = futures::channel::mpsc::unbounded();
    let waker = Arc::new(Waker {
        releases: context.releases.clone(),
        queue: sender,
        notes: Arc::clone(&context.notes),
        metrics: context.metrics.clone(),
    });
    let api: Api<Watched> = match &context.namespace {
        Some(namespace) => Api::namespaced(context.client.clone(), namespace),
        None => Api::all(context.client.clone()),
    };
    let releases = Arc::clone(&waker);
    tokio::spawn(async move { releases.watch_releases(api, writer).await });
    let sources = context.sources.clone();
    tokio::spawn(async move { waker.watch_sources(&sources, source_changes).await });
    queue
}

/// Runs a pass for each release that comes up, never two of one at a time, until told to stop; then waits for those that
/// are running.
async fn passes(
    context: Arc<Context>,
    queue: UnboundedReceiver<ObjectRef<Watched>>,
    ready: watch::Sender<bool>,
    stop: impl Future<Output = ()>,
) {
    let lists = async {
        context.sources.settled().await;
        context.releases.wait_until_ready().await.is_ok()
    };
    tokio::pin!(stop);
    tokio::select! {
        listed = lists => drop(ready.send(listed)),
        () = &mut stop => return,
    }
    let store = context.releases.clone();
    let concurrency = Config::default().concurrency(context.settings.concurrent);
    let queue = queue.map(Ok::<_, Infallible>).take_until(stop);
    let policy = |_, error: &Infallible, _| match *error {};
    let ends = applier(
        |watched, context| pass(watched, context).boxed(),
        policy,
        context,
        store,
        queue,
        concurrency,
    );
    ends.for_each(|_| async {}).await;
}

/// Runs one pass, in a task of its own so that passes run on all cores.
async fn pass(watched: Arc<Watched>, context: Arc<Context>) -> Result<Action, Infallible> {
    let span = reconcile::span(&watched);
    let pass = tokio::spawn(reconcile::reconcile(watched, context).instrument(span));
    let next = pass.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a pass ended with an internal error");
        Some(Duration::from_mins(1))
    });
    Ok(next.map_or_else(Action::await_change, Action::requeue))
}

/// Returns what is over once the process is told to stop.
fn stop_signal() -> anyhow::Result<futures::future::Shared<impl Future<Output = ()>>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be handled")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be handled")?;
    let told = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Ok(told.shared())
}
