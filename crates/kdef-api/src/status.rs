//! The status of a release.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Condition, ConditionType};

/// What the controller reports of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KdefReleaseStatus {
    /// The generation of the spec that the controller last finished a pass for; -1 before the first.
    #[serde(default = "never_observed")]
    pub observed_generation: i64,
    /// The conditions Stalled, Reconciling and Ready, and those that others add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 16),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"])
    )]
    pub conditions: Vec<Condition>,
    /// The value of the annotation `reconcile.fluxcd.io/requestedAt` that was last acted on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
    /// The revision that the controller last began to apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_attempted_revision: Option<String>,
    /// The revision that was last applied whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_applied_revision: Option<String>,
    /// The version of kdef that rendered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renderer_version: Option<String>,
    /// The objects that the release owns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<ReleaseInventory>,
}

impl Default for KdefReleaseStatus {
    fn default() -> Self {
        Self {
            observed_generation: never_observed(),
            conditions: Vec::new(),
            last_handled_reconcile_at: None,
            last_attempted_revision: None,
            last_applied_revision: None,
            renderer_version: None,
            inventory: None,
        }
    }
}

/// Tells kstatus that a release which nobody has looked at yet is in progress.
fn never_observed() -> i64 {
    -1
}

impl KdefReleaseStatus {
    /// Returns the condition of a type.
    pub fn condition(&self, type_: ConditionType) -> Option<&Condition> {
        self.conditions
            .iter()
            .find(|condition| condition.type_ == type_.as_str())
    }

    /// Returns the entries of the inventory; none when there is no inventory.
    pub fn inventory_entries(&self) -> &[InventoryEntry] {
        self.inventory
            .as_ref()
            .map_or(&[], |inventory| inventory.entries.as_slice())
    }
}

/// The objects that a release owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseInventory {
    /// One entry an object, sorted by id.
    #[serde(default)]
    pub entries: Vec<InventoryEntry>,
}

/// One object of an inventory, in Flux's form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct InventoryEntry {
    /// `<namespace>_<name>_<group>_<kind>`, with empty parts left empty.
    pub id: String,
    /// The version of its API, without the group.
    #[serde(default)]
    pub v: String,
}
