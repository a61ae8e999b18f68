//! Who an object belongs to.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};

/// The label that holds the name of the release an object belongs to.
pub const NAME_LABEL: &str = "kdef.gsid.nl/name";
/// The label that holds the namespace of the release an object belongs to.
pub const NAMESPACE_LABEL: &str = "kdef.gsid.nl/namespace";

/// The longest label value that Kubernetes accepts, in bytes.
const LABEL_LIMIT: usize = 63;
/// How much of a name that is too long for a label is kept in front of the digits of its hash.
const KEPT_OF_LONG_NAME: usize = 52;
/// How many bytes of the hash are kept, two digits each.
const KEPT_OF_HASH: usize = 5;

/// A release as the owner labels of its objects name it.
///
/// A name of more than 63 characters does not fit a label: its first 52 characters and ten digits of its hash stand for
/// it. To ask whether a release is the owner of an object, build its `Owner` and compare.
///
/// ```
/// use kdef_cluster::Owner;
///
/// assert_eq!(Owner::new("shop", "apps").to_string(), "apps/shop");
/// assert_eq!(Owner::new(&"a".repeat(64), "apps").name().len(), 63);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    namespace: String,
    name: String,
}

impl Owner {
    /// Makes the owner for a release's name and namespace.
    pub fn new(name: &str, namespace: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: label_value(name),
        }
    }

    /// Reads the owner from an object's labels; `None` unless both labels are there.
    pub(crate) fn of(labels: &BTreeMap<String, String>) -> Option<Self> {
        let read = |label: &str| labels.get(label).filter(|value| !value.is_empty()).cloned();
        Some(Self {
            namespace: read(NAMESPACE_LABEL)?,
            name: read(NAME_LABEL)?,
        })
    }

    /// Returns the value of the name label.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value of the namespace label.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

/// Prints `namespace/name`.
impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// Shortens a name to what a label value may hold.
fn label_value(name: &str) -> String {
    if name.len() <= LABEL_LIMIT {
        return name.to_owned();
    }
    let kept = name.floor_char_boundary(KEPT_OF_LONG_NAME);
    let mut value = format!("{}-", &name[..kept]);
    for byte in Sha256::digest(name.as_bytes()).iter().take(KEPT_OF_HASH) {
        // Writing to a string cannot fail.
        let _ = write!(value, "{byte:02x}");
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn long_names_are_told_apart_by_their_hash() {
        let (a, b) = (format!("{}a", "x".repeat(70)), format!("{}b", "x".repeat(70)));
        let (a, b) = (Owner::new(&a, "ns"), Owner::new(&b, "ns"));
        assert_eq!(a.name().len(), LABEL_LIMIT);
        assert!(a.name().starts_with(&"x".repeat(52)));
        assert_ne!(a, b);
        assert_eq!(Owner::new(&"x".repeat(63), "ns").name(), "x".repeat(63));
    }

    #[test]
    fn both_labels_make_an_owner() {
        let both = labels(&[(NAME_LABEL, "shop"), (NAMESPACE_LABEL, "apps")]);
        assert_eq!(Owner::of(&both), Some(Owner::new("shop", "apps")));
        assert_eq!(Owner::of(&labels(&[(NAME_LABEL, "shop")])), None);
        assert_eq!(
            Owner::of(&labels(&[(NAME_LABEL, "shop"), (NAMESPACE_LABEL, "")])),
            None
        );
    }
}
