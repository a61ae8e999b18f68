//! The testbed on itself: one cluster, and what everything built on it relies on.
#![allow(
    clippy::disallowed_methods,
    reason = "this program is the outside: it owns a cluster"
)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test program without libtest says things itself"
)]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use testbed::{Artifact, Cluster, Options, Program, SourceKind, Supervisor, wait_for};

/// Makes this executable the owner of a run that is about to be killed; its value is the run's folder.
const OWNER: &str = "KDEF_TESTBED_TEST_OWNER";
const PATIENCE: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    testbed::supervised(|| match env::var_os(OWNER) {
        Some(scratch) => own(Path::new(&scratch)).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        None => run_tests(),
    })
}

fn run_tests() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("a_killed_owner_takes_everything_with_it", || {
            fallible(a_killed_owner_takes_everything_with_it())
        }),
        Trial::test("a_process_is_killed_stopped_and_restarted", || {
            fallible(a_process_is_killed_stopped_and_restarted())
        }),
    ];
    // Listing the tests starts no cluster.
    if arguments.list {
        trials.extend(ON_THE_CLUSTER.map(|(name, _)| Trial::test(name, || Ok(()))));
        return libtest_mimic::run(&arguments, trials).exit_code();
    }
    let cluster = match Cluster::start(Options::default()) {
        Ok(cluster) => Arc::new(cluster),
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    trials.extend(ON_THE_CLUSTER.map(|(name, test)| {
        let cluster = Arc::clone(&cluster);
        Trial::test(name, move || fallible(test(&cluster)))
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn fallible(result: Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}

type OnTheCluster = fn(&Cluster) -> Result<()>;

const ON_THE_CLUSTER: [(&str, OnTheCluster); 9] = [
    ("the_node_is_ready", the_node_is_ready),
    ("a_deployment_becomes_available", a_deployment_becomes_available),
    (
        "a_namespace_is_deleted_with_its_pods",
        a_namespace_is_deleted_with_its_pods,
    ),
    ("every_commit_gives_an_artifact", every_commit_gives_an_artifact),
    (
        "sources_say_what_they_are_made_to_say",
        sources_say_what_they_are_made_to_say,
    ),
    (
        "both_versions_of_oci_repositories_are_served",
        both_versions_of_oci_repositories_are_served,
    ),
    ("certificates_are_checked", certificates_are_checked),
    (
        "a_service_account_has_its_own_rights",
        a_service_account_has_its_own_rights,
    ),
    ("helm_installs_a_chart", helm_installs_a_chart),
];

fn the_node_is_ready(cluster: &Cluster) -> Result<()> {
    let output = cluster
        .kubectl(&["wait", "--for=condition=Ready", "node", "--all", "--timeout=10s"])?
        .ok()?;
    ensure!(output.contains("condition met"), "{output}");
    Ok(())
}

fn deployment(namespace: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {namespace}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: 'registry.invalid/web:1'}}]}}
"
    )
}

fn a_deployment_becomes_available(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("deployment")?;
    cluster.apply_yaml(&deployment(&namespace))?;
    let live = cluster.wait_for_condition("deployment", &namespace, "web", "Available", "True", PATIENCE)?;
    ensure!(live["status"]["availableReplicas"] == 2, "{}", live["status"]);
    Ok(())
}

fn a_namespace_is_deleted_with_its_pods(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("deleted")?;
    cluster.apply_yaml(&deployment(&namespace))?;
    cluster.wait_for_condition("deployment", &namespace, "web", "Available", "True", PATIENCE)?;
    cluster
        .kubectl(&["delete", "namespace", &namespace, "--timeout=60s"])?
        .ok()?;
    ensure!(
        cluster.get("namespace", "", &namespace).is_err(),
        "{namespace} is still there"
    );
    Ok(())
}

