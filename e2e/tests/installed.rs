//! The controller with exactly the rights that the chart gives it, once helm has installed it.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testbed::Cluster;

use crate::Test;
use crate::chart::{NAME, NAMESPACE, arguments, chart, template, to_json};
use crate::look::set;
use crate::project::configmap;
use crate::stage::{Bed, PATIENCE, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "as_installed_by_default_a_release_is_applied",
        as_installed_by_default_a_release_is_applied,
    ),
    (
        "without_cluster_admin_rights_come_from_accounts",
        without_cluster_admin_rights_come_from_accounts,
    ),
    (
        "without_cluster_admin_the_rights_are_the_least",
        without_cluster_admin_the_rights_are_the_least,
    ),
    (
        "one_namespace_needs_no_rights_outside",
        one_namespace_needs_no_rights_outside,
    ),
];

fn as_installed_by_default_a_release_is_applied(bed: &Bed) -> Result<()> {
    let stage = bed.stage_by("installed", &[], |_| {
        let chart = chart();
        // Where the definition was applied by hand before, helm takes it over.
        let args = [
            "install",
            NAME,
            &chart,
            "--namespace",
            NAMESPACE,
            "--take-ownership",
        ];
        bed.cluster.helm(&args)?.ok()?;
        bed.cluster.kubeconfig_for_service_account(NAMESPACE, NAME)
    })?;
    references_values_are_kept(&bed.cluster)?;
    let project = configmap("settings", "color", "blue")
        + "deployment \"web\" {\n  container \"web\" { image = \"web:1\" }\n}\n";
    let (_, revision) = stage.git("app", &[("app.kdef", &project)])?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &revision)?;
    ensure!(stage.owned("configmaps,deployments", "app")? == set(["settings", "web"]));
    stage.delete("kdefrelease", "app")?;
    ensure!(!stage.exists("configmap", "settings")?);
    is_never_forbidden(&stage)?;
    // kwok stands in for the kubelet: the Deployment's pods are scheduled and made ready, whatever their image.
    let deployment = format!("deployment/{NAME}");
    let patience = format!("--timeout={}s", PATIENCE.as_secs());
    let wait = [
        "wait",
        "--for=condition=Available",
        &deployment,
        "-n",
        NAMESPACE,
        &patience,
    ];
    bed.cluster.kubectl(&wait)?.ok()?;
    Ok(())
}

/// Checks the values that users of the reference set, and their defaults. The memory limit is larger: artifacts are held
/// in memory.
fn references_values_are_kept(cluster: &Cluster) -> Result<()> {
    let args = ["get", "values", NAME, "-n", NAMESPACE, "--all", "-o", "json"];
    let values: Value = serde_json::from_str(&cluster.helm(&args)?.ok()?)?;
    let kept = [
        ("/image/repository", json!("ghcr.io/gsid-nl/kdef-controller")),
        ("/image/tag", json!("")),
        ("/image/pullPolicy", json!("IfNotPresent")),
        ("/replicas", json!(1)),
        ("/resources/limits", json!({"cpu": "500m", "memory": "512Mi"})),
        ("/resources/requests", json!({"cpu": "100m", "memory": "64Mi"})),
        ("/serviceAccount/create", json!(true)),
        ("/serviceAccount/name", json!("kdef-controller")),
        ("/nodeSelector", json!({})),
        ("/tolerations", json!([])),
        ("/affinity", json!({})),
    ];
    for (path, value) in kept {
        ensure!(values.pointer(path) == Some(&value), "{path} in {values}");
    }
    Ok(())
}

/// Checks that the controller had every right that it asked for.
fn is_never_forbidden(stage: &Stage<'_>) -> Result<()> {
    let log = stage.with_controller(|controller| controller.log())?;
    let lines: Vec<&str> = log.lines().filter(|line| is_denial(line)).collect();
    ensure!(lines.is_empty(), "{}", lines.join("\n"));
    Ok(())
}

fn is_denial(line: &str) -> bool {
    line.to_lowercase().contains("forbidden")
}

/// Installs the chart into the namespace, without what the cluster has already, and returns a kubeconfig of its account.
fn install(cluster: &Cluster, namespace: &str, flags: &[&str]) -> Result<PathBuf> {
    let chart = chart();
    let args = [
        "install",
        "tenants",
        &chart,
        "--namespace",
        namespace,
        "--set=crds.install=false",
    ];
    cluster.helm(&[&args, flags].concat())?.ok()?;
    cluster.kubeconfig_for_service_account(namespace, NAME)
}

/// Makes the account `deployer` with the rights of the role `edit` in its namespace.
fn deployer(stage: &Stage<'_>) -> Result<()> {
    let metadata = json!({"name": "deployer", "namespace": stage.namespace});
    stage.apply(&json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}))?;
    stage.apply(&json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
        "subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": stage.namespace}],
    }))
}

