//! A revision from Git to the cluster, and the next ones after it.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::Test;
use crate::project::configmap;
use crate::stage::Bed;

pub(crate) const TESTS: &[Test] = &[(
    "a_configmap_goes_from_git_to_the_cluster",
    a_configmap_goes_from_git_to_the_cluster,
)];

fn a_configmap_goes_from_git_to_the_cluster(bed: &Bed) -> Result<()> {
    let stage = bed.stage("first")?;
    let (repository, revision) =
        stage.git("app", &[("app.kdef", &configmap("settings", "color", "blue"))])?;
    stage.release("app", &json!({}))?;
    let release = stage.applied("app", &revision)?;
    let status = &release["status"];
    ensure!(status["lastAttemptedRevision"] == revision, "{status}");
    ensure!(
        status["observedGeneration"] == release["metadata"]["generation"],
        "{status}"
    );
    ensure!(
        status["inventory"]["entries"]
            == json!([{"id": format!("{}_settings__ConfigMap", stage.namespace), "v": "v1"}]),
        "{status}"
    );
    let settings = stage.get("configmap", "settings")?;
    ensure!(settings["data"] == json!({"color": "blue"}), "{settings}");
    let labels = &settings["metadata"]["labels"];
    ensure!(labels["kdef.gsid.nl/name"] == "app", "{labels}");
    ensure!(labels["kdef.gsid.nl/namespace"] == *stage.namespace, "{labels}");

    let revision = stage.commit(
        "app",
        &repository,
        &[("app.kdef", &configmap("settings", "color", "red"))],
    )?;
    stage.applied("app", &revision)?;
    let settings = stage.get("configmap", "settings")?;
    ensure!(settings["data"] == json!({"color": "red"}), "{settings}");
    Ok(())
}
