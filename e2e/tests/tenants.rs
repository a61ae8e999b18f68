//! Whose rights are used, where objects go, and whose they are.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::Test;
use crate::look::{inventory, set};
use crate::project::configmap;
use crate::stage::{Bed, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_target_namespace_takes_every_namespaced_object",
        a_target_namespace_takes_every_namespaced_object,
    ),
    ("an_account_that_may_applies", an_account_that_may_applies),
    (
        "an_account_that_may_not_is_named_and_nothing_is_applied",
        an_account_that_may_not_is_named_and_nothing_is_applied,
    ),
    (
        "a_release_whose_account_is_gone_leaves_its_objects",
        a_release_whose_account_is_gone_leaves_its_objects,
    ),
    (
        "an_object_of_another_release_is_never_taken",
        an_object_of_another_release_is_never_taken,
    ),
    ("objects_of_nobody_are_adopted", objects_of_nobody_are_adopted),
];

fn a_target_namespace_takes_every_namespaced_object(bed: &Bed) -> Result<()> {
    let stage = bed.stage("target")?;
    let own = format!("{}-own", stage.namespace);
    let root = format!(
        "namespaces = [\"{own}\"]\n\nservice_account \"shop\" {{}}\n\n\
         deployments = {{\n  web = {{ namespace = \"{own}\", service_account = \"shop\" }}\n}}\n"
    );
    let web = "deployment \"web\" {\n  container \"web\" { image = \"registry.example/web:1\" }\n}\n"
        .to_owned()
        + &configmap("web", "color", "blue");
    let (_repository, revision) = stage.git("app", &[("root.kdef", &root), ("web/app.kdef", &web)])?;

    let mut before = None;
    for prefix in ["one", "two"] {
        let target = stage.cluster().create_namespace(prefix)?;
        stage.release("app", &json!({"targetNamespace": target}))?;
        let release = stage.applied("app", &revision)?;
        let ids = ["shop__ServiceAccount", "web__ConfigMap", "web_apps_Deployment"];
        ensure!(
            inventory(&release) == set(ids.map(|id| format!("{target}_{id}"))),
            "{release}"
        );
        ensure!(
            owned(&stage, &target)? == "configmap/web deployment.apps/web serviceaccount/shop",
            "in {target}"
        );
        let args = ["get", "namespace", &own, "--ignore-not-found", "-o", "name"];
        let rendered = stage.cluster().kubectl(&args)?.ok()?;
        ensure!(
            rendered.is_empty(),
            "the rendered Namespace is left out: {rendered}"
        );
        // The next one takes them with it.
        if let Some(before) = before.replace(target) {
            ensure!(owned(&stage, &before)?.is_empty(), "left in {before}");
        }
    }
    Ok(())
}

/// Returns the objects in a namespace that the release `app` owns.
fn owned(stage: &Stage<'_>, namespace: &str) -> Result<String> {
    let labels = format!("kdef.gsid.nl/name=app,kdef.gsid.nl/namespace={}", stage.namespace);
    let kinds = "configmaps,deployments,serviceaccounts";
    let args = ["get", kinds, "-n", namespace, "-l", &labels, "-o", "name"];
    let found = stage.cluster().kubectl(&args)?.ok()?;
    Ok(found.lines().collect::<Vec<_>>().join(" "))
}

fn an_account_that_may_applies(bed: &Bed) -> Result<()> {
    let stage = bed.stage("allowed")?;
    let (repository, revision) = stage.git("app", &[("app.kdef", &configmap("app", "color", "blue"))])?;
    account(&stage, &["configmaps"])?;
    bind(&stage)?;
    stage.release("app", &json!({"serviceAccountName": "tenant"}))?;
    stage.applied("app", &revision)?;
    let applied = stage.get("configmap", "app")?;
    ensure!(applied["data"] == json!({"color": "blue"}), "{applied}");

    let revision = stage.commit(
        "app",
        &repository,
        &[("app.kdef", &configmap("other", "color", "blue"))],
    )?;
    stage.applied("app", &revision)?;
    ensure!(
        stage.owned("configmap", "app")? == set(["other"]),
        "the account prunes too"
    );
    stage.delete("kdefrelease", "app")?;
    ensure!(stage.owned("configmap", "app")?.is_empty(), "and deletes");
    Ok(())
}

fn an_account_that_may_not_is_named_and_nothing_is_applied(bed: &Bed) -> Result<()> {
    let stage = bed.stage("refused")?;
    let files =
        configmap("app", "color", "blue") + "\nsecret \"app\" {\n  data = { password = \"hunter2\" }\n}\n";
    let (_repository, revision) = stage.git("app", &[("app.kdef", &files)])?;
    account(&stage, &["configmaps"])?;
    stage.release("app", &json!({"serviceAccountName": "tenant"}))?;
    let namespace = &stage.namespace;
    let refusal = |line: u32, kind: &str, resource: &str| {
        format!(
            "app.kdef:{line}:1: {kind}/{namespace}/app dry-run failed (Forbidden): {resource} \"app\" is forbidden: \
             User \"system:serviceaccount:{namespace}:tenant\" cannot patch resource \"{resource}\" in API group \"\" \
             in the namespace \"{namespace}\""
        )
    };
    let (config_map, secret) = (
        refusal(1, "ConfigMap", "configmaps"),
        refusal(5, "Secret", "secrets"),
    );
    stage.refused("app", "ReconciliationFailed", &format!("{config_map}\n{secret}"))?;

    bind(&stage)?;
    stage.refused("app", "ReconciliationFailed", &secret)?;
    ensure!(
        !stage.exists("configmap", "app")?,
        "nothing is applied, not even what the account may"
    );

    account(&stage, &["configmaps", "secrets"])?;
    stage.applied("app", &revision)?;
    ensure!(
        stage.exists("configmap", "app")? && stage.exists("secret", "app")?,
        "all is applied"
    );
    Ok(())
}

