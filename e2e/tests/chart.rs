//! The chart as helm renders it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testbed::Cluster;

use crate::Test;
use crate::stage::{Bed, repository_root};

pub(crate) const TESTS: &[Test] = &[
    (
        "the_crd_is_rendered_as_it_is_generated",
        the_crd_is_rendered_as_it_is_generated,
    ),
    (
        "the_controller_takes_the_arguments_of_the_deployment",
        the_controller_takes_the_arguments_of_the_deployment,
    ),
    (
        "every_value_reaches_the_deployment",
        every_value_reaches_the_deployment,
    ),
    (
        "what_is_rendered_stands_a_strict_dry_run",
        what_is_rendered_stands_a_strict_dry_run,
    ),
];

/// The chart's ServiceAccount, its program, and the name that the documents give its installation.
pub(crate) const NAME: &str = "kdef-controller";
/// The namespace that the documents install it into.
pub(crate) const NAMESPACE: &str = "flux-system";

/// Every value of the chart, each other than its default.
const EVERY_VALUE: &[&str] = &[
    "--set=image.repository=registry.example/kdef",
    "--set=image.tag=1.2.3",
    "--set=image.pullPolicy=Always",
    "--set=imagePullSecrets[0].name=registry",
    "--set=replicas=2",
    "--set=resources.limits.cpu=1",
    "--set=serviceAccount.name=deployer",
    "--set-string=serviceAccount.annotations.a=b",
    "--set=rbac.clusterAdmin=false",
    "--set=rbac.aggregate=false",
    "--set=watchAllNamespaces=false",
    "--set=defaultServiceAccount=reconciler",
    "--set=concurrent=8",
    "--set=logLevel=debug",
    "--set=extraArgs[0]=--artifact-max-size=1Mi",
    "--set=extraEnv[0].name=KDEF_HTTP_RETRY",
    "--set-string=extraEnv[0].value=3",
    "--set-string=podLabels.team=a",
    "--set-string=podAnnotations.note=b",
    "--set=priorityClassName=system-cluster-critical",
    "--set-string=nodeSelector.disk=ssd",
    "--set=tolerations[0].operator=Exists",
    "--set=affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].\
     matchExpressions[0].key=disk",
    "--set=affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].\
     matchExpressions[0].operator=Exists",
];

/// Returns the path of the chart.
pub(crate) fn chart() -> String {
    repository_root()
        .join("flux-controller/chart")
        .display()
        .to_string()
}

/// Returns the YAML that `helm template` makes of the chart.
pub(crate) fn template(cluster: &Cluster, flags: &[&str]) -> Result<String> {
    let chart = chart();
    let args = [&["template", NAME, &chart, "-n", NAMESPACE], flags].concat();
    cluster.helm(&args)?.ok()
}

/// Reads YAML documents as kubectl reads them.
pub(crate) fn to_json(cluster: &Cluster, yaml: &str) -> Result<Vec<Value>> {
    let args = ["create", "--dry-run=client", "-o", "json", "-f", "-"];
    let json = cluster.kubectl_stdin(&args, yaml)?.ok()?;
    let documents = serde_json::Deserializer::from_str(&json).into_iter();
    Ok(documents.collect::<Result<_, _>>()?)
}

/// Returns the only object of a kind.
pub(crate) fn only<'a>(objects: &'a [Value], kind: &str) -> Result<&'a Value> {
    let mut found = objects.iter().filter(|object| object["kind"] == kind);
    let object = found.next().with_context(|| format!("no {kind}"))?;
    ensure!(found.next().is_none(), "more than one {kind}");
    Ok(object)
}

