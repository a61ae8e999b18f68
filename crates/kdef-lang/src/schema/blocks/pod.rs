//! What stands in a pod: its scheduling, security and volumes.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, DNS_SUBDOMAIN, HOST_PATH, LABELS, LabelSchema,
    MOUNT_PATH, QUANTITY, Referent, SUB_PATH,
};

/// The attributes of the pods of a workload.
pub(super) const POD_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "image_pull_secrets",
        AttributeType::TextList(&DNS_SUBDOMAIN),
        "The Secrets that the images are pulled with.",
    ),
    AttributeSchema::optional(
        "service_account",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The ServiceAccount that the pods run as.",
    )
    .default("that of the entry in `root.kdef`"),
    AttributeSchema::optional(
        "node_selector",
        AttributeType::TextMap(&LABELS),
        "The labels that a node must carry for the pods to run on it.",
    ),
    AttributeSchema::optional(
        "host_network",
        AttributeType::Bool,
        "Whether the pods use the node's network.",
    ),
    AttributeSchema::optional(
        "host_pid",
        AttributeType::Bool,
        "Whether the pods see the node's processes.",
    ),
    AttributeSchema::optional(
        "host_ipc",
        AttributeType::Bool,
        "Whether the pods share the node's inter-process communication.",
    ),
    AttributeSchema::optional(
        "dns_policy",
        AttributeType::Words(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
        "How the pods look names up.",
    ),
];

/// `volume "name" { ... }` in a container: a volume, and where the container sees it.
pub static VOLUME: BlockSchema = BlockSchema::new("volume", "Mounts a volume into the container.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[VOLUME_ATTRIBUTES])
    .check(check_volume);

/// `volume "name" { ... }` in a workload: a volume of the pod that no container mounts by itself.
pub static POD_VOLUME: BlockSchema = BlockSchema::new("volume", "Adds a volume to the pod.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[VOLUME_ATTRIBUTES])
    .check(check_volume);

const VOLUME_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::required(
        "mount_path",
        AttributeType::Text(&MOUNT_PATH),
        "Where the files are seen.",
    ),
    AttributeSchema::optional(
        "sub_path",
        AttributeType::Text(&SUB_PATH),
        "The file or folder of the volume that is mounted.",
    )
    .default("the whole volume"),
    AttributeSchema::optional("read_only", AttributeType::Bool, "Whether writing is refused."),
    AttributeSchema::optional(
        "secret",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The Secret whose keys are the files.",
    )
    .refers_to(Referent::Secret),
    AttributeSchema::optional(
        "config_map",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The ConfigMap whose keys are the files.",
    )
    .refers_to(Referent::ConfigMap),
    AttributeSchema::optional(
        "empty_dir",
        AttributeType::Bool,
        "Whether it is an empty folder that lives as long as the pod.",
    ),
    AttributeSchema::optional(
        "size_limit",
        AttributeType::Text(&QUANTITY),
        "How large an `empty_dir` may grow.",
    ),
    AttributeSchema::optional(
        "pvc",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The PersistentVolumeClaim that holds the files.",
    )
    .refers_to(Referent::Claim),
    AttributeSchema::optional(
        "host_path",
        AttributeType::Text(&HOST_PATH),
        "The path on the node.",
    ),
    AttributeSchema::optional(
        "host_path_type",
        AttributeType::Words(&[
            "DirectoryOrCreate",
            "Directory",
            "FileOrCreate",
            "File",
            "Socket",
            "CharDevice",
            "BlockDevice",
        ]),
        "What must stand at `host_path`.",
    ),
];

/// The attributes that each say where a volume's files come from.
const SOURCES: [&str; 5] = ["secret", "config_map", "empty_dir", "pvc", "host_path"];

/// Checks that a volume has one source at most, and that what belongs to a source stands beside it.
fn check_volume(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let is_source = |name: &&str| match *name {
        "empty_dir" => block.flag(name) == Some(true),
        name => block.is_set(name),
    };
    let sources: Vec<&str> = SOURCES.into_iter().filter(is_source).collect();
    if let [first, second, ..] = sources.as_slice() {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of(second),
                format!(
                    "volume `{}` has several sources: `{}`",
                    block.label(0),
                    sources.join("`, `")
                ),
            )
            .with_related(block.span_of(first), "the first source")
            .with_hint("keep one of them; another source needs a volume of its own"),
        );
    }
    for (name, source) in [("size_limit", "empty_dir"), ("host_path_type", "host_path")] {
        let has_source = sources.contains(&source) || block.is_lost(source);
        if block.is_set(name) && !has_source {
            diagnostics.push(Diagnostic::warning(
                Code::NoEffect,
                block.span_of(name),
                format!("`{name}` has no effect without `{source}`"),
            ));
        }
    }
}

const USER: AttributeType = AttributeType::Integer {
    min: 0,
    max: i32::MAX as i64,
};

/// `security_context { ... }` of a pod.
pub static POD_SECURITY_CONTEXT: BlockSchema =
    BlockSchema::new("security_context", "Says what the processes of the pod may do.")
        .attributes(&[SECURITY_ATTRIBUTES])
        .check(|block, diagnostics| {
            for name in ["privileged", "read_only_root"] {
                warn_ignored(block, name, "a container", diagnostics);
            }
        });

/// `security_context { ... }` of a container.
pub static CONTAINER_SECURITY_CONTEXT: BlockSchema = BlockSchema::new(
    "security_context",
    "Says what the processes of the container may do.",
)
.attributes(&[SECURITY_ATTRIBUTES])
.check(|block, diagnostics| warn_ignored(block, "fs_group", "the workload", diagnostics));

const SECURITY_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "run_as_user",
        USER,
        "The number of the user that processes run as.",
    ),
    AttributeSchema::optional(
        "run_as_group",
        USER,
        "The number of the group that processes run as.",
    ),
    AttributeSchema::optional(
        "run_as_non_root",
        AttributeType::Bool,
        "Whether processes that would run as root are not started.",
    ),
    AttributeSchema::optional(
        "read_only_root",
        AttributeType::Bool,
        "Whether the container's own files cannot be written; only in a container.",
    ),
    AttributeSchema::optional(
        "privileged",
        AttributeType::Bool,
        "Whether the container may do what root on the node may; only in a container.",
    ),
    AttributeSchema::optional(
        "fs_group",
        USER,
        "The group that owns the files of volumes; only in a workload.",
    ),
];

fn warn_ignored(block: &Block, name: &str, place: &str, diagnostics: &mut Vec<Diagnostic>) {
    if block.is_set(name) {
        diagnostics.push(
            Diagnostic::warning(
                Code::NoEffect,
                block.span_of(name),
                format!("`{name}` has no effect here"),
            )
            .with_hint(format!("it belongs in the `security_context` of {place}")),
        );
    }
}
