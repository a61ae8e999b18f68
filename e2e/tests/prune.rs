//! What is deleted, and what is not: objects that left the render, and those of a release that is deleted.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::Test;
use crate::look::{inventory, set, types};
use crate::project::{annotated, configmap};
use crate::stage::Bed;

pub(crate) const TESTS: &[Test] = &[
    (
        "what_leaves_the_render_is_pruned_where_asked",
        what_leaves_the_render_is_pruned_where_asked,
    ),
    ("only_own_objects_are_pruned", only_own_objects_are_pruned),
    ("an_empty_render_prunes_nothing", an_empty_render_prunes_nothing),
    (
        "deleting_a_release_deletes_its_objects_where_asked",
        deleting_a_release_deletes_its_objects_where_asked,
    ),
];

fn what_leaves_the_render_is_pruned_where_asked(bed: &Bed) -> Result<()> {
    let stage = bed.stage("prune")?;
    let object = |name: &str| configmap(name, "a", "b");
    let both = |name: &str| object(&format!("{name}-stays")) + &object(&format!("{name}-leaves"));
    let (pruning, keeping) = (both("pruning"), both("keeping"));
    let (repository, revision) = stage.git(
        "app",
        &[("pruning/app.kdef", &pruning), ("keeping/app.kdef", &keeping)],
    )?;
    stage.release("pruning", &json!({"path": "pruning"}))?;
    stage.release("keeping", &json!({"path": "keeping", "prune": false}))?;
    stage.applied("pruning", &revision)?;
    stage.applied("keeping", &revision)?;

    let (pruning, keeping) = (object("pruning-stays"), object("keeping-stays"));
    let files = [
        ("pruning/app.kdef", pruning.as_str()),
        ("keeping/app.kdef", &keeping),
    ];
    let revision = stage.commit("app", &repository, &files)?;
    for (name, left) in [
        ("pruning", set(["pruning-stays"])),
        ("keeping", set(["keeping-stays", "keeping-leaves"])),
    ] {
        let release = stage.applied(name, &revision)?;
        let id = format!("{}_{name}-stays__ConfigMap", stage.namespace);
        ensure!(inventory(&release) == set([id]), "{release}");
        ensure!(stage.owned("configmap", name)? == left, "what is left of {name}");
    }
    let deleted = format!("ConfigMap/{}/pruning-leaves deleted", stage.namespace);
    stage.event("pruning", ["Normal", "ReconciliationSucceeded"], |text| {
        text == format!("Applied revision: {revision}\n{deleted}")
    })?;
    Ok(())
}

fn only_own_objects_are_pruned(bed: &Bed) -> Result<()> {
    let stage = bed.stage("own")?;
    let leaving = ["own", "given", "freed"]
        .map(|name| configmap(name, "a", "b"))
        .concat();
    let kept = annotated("kept", "kdef.gsid.nl/prune: disabled");
    let (repository, revision) = stage.git(
        "app",
        &[("app.kdef", &(configmap("stays", "a", "b") + &leaving + &kept))],
    )?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &revision)?;
    // Somebody hands one of them to another release, and takes one out of every release.
    stage.label("configmap", "given", &["kdef.gsid.nl/name=other"])?;
    stage.label(
        "configmap",
        "freed",
        &["kdef.gsid.nl/name-", "kdef.gsid.nl/namespace-"],
    )?;

    let revision = stage.commit("app", &repository, &[("app.kdef", &configmap("stays", "a", "b"))])?;
    let release = stage.applied("app", &revision)?;
    ensure!(
        inventory(&release) == set([format!("{}_stays__ConfigMap", stage.namespace)]),
        "{release}"
    );
    let left =
        ["stays", "own", "given", "freed", "kept"].map(|name| Ok((name, stage.exists("configmap", name)?)));
    let left = left.into_iter().collect::<Result<Vec<_>>>()?;
    let expected = [
        ("stays", true),
        ("own", false),
        ("given", true),
        ("freed", true),
        ("kept", true),
    ];
    ensure!(left == expected, "{left:?}");
    Ok(())
}

fn an_empty_render_prunes_nothing(bed: &Bed) -> Result<()> {
    let stage = bed.stage("empty")?;
    let both = configmap("a", "a", "b") + &configmap("b", "a", "b");
    let emptied = format!("if {{\n  condition = kdef.env == \"production\"\n{both}}}\n");
    let (repository, full) = stage.git("app", &[("app.kdef", &both)])?;
    stage.release("app", &json!({}))?;
    stage.applied("app", &full)?;

    let empty = stage.commit("app", &repository, &[("app.kdef", &emptied)])?;
    let release = stage.refused(
        "app",
        "PruneBlocked",
        "an empty render deletes nothing: it holds no object but Namespaces and ServiceAccounts, while the release owns \
         2 others; delete the release to delete them",
    )?;
    let status = &release["status"];
    ensure!(
        status["lastAppliedRevision"] == full && status["lastAttemptedRevision"] == empty,
        "{status}"
    );
    ensure!(types(&release) == ["Stalled", "Ready"], "{status}");
    ensure!(
        stage.owned("configmap", "app")? == set(["a", "b"]),
        "nothing is deleted"
    );

    let revision = stage.commit("app", &repository, &[("app.kdef", &configmap("a", "a", "b"))])?;
    let release = stage.applied("app", &revision)?;
    ensure!(types(&release) == ["Ready"], "{release}");
    ensure!(
        stage.owned("configmap", "app")? == set(["a"]),
        "the next revision that holds something prunes"
    );
    Ok(())
}

fn deleting_a_release_deletes_its_objects_where_asked(bed: &Bed) -> Result<()> {
    let stage = bed.stage("delete")?;
    let kept = annotated("pruning-kept", "kdef.gsid.nl/prune: disabled");
    let (_repository, revision) = stage.git(
        "app",
        &[
            ("pruning/app.kdef", &(configmap("pruning", "a", "b") + &kept)),
            ("keeping/app.kdef", &configmap("keeping", "a", "b")),
            ("suspended/app.kdef", &configmap("suspended", "a", "b")),
        ],
    )?;
    stage.release("pruning", &json!({"path": "pruning"}))?;
    stage.release("keeping", &json!({"path": "keeping", "prune": false}))?;
    stage.release("suspended", &json!({"path": "suspended"}))?;
    for name in ["pruning", "keeping", "suspended"] {
        let release = stage.applied(name, &revision)?;
        let finalizers = &release["metadata"]["finalizers"];
        ensure!(*finalizers == json!(["kdef.gsid.nl/finalizer"]), "{finalizers}");
    }
    stage.release("suspended", &json!({"path": "suspended", "suspend": true}))?;

    for (name, left) in [
        ("pruning", set(["pruning-kept"])),
        ("keeping", set(["keeping"])),
        ("suspended", set(["suspended"])),
    ] {
        // It returns when the finalizer is gone, and the release with it.
        stage.delete("kdefrelease", name)?;
        ensure!(stage.owned("configmap", name)? == left, "what is left of {name}");
    }
    Ok(())
}
