//! Starting the programs of the cluster, and knowing when each of them is ready.
//!
//! ```text
//!   etcd + kube-apiserver ──/readyz──> kube-controller-manager, kube-scheduler, kwok ──> node Ready
//!                                      CRDs ──> source-controller ──> storage answers
//! ```

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::http::answers_ok;
use crate::kubectl::Client;
use crate::ports::{free_ports, random};
use crate::supervisor::{Process, Program, Supervisor};
use crate::tools::Tools;
use crate::{crds, kubeconfig, wait_for};

/// The namespace of Flux's controllers, and of ours.
const FLUX_NAMESPACE: &str = "flux-system";
const NODE: &str = "node-1";
/// On an idle machine everything is ready within 10 s; a loaded one gets longer.
const PATIENCE: Duration = Duration::from_mins(2);
const LOG_LINES: usize = 30;

/// The running programs, and how to reach the API server as an administrator.
#[derive(Debug)]
pub(crate) struct ControlPlane {
    pub(crate) server_url: String,
    pub(crate) authority: PathBuf,
    pub(crate) admin_token: String,
    pub(crate) kubectl: Client,
    pub(crate) processes: Vec<Process>,
}

/// Starts everything and returns when the cluster can be used.
pub(crate) fn start(supervisor: &Supervisor, tools: &Tools, scratch: &Path) -> Result<ControlPlane> {
    let ground = Ground {
        supervisor,
        tools,
        scratch,
    };
    let mut plane = start_storage_and_api(&ground)?;
    let manager = start_controller_manager(&ground, &plane)?;
    let (scheduler, scheduler_port) = start_scheduler(&ground, &plane)?;
    let kwok = start_kwok(&ground, &plane)?;
    create_contents(tools, &plane.kubectl)?;
    let (source_controller, source_ports) = start_source_controller(&ground, &plane)?;

    let kubectl = &plane.kubectl;
    ready(&manager, || has_default_account(kubectl))?;
    ready(&scheduler, || Ok(is_open(scheduler_port)))?;
    ready(&kwok, || is_node_ready(kubectl))?;
    ready(&source_controller, || {
        Ok(answers_ok(source_ports.health, "/readyz")? && is_open(source_ports.storage))
    })?;
    plane
        .processes
        .extend([manager, scheduler, kwok, source_controller]);
    Ok(plane)
}

/// What every start needs.
struct Ground<'a> {
    supervisor: &'a Supervisor,
    tools: &'a Tools,
    scratch: &'a Path,
}

impl Ground<'_> {
    fn spawn(&self, name: &str, args: Vec<String>, env: &[(&str, &str)]) -> Result<Process> {
        // Whatever a program keeps for its user is this run's.
        let home = text(self.scratch);
        let own = [("HOME", home.as_str()), ("TMPDIR", home.as_str())];
        let env = own
            .iter()
            .chain(env)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let path = self.tools.program(name)?;
        self.supervisor.spawn(Program {
            name: name.to_owned(),
            path,
            args,
            env: env.collect(),
        })
    }

    fn folder(&self, name: &str) -> Result<String> {
        let path = self.scratch.join(name);
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(text(&path))
    }
}

fn start_storage_and_api(ground: &Ground<'_>) -> Result<ControlPlane> {
    let [etcd_port, peer_port, port] = free_ports()?;
    let certificates = PathBuf::from(ground.folder("certificates")?);
    let admin_token = format!("{:016x}{:016x}", random(), random());
    let etcd = start_etcd(ground, etcd_port, peer_port)?;
    let api_server = start_api_server(ground, etcd_port, port, &certificates, &admin_token)?;

    let server_url = format!("https://127.0.0.1:{port}");
    let authority = certificates.join("apiserver.crt");
    let kubectl = Client {
        program: ground.tools.program("kubectl")?,
        kubeconfig: ground.scratch.join("kubeconfig"),
        home: ground.scratch.join("home"),
    };
    kubeconfig::write(
        &kubectl.kubeconfig,
        &server_url,
        &authority,
        "admin",
        &admin_token,
    )?;
    ready(&etcd, || answers_ok(etcd_port, "/health"))?;
    ready(&api_server, || {
        Ok(is_open(port) && kubectl.ok(&["get", "--raw=/readyz"], "").is_ok())
    })?;
    Ok(ControlPlane {
        server_url,
        authority,
        admin_token,
        kubectl,
        processes: vec![etcd, api_server],
    })
}

fn start_etcd(ground: &Ground<'_>, port: u16, peer_port: u16) -> Result<Process> {
    let url = format!("http://127.0.0.1:{port}");
    let peer_url = format!("http://127.0.0.1:{peer_port}");
    let flags = vec![
        format!("--data-dir={}", ground.folder("etcd")?),
        format!("--listen-client-urls={url}"),
        format!("--advertise-client-urls={url}"),
        format!("--listen-peer-urls={peer_url}"),
        format!("--initial-advertise-peer-urls={peer_url}"),
        format!("--initial-cluster=default={peer_url}"),
        "--unsafe-no-fsync".to_owned(),
    ];
    ground.spawn("etcd", flags, &[])
}

fn start_api_server(
    ground: &Ground<'_>,
    etcd_port: u16,
    port: u16,
    certificates: &Path,
    admin_token: &str,
) -> Result<Process> {
    let tokens = ground.scratch.join("tokens.csv");
    fs::write(&tokens, format!("{admin_token},admin,admin,system:masters\n"))?;
    // The API server makes this key for its own certificate before it reads the flags that name it.
    let key = text(&certificates.join("apiserver.key"));
    let flags = vec![
        format!("--etcd-servers=http://127.0.0.1:{etcd_port}"),
        format!("--cert-dir={}", text(certificates)),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!("--service-account-issuer=https://127.0.0.1:{port}"),
        format!("--service-account-key-file={key}"),
        format!("--service-account-signing-key-file={key}"),
        "--service-cluster-ip-range=10.0.0.0/16".to_owned(),
        format!("--token-auth-file={}", text(&tokens)),
        "--authorization-mode=RBAC".to_owned(),
        "--allow-privileged=true".to_owned(),
    ];
    ground.spawn("kube-apiserver", flags, &[])
}

