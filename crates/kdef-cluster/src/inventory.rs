//! What a release owns, as its status records it.

use std::collections::BTreeMap;

use crate::ObjectId;

/// A set of objects with the version each was applied in, sorted by id.
///
/// The version is no part of an object's identity: a manifest that moves from `v1beta1` to `v1` of its group keeps its
/// entry. The version of the left side wins in a union.
///
/// ```
/// use kdef_cluster::Inventory;
///
/// let (inventory, unreadable) = Inventory::decode([("shop_web_apps_Deployment", "apps/v1"), ("what?", "v1")]);
/// assert_eq!(inventory.entries().collect::<Vec<_>>(), [("shop_web_apps_Deployment", "v1")]);
/// assert_eq!(unreadable, ["what?"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    id: ObjectId,
    version: String,
}

impl Inventory {
    /// Reads entries `{id, v}` and returns the ids that cannot be read beside the rest.
    ///
    /// `v` is a version (`v1`); releases of the reference controller recorded the whole apiVersion (`apps/v1`), of which
    /// the version is taken.
    pub fn decode<I, V>(entries: impl IntoIterator<Item = (I, V)>) -> (Self, Vec<String>)
    where
        I: AsRef<str>,
        V: AsRef<str>,
    {
        let mut inventory = Self::default();
        let mut unreadable = Vec::new();
        for (id, version) in entries {
            match ObjectId::decode(id.as_ref()) {
                Some(id) => {
                    let version = version.as_ref();
                    let version = version.rsplit_once('/').map_or(version, |(_, version)| version);
                    inventory.insert(id, version);
                }
                None => unreadable.push(id.as_ref().to_owned()),
            }
        }
        (inventory, unreadable)
    }

    /// Returns the entries as `(id, v)`, sorted by id.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(id, entry)| (id.as_str(), entry.version.as_str()))
    }

    /// Returns the objects, sorted by the text form of their ids.
    pub fn ids(&self) -> impl Iterator<Item = &ObjectId> {
        self.entries.values().map(|entry| &entry.id)
    }

    /// Adds an object, or sets its version.
    pub fn insert(&mut self, id: ObjectId, version: &str) {
        self.entries.insert(
            id.to_string(),
            Entry {
                id,
                version: version.to_owned(),
            },
        );
    }

    /// Tells whether an object is in it.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.entries.contains_key(&id.to_string())
    }

    /// Returns the number of objects.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the objects of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut entries = other.entries.clone();
        entries.extend(self.entries.iter().map(|(id, entry)| (id.clone(), entry.clone())));
        Self { entries }
    }

    /// Returns the objects that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let kept = self
            .entries
            .iter()
            .filter(|(id, _)| !other.entries.contains_key(*id));
        Self {
            entries: kept.map(|(id, entry)| (id.clone(), entry.clone())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inventory(pairs: &[(&str, &str)]) -> Inventory {
        let (inventory, unreadable) = Inventory::decode(pairs.iter().copied());
        assert_eq!(unreadable, Vec::<String>::new());
        inventory
    }

    #[test]
    fn versions_of_both_forms_are_read() {
        let read = inventory(&[("a_b__ConfigMap", "v1"), ("a_b_apps_Deployment", "apps/v1")]);
        let entries: Vec<_> = read.entries().collect();
        assert_eq!(entries, [("a_b__ConfigMap", "v1"), ("a_b_apps_Deployment", "v1")]);
    }

    #[test]
    fn a_new_version_is_the_same_object() {
        let (old, new) = (
            inventory(&[("a_b_g_K", "v1beta1")]),
            inventory(&[("a_b_g_K", "v1")]),
        );
        assert!(old.difference(&new).is_empty());
        assert_eq!(new.union(&old), new);
    }

    fn any_inventory() -> impl Strategy<Value = Inventory> {
        proptest::collection::btree_set("[a-c]_[a-d]__ConfigMap", 0..12)
            .prop_map(|ids| Inventory::decode(ids.iter().map(|id| (id.as_str(), "v1"))).0)
    }

    proptest! {
        #[test]
        fn the_algebra_of_sets_holds(a in any_inventory(), b in any_inventory()) {
            let (union, gone) = (a.union(&b), a.difference(&b));
            prop_assert_eq!(&union, &b.union(&a));
            for id in a.ids() {
                prop_assert!(union.contains(id));
                prop_assert_eq!(gone.contains(id), !b.contains(id));
            }
            for id in gone.ids() {
                prop_assert!(a.contains(id));
            }
            prop_assert_eq!(union.len(), b.len() + gone.len());
            prop_assert_eq!(gone.union(&b), union);
        }

        #[test]
        fn entries_are_sorted_and_read_back(a in any_inventory()) {
            let ids: Vec<_> = a.entries().map(|(id, _)| id.to_owned()).collect();
            prop_assert!(ids.is_sorted());
            let (read, unreadable) = Inventory::decode(a.entries());
            prop_assert_eq!((read, unreadable.len()), (a, 0));
        }
    }
}
