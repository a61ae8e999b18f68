use serde_json::json;

use super::*;

/// Reads `group/Kind` and a manifest in which only what matters is written.
fn of(kind: &str, object: &Value) -> String {
    let (group, kind) = kind.split_once('/').unwrap_or(("", kind));
    let id = ObjectId::new("shop", "a", group, kind);
    let now = "2026-01-01T12:00:00Z".parse().unwrap();
    match health(&id, object, now) {
        Health::Current => "current".to_owned(),
        Health::InProgress(message) => format!("in progress: {message}"),
        Health::Failed(message) => format!("failed: {message}"),
        Health::Terminating => "terminating".to_owned(),
    }
}

fn check(kind: &str, cases: &[(Value, &str)]) {
    for (object, expected) in cases {
        assert_eq!(of(kind, object), *expected, "{kind} {object}");
    }
}

fn condition(kind: &str, status: &str, reason: &str) -> Value {
    json!({"type": kind, "status": status, "reason": reason, "message": "why"})
}

fn with_conditions(list: &[Value]) -> Value {
    json!({"status": {"conditions": list}})
}

/// Returns the object with a field of its status set to something else.
fn but(object: &Value, pointer: &str, value: Value) -> Value {
    let mut object = object.clone();
    *object.pointer_mut(pointer).unwrap() = value;
    object
}

#[test]
fn every_kind_says_first_that_it_is_deleted_or_not_seen_or_stalled() {
    for kind in [
        "example.org/Widget",
        "apps/Deployment",
        "ConfigMap",
        "batch/CronJob",
    ] {
        check(
            kind,
            &[
                (
                    json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z", "generation": 2},
                           "status": {"observedGeneration": 1}}),
                    "terminating",
                ),
                (
                    json!({"metadata": {"generation": 2}, "status": {"observedGeneration": 1}}),
                    "in progress: its controller has seen generation 1, and not 2 yet",
                ),
                (
                    with_conditions(&[
                        condition("Reconciling", "True", "x"),
                        condition("Stalled", "True", "x"),
                    ]),
                    "in progress: why",
                ),
                (
                    with_conditions(&[
                        condition("Stalled", "True", "x"),
                        condition("Reconciling", "True", "x"),
                    ]),
                    "failed: why",
                ),
            ],
        );
    }
}

