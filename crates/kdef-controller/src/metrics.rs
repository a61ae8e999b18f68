//! What `/metrics` serves.
//!
//! Names are those that dashboards for Flux know, where there is one. Whatever describes a release is read from the
//! releases at each scrape, so that it goes with the release.

use std::time::Duration;

use kdef_api::{ConditionStatus, ConditionType, KdefRelease};
use kube::ResourceExt;
use kube::runtime::reflector::Store;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets_range};
use prometheus_client::registry::Registry;

use crate::watch::Watched;

const KIND: &str = "KdefRelease";
const CONTROLLER: &str = "kdefrelease";

/// The metrics that passes record.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    durations: Family<ReleaseLabels, Histogram, fn() -> Histogram>,
    passes: Family<ResultLabels, Counter>,
    errors: Family<ControllerLabels, Counter>,
    active: Family<ControllerLabels, Gauge>,
    render: Histogram,
    applied: Family<ActionLabels, Counter>,
    pruned: Family<ResultOnlyLabels, Counter>,
    /// Compressed bytes of artifacts.
    pub(crate) artifact_bytes: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReleaseLabels {
    kind: &'static str,
    name: String,
    namespace: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ControllerLabels {
    controller: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabels {
    controller: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ActionLabels {
    action: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultOnlyLabels {
    result: &'static str,
}

/// How a pass ended, as controller-runtime's metrics tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PassResult {
    /// It will be run again after a while.
    RequeueAfter,
    /// It will be run again only when something changes.
    Success,
    /// It failed.
    Error,
}

impl Metrics {
    /// Registers everything.
    pub(crate) fn register(registry: &mut Registry, concurrency: u16, releases: Store<Watched>) -> Self {
        let metrics = Self {
            durations: Family::new_with_constructor(pass_histogram),
            passes: Family::default(),
            errors: Family::default(),
            active: Family::default(),
            render: Histogram::new(exponential_buckets_range(0.001, 30.0, 10)),
            applied: Family::default(),
            pruned: Family::default(),
            artifact_bytes: Counter::default(),
        };
        metrics.register_runtime(registry, concurrency);
        metrics.register_own(registry);
        registry.register_collector(Box::new(Releases(releases)));
        metrics
    }

    fn register_runtime(&self, registry: &mut Registry, concurrency: u16) {
        registry.register(
            "gotk_reconcile_duration_seconds",
            "How long the passes of a release take",
            self.durations.clone(),
        );
        registry.register(
            "controller_runtime_reconcile",
            "Passes by how they ended",
            self.passes.clone(),
        );
        registry.register(
            "controller_runtime_reconcile_errors",
            "Passes that failed",
            self.errors.clone(),
        );
        registry.register(
            "controller_runtime_active_workers",
            "Passes that are running",
            self.active.clone(),
        );
        let bound: Family<ControllerLabels, Gauge> = Family::default();
        bound.get_or_create(&OWN).set(concurrency.into());
        registry.register(
            "controller_runtime_max_concurrent_reconciles",
            "Passes that may run at a time",
            bound,
        );
    }

    fn register_own(&self, registry: &mut Registry) {
        registry.register(
            "kdef_render_duration_seconds",
            "How long projects take to render",
            self.render.clone(),
        );
        registry.register(
            "kdef_apply_objects",
            "Objects by what was done to them",
            self.applied.clone(),
        );
        registry.register(
            "kdef_prune_objects",
            "Objects that left their render, by whether they could be deleted",
            self.pruned.clone(),
        );
        registry.register(
            "kdef_artifact_bytes",
            "Compressed bytes of artifacts that were downloaded",
            self.artifact_bytes.clone(),
        );
    }

    /// Counts a pass as running until the guard is dropped.
    pub(crate) fn running(&self) -> Running {
        let active = self.active.get_or_create(&OWN).clone();
        active.inc();
        Running(active)
    }

    /// Records a pass that ended.
    pub(crate) fn pass(&self, name: &str, namespace: &str, took: Duration, result: PassResult) {
        self.durations
            .get_or_create(&release_labels(name, namespace))
            .observe(took.as_secs_f64());
        let label = match result {
            PassResult::RequeueAfter => "requeue_after",
            PassResult::Success => "success",
            PassResult::Error => "error",
        };
        let labels = ResultLabels {
            controller: CONTROLLER,
            result: label,
        };
        self.passes.get_or_create(&labels).inc();
        if result == PassResult::Error {
            self.errors.get_or_create(&OWN).inc();
        }
    }

    /// Records how long a project took to render.
    pub(crate) fn rendered(&self, took: Duration) {
        self.render.observe(took.as_secs_f64());
    }

    /// Counts objects by what was done to them, such as `created`.
    pub(crate) fn applied(&self, action: &'static str, count: u64) {
        self.applied.get_or_create(&ActionLabels { action }).inc_by(count);
    }

    /// Counts objects that left their render, by how deleting them went.
    pub(crate) fn pruned(&self, result: &'static str, count: u64) {
        self.pruned
            .get_or_create(&ResultOnlyLabels { result })
            .inc_by(count);
    }

    /// Drops what was recorded of a release that is gone.
    pub(crate) fn forget(&self, name: &str, namespace: &str) {
        self.durations.remove(&release_labels(name, namespace));
    }
}

const OWN: ControllerLabels = ControllerLabels {
    controller: CONTROLLER,
};

/// Counts one pass as running while it lives.
#[derive(Debug)]
pub(crate) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn release_labels(name: &str, namespace: &str) -> ReleaseLabels {
    ReleaseLabels {
        kind: KIND,
        name: name.to_owned(),
        namespace: namespace.to_owned(),
    }
}

/// Buckets as Flux has them.
fn pass_histogram() -> Histogram {
    Histogram::new(exponential_buckets_range(0.01, 1800.0, 10))
}

/// The metrics that repeat what the releases say of themselves.
struct Releases(Store<Watched>);

impl std::fmt::Debug for Releases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Releases").field(&self.0.len()).finish()
    }
}

impl Collector for Releases {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let mut watched = self.0.state();
        watched.sort_by_key(|release| (release.namespace(), release.name_any()));
        let releases: Vec<&KdefRelease> = watched
            .iter()
            .filter_map(|release| release.0.as_ref().ok())
            .collect();
        encode_conditions(&mut encoder, &releases)?;
        gauges(
            &mut encoder,
            ("gotk_suspend_status", "Whether a release is suspended"),
            &releases,
            |release| vec![(Vec::new(), i64::from(release.spec.suspend))],
        )?;
        gauges(
            &mut encoder,
            ("kdef_inventory_entries", "The objects that a release owns"),
            &releases,
            |release| vec![(Vec::new(), inventory_length(release))],
        )?;
        encode_info(&mut encoder, &releases)
    }
}

