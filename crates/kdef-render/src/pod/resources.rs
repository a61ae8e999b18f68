//! `resources`

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kdef_lang::Block;
use kdef_lang::quantity::QuantityRange;

use crate::provenance::Recorder;

/// Attributes and the resources that they speak of.
const RESOURCES: [(&str, &str); 3] = [
    ("cpu", "cpu"),
    ("memory", "memory"),
    ("ephemeral_storage", "ephemeral-storage"),
];

/// Returns what a container asks for and may use; `None` when it says neither.
pub(super) fn resources(container: &Block, fields: &mut Recorder<'_>) -> Option<ResourceRequirements> {
    let block = container.child("resources")?;
    fields.record("resources", block.span());
    let mut requests = BTreeMap::new();
    let mut limits = BTreeMap::new();
    for (attribute, resource) in RESOURCES {
        // The schema has checked the text.
        let Some(range) = block
            .text(attribute)
            .and_then(|text| QuantityRange::parse(text).ok())
        else {
            continue;
        };
        for (field, side, amount) in [
            ("requests", &mut requests, range.request),
            ("limits", &mut limits, range.limit),
        ] {
            if let Some(amount) = amount {
                fields.record(&format!("resources.{field}.{resource}"), block.span_of(attribute));
                side.insert(resource.to_owned(), Quantity(amount.to_string()));
            }
        }
    }
    if requests.is_empty() && limits.is_empty() {
        return None;
    }
    let written = |side: BTreeMap<_, _>| (!side.is_empty()).then_some(side);
    Some(ResourceRequirements {
        requests: written(requests),
        limits: written(limits),
        ..ResourceRequirements::default()
    })
}