fn every_commit_gives_an_artifact(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("git")?;
    let repository = cluster.git().repository(&namespace)?;
    let first = repository.commit(&[("root.kdef", "# one\n"), ("app/app.kdef", "")], "First")?;
    cluster.apply_yaml(&format!(
        "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: shop, namespace: {namespace}}}
spec: {{url: '{}', interval: 1h, ref: {{branch: main}}}}
",
        repository.url()
    ))?;
    // Ready may be said a moment before the artifact is named.
    let follows = |wanted: &str| {
        wait_for(wanted, PATIENCE, || {
            let source = cluster.get("gitrepository", &namespace, "shop")?;
            let revision = &source["status"]["artifact"]["revision"];
            ensure!(revision == wanted, "{revision}");
            Ok(Some(()))
        })
    };
    follows(&first)?;

    let second = repository.commit(&[("root.kdef", "# two\n")], "Second")?;
    ensure!(second != first, "the revision stayed {first}");
    cluster.reconcile("gitrepository", &namespace, "shop")?;
    follows(&second)
}

fn sources_say_what_they_are_made_to_say(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("published")?;
    let archive = testbed::archive_of_files(&[("root.kdef", "")])?;
    let url = cluster
        .artifacts()
        .serve("published.tar.gz", testbed::Answer::Bytes(archive.clone()));
    let artifact = Artifact::of(&url, "latest@sha256:00", &archive);
    for kind in [
        SourceKind::ExternalArtifact,
        SourceKind::GitRepository,
        SourceKind::OciRepository,
        SourceKind::Bucket,
    ] {
        cluster.publish(kind, &namespace, "made", &artifact)?;
        let source = cluster.get(kind.as_str(), &namespace, "made")?;
        let said = &source["status"]["artifact"];
        let is_said =
            said["url"] == url && said["digest"] == artifact.digest && said["size"] == artifact.size;
        ensure!(is_said, "{}: {said}", kind.as_str());
    }
    Ok(())
}

fn both_versions_of_oci_repositories_are_served(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("versions")?;
    let artifact = Artifact::of("http://artifact.invalid/x.tar.gz", "latest@sha256:00", b"");
    cluster.publish(SourceKind::OciRepository, &namespace, "made", &artifact)?;
    for version in ["v1", "v1beta2"] {
        let resource = format!("ocirepositories.{version}.source.toolkit.fluxcd.io");
        let source = cluster.get(&resource, &namespace, "made")?;
        ensure!(
            source["apiVersion"] == format!("source.toolkit.fluxcd.io/{version}"),
            "{source}"
        );
        ensure!(
            source["status"]["artifact"]["digest"] == artifact.digest,
            "{source}"
        );
    }
    Ok(())
}

fn certificates_are_checked(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("certificates")?;
    let certificate = |spec: &str| {
        format!(
            "{{apiVersion: cert-manager.io/v1, kind: Certificate, \
             metadata: {{name: shop, namespace: {namespace}}}, spec: {spec}}}"
        )
    };
    cluster.apply_yaml(&certificate(
        "{secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: {name: ca, kind: ClusterIssuer}}",
    ))?;
    let Err(error) = cluster.apply_yaml(&certificate(
        "{dnsNames: [shop.example.com], issuerRef: {name: ca}}",
    )) else {
        bail!("a certificate without a secretName was accepted");
    };
    ensure!(format!("{error:#}").contains("spec.secretName"), "{error:#}");
    Ok(())
}

fn a_service_account_has_its_own_rights(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("account")?;
    cluster
        .kubectl(&["create", "serviceaccount", "reader", "-n", &namespace])?
        .ok()?;
    let role = [
        "create",
        "rolebinding",
        "reader",
        "--clusterrole=view",
        "-n",
        &namespace,
    ];
    let account = format!("--serviceaccount={namespace}:reader");
    cluster.kubectl(&[&role[..], &[&account]].concat())?.ok()?;
    let kubeconfig = cluster.kubeconfig_for_service_account(&namespace, "reader")?;
    let flag = format!("--kubeconfig={}", kubeconfig.display());
    wait_for("the account to read", PATIENCE, || {
        cluster
            .kubectl(&[&flag, "get", "configmaps", "-n", &namespace])?
            .ok()
            .map(Some)
    })?;
    let write = cluster.kubectl(&[&flag, "create", "configmap", "x", "-n", &namespace])?;
    ensure!(write.stderr.contains("forbidden"), "{write:?}");
    Ok(())
}