fn start_controller_manager(ground: &Ground<'_>, plane: &ControlPlane) -> Result<Process> {
    let authority = text(&plane.authority);
    let flags = vec![
        format!("--kubeconfig={}", text(&plane.kubectl.kubeconfig)),
        "--leader-elect=false".to_owned(),
        "--secure-port=0".to_owned(),
        format!(
            "--service-account-private-key-file={}",
            text(&plane.authority.with_extension("key"))
        ),
        format!("--root-ca-file={authority}"),
    ];
    ground.spawn("kube-controller-manager", flags, &[])
}

fn start_scheduler(ground: &Ground<'_>, plane: &ControlPlane) -> Result<(Process, u16)> {
    let [port] = free_ports()?;
    let kubeconfig = text(&plane.kubectl.kubeconfig);
    let flags = vec![
        format!("--kubeconfig={kubeconfig}"),
        format!("--authentication-kubeconfig={kubeconfig}"),
        format!("--authorization-kubeconfig={kubeconfig}"),
        "--leader-elect=false".to_owned(),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!("--tls-cert-file={}", text(&plane.authority)),
        format!(
            "--tls-private-key-file={}",
            text(&plane.authority.with_extension("key"))
        ),
    ];
    Ok((ground.spawn("kube-scheduler", flags, &[])?, port))
}

fn start_kwok(ground: &Ground<'_>, plane: &ControlPlane) -> Result<Process> {
    let mut flags = vec![
        format!("--kubeconfig={}", text(&plane.kubectl.kubeconfig)),
        "--manage-all-nodes=true".to_owned(),
    ];
    for stage in [
        "node-initialize",
        "node-heartbeat",
        "node-heartbeat-with-lease",
        "pod-ready",
        "pod-complete",
        "pod-delete",
    ] {
        let path = ground.tools.file_path("kwok", &format!("{stage}.yaml"))?;
        flags.push(format!("--config={}", text(&path)));
    }
    ground.spawn("kwok", flags, &[])
}

struct SourcePorts {
    storage: u16,
    health: u16,
}

fn start_source_controller(ground: &Ground<'_>, plane: &ControlPlane) -> Result<(Process, SourcePorts)> {
    let [storage, metrics, health] = free_ports()?;
    let flags = vec![
        format!("--storage-path={}", ground.folder("artifacts")?),
        format!("--storage-addr=127.0.0.1:{storage}"),
        format!("--storage-adv-addr=127.0.0.1:{storage}"),
        format!("--metrics-addr=127.0.0.1:{metrics}"),
        format!("--health-addr=127.0.0.1:{health}"),
        "--events-addr=".to_owned(),
        "--watch-all-namespaces".to_owned(),
    ];
    let kubeconfig = text(&plane.kubectl.kubeconfig);
    let env = [
        ("KUBECONFIG", kubeconfig.as_str()),
        ("RUNTIME_NAMESPACE", FLUX_NAMESPACE),
    ];
    Ok((
        ground.spawn("source-controller", flags, &env)?,
        SourcePorts { storage, health },
    ))
}

/// Creates the namespace, the node and the CRDs, and waits until the API server serves the CRDs.
fn create_contents(tools: &Tools, kubectl: &Client) -> Result<()> {
    let mut items = vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": FLUX_NAMESPACE}}),
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {
            "name": NODE,
            "labels": {"kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"},
        }}),
    ];
    items.extend(crds::definitions(tools)?);
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
    kubectl.ok(&["create", "--validate=false", "-f", "-"], &list.to_string())?;
    let wait = format!("--timeout={}s", PATIENCE.as_secs());
    kubectl
        .ok(
            &["wait", "--for=condition=Established", "crd", "--all", &wait],
            "",
        )
        .map(drop)
}

/// The controller manager creates it; pods are refused without it.
fn has_default_account(kubectl: &Client) -> Result<bool> {
    kubectl
        .ok(&["get", "serviceaccount", "default", "-n", FLUX_NAMESPACE], "")
        .map(|_| true)
}

fn is_node_ready(kubectl: &Client) -> Result<bool> {
    let node: Value = serde_json::from_str(&kubectl.ok(&["get", "node", NODE, "-o", "json"], "")?)?;
    let conditions = node["status"]["conditions"].as_array();
    let is_ready = |condition: &Value| condition["type"] == "Ready" && condition["status"] == "True";
    // The controller manager takes the taint of an unready node away; nothing is scheduled before.
    Ok(conditions.is_some_and(|all| all.iter().any(is_ready)) && node["spec"].get("taints").is_none())
}

fn is_open(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Waits until `check` holds; fails with the tail of the process's log when it ends before, or takes too long.
fn ready(process: &Process, mut check: impl FnMut() -> Result<bool>) -> Result<()> {
    let name = process.name();
    let answer = wait_for(&format!("{name} to become ready"), PATIENCE, || {
        match process.ended() {
            Some(how) => Ok(Some(Err(anyhow!("{name} ended before it was ready: {how}")))),
            None => Ok(check()?.then_some(Ok(()))),
        }
    });
    answer.and_then(|ready| ready).map_err(|error| {
        anyhow!(
            "{error:#}\nThe log of {name} ends:\n{}",
            process.log_tail(LOG_LINES)
        )
    })
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
