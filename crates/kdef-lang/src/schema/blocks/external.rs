//! `external` of a definition file and of `root.kdef`.

use kdef_source::Code;

use crate::schema::{AttributeSchema, AttributeType, BlockSchema, DNS_SUBDOMAIN, Referent, TextKind};

/// `external { ... }`: objects that the whole project may refer to, and that something else makes.
pub static EXTERNAL: BlockSchema = BlockSchema::new(
    "external",
    "Lists objects that something else makes, in any namespace, so that the whole project may refer to them.",
)
.attributes(&[&[
    AttributeSchema::optional(
        SECRETS,
        NAMES,
        "The names of Secrets; one that ends in `*` stands for all that begin so.",
    ),
    AttributeSchema::optional(CONFIG_MAPS, NAMES, "The names of ConfigMaps, likewise."),
    AttributeSchema::optional(CLAIMS, NAMES, "The names of PersistentVolumeClaims, likewise."),
]]);

const NAMES: AttributeType = AttributeType::TextList(&EXTERNAL_NAME);
const SECRETS: &str = "secrets";
const CONFIG_MAPS: &str = "config_maps";
const CLAIMS: &str = "persistent_volume_claims";

/// The attributes, and what they list.
pub(crate) const EXTERNAL_KINDS: [(&str, Referent); 3] = [
    (SECRETS, Referent::Secret),
    (CONFIG_MAPS, Referent::ConfigMap),
    (CLAIMS, Referent::Claim),
];

/// The name of an object, or how names begin, with `*` behind it.
static EXTERNAL_NAME: TextKind = TextKind {
    name: "DNS name, `*` allowed at its end",
    code: Code::InvalidName,
    check: |text| match text.strip_suffix('*') {
        None => (DNS_SUBDOMAIN.check)(text),
        // The start of a name may end where a name may not, as in `vault-*`.
        Some(start) => (DNS_SUBDOMAIN.check)(&format!("{start}0")),
    },
};