#[test]
fn kinds_without_a_rule_go_by_ready() {
    check(
        "example.org/Widget",
        &[
            (json!({}), "current"),
            (json!({"status": {"conditions": "none"}}), "current"),
            (with_conditions(&[condition("Ready", "True", "x")]), "current"),
            (
                with_conditions(&[condition("Ready", "False", "x")]),
                "in progress: why",
            ),
            (
                with_conditions(&[condition("Ready", "Unknown", "x")]),
                "in progress: why",
            ),
            (
                json!({"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "Waiting"}]}}),
                "in progress: Waiting",
            ),
            (
                json!({"status": {"conditions": [{"type": "Ready", "status": "False"}]}}),
                "in progress: it is not ready",
            ),
            (
                json!({"metadata": {"generation": 2}, "status": {"observedGeneration": "1"}}),
                "current",
            ),
        ],
    );
    check("networking.k8s.io/Ingress", &[(json!({}), "current")]);
    check(
        "autoscaling/HorizontalPodAutoscaler",
        &[(
            with_conditions(&[condition("ScalingActive", "False", "x")]),
            "current",
        )],
    );
}

#[test]
fn deployments() {
    let sound = json!({
        "spec": {"replicas": 3, "progressDeadlineSeconds": 600},
        "status": {
            "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 3,
            "conditions": [
                condition("Available", "True", "MinimumReplicasAvailable"),
                condition("Progressing", "True", "NewReplicaSetAvailable"),
            ],
        },
    });
    check(
        "apps/Deployment",
        &[
            (sound.clone(), "current"),
            (
                but(
                    &sound,
                    "/status/conditions/1/reason",
                    json!("ProgressDeadlineExceeded"),
                ),
                "failed: why",
            ),
            (
                but(&sound, "/status/replicas", json!(2)),
                "in progress: 2 of 3 pods are created",
            ),
            (
                but(&sound, "/status/updatedReplicas", json!(1)),
                "in progress: 1 of 3 pods are updated",
            ),
            (
                but(&sound, "/status/replicas", json!(5)),
                "in progress: 2 pods have yet to end",
            ),
            (
                but(&sound, "/status/availableReplicas", json!(1)),
                "in progress: 1 of 3 updated pods are available",
            ),
            (
                but(&sound, "/status/readyReplicas", json!(null)),
                "in progress: 0 of 3 pods are ready",
            ),
            (
                but(&sound, "/status/conditions/1/reason", json!("ReplicaSetUpdated")),
                "in progress: its new pods are not available",
            ),
            (
                but(&sound, "/status/conditions/0/status", json!("False")),
                "in progress: it is not available",
            ),
            (
                but(&sound, "/status/conditions", json!([])),
                "in progress: its new pods are not available",
            ),
            (
                but(
                    &but(&sound, "/status/conditions/1/reason", json!("ReplicaSetUpdated")),
                    "/spec/progressDeadlineSeconds",
                    json!(i32::MAX),
                ),
                "current",
            ),
            (json!({}), "in progress: 0 of 1 pods are created"),
            (
                json!({"spec": {"replicas": 0}, "status": {}}),
                "in progress: it is not available",
            ),
        ],
    );
}

#[test]
fn stateful_sets() {
    let sound = json!({
        "spec": {"replicas": 3, "updateStrategy": {"type": "RollingUpdate"}},
        "status": {
            "replicas": 3, "readyReplicas": 3, "currentReplicas": 3, "updatedReplicas": 3,
            "currentRevision": "a", "updateRevision": "a",
        },
    });
    let partition = |partition: i64, updated: i64| {
        let update = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": partition}});
        but(
            &but(&sound, "/spec/updateStrategy", update),
            "/status/updatedReplicas",
            json!(updated),
        )
    };
    check(
        "apps/StatefulSet",
        &[
            (sound.clone(), "current"),
            (
                json!({"spec": {"updateStrategy": {"type": "OnDelete"}}}),
                "current",
            ),
            (
                but(&sound, "/status/replicas", json!(1)),
                "in progress: 1 of 3 pods are created",
            ),
            (
                but(&sound, "/status/readyReplicas", json!(2)),
                "in progress: 2 of 3 pods are ready",
            ),
            (
                but(&sound, "/status/replicas", json!(4)),
                "in progress: 1 pods have yet to end",
            ),
            (
                but(&sound, "/status/currentReplicas", json!(2)),
                "in progress: 2 of 3 pods are of the current revision",
            ),
            (
                but(&sound, "/status/updateRevision", json!("b")),
                "in progress: its pods are not all of the latest revision",
            ),
            (partition(1, 2), "current"),
            (
                partition(0, 2),
                "in progress: 2 of 3 pods above the partition are updated",
            ),
            (
                but(&partition(2, 1), "/status/updateRevision", json!("b")),
                "current",
            ),
        ],
    );
}

#[test]
fn daemon_and_replica_sets() {
    let sound = json!({
        "metadata": {"generation": 1},
        "status": {
            "observedGeneration": 1, "desiredNumberScheduled": 2, "currentNumberScheduled": 2,
            "updatedNumberScheduled": 2, "numberAvailable": 2, "numberReady": 2,
        },
    });
    check(
        "apps/DaemonSet",
        &[
            (sound.clone(), "current"),
            (json!({}), "in progress: its controller has not seen it yet"),
            (
                but(&sound, "/status/desiredNumberScheduled", json!(null)),
                "in progress: its controller has not counted the nodes yet",
            ),
            (but(&sound, "/status/desiredNumberScheduled", json!(0)), "current"),
            (
                but(&sound, "/status/currentNumberScheduled", json!(1)),
                "in progress: 1 of 2 pods are scheduled",
            ),
            (
                but(&sound, "/status/updatedNumberScheduled", json!(0)),
                "in progress: 0 of 2 pods are updated",
            ),
            (
                but(&sound, "/status/numberAvailable", json!(1)),
                "in progress: 1 of 2 pods are available",
            ),
            (
                but(&sound, "/status/numberReady", json!(1)),
                "in progress: 1 of 2 pods are ready",
            ),
        ],
    );
    let sound = json!({
        "spec": {"replicas": 2},
        "status": {"replicas": 2, "fullyLabeledReplicas": 2, "availableReplicas": 2, "readyReplicas": 2,
                   "conditions": [condition("ReplicaFailure", "False", "x")]},
    });
    check(
        "apps/ReplicaSet",
        &[
            (sound.clone(), "current"),
            (
                but(&sound, "/status/conditions/0/status", json!("True")),
                "in progress: why",
            ),
            (
                but(&sound, "/status/fullyLabeledReplicas", json!(1)),
                "in progress: 1 of 2 pods are labelled",
            ),
            (
                but(&sound, "/status/availableReplicas", json!(1)),
                "in progress: 1 of 2 pods are available",
            ),
            (
                but(&sound, "/status/readyReplicas", json!(1)),
                "in progress: 1 of 2 pods are ready",
            ),
            (
                but(&sound, "/status/replicas", json!(3)),
                "in progress: 1 pods have yet to end",
            ),
        ],
    );
}

#[test]
fn pods() {
    let pending = |created: &str, reason: &str| {
        json!({
            "metadata": {"creationTimestamp": created},
            "status": {"phase": "Pending", "conditions": [condition("PodScheduled", "False", reason)]},
        })
    };
    let running = |ready: &str, waiting: &str| {
        json!({"status": {
            "phase": "Running",
            "conditions": [condition("Ready", ready, "x")],
            "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": waiting}}}],
        }})
    };
    check(
        "Pod",
        &[
            (json!({}), "in progress: it has not been looked at by a scheduler"),
            (json!({"status": {"phase": "Succeeded"}}), "current"),
            (json!({"status": {"phase": "Failed"}}), "current"),
            (running("True", ""), "current"),
            (running("False", ""), "in progress: it runs, and is not ready"),
            (
                running("False", "CrashLoopBackOff"),
                "failed: the container app crashes again and again",
            ),
            (
                json!({"status": {"phase": "Pending"}}),
                "in progress: it is pending",
            ),
            (
                pending("2026-01-01T11:59:50Z", "Unschedulable"),
                "in progress: why",
            ),
            (pending("2026-01-01T11:59:40Z", "Unschedulable"), "failed: why"),
            (
                pending("2026-01-01T11:59:40Z", "SchedulingGated"),
                "in progress: it is pending",
            ),
        ],
    );
}

