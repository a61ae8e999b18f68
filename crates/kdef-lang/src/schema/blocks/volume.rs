//! `volume` of a container and of a workload.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, DNS_SUBDOMAIN, HOST_PATH, LabelSchema,
    MOUNT_PATH, QUANTITY, Referent, SUB_PATH,
};

/// `volume "name" { ... }` in a container: a volume, and where the container sees it.
pub static VOLUME: BlockSchema = BlockSchema::new("volume", "Mounts a volume into the container.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[MOUNT_PATH_OF_CONTAINER, VOLUME_ATTRIBUTES])
    .check(check_volume);

/// `volume "name" { ... }` in a workload: a volume of the pod that no container mounts by itself.
pub static POD_VOLUME: BlockSchema = BlockSchema::new("volume", "Adds a volume to the pod.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[MOUNT_PATH_OF_POD, VOLUME_ATTRIBUTES])
    .check(check_volume);

const MOUNT_PATH_OF_CONTAINER: &[AttributeSchema] = &[AttributeSchema::required(
    "mount_path",
    AttributeType::Text(&MOUNT_PATH),
    "Where the files are seen.",
)];

const MOUNT_PATH_OF_POD: &[AttributeSchema] = &[AttributeSchema::optional(
    "mount_path",
    AttributeType::Text(&MOUNT_PATH),
    "Where the files are seen by init containers that name the volume.",
)];

const VOLUME_ATTRIBUTES: &[AttributeSchema] = &[
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
