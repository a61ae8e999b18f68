//! How an object is named in an inventory.

use std::fmt;

/// The group whose names may hold `:` and `_`.
const RBAC: &str = "rbac.authorization.k8s.io";

/// An object without its version: namespace, name, group and kind.
///
/// Its text form is Flux's, `<namespace>_<name>_<group>_<kind>`, with empty parts left empty. In names of RBAC objects `:`
/// is written `__`. A name for which that could not be undone, such as one that holds `__` itself, has its underscores
/// written `%5F`; no legal name holds a `%`.
///
/// ```
/// use kdef_cluster::ObjectId;
///
/// let id = ObjectId::new("", "system:view", "rbac.authorization.k8s.io", "ClusterRole");
/// assert_eq!(id.to_string(), "_system__view_rbac.authorization.k8s.io_ClusterRole");
/// assert_eq!(ObjectId::decode(&id.to_string()), Some(id));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The namespace; empty for cluster-scoped kinds.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
}

impl ObjectId {
    /// Makes an id from its parts.
    pub fn new(namespace: &str, name: &str, group: &str, kind: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            group: group.to_owned(),
            kind: kind.to_owned(),
        }
    }

    /// Reads the text form; `None` when it does not have four parts, or no name or kind.
    pub fn decode(text: &str) -> Option<Self> {
        let (namespace, rest) = text.split_once('_')?;
        let (rest, kind) = rest.rsplit_once('_')?;
        let (name, group) = rest.rsplit_once('_')?;
        let name = if group == RBAC {
            decode_rbac_name(name)
        } else {
            name.to_owned()
        };
        let complete = !name.is_empty() && !kind.is_empty();
        complete.then(|| Self::new(namespace, &name, group, kind))
    }

    /// Returns `Kind/namespace/name`, or `Kind/name` without a namespace, as Flux prints objects.
    pub fn display(&self) -> String {
        if self.namespace.is_empty() {
            format!("{}/{}", self.kind, self.name)
        } else {
            format!("{}/{}/{}", self.kind, self.namespace, self.name)
        }
    }
}

/// Prints the text form.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            namespace,
            name,
            group,
            kind,
        } = self;
        if group == RBAC {
            write!(f, "{namespace}_{}_{group}_{kind}", encode_rbac_name(name))
        } else {
            write!(f, "{namespace}_{name}_{group}_{kind}")
        }
    }
}

fn encode_rbac_name(name: &str) -> String {
    let plain = name.replace(':', "__");
    if decode_rbac_name(&plain) == name {
        plain
    } else {
        name.replace('_', "%5F").replace(':', "__")
    }
}

fn decode_rbac_name(text: &str) -> String {
    text.replace("__", ":").replace("%5F", "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_flux_ids() {
        for (id, text) in [
            (
                ObjectId::new("default", "podinfo", "", "Service"),
                "default_podinfo__Service",
            ),
            (
                ObjectId::new("", "flux-view", RBAC, "ClusterRole"),
                "_flux-view_rbac.authorization.k8s.io_ClusterRole",
            ),
            (
                ObjectId::new("apps", "web", "apps", "Deployment"),
                "apps_web_apps_Deployment",
            ),
            (
                ObjectId::new("", "a_b", RBAC, "ClusterRole"),
                "_a_b_rbac.authorization.k8s.io_ClusterRole",
            ),
            (
                ObjectId::new("", "a__b", RBAC, "ClusterRole"),
                "_a%5F%5Fb_rbac.authorization.k8s.io_ClusterRole",
            ),
            (
                ObjectId::new("", "a_:b", RBAC, "ClusterRole"),
                "_a%5F__b_rbac.authorization.k8s.io_ClusterRole",
            ),
            (
                ObjectId::new("", "2001:db8::1", "networking.k8s.io", "IPAddress"),
                { "_2001:db8::1_networking.k8s.io_IPAddress" },
            ),
        ] {
            assert_eq!(id.to_string(), text);
            assert_eq!(ObjectId::decode(text), Some(id));
        }
    }

    #[test]
    fn names_that_were_not_transcoded_are_read_too() {
        let id = ObjectId::decode("_system:view_rbac.authorization.k8s.io_ClusterRole");
        assert_eq!(id.map(|id| id.name), Some("system:view".to_owned()));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "a", "a_b", "a_b_c", "__apps_Deployment", "a_b_apps_"] {
            assert_eq!(ObjectId::decode(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_legal_name_comes_back(
            namespace in "([a-z]([-a-z0-9]{0,8}[a-z0-9])?)?",
            plain in "[a-z0-9]([-.a-z0-9:]{0,12}[a-z0-9])?",
            rbac in "[-a-zA-Z0-9_:.@ ]{1,12}",
            group in "([a-z]{1,6}(\\.[a-z]{1,6}){0,2})?",
            kind in "[A-Z][a-zA-Z0-9]{0,10}",
        ) {
            for id in [
                ObjectId::new(&namespace, &plain, &group, &kind),
                ObjectId::new(&namespace, &rbac, RBAC, &kind),
            ] {
                prop_assert_eq!(ObjectId::decode(&id.to_string()), Some(id));
            }
        }

        #[test]
        fn no_text_makes_decoding_panic(text in "\\PC{0,40}") {
            let id = ObjectId::decode(&text);
            prop_assert!(id.is_none_or(|id| ObjectId::decode(&id.to_string()) == Some(id)));
        }
    }
}