fn a_release_whose_account_is_gone_leaves_its_objects(bed: &Bed) -> Result<()> {
    let stage = bed.stage("gone")?;
    let (_repository, revision) = stage.git("app", &[("app.kdef", &configmap("app", "color", "blue"))])?;
    account(&stage, &["configmaps"])?;
    bind(&stage)?;
    stage.release("app", &json!({"serviceAccountName": "tenant"}))?;
    stage.applied("app", &revision)?;
    stage.delete("serviceaccount", "tenant")?;
    stage.delete("kdefrelease", "app")?;
    ensure!(
        stage.owned("configmap", "app")? == set(["app"]),
        "nobody is left who may delete it"
    );
    stage.event("app", ["Warning", "PruneFailed"], |text| {
        text == format!(
            "the ServiceAccount tenant does not exist any more, so that these objects cannot be deleted and are left \
             behind:\nConfigMap/{}/app",
            stage.namespace
        )
    })?;
    Ok(())
}

/// Makes the ServiceAccount `tenant`, and lets the Role `tenant` do everything with these resources.
fn account(stage: &Stage<'_>, resources: &[&str]) -> Result<()> {
    let metadata = json!({"name": "tenant", "namespace": stage.namespace});
    stage.apply(&json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}))?;
    stage.apply(&json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata,
        "rules": [{"apiGroups": [""], "resources": resources, "verbs": ["*"]}],
    }))
}

/// Gives the ServiceAccount `tenant` what the Role `tenant` allows.
fn bind(stage: &Stage<'_>) -> Result<()> {
    stage.apply(&json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": {"name": "tenant", "namespace": stage.namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "tenant"},
        "subjects": [{"kind": "ServiceAccount", "name": "tenant", "namespace": stage.namespace}],
    }))
}

fn an_object_of_another_release_is_never_taken(bed: &Bed) -> Result<()> {
    let stage = bed.stage("conflict")?;
    let namespace = &stage.namespace;
    let first = configmap("shared", "color", "blue");
    let second = configmap("second", "a", "b") + &configmap("shared", "color", "red");
    let (_repository, revision) =
        stage.git("app", &[("first/app.kdef", &first), ("second/app.kdef", &second)])?;
    stage.release("first", &json!({"path": "first"}))?;
    stage.applied("first", &revision)?;
    stage.release("second", &json!({"path": "second"}))?;
    let message = format!(
        "second/app.kdef:4:1: ConfigMap/{namespace}/shared: it belongs to the release {namespace}/first, and \
         {namespace}/second takes no object of another release; rename it in one of the two, or remove it from \
         {namespace}/first"
    );
    stage.refused("second", "OwnershipConflict", &message)?;
    ensure!(
        stage.owned("configmap", "second")?.is_empty(),
        "nothing of the pass is written"
    );
    ensure!(
        stage.owned("configmap", "first")? == set(["shared"]),
        "the first one keeps it"
    );
    let color = |wanted: &str| {
        let shared = stage.get("configmap", "shared")?;
        ensure!(shared["data"]["color"] == wanted, "{shared}");
        Ok(())
    };
    color("blue")?;

    stage.delete("kdefrelease", "first")?;
    stage.applied("second", &revision)?;
    ensure!(
        stage.owned("configmap", "second")? == set(["second", "shared"]),
        "it is free now"
    );
    color("red")
}

fn objects_of_nobody_are_adopted(bed: &Bed) -> Result<()> {
    let stage = bed.stage("adopt")?;
    let ghost = json!({"kdef.gsid.nl/name": "ghost", "kdef.gsid.nl/namespace": stage.namespace});
    for (name, labels) in [("by-hand", json!({"team": "shop"})), ("orphan", ghost)] {
        stage.apply(&json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": stage.namespace, "labels": labels},
            "data": {"color": "red", "size": "large"},
        }))?;
    }
    let files = configmap("by-hand", "color", "blue") + &configmap("orphan", "color", "blue");
    let (_repository, revision) = stage.git("app", &[("app.kdef", &files)])?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &revision)?;
    ensure!(
        stage.owned("configmap", "app")? == set(["by-hand", "orphan"]),
        "both are adopted"
    );
    for name in ["by-hand", "orphan"] {
        let adopted = stage.get("configmap", name)?;
        ensure!(
            adopted["data"] == json!({"color": "blue", "size": "large"}),
            "{adopted}"
        );
    }
    let team = &stage.get("configmap", "by-hand")?["metadata"]["labels"]["team"];
    ensure!(team == "shop", "labels of others stay");
    stage.delete("kdefrelease", "app")?;
    ensure!(
        stage.owned("configmap", "app")?.is_empty(),
        "they go with the release"
    );
    Ok(())
}