/// Applies a release as `deployer`, with values from a ConfigMap and a Secret, and deletes it; then another whose
/// account goes before it does.
fn tenants_are_served(stage: &Stage<'_>) -> Result<()> {
    deployer(stage)?;
    let app = "configmap \"settings\" {\n  data = { color = var.color }\n}\n";
    let files = [
        ("app.kdef", app),
        ("vars.kdef", "variable \"color\" {\n  type = \"string\"\n}\n"),
        ("other/app.kdef", "configmap \"other\" {}\n"),
    ];
    let (_, revision) = stage.git("app", &files)?;
    for (kind, data) in [("ConfigMap", "data"), ("Secret", "stringData")] {
        stage.apply(&json!({
            "apiVersion": "v1",
            "kind": kind,
            "metadata": {"name": "values", "namespace": stage.namespace},
            data: {"values.json": "{\"color\": \"blue\"}"},
        }))?;
    }
    for kind in ["ConfigMap", "Secret"] {
        let values = json!({"kind": kind, "name": "values"});
        stage.release(
            "app",
            &json!({"serviceAccountName": "deployer", "valuesFrom": values}),
        )?;
        stage.applied("app", &revision)?;
    }
    stage.event("app", ["Normal", "ReconciliationSucceeded"], |text| {
        text.contains(&revision)
    })?;
    stage.delete("kdefrelease", "app")?;
    ensure!(!stage.exists("configmap", "settings")?);

    stage.release(
        "other",
        &json!({"serviceAccountName": "deployer", "path": "other"}),
    )?;
    stage.applied("other", &revision)?;
    stage.delete("serviceaccount", "deployer")?;
    stage.delete("kdefrelease", "other")?;
    ensure!(stage.exists("configmap", "other")?);
    is_never_forbidden(stage)
}

fn without_cluster_admin_rights_come_from_accounts(bed: &Bed) -> Result<()> {
    let flags = ["--set=rbac.clusterAdmin=false"];
    let stage = bed.stage_by("least", &[], |namespace| install(&bed.cluster, namespace, &flags))?;
    tenants_are_served(&stage)?;

    stage.release("own", &json!({"path": "other"}))?;
    let namespace = &stage.namespace;
    let message = format!(
        "other/app.kdef:1:1: ConfigMap/{namespace}/other dry-run failed (Forbidden): configmaps \"other\" is \
         forbidden: User \"system:serviceaccount:{namespace}:{NAME}\" cannot patch resource \"configmaps\" in API \
         group \"\" in the namespace \"{namespace}\""
    );
    stage.refused("own", "ReconciliationFailed", &message)?;
    Ok(())
}

/// What the controller itself may do in every namespace without cluster-admin.
const GRANTED: &[&str] = &[
    "list kdefreleases.kdef.gsid.nl",
    "watch kdefreleases.kdef.gsid.nl",
    "patch kdefreleases.kdef.gsid.nl",
    "patch kdefreleases.kdef.gsid.nl --subresource=status",
    "watch gitrepositories.source.toolkit.fluxcd.io",
    "watch ocirepositories.source.toolkit.fluxcd.io",
    "watch buckets.source.toolkit.fluxcd.io",
    "watch externalartifacts.source.toolkit.fluxcd.io",
    "get configmaps",
    "get secrets",
    "get serviceaccounts",
    "create events",
    "impersonate serviceaccounts",
];

/// What it must not.
const DENIED: &[&str] = &[
    "list secrets",
    "create configmaps",
    "patch deployments.apps",
    "delete kdefreleases.kdef.gsid.nl",
    "patch gitrepositories.source.toolkit.fluxcd.io",
    "impersonate users",
    "impersonate groups",
    "create serviceaccounts --subresource=token",
    "bind clusterroles.rbac.authorization.k8s.io",
];

fn without_cluster_admin_the_rights_are_the_least(bed: &Bed) -> Result<()> {
    let namespace = bed.cluster.create_namespace("rights")?;
    install(&bed.cluster, &namespace, &["--set=rbac.clusterAdmin=false"])?;
    let account = format!("--as=system:serviceaccount:{namespace}:{NAME}");
    let may = |question: &str| -> Result<bool> {
        let args = [
            &["auth", "can-i", "--all-namespaces", &account],
            question.split(' ').collect::<Vec<_>>().as_slice(),
        ]
        .concat();
        Ok(bed.cluster.kubectl(&args)?.stdout.trim() == "yes")
    };
    for granted in GRANTED {
        ensure!(may(granted)?, "{granted}");
    }
    for denied in DENIED {
        ensure!(!may(denied)?, "{denied}");
    }
    Ok(())
}

fn one_namespace_needs_no_rights_outside(bed: &Bed) -> Result<()> {
    let flags = [
        "--set=watchAllNamespaces=false",
        "--set=rbac.clusterAdmin=false",
        "--set=rbac.aggregate=false",
    ];
    let cluster = &bed.cluster;
    let objects = to_json(cluster, &template(cluster, &flags)?)?;
    let kinds = objects
        .iter()
        .map(|object| object["kind"].as_str().unwrap_or_default());
    let expected = [
        "CustomResourceDefinition",
        "Deployment",
        "Role",
        "RoleBinding",
        "ServiceAccount",
    ];
    ensure!(set(kinds) == set(expected));

    // The arguments of the Deployment, but for the ports, which other tests' controllers would want too.
    let args: Vec<String> = arguments(cluster, &flags)?
        .into_iter()
        .filter(|arg| !arg.contains("-addr="))
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let stage = bed.stage_by("one", &args, |namespace| install(cluster, namespace, &flags))?;
    tenants_are_served(&stage)
}
