//! What annotations and labels on an object ask of the engine.

use std::collections::BTreeMap;

const PRUNE: &str = "kdef.gsid.nl/prune";
const RECONCILE: &str = "kdef.gsid.nl/reconcile";
const SSA: &str = "kdef.gsid.nl/ssa";

/// The policies of one object. Annotations and labels count alike, and the case of a value does not matter, as in Flux.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Policies {
    /// `reconcile: disabled`: neither updated nor deleted.
    pub(crate) hands_off: bool,
    /// When it is applied.
    pub(crate) apply: ApplyPolicy,
    /// When it is deleted.
    pub(crate) prune: PrunePolicy,
}

/// When an object is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ApplyPolicy {
    /// Whenever it is not as wanted.
    #[default]
    Always,
    /// `ssa: IfNotPresent`: when it is absent.
    IfAbsent,
    /// `ssa: Ignore`: never; nor is it deleted.
    Never,
}

/// When an object is deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum PrunePolicy {
    /// When it left the set.
    #[default]
    Unwanted,
    /// `prune: confirmed`: when it left the set, although its kind and name are protected.
    Confirmed,
    /// `prune: disabled`: never.
    Never,
}

impl Policies {
    /// Reads the policies from an object's annotations and labels.
    pub(crate) fn of(annotations: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> Self {
        let says = |key: &str, value: &str| {
            let matches =
                |map: &BTreeMap<String, String>| map.get(key).is_some_and(|v| v.eq_ignore_ascii_case(value));
            matches(annotations) || matches(labels)
        };
        let apply = if says(SSA, "Ignore") {
            ApplyPolicy::Never
        } else if says(SSA, "IfNotPresent") {
            ApplyPolicy::IfAbsent
        } else {
            ApplyPolicy::Always
        };
        let prune = if says(PRUNE, "disabled") {
            PrunePolicy::Never
        } else if says(PRUNE, "confirmed") {
            PrunePolicy::Confirmed
        } else {
            PrunePolicy::Unwanted
        };
        Self {
            hands_off: says(RECONCILE, "disabled"),
            apply,
            prune,
        }
    }

    /// Tells whether an object is not applied, whether it is there or not.
    pub(crate) fn forbid_apply(self) -> bool {
        self.hands_off || self.apply == ApplyPolicy::Never
    }

    /// Tells whether an object that is there is not applied.
    pub(crate) fn forbid_update(self) -> bool {
        self.hands_off || self.apply != ApplyPolicy::Always
    }

    /// Tells whether an object that left the set has to stay in the cluster.
    pub(crate) fn forbid_deletion(self) -> bool {
        self.forbid_apply() || self.prune == PrunePolicy::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_and_labels_count_whatever_the_case_of_the_value() {
        let none = BTreeMap::new();
        let map = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
        for (key, value, expected) in [
            (
                PRUNE,
                "Disabled",
                Policies {
                    prune: PrunePolicy::Never,
                    ..Policies::default()
                },
            ),
            (
                PRUNE,
                "confirmed",
                Policies {
                    prune: PrunePolicy::Confirmed,
                    ..Policies::default()
                },
            ),
            (PRUNE, "enabled", Policies::default()),
            (
                RECONCILE,
                "disabled",
                Policies {
                    hands_off: true,
                    ..Policies::default()
                },
            ),
            (
                SSA,
                "ignore",
                Policies {
                    apply: ApplyPolicy::Never,
                    ..Policies::default()
                },
            ),
            (
                SSA,
                "IfNotPresent",
                Policies {
                    apply: ApplyPolicy::IfAbsent,
                    ..Policies::default()
                },
            ),
            (SSA, "Override", Policies::default()),
            ("KDEF.gsid.nl/prune", "disabled", Policies::default()),
        ] {
            assert_eq!(
                Policies::of(&map(key, value), &none),
                expected,
                "annotation {key}: {value}"
            );
            assert_eq!(
                Policies::of(&none, &map(key, value)),
                expected,
                "label {key}: {value}"
            );
        }
    }
}