#[test]
fn jobs_claims_services_and_namespaces() {
    check(
        "batch/Job",
        &[
            (json!({}), "in progress: the job has not ended"),
            (json!({"spec": {"suspend": true}}), "current"),
            (with_conditions(&[condition("Complete", "True", "x")]), "current"),
            (
                with_conditions(&[condition("Failed", "True", "x")]),
                "failed: why",
            ),
            (
                with_conditions(&[condition("Failed", "False", "x")]),
                "in progress: the job has not ended",
            ),
        ],
    );
    check(
        "PersistentVolumeClaim",
        &[
            (json!({"status": {"phase": "Bound"}}), "current"),
            (
                json!({"status": {"phase": "Pending"}}),
                "in progress: its phase is Pending",
            ),
            (json!({}), "in progress: it is not bound to a volume"),
        ],
    );
    check(
        "Service",
        &[
            (json!({"spec": {"type": "ClusterIP"}}), "current"),
            (
                json!({"spec": {"type": "LoadBalancer"}}),
                "in progress: it has no cluster address",
            ),
            (
                json!({"spec": {"type": "LoadBalancer", "clusterIP": "10.0.0.1"}}),
                "current",
            ),
        ],
    );
    check(
        "Namespace",
        &[
            (json!({"status": {"phase": "Active"}}), "current"),
            (
                json!({"status": {"phase": "Terminating"}}),
                "in progress: its phase is Terminating",
            ),
            (json!({}), "current"),
        ],
    );
    for kind in [
        "ConfigMap",
        "Secret",
        "batch/CronJob",
        "policy/PodDisruptionBudget",
    ] {
        check(
            kind,
            &[(with_conditions(&[condition("Ready", "False", "x")]), "current")],
        );
    }
}

#[test]
fn definitions() {
    check(
        "apiextensions.k8s.io/CustomResourceDefinition",
        &[
            (json!({}), "in progress: it is not established"),
            (
                with_conditions(&[condition("Established", "True", "x")]),
                "current",
            ),
            (
                with_conditions(&[condition("Established", "False", "Installing")]),
                "in progress: it is not established",
            ),
            (
                with_conditions(&[condition("Established", "False", "NotAccepted")]),
                "failed: why",
            ),
            (
                with_conditions(&[
                    condition("Established", "True", "x"),
                    condition("NamesAccepted", "False", "x"),
                ]),
                "failed: why",
            ),
        ],
    );
}
