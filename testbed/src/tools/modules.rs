//! The table of Go modules, one for each program or family, since their dependencies conflict.

/// A folder of `testbed/tools` and what is taken from it.
#[derive(Debug)]
pub(super) struct Module {
    /// The folder.
    pub(super) name: &'static str,
    /// The module that the programs and files come from.
    pub(super) path: &'static str,
    /// Programs and their packages within the module.
    pub(super) programs: &'static [(&'static str, &'static str)],
    /// Files within the module that the testbed reads, each with a file name of its own.
    pub(super) files: &'static [&'static str],
    /// Whether the programs carry their version only when the linker is told, as Kubernetes' do.
    pub(super) stamped: bool,
}

pub(super) const MODULES: [Module; 6] = [
    Module {
        name: "etcd",
        path: "go.etcd.io/etcd/server/v3",
        programs: &[("etcd", "")],
        files: &[],
        stamped: false,
    },
    Module {
        name: "kubernetes",
        path: "k8s.io/kubernetes",
        programs: &[
            ("kube-apiserver", "cmd/kube-apiserver"),
            ("kube-controller-manager", "cmd/kube-controller-manager"),
            ("kube-scheduler", "cmd/kube-scheduler"),
            ("kubectl", "cmd/kubectl"),
        ],
        files: &[],
        stamped: true,
    },
    Module {
        name: "source-controller",
        path: "github.com/fluxcd/source-controller",
        programs: &[("source-controller", "")],
        files: &[
            "config/crd/bases/source.toolkit.fluxcd.io_buckets.yaml",
            "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml",
            "config/crd/bases/source.toolkit.fluxcd.io_helmcharts.yaml",
            "config/crd/bases/source.toolkit.fluxcd.io_helmrepositories.yaml",
            "config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml",
        ],
        stamped: false,
    },
    Module {
        name: "flux-crds",
        path: "github.com/fluxcd/source-controller",
        programs: &[],
        files: &[
            "config/crd/bases/source.toolkit.fluxcd.io_buckets.yaml",
            "config/crd/bases/source.toolkit.fluxcd.io_externalartifacts.yaml",
            "config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml",
        ],
        stamped: false,
    },
    Module {
        name: "kwok",
        path: "sigs.k8s.io/kwok",
        programs: &[("kwok", "cmd/kwok")],
        files: &[
            "kustomize/stage/node/fast/node-initialize.yaml",
            "kustomize/stage/node/heartbeat/node-heartbeat.yaml",
            "kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
            "kustomize/stage/pod/fast/pod-complete.yaml",
            "kustomize/stage/pod/fast/pod-delete.yaml",
            "kustomize/stage/pod/fast/pod-ready.yaml",
        ],
        stamped: false,
    },
    Module {
        name: "helm",
        path: "helm.sh/helm/v4",
        programs: &[("helm", "cmd/helm")],
        files: &[],
        stamped: false,
    },
];