/// The labels of one series besides the release's own, and its value.
type Series = (Vec<(&'static str, String)>, i64);

fn gauges(
    encoder: &mut DescriptorEncoder,
    (name, help): (&str, &str),
    releases: &[&KdefRelease],
    series: impl Fn(&KdefRelease) -> Vec<Series>,
) -> Result<(), std::fmt::Error> {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for release in releases {
        for (more, value) in series(release) {
            let mut labels = vec![
                ("kind", KIND.to_owned()),
                ("name", release.name_any()),
                ("namespace", release.namespace().unwrap_or_default()),
            ];
            labels.extend(more);
            ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
        }
    }
    Ok(())
}

fn encode_conditions(
    encoder: &mut DescriptorEncoder,
    releases: &[&KdefRelease],
) -> Result<(), std::fmt::Error> {
    let help = (
        "gotk_reconcile_condition",
        "Whether a condition of a release has a status",
    );
    gauges(encoder, help, releases, |release| {
        let ready = condition_status(release, ConditionType::Ready);
        let statuses = [
            ConditionStatus::True,
            ConditionStatus::False,
            ConditionStatus::Unknown,
        ];
        let series = statuses.map(|status| {
            let labels = vec![
                ("type", ConditionType::Ready.as_str().to_owned()),
                ("status", status.as_str().to_owned()),
            ];
            (labels, i64::from(status == ready))
        });
        series.to_vec()
    })
}

/// Encodes what Flux's dashboards otherwise get from kube-state-metrics.
fn encode_info(encoder: &mut DescriptorEncoder, releases: &[&KdefRelease]) -> Result<(), std::fmt::Error> {
    let help = "What a release is, in labels";
    let mut family = encoder.encode_descriptor("gotk_resource_info", help, None, MetricType::Gauge)?;
    for release in releases {
        let status = release.status.clone().unwrap_or_default();
        let labels = [
            ("customresource_group", kdef_api::GROUP.to_owned()),
            ("customresource_version", "v1alpha1".to_owned()),
            ("customresource_kind", KIND.to_owned()),
            ("name", release.name_any()),
            ("exported_namespace", release.namespace().unwrap_or_default()),
            (
                "ready",
                condition_status(release, ConditionType::Ready)
                    .as_str()
                    .to_owned(),
            ),
            ("suspended", release.spec.suspend.to_string()),
            ("revision", status.last_applied_revision.unwrap_or_default()),
            ("source_name", release.spec.source_ref.name.clone()),
        ];
        ConstGauge::new(1_i64).encode(family.encode_family(&labels.to_vec())?)?;
    }
    Ok(())
}

fn condition_status(release: &KdefRelease, type_: ConditionType) -> ConditionStatus {
    let status = release.status.as_ref();
    status
        .and_then(|status| status.condition(type_))
        .map_or(ConditionStatus::Unknown, |condition| condition.status)
}

fn inventory_length(release: &KdefRelease) -> i64 {
    let length = release
        .status
        .as_ref()
        .map_or(0, |status| status.inventory_entries().len());
    i64::try_from(length).unwrap_or(i64::MAX)
}