fn helm_installs_a_chart(cluster: &Cluster) -> Result<()> {
    let namespace = cluster.create_namespace("helm")?;
    let chart = cluster.scratch().join("chart");
    fs::create_dir_all(chart.join("templates"))?;
    fs::write(
        chart.join("Chart.yaml"),
        "{apiVersion: v2, name: chart, version: 1.0.0}",
    )?;
    fs::write(
        chart.join("templates/map.yaml"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: from-helm}, data: {version: '{{ .Capabilities.KubeVersion }}'}}",
    )?;
    let path = chart.display().to_string();
    cluster
        .helm(&["install", "release", &path, "--namespace", &namespace])?
        .ok()?;
    let map = cluster.get("configmap", &namespace, "from-helm")?;
    ensure!(
        map["data"]["version"]
            .as_str()
            .is_some_and(|version| version.starts_with("v1.")),
        "{map}"
    );
    Ok(())
}

fn sleep_program(script: &str) -> Program {
    Program::new(Path::new("/bin/sh"), &["-c", script], &[])
}

fn a_process_is_killed_stopped_and_restarted() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let supervisor = Supervisor::start(scratch.path(), true)?;
    let mut process = supervisor.spawn(sleep_program("echo started; exec sleep 1000"))?;
    wait_for("the first line", PATIENCE, || {
        Ok((process.log()? == "started\n").then_some(()))
    })?;
    ensure!(process.ended().is_none(), "it ended: {:?}", process.ended());
    process.kill()?;
    ensure!(
        process.ended().is_some_and(|how| how.contains("SIGKILL")),
        "{:?}",
        process.ended()
    );

    process.restart()?;
    wait_for("the second line", PATIENCE, || {
        Ok((process.log()? == "started\nstarted\n").then_some(()))
    })?;
    let how = process.stop(PATIENCE)?;
    ensure!(how.contains("SIGTERM"), "{how}");

    let failing = supervisor.spawn(sleep_program("echo no >&2; exit 3"))?;
    let how = wait_for("the end", PATIENCE, || Ok(failing.ended()))?;
    ensure!(
        how == "exit status: 3" && failing.log_tail(5) == "no",
        "{how}: {}",
        failing.log_tail(5)
    );

    let Err(error) = supervisor.spawn(Program::new(Path::new("/none/such"), &[], &[])) else {
        bail!("a program that does not exist was started");
    };
    ensure!(
        format!("{error:#}").contains("cannot start such: /none/such"),
        "{error:#}"
    );
    Ok(())
}

/// The owner: starts processes, one of them with a child and deaf to SIGTERM, tells their ids, and waits to be killed.
fn own(scratch: &Path) -> Result<()> {
    let supervisor = Supervisor::start(scratch, false)?;
    let plain = supervisor.spawn(sleep_program("exec sleep 1000"))?;
    let deaf = supervisor.spawn(sleep_program("trap '' TERM; sleep 1000 & echo $!; wait"))?;
    let grandchild = wait_for("the grandchild", PATIENCE, || {
        Ok(deaf.log()?.trim().parse::<u32>().ok())
    })?;
    println!("{} {} {grandchild}", plain.pid(), deaf.pid());
    std::thread::sleep(Duration::from_secs(1000));
    Ok(())
}

fn a_killed_owner_takes_everything_with_it() -> Result<()> {
    let parent = tempfile::tempdir()?;
    let scratch = parent.path().join("scratch");
    fs::create_dir(&scratch)?;
    let mut owner = Command::new(env::current_exe()?)
        .env(OWNER, &scratch)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(owner.stdout.take().context("no output")?).read_line(&mut line)?;
    let processes: Vec<&str> = line.split_whitespace().collect();
    ensure!(processes.len() == 3, "the owner said {line:?}");
    let running =
        |pid: &&&str| fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|s| !s.contains(") Z "));
    ensure!(
        processes.iter().filter(running).count() == 3,
        "not all of {processes:?} run"
    );
    owner.kill()?;
    owner.wait()?;
    wait_for("the processes to end", PATIENCE, || {
        let left: Vec<_> = processes.iter().filter(running).collect();
        ensure!(left.is_empty(), "{left:?} are still there");
        Ok(Some(()))
    })?;
    wait_for("the folder to be removed", PATIENCE, || {
        Ok((!scratch.exists()).then_some(()))
    })
}
