//! Where the files of a volume come from, in blocks of their own.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use super::claim::{CLAIM_ATTRIBUTES, check_access_modes};
use super::unique::check_unique;

use crate::Block;
use crate::schema::{
    ABSOLUTE_PATH, ANY_TEXT, AttributeSchema, AttributeType, BlockSchema, CONFIG_KEY, CSI_DRIVER,
    ChildSchema, DNS_LABEL, DNS_SUBDOMAIN, FIELD_ITEMS, FILE_MODE, ITEM_PATH, ITEMS, LabelSchema, PARAMETERS,
    RESOURCE_FIELD, Referent, VOLUME_FIELD, WRITTEN_TEXT,
};

/// Which keys of a ConfigMap or Secret become files.
pub(super) const ITEMS_OF_KEYS: AttributeSchema = AttributeSchema::optional(
    "items",
    AttributeType::TextMap(&ITEMS),
    "The keys that become files, and the paths of those.",
)
.default("each key is a file of its name");

/// Whether a ConfigMap or Secret must be there.
pub(super) const OPTIONAL: AttributeSchema = AttributeSchema::optional(
    "optional",
    AttributeType::Bool,
    "Whether the pod starts without the ConfigMap or Secret, or without a key of it, too.",
);

/// The rights of files.
pub(super) const DEFAULT_MODE: AttributeSchema = AttributeSchema::optional(
    "default_mode",
    AttributeType::Text(&FILE_MODE),
    "The rights of the files, in octal digits.",
)
.default("`\"0644\"`");

const MODE: AttributeSchema = AttributeSchema::optional(
    "mode",
    AttributeType::Text(&FILE_MODE),
    "The rights of the file, in octal digits.",
)
.default("those of the volume");

/// `item "key" { ... }`: a key of a ConfigMap or Secret that becomes a file.
pub static ITEM: BlockSchema = BlockSchema::new("item", "Makes a file of a key of the ConfigMap or Secret.")
    .labels(&[LabelSchema::new("key", &CONFIG_KEY)])
    .attributes(&[&[
        AttributeSchema::required("path", AttributeType::Text(&ITEM_PATH), "The path of the file."),
        MODE,
    ]]);

/// `downward_api { ... }`: files that hold fields of the pod.
pub static DOWNWARD_API: BlockSchema = BlockSchema::new("downward_api", "Makes files of fields of the pod.")
    .attributes(&[&[AttributeSchema::optional(
        "items",
        AttributeType::TextMap(&FIELD_ITEMS),
        "The paths of files, and the field of the pod that each holds.",
    )]])
    .blocks(&[&[ChildSchema::many(&FIELD_ITEM)]])
    .check(|block, diagnostics| check_unique(block, "item", 0, diagnostics));

/// `item "path" { ... }` of `downward_api`.
pub static FIELD_ITEM: BlockSchema = BlockSchema::new(
    "item",
    "Makes a file of a field of the pod, or of a resource of a container.",
)
.labels(&[LabelSchema::new("path", &ITEM_PATH)])
.attributes(&[&[
    AttributeSchema::optional(
        "field",
        AttributeType::Text(&VOLUME_FIELD),
        "The field of the pod, such as `metadata.labels`.",
    ),
    AttributeSchema::optional(
        "resource",
        AttributeType::Text(&RESOURCE_FIELD),
        "The resource of a container, such as `limits.memory`.",
    ),
    AttributeSchema::optional(
        "container",
        AttributeType::Text(&DNS_LABEL),
        "The container whose `resource` it is.",
    ),
    AttributeSchema::optional(
        "divisor",
        AttributeType::Words(&[
            "1", "1m", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
        ]),
        "The unit in which the `resource` is given.",
    )
    .default("`1`"),
    MODE,
]])
.check(check_field_item);

/// `ephemeral { ... }`: a claim that is made for the pod and goes with it.
pub static EPHEMERAL: BlockSchema = BlockSchema::new(
    "ephemeral",
    "Makes a PersistentVolumeClaim for each pod, which goes with it.",
)
.attributes(&[CLAIM_ATTRIBUTES])
.check(check_access_modes);

/// `csi { ... }`: a volume that a CSI driver makes for the pod.
pub static CSI: BlockSchema = BlockSchema::new("csi", "Lets a CSI driver make the volume.").attributes(&[&[
    AttributeSchema::required(
        "driver",
        AttributeType::Text(&CSI_DRIVER),
        "The name of the driver.",
    ),
    AttributeSchema::optional(
        "fs_type",
        AttributeType::Text(&ANY_TEXT),
        "The file system, such as `ext4`.",
    )
    .default("what the driver chooses"),
    AttributeSchema::optional(
        "volume_attributes",
        AttributeType::TextMap(&PARAMETERS),
        "What the driver is told.",
    ),
    AttributeSchema::optional(
        "node_publish_secret",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The Secret that the driver is given.",
    )
    .refers_to(Referent::Secret),
]]);

/// `nfs { ... }`: a folder of a server.
pub static NFS: BlockSchema = BlockSchema::new("nfs", "Mounts a folder of an NFS server.").attributes(&[&[
    AttributeSchema::required(
        "server",
        AttributeType::Text(&WRITTEN_TEXT),
        "The server's name or address.",
    ),
    AttributeSchema::required(
        "path",
        AttributeType::Text(&ABSOLUTE_PATH),
        "The folder that the server exports.",
    ),
]]);

fn check_field_item(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let given = |name| block.is_set(name) || block.is_lost(name);
    let fault = match (given("field"), given("resource")) {
        (false, false) => (block.span(), "names neither a `field` nor a `resource`"),
        (true, true) => (block.span_of("resource"), "names both a `field` and a `resource`"),
        (false, true) if !given("container") => (
            block.span_of("resource"),
            "needs the `container` of the `resource`",
        ),
        _ => return,
    };
    diagnostics.push(Diagnostic::error(
        Code::Contradiction,
        fault.0,
        format!("item `{}` {}", block.label(0), fault.1),
    ));
}

/// Returns the files that `items` and the blocks `item` of a source make, by path.
pub(super) fn paths_of<'a>(source: &'a Block) -> impl Iterator<Item = (&'a str, Span)> {
    let by_key = !source.schema().is(&DOWNWARD_API);
    let entries = source.map("items").into_iter().flatten();
    let entries = entries.map(move |(key, value)| {
        let path: &'a str = if by_key { &value.value } else { key };
        (path, value.span)
    });
    let blocks = source.children("item").filter_map(move |item| {
        if by_key {
            Some((item.text("path")?, item.span_of("path")))
        } else {
            Some((item.label(0), item.label_span(0)))
        }
    });
    entries.chain(blocks)
}

/// Reports files that stand at one path.
pub(super) fn check_paths<'a>(
    paths: impl Iterator<Item = (&'a str, Span)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (path, span) in paths.filter(|(path, _)| !path.is_empty()) {
        if let Some(first) = seen.get(path) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    span,
                    format!("there is a file at the path `{path}` already"),
                )
                .with_related(*first, "the first one"),
            );
        }
        seen.entry(path).or_insert(span);
    }
}
