//! `rollout` of a deployment, a daemonset and a statefulset.

use k8s_openapi::api::apps::v1::{
    DaemonSetUpdateStrategy, DeploymentStrategy, RollingUpdateDaemonSet, RollingUpdateDeployment,
    RollingUpdateStatefulSetStrategy, StatefulSetUpdateStrategy,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::Block;

use crate::attributes::small;
use crate::provenance::Recorder;

const MAX_SURGE: (&str, &str) = ("maxSurge", "max_surge");
const MAX_UNAVAILABLE: (&str, &str) = ("maxUnavailable", "max_unavailable");
const PARTITION: (&str, &str) = ("partition", "partition");

/// The fields of the workload's spec that all kinds have.
#[derive(Debug, Default)]
pub(super) struct Pace {
    pub(super) min_ready_seconds: Option<i32>,
    pub(super) revision_history_limit: Option<i32>,
}

/// Returns how fast a workload is rolled out. `fields` stands at its spec.
pub(super) fn pace(workload: &Block, fields: &mut Recorder<'_>) -> Pace {
    let Some(rollout) = workload.child("rollout") else {
        return Pace::default();
    };
    fields.attributes(
        rollout,
        &[
            ("minReadySeconds", "min_ready_seconds"),
            ("revisionHistoryLimit", "revision_history_limit"),
        ],
    );
    Pace {
        min_ready_seconds: small(rollout, "min_ready_seconds"),
        revision_history_limit: small(rollout, "revision_history_limit"),
    }
}

/// Returns the strategy of a deployment; `None` when nothing of it is written.
pub(super) fn deployment(rollout: &Block, fields: &mut Recorder<'_>) -> Option<DeploymentStrategy> {
    let strategy = strategy(
        rollout,
        [MAX_SURGE, MAX_UNAVAILABLE],
        &mut fields.inside("strategy"),
    )?;
    let rolling_update = strategy.is_rolling.then(|| RollingUpdateDeployment {
        max_surge: amount(rollout, "max_surge"),
        max_unavailable: amount(rollout, "max_unavailable"),
    });
    Some(DeploymentStrategy {
        type_: Some(strategy.word),
        rolling_update,
    })
}

/// Returns the strategy of a daemonset; `None` when nothing of it is written.
pub(super) fn daemonset(rollout: &Block, fields: &mut Recorder<'_>) -> Option<DaemonSetUpdateStrategy> {
    let strategy = strategy(
        rollout,
        [MAX_SURGE, MAX_UNAVAILABLE],
        &mut fields.inside("updateStrategy"),
    )?;
    let rolling_update = strategy.is_rolling.then(|| RollingUpdateDaemonSet {
        max_surge: amount(rollout, "max_surge"),
        max_unavailable: amount(rollout, "max_unavailable"),
    });
    Some(DaemonSetUpdateStrategy {
        type_: Some(strategy.word),
        rolling_update,
    })
}

/// Returns the strategy of a statefulset; `None` when nothing of it is written.
pub(super) fn statefulset(rollout: &Block, fields: &mut Recorder<'_>) -> Option<StatefulSetUpdateStrategy> {
    let strategy = strategy(
        rollout,
        [PARTITION, MAX_UNAVAILABLE],
        &mut fields.inside("updateStrategy"),
    )?;
    let rolling_update = strategy.is_rolling.then(|| RollingUpdateStatefulSetStrategy {
        partition: small(rollout, "partition"),
        max_unavailable: amount(rollout, "max_unavailable"),
    });
    Some(StatefulSetUpdateStrategy {
        type_: Some(strategy.word),
        rolling_update,
    })
}

struct Strategy {
    word: String,
    /// Whether it has anything to say about replacing pods step by step.
    is_rolling: bool,
}

/// Reads what is written of a strategy. `pairs` are the fields of a rolling update and their attributes.
fn strategy(rollout: &Block, pairs: [(&str, &str); 2], fields: &mut Recorder<'_>) -> Option<Strategy> {
    let written = rollout.text("strategy");
    let tuned = pairs.iter().any(|(_, attribute)| rollout.is_set(attribute));
    if written.is_none() && !tuned {
        return None;
    }
    let word = written.unwrap_or("RollingUpdate");
    let is_rolling = tuned && word == "RollingUpdate";
    fields.attributes(rollout, &[("type", "strategy")]);
    if is_rolling {
        fields.inside("rollingUpdate").attributes(rollout, &pairs);
    }
    Some(Strategy {
        word: word.to_owned(),
        is_rolling,
    })
}

/// Returns a number of pods, or a percentage of them.
fn amount(rollout: &Block, name: &str) -> Option<IntOrString> {
    let text = rollout.text(name)?;
    Some(match text.parse() {
        Ok(number) => IntOrString::Int(number),
        Err(_) => IntOrString::String(text.to_owned()),
    })
}