fn the_crd_is_rendered_as_it_is_generated(bed: &Bed) -> Result<()> {
    let cluster = &bed.cluster;
    let file = format!("{}/files/kdefreleases.yaml", chart());
    let generated = to_json(cluster, &std::fs::read_to_string(file)?)?;
    let mut kept = generated[0].clone();
    kept["metadata"]["annotations"] = json!({"helm.sh/resource-policy": "keep"});
    let crd = "CustomResourceDefinition";
    let rendered = |flags: &[&str]| to_json(cluster, &template(cluster, flags)?);
    ensure!(*only(&rendered(&[])?, crd)? == kept);
    ensure!(*only(&rendered(&["--set=crds.keep=false"])?, crd)? == generated[0]);
    ensure!(only(&rendered(&["--set=crds.install=false"])?, crd).is_err());
    Ok(())
}

fn the_controller_takes_the_arguments_of_the_deployment(bed: &Bed) -> Result<()> {
    for flags in [&[], EVERY_VALUE] {
        let args = arguments(&bed.cluster, flags)?;
        // Without a cluster it fails, but not before it has looked at its arguments.
        let output = Command::new(bed.program(NAME))
            .args(&args)
            .env_clear()
            .env("KUBECONFIG", "/nonexistent")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            said.starts_with("Error: no cluster is configured: "),
            "{args:?}: {said}"
        );
        ensure!(output.status.code() == Some(1), "{args:?}: {}", output.status);
    }
    Ok(())
}

/// Returns the arguments of the container in the rendered Deployment.
pub(crate) fn arguments(cluster: &Cluster, flags: &[&str]) -> Result<Vec<String>> {
    let objects = to_json(cluster, &template(cluster, flags)?)?;
    let deployment = only(&objects, "Deployment")?;
    let args = deployment["spec"]["template"]["spec"]["containers"][0]["args"].clone();
    Ok(serde_json::from_value(args)?)
}

fn what_is_rendered_stands_a_strict_dry_run(bed: &Bed) -> Result<()> {
    for flags in [&[], EVERY_VALUE] {
        let rendered = template(&bed.cluster, flags)?;
        // The definition is there already, by another manager.
        let args = [
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "--validate=strict",
            "-f",
            "-",
        ];
        bed.cluster.kubectl_stdin(&args, &rendered)?.ok()?;
    }
    Ok(())
}

/// The arguments that come of these values.
const ARGUMENTS: [&str; 7] = [
    "--metrics-addr=:8080",
    "--health-addr=:8081",
    "--watch-all-namespaces=false",
    "--concurrent=8",
    "--log-level=debug",
    "--default-service-account=reconciler",
    "--artifact-max-size=1Mi",
];

fn every_value_reaches_the_deployment(bed: &Bed) -> Result<()> {
    let objects = to_json(&bed.cluster, &template(&bed.cluster, EVERY_VALUE)?)?;
    let deployment = &only(&objects, "Deployment")?["spec"];
    let account = &only(&objects, "ServiceAccount")?["metadata"];
    let (metadata, pod) = (
        &deployment["template"]["metadata"],
        &deployment["template"]["spec"],
    );
    let container = &pod["containers"][0];
    let expected = [
        (&deployment["replicas"], json!(2)),
        (&metadata["labels"]["team"], json!("a")),
        (&metadata["annotations"], json!({"note": "b"})),
        (&account["name"], json!("deployer")),
        (&account["annotations"], json!({"a": "b"})),
        (&pod["serviceAccountName"], json!("deployer")),
        (&pod["imagePullSecrets"], json!([{"name": "registry"}])),
        (&pod["priorityClassName"], json!("system-cluster-critical")),
        (&pod["nodeSelector"], json!({"disk": "ssd"})),
        (&pod["tolerations"], json!([{"operator": "Exists"}])),
        (&container["image"], json!("registry.example/kdef:1.2.3")),
        (&container["imagePullPolicy"], json!("Always")),
        (&container["resources"]["limits"]["cpu"], json!(1)),
        (
            &container["env"][1],
            json!({"name": "KDEF_HTTP_RETRY", "value": "3"}),
        ),
        (&container["args"], json!(ARGUMENTS)),
    ];
    for (found, expected) in expected {
        ensure!(*found == expected, "{found} is not {expected}");
    }
    ensure!(pod["affinity"]["nodeAffinity"].is_object(), "{pod}");
    Ok(())
}
