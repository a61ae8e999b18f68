//! `volume` of a container and of a workload.

use kdef_source::{Code, Diagnostic, Span};

use super::projected::PROJECTED;
use super::volume_sources::{CSI, DEFAULT_MODE, DOWNWARD_API, EPHEMERAL, ITEM, ITEMS_OF_KEYS, NFS, OPTIONAL};
use crate::Block;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, HOST_PATH,
    LabelSchema, MOUNT_PATH, QUANTITY, Referent, SUB_PATH, WRITTEN_TEXT,
};

/// `volume "name" { ... }` in a container: a volume, and where the container sees it.
pub static VOLUME: BlockSchema = BlockSchema::new("volume", "Mounts a volume into the container.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[MOUNT_PATH_OF_CONTAINER, MOUNT_ATTRIBUTES, SOURCE_ATTRIBUTES])
    .blocks(&[SOURCE_BLOCKS])
    .check(check_volume);

/// `volume "name" { ... }` in a workload: a volume of the pod that no container mounts by itself.
pub static POD_VOLUME: BlockSchema = BlockSchema::new("volume", "Adds a volume to the pod.")
    .labels(&[LabelSchema::new("name", &DNS_LABEL)])
    .attributes(&[MOUNT_PATH_OF_POD, MOUNT_ATTRIBUTES, SOURCE_ATTRIBUTES])
    .blocks(&[SOURCE_BLOCKS])
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

/// How a volume is mounted.
const MOUNT_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::optional(
        "sub_path",
        AttributeType::Text(&SUB_PATH),
        "The file or folder of the volume that is mounted.",
    )
    .default("the whole volume"),
    AttributeSchema::optional(
        "sub_path_expr",
        AttributeType::Text(&SUB_PATH),
        "The same with environment variables of the container in it, as in `$(POD_NAME)`.",
    ),
    AttributeSchema::optional("read_only", AttributeType::Bool, "Whether writing is refused."),
    AttributeSchema::optional(
        "mount_propagation",
        AttributeType::Words(&["None", "HostToContainer", "Bidirectional"]),
        "Whether mounts that are made later on the node, or in the container, are seen by the other.",
    )
    .default("`None`"),
];

/// Where the files come from.
const SOURCE_ATTRIBUTES: &[AttributeSchema] = &[
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
    ITEMS_OF_KEYS,
    OPTIONAL,
    DEFAULT_MODE,
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
        "medium",
        AttributeType::Words(&["Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"]),
        "What holds the files of an `empty_dir`.",
    )
    .default("the node's disk"),
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
    AttributeSchema::optional(
        "image",
        AttributeType::Text(&WRITTEN_TEXT),
        "The image or OCI artifact that holds the files, which cannot be written.",
    ),
    AttributeSchema::optional(
        "image_pull_policy",
        AttributeType::Words(&["Always", "IfNotPresent", "Never"]),
        "When the `image` is pulled.",
    ),
];

const SOURCE_BLOCKS: &[ChildSchema] = &[
    ChildSchema::many(&ITEM),
    ChildSchema::single(&PROJECTED),
    ChildSchema::single(&DOWNWARD_API),
    ChildSchema::single(&EPHEMERAL),
    ChildSchema::single(&CSI),
    ChildSchema::single(&NFS),
];

/// The attributes and blocks that each say where a volume's files come from.
const SOURCES: [&str; 11] = [
    "secret",
    "config_map",
    "empty_dir",
    "pvc",
    "host_path",
    "image",
    "projected",
    "downward_api",
    "ephemeral",
    "csi",
    "nfs",
];

/// What belongs to some sources, and those sources.
const BELONGINGS: [(&str, &[&str]); 8] = [
    ("items", &["secret", "config_map"]),
    ("item", &["secret", "config_map"]),
    ("optional", &["secret", "config_map"]),
    (
        "default_mode",
        &["secret", "config_map", "projected", "downward_api"],
    ),
    ("size_limit", &["empty_dir"]),
    ("medium", &["empty_dir"]),
    ("host_path_type", &["host_path"]),
    ("image_pull_policy", &["image"]),
];

/// Checks that a volume has one source at most, and that what belongs to a source stands beside it.
fn check_volume(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let sources: Vec<(&str, Span)> = SOURCES
        .into_iter()
        .filter_map(|name| Some((name, place_of(block, name)?)))
        .collect();
    let names: Vec<&str> = sources.iter().map(|(name, _)| *name).collect();
    if let [(_, first), (_, second), ..] = sources.as_slice() {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                *second,
                format!(
                    "volume `{}` has several sources: `{}`",
                    block.label(0),
                    names.join("`, `")
                ),
            )
            .with_related(*first, "the first source")
            .with_hint("keep one of them; another source needs a volume of its own"),
        );
    }
    for (name, owners) in BELONGINGS {
        let has_owner = owners
            .iter()
            .any(|owner| names.contains(owner) || block.is_lost(owner));
        if let Some(span) = place_of(block, name).filter(|_| !has_owner) {
            diagnostics.push(Diagnostic::warning(
                Code::NoEffect,
                span,
                format!("`{name}` has no effect without `{}`", owners.join("` or `")),
            ));
        }
    }
    if block.is_set("sub_path") && block.is_set("sub_path_expr") {
        diagnostics.push(
            Diagnostic::error(
                Code::Contradiction,
                block.span_of("sub_path_expr"),
                "a volume has either `sub_path` or `sub_path_expr`",
            )
            .with_related(block.span_of("sub_path"), "the other one"),
        );
    }
}

/// Returns the place of an attribute or block that is given; a flag that is off is not.
fn place_of(block: &Block, name: &str) -> Option<Span> {
    match block.schema().attribute(name).map(|attribute| attribute.ty) {
        Some(AttributeType::Bool) => block.flag(name)?.then(|| block.span_of(name)),
        Some(_) => block.is_set(name).then(|| block.span_of(name)),
        None => block.children(name).next().map(Block::span),
    }
}

/// Mounts that the node sees too are for privileged containers.
pub(super) fn check_propagation(container: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let context = container.child("security_context");
    let privileged = context.is_some_and(|context| context.flag("privileged") == Some(true));
    for volume in container.children("volume") {
        if volume.text("mount_propagation") == Some("Bidirectional") && !privileged && container.is_sound() {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    volume.span_of("mount_propagation"),
                    "`Bidirectional` is for privileged containers only",
                )
                .with_hint("set `privileged = true` in the `security_context` of the container"),
            );
        }
    }
}
