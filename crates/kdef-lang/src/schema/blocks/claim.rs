//! What `persistentvolumeclaim` and `volume_claim` ask for.

use kdef_source::{Code, Diagnostic};

use crate::Block;
use crate::quantity::Quantity;
use crate::schema::{AttributeSchema, AttributeType, DNS_SUBDOMAIN, TextKind};

/// How much storage of which kind.
pub(super) const CLAIM_ATTRIBUTES: &[AttributeSchema] = &[
    AttributeSchema::required("storage", AttributeType::Text(&STORAGE), "How much space is asked for."),
    AttributeSchema::optional(
        "storage_class",
        AttributeType::Text(&DNS_SUBDOMAIN),
        "The StorageClass.",
    )
    .default("the cluster's default"),
    AttributeSchema::optional(
        "access_modes",
        AttributeType::TextList(&ACCESS_MODE),
        "How nodes and pods may mount it: `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`.",
    )
    .default("`ReadWriteOnce`"),
];

/// An amount of storage; Kubernetes refuses a claim for nothing.
static STORAGE: TextKind = TextKind {
    name: "quantity",
    code: Code::InvalidQuantity,
    check: |text| match Quantity::parse(text) {
        Ok(quantity) if quantity.is_zero() => Err("is zero; some storage must be asked for".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    },
};

const ACCESS_MODES: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", ONE_POD];
const ONE_POD: &str = "ReadWriteOncePod";

/// How a volume may be mounted.
static ACCESS_MODE: TextKind = TextKind {
    name: "access mode",
    code: Code::NotAllowed,
    check: |text| {
        if ACCESS_MODES.contains(&text) {
            return Ok(());
        }
        Err(format!(
            "is not allowed; access modes are `{}`",
            ACCESS_MODES.join("`, `")
        ))
    },
};

/// Checks what the API server does of the access modes together.
pub(super) fn check_access_modes(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let modes = block.list("access_modes").unwrap_or_default();
    let alone = modes.iter().find(|mode| &*mode.value == ONE_POD);
    if let Some(mode) = alone.filter(|_| modes.len() > 1) {
        diagnostics.push(Diagnostic::error(
            Code::Contradiction,
            mode.span,
            format!("`access_modes`: `{ONE_POD}` allows no other beside it"),
        ));
    }
}
