//! Where artifacts come from: every kind of source, in every namespace, followed without waiting for an interval.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testbed::{Answer, Artifact, SourceKind, archive_of_files};

use crate::Test;
use crate::project::configmap;
use crate::stage::{Bed, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "every_kind_of_source_is_followed",
        every_kind_of_source_is_followed,
    ),
    ("a_source_is_waited_for", a_source_is_waited_for),
    (
        "a_source_of_another_namespace_is_followed",
        a_source_of_another_namespace_is_followed,
    ),
    ("a_source_out_of_reach_is_told", a_source_out_of_reach_is_told),
];

const KINDS: [SourceKind; 4] = [
    SourceKind::GitRepository,
    SourceKind::OciRepository,
    SourceKind::Bucket,
    SourceKind::ExternalArtifact,
];

fn every_kind_of_source_is_followed(bed: &Bed) -> Result<()> {
    let stage = bed.stage("kinds")?;
    let publish_all = |color| {
        KINDS
            .iter()
            .try_for_each(|kind| publish(&stage, *kind, &stage.namespace, color))
    };
    let name = |kind: SourceKind| kind.as_str().to_lowercase();
    publish_all("blue")?;
    for kind in KINDS {
        let source = json!({"kind": kind.as_str(), "name": "app"});
        // Nothing but the source's own change tells of a new revision within the hour.
        stage.release(
            &name(kind),
            &json!({"sourceRef": source, "interval": "1h", "set": {"name": name(kind)}}),
        )?;
    }
    for color in ["blue", "red"] {
        publish_all(color)?;
        for kind in KINDS {
            stage.applied(&name(kind), &revision(kind, color))?;
            let applied = stage.get("configmap", &name(kind))?;
            ensure!(applied["data"] == json!({"color": color}), "{applied}");
        }
    }
    Ok(())
}

/// Returns a revision in the form that the kind has.
fn revision(kind: SourceKind, color: &str) -> String {
    let digest = testbed::digest(color.as_bytes());
    match kind {
        SourceKind::GitRepository => format!("main@sha1:{}", &digest["sha256:".len()..][..40]),
        SourceKind::OciRepository => format!("latest@{digest}"),
        SourceKind::Bucket => digest,
        SourceKind::ExternalArtifact => format!("{color}@{digest}"),
    }
}

/// Makes the source `app` of a kind offer a project with a ConfigMap of this color; the variable `name` is its name.
fn publish(stage: &Stage<'_>, kind: SourceKind, namespace: &str, color: &str) -> Result<()> {
    let project = [
        (
            "vars.kdef",
            "variable \"name\" {\n  type    = \"string\"\n  default = \"app\"\n}\n",
        ),
        ("app.kdef", &configmap("${var.name}", "color", color)),
    ];
    let archive = archive_of_files(&project)?;
    let path = format!("{namespace}/{}/{color}.tar.gz", kind.as_str());
    let url = stage
        .cluster()
        .artifacts()
        .serve(&path, Answer::Bytes(archive.clone()));
    let artifact = Artifact::of(&url, &revision(kind, color), &archive);
    stage.cluster().publish(kind, namespace, "app", &artifact)
}

fn a_source_is_waited_for(bed: &Bed) -> Result<()> {
    let stage = bed.stage("absent")?;
    let namespace = &stage.namespace;
    let kind = SourceKind::Bucket;
    stage.release("app", &json!({"sourceRef": {"kind": "Bucket", "name": "app"}}))?;
    stage.refused(
        "app",
        "ArtifactFailed",
        &format!("Bucket/{namespace}/app does not exist"),
    )?;
    ensure!(
        inventory_is_empty(&stage.get("kdefrelease", "app")?),
        "nothing is owned"
    );

    stage.apply(&json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "Bucket",
        "metadata": {"name": "app", "namespace": namespace},
        "spec": {"endpoint": "bucket.invalid", "bucketName": "none", "interval": "1h", "suspend": true},
    }))?;
    stage.refused(
        "app",
        "ArtifactFailed",
        &format!("Bucket/{namespace}/app has no artifact yet"),
    )?;

    publish(&stage, kind, namespace, "blue")?;
    stage.applied("app", &revision(kind, "blue"))?;
    let applied = stage.get("configmap", "app")?;
    ensure!(applied["data"] == json!({"color": "blue"}), "{applied}");
    Ok(())
}

fn inventory_is_empty(release: &Value) -> bool {
    release["status"]["inventory"]["entries"]
        .as_array()
        .is_none_or(Vec::is_empty)
}

fn a_source_of_another_namespace_is_followed(bed: &Bed) -> Result<()> {
    let stage = reader_of_all(bed)?;
    let elsewhere = bed.cluster.create_namespace("elsewhere")?;
    let kind = SourceKind::OciRepository;
    // One of the same name in the release's own namespace is not meant.
    publish(&stage, kind, &stage.namespace, "green")?;
    publish(&stage, kind, &elsewhere, "blue")?;
    stage.release(
        "app",
        &json!({"sourceRef": {"kind": kind.as_str(), "name": "app", "namespace": elsewhere}}),
    )?;
    for color in ["blue", "red"] {
        publish(&stage, kind, &elsewhere, color)?;
        stage.applied("app", &revision(kind, color))?;
        let applied = stage.get("configmap", "app")?;
        ensure!(applied["data"] == json!({"color": color}), "{applied}");
    }
    Ok(())
}

/// Sets a stage whose controller watches every namespace, but may write in the stage's own alone: other tests do not
/// notice it.
fn reader_of_all(bed: &Bed) -> Result<Stage<'_>> {
    bed.stage_as("reader", &["--watch-all-namespaces=true"], |namespace| {
        let metadata = json!({"name": "reader", "namespace": namespace});
        let subjects = json!([{"kind": "ServiceAccount", "name": "reader", "namespace": namespace}]);
        let group = "rbac.authorization.k8s.io";
        let version = format!("{group}/v1");
        let reads = json!([
            {"apiGroups": ["kdef.gsid.nl"], "resources": ["kdefreleases"], "verbs": ["get", "list", "watch"]},
            {"apiGroups": ["source.toolkit.fluxcd.io"], "resources": ["*"], "verbs": ["get", "list", "watch"]},
        ]);
        json!({"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
            {"apiVersion": version, "kind": "ClusterRole", "metadata": {"name": namespace}, "rules": reads},
            {"apiVersion": version, "kind": "ClusterRoleBinding", "metadata": {"name": namespace}, "subjects": subjects,
             "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": namespace}},
            {"apiVersion": version, "kind": "RoleBinding", "metadata": metadata, "subjects": subjects,
             "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"}},
        ]})
    })
}

fn a_source_out_of_reach_is_told(bed: &Bed) -> Result<()> {
    let stage = bed.stage("reach")?;
    let source = json!({"kind": "GitRepository", "name": "app", "namespace": "elsewhere"});
    stage.release("app", &json!({"sourceRef": source}))?;
    stage.refused(
        "app",
        "ArtifactFailed",
        &format!(
            "GitRepository/elsewhere/app is out of reach: the controller watches the namespace {} alone",
            stage.namespace
        ),
    )?;
    Ok(())
}
