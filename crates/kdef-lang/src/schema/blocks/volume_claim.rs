//! `volume_claim` of a statefulset.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};

use super::claim::{CLAIM_ATTRIBUTES, check_access_modes};
use super::unique::check_unique;
use crate::schema::{
    AttributeSchema, AttributeType, BlockSchema, DNS_LABEL, LABELS, LabelSchema, MOUNT_PATH, SUB_PATH,
};
use crate::{Block, volumes};

/// `volume_claim "name" { ... }`: a PersistentVolumeClaim for each pod, and where its containers see it.
pub static VOLUME_CLAIM: BlockSchema = BlockSchema::new(
    "volume_claim",
    "Gives each pod a PersistentVolumeClaim of its own; the first container mounts it unless some container has a `volume` of its name.",
)
.labels(&[LabelSchema::new("name", &DNS_LABEL)])
.attributes(&[&[
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
    AttributeSchema::optional("labels", AttributeType::TextMap(&LABELS), "The labels of the claims."),
    AttributeSchema::optional("annotations", AttributeType::Annotations, "The annotations of the claims."),
], CLAIM_ATTRIBUTES])
.check(check_access_modes);

/// Checks that claims have names and places of their own.
pub(super) fn check_claims(workload: &Block, diagnostics: &mut Vec<Diagnostic>) {
    check_unique(workload, "volume_claim", 0, diagnostics);
    let Some(first) = workload.children("container").next() else {
        return;
    };
    let mut taken: BTreeMap<&str, Span> = BTreeMap::new();
    for volume in first.children("volume") {
        let span = volume.span_of("mount_path");
        taken.extend(volume.text("mount_path").map(|path| (path, span)));
    }
    for claim in volumes::claims_of_first_container(workload) {
        let Some(path) = claim.text("mount_path") else {
            continue;
        };
        let span = claim.span_of("mount_path");
        if let Some(other) = taken.get(path) {
            diagnostics.push(
                Diagnostic::error(
                    Code::Contradiction,
                    span,
                    format!("container `{}` has another volume at this path", first.label(0)),
                )
                .with_related(*other, "the first one")
                .with_hint("a claim that no container mounts by name is mounted into the first container"),
            );
        }
        taken.entry(path).or_insert(span);
    }
}
