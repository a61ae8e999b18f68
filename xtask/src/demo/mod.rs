//! `cargo xtask demo`: examples/shop on a real cluster, from the first commit to a broken file and its repair.
//!
//! Everything that it prints was asked of the cluster just then, by the command that stands above it.

mod show;
mod story;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use testbed::{Cluster, Options, Process, Repository};

use self::show::{heading, say};
use crate::run;

const NAMESPACE: &str = "flux-system";
const PATIENCE: Duration = Duration::from_mins(2);

/// The demo's cluster, and what is in it.
struct Demo {
    cluster: Cluster,
    repository: Repository,
    controller: Process,
}

/// Runs the demo; with `keep`, leaves the cluster running until the process is ended.
pub(crate) fn demo(keep: bool) -> Result<()> {
    let start = Instant::now();
    let demo = Demo::start()?;
    story::tell(&demo)
        .with_context(|| format!("the controller said last:\n{}", demo.controller.log_tail(20)))?;
    heading("How to go on");
    say(&format!(
        "All of this took {:.0?}. Your own first release is in README.md; the project that was deployed is examples/shop.",
        start.elapsed()
    ));
    if !keep {
        say("cargo xtask demo --keep leaves the cluster running, with a kubeconfig to use.");
        return Ok(());
    }
    say("The cluster runs until you press Ctrl-C. In another terminal:");
    println!("\n  export KUBECONFIG={}", demo.cluster.kubeconfig().display());
    println!(
        "  {} get kdefreleases --all-namespaces",
        demo.cluster.kubectl_path().display()
    );
    println!("  git clone {}", demo.repository.url());
    loop {
        std::thread::park();
    }
}

impl Demo {
    /// Builds everything, starts the cluster, installs the chart, and starts the controller.
    fn start() -> Result<Self> {
        heading("Build kdef and the programs of a real cluster");
        say(
            "The first run compiles the control plane from the Go module proxy and takes about a quarter of an hour.",
        );
        let built = Instant::now();
        run::lines(
            run::cargo(&["build", "--package", "kdef-controller", "--package", "kdef-cli"]),
            |_| {},
        )?;
        say(&format!(
            "kdef and kdef-controller: built in {:.0?}",
            built.elapsed()
        ));

        let started = Instant::now();
        let cluster = Cluster::start(Options {
            progress: Box::new(|step| say(&step.to_string())),
            ..Options::default()
        })?;
        say(&format!(
            "etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok and Flux's source-controller: up in {:.0?}",
            started.elapsed()
        ));

        heading("Install the controller");
        helm_install(&cluster)?;
        let controller = start_controller(&cluster)?;
        let repository = cluster.git().repository("platform")?;
        Ok(Self {
            cluster,
            repository,
            controller,
        })
    }
}

/// Installs the chart. Its Deployment has no replica here, since no kubelet runs containers on this machine.
fn helm_install(cluster: &Cluster) -> Result<()> {
    let chart = "./flux-controller/chart";
    let path = run::root().join("flux-controller/chart");
    let options = ["--namespace", NAMESPACE, "--set", "replicas=0"];
    show::command(&format!(
        "helm install kdef-controller {chart} {}",
        options.join(" ")
    ));
    let mut args = vec![
        "install",
        "kdef-controller",
        path.to_str().context("the path is not UTF-8")?,
    ];
    args.extend(options);
    show::output(&cluster.helm(&args)?)
}

/// Starts the controller as a process with the rights of the chart's ServiceAccount, and no others.
fn start_controller(cluster: &Cluster) -> Result<Process> {
    say(
        "No kubelet runs containers here, so the controller runs as a process, as the chart's ServiceAccount.",
    );
    let kubeconfig = cluster.kubeconfig_for_service_account(NAMESPACE, "kdef-controller")?;
    let kubeconfig = kubeconfig.to_str().context("the path is not UTF-8")?;
    let env = [("KUBECONFIG", kubeconfig), ("RUNTIME_NAMESPACE", NAMESPACE)];
    let program = program("kdef-controller")?;
    let args = [
        "--metrics-addr=127.0.0.1:0",
        "--health-addr=127.0.0.1:0",
        "--requeue-dependency=1s",
    ];
    cluster.spawn(&program, &args, &env)
}

/// Returns the path of one of our programs: it was built into the folder of this one.
fn program(name: &str) -> Result<std::path::PathBuf> {
    let xtask = std::env::current_exe()?;
    let path = xtask.parent().unwrap_or(Path::new(".")).join(name);
    ensure!(path.is_file(), "{} was not built", path.display());
    Ok(path)
}

/// Runs `kdef` in the example, and shows it.
fn kdef(args: &str) -> Result<()> {
    show::command(&format!("kdef {args}"));
    let output = Command::new(program("kdef")?)
        .args(args.split(' '))
        .current_dir(run::root())
        .output()?;
    show::text(&String::from_utf8_lossy(&output.stderr));
    show::text(&String::from_utf8_lossy(&output.stdout));
    Ok(())
}
