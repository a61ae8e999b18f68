//! What to do about each object, decided without the cluster.

use crate::live::Facts;
use crate::policy::{Policies, PrunePolicy};
use crate::prepare::DesiredSet;
use crate::{Inventory, ObjectId, Owner};

/// What is known of the counterpart of a desired object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// The object as it is; `None` when there is none.
    pub(crate) live: Option<&'a Facts>,
    /// Whether applying would change it.
    pub(crate) differs: bool,
    /// Whether the release that its labels name exists.
    pub(crate) owner_exists: bool,
}

/// What is to be done about a desired object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Apply it: it is not there.
    Create,
    /// Apply it: it is not as wanted.
    Update,
    /// Write nothing: it is as wanted.
    Unchanged,
    /// Write nothing: its annotations or labels say so.
    Skip,
    /// Write nothing at all: it belongs to another release.
    Conflict(Owner),
    /// Write nothing yet: it is being deleted.
    Terminating,
}

/// Decides about one object. Objects of nobody, and of releases that are gone, are taken over.
pub(crate) fn decide(owner: &Owner, wanted: Policies, seen: Seen<'_>) -> Decision {
    if wanted.forbid_apply() {
        return Decision::Skip;
    }
    let Some(live) = seen.live else {
        return Decision::Create;
    };
    if wanted.forbid_update() || live.policies.forbid_update() {
        return Decision::Skip;
    }
    match &live.owner {
        Some(other) if other != owner && seen.owner_exists => return Decision::Conflict(other.clone()),
        _ => {}
    }
    match (live.terminating, seen.differs) {
        (true, _) => Decision::Terminating,
        (false, true) => Decision::Update,
        (false, false) => Decision::Unchanged,
    }
}

/// Nothing is rendered any more, and that would delete something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an empty render deletes nothing: it holds no object but Namespaces and ServiceAccounts, while the release \
     owns {objects} others; delete the release to delete them"
)]
pub struct PruneBlocked {
    /// How many objects would be deleted.
    pub objects: usize,
}

/// Returns what a release owns and no longer renders.
///
/// To be asked before anything is applied, also where nothing is pruned, since what leaves the inventory is forgotten: a
/// render that holds nothing is refused unless there is nothing to delete either. Namespaces and ServiceAccounts alone
/// are nothing, since every project renders those that it declares.
pub fn stale(old: &Inventory, desired: &DesiredSet) -> Result<Inventory, PruneBlocked> {
    let wanted = desired.inventory();
    let stale = old.difference(&wanted);
    let is_frame =
        |id: &ObjectId| id.group.is_empty() && matches!(id.kind.as_str(), "Namespace" | "ServiceAccount");
    if !stale.is_empty() && wanted.ids().all(is_frame) {
        return Err(PruneBlocked { objects: stale.len() });
    }
    Ok(stale)
}

/// What is to be done about an object that left the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Delete it.
    Delete,
    /// Leave it, and forget about it: it is not ours any more, or under another name still wanted.
    Settled,
    /// Leave it, and say so: it is ours, but to be kept.
    Kept,
}

/// Whose objects are being deleted, and what is not to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PruneRules<'a> {
    pub(crate) owner: &'a Owner,
    /// The namespace of the release.
    pub(crate) namespace: &'a str,
    /// The object is one that this pass applied, under another of its groups.
    pub(crate) is_applied: bool,
}

/// Decides about one object that left the set, from its labels and annotations as they are now.
pub(crate) fn fate(id: &ObjectId, live: &Facts, rules: PruneRules<'_>) -> Fate {
    if rules.is_applied || live.owner.as_ref() != Some(rules.owner) {
        return Fate::Settled;
    }
    let protected =
        is_protected_namespace(id, rules.namespace) && live.policies.prune != PrunePolicy::Confirmed;
    if live.policies.forbid_deletion() || protected {
        Fate::Kept
    } else {
        Fate::Delete
    }
}

/// Tells whether deleting an object could take the cluster, Flux or the release itself with it.
fn is_protected_namespace(id: &ObjectId, release_namespace: &str) -> bool {
    let name = id.name.as_str();
    id.kind == "Namespace"
        && id.group.is_empty()
        && (name.starts_with("kube-")
            || matches!(name, "default" | "flux-system")
            || name == release_namespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::ApplyPolicy;
    use crate::prepare::tests::desired_set;
    use proptest::prelude::*;

    fn me() -> Owner {
        Owner::new("shop", "apps")
    }

    fn other() -> Owner {
        Owner::new("other", "apps")
    }

    fn live(owner: Option<Owner>) -> Facts {
        Facts {
            uid: "u".to_owned(),
            owner,
            ..Facts::default()
        }
    }

    fn with(facts: Facts, change: impl Fn(&mut Facts)) -> Facts {
        let mut facts = facts;
        change(&mut facts);
        facts
    }

    #[test]
    fn what_is_there_decides() {
        let mine = || live(Some(me()));
        let foreign = || live(Some(other()));
        for (name, facts, differs, owner_exists, expected) in [
            ("absent", None, false, false, Decision::Create),
            ("ours, equal", Some(mine()), false, true, Decision::Unchanged),
            ("ours, different", Some(mine()), true, true, Decision::Update),
            ("nobody's", Some(live(None)), true, false, Decision::Update),
            (
                "of a release that is gone",
                Some(foreign()),
                true,
                false,
                Decision::Update,
            ),
            (
                "of another release",
                Some(foreign()),
                true,
                true,
                Decision::Conflict(other()),
            ),
            (
                "of another release, equal",
                Some(foreign()),
                false,
                true,
                Decision::Conflict(other()),
            ),
            (
                "being deleted",
                Some(with(mine(), |f| f.terminating = true)),
                true,
                true,
                Decision::Terminating,
            ),
            (
                "reconcile: disabled",
                Some(with(mine(), |f| f.policies.hands_off = true)),
                true,
                true,
                Decision::Skip,
            ),
            (
                "ssa: Ignore",
                Some(with(mine(), |f| f.policies.apply = ApplyPolicy::Never)),
                true,
                true,
                Decision::Skip,
            ),
            (
                "ssa: IfNotPresent",
                Some(with(mine(), |f| f.policies.apply = ApplyPolicy::IfAbsent)),
                true,
                true,
                Decision::Skip,
            ),
            (
                "another's, hands off",
                Some(with(foreign(), |f| f.policies.hands_off = true)),
                true,
                true,
                Decision::Skip,
            ),
            (
                "prune: disabled",
                Some(with(mine(), |f| f.policies.prune = PrunePolicy::Never)),
                true,
                true,
                Decision::Update,
            ),
        ] {
            let seen = Seen {
                live: facts.as_ref(),
                differs,
                owner_exists,
            };
            assert_eq!(decide(&me(), Policies::default(), seen), expected, "{name}");
        }
    }

    #[test]
    fn the_manifest_may_ask_to_be_left_alone() {
        let absent = Seen {
            live: None,
            differs: false,
            owner_exists: false,
        };
        let facts = live(Some(me()));
        let there = Seen {
            live: Some(&facts),
            differs: true,
            owner_exists: true,
        };
        let ignore = Policies {
            apply: ApplyPolicy::Never,
            ..Policies::default()
        };
        let hands_off = Policies {
            hands_off: true,
            ..Policies::default()
        };
        let if_absent = Policies {
            apply: ApplyPolicy::IfAbsent,
            ..Policies::default()
        };
        for (policies, when_absent, when_there) in [
            (ignore, Decision::Skip, Decision::Skip),
            (hands_off, Decision::Skip, Decision::Skip),
            (if_absent, Decision::Create, Decision::Skip),
        ] {
            assert_eq!(decide(&me(), policies, absent), when_absent, "{policies:?}");
            assert_eq!(decide(&me(), policies, there), when_there, "{policies:?}");
        }
    }

    #[test]
    fn an_empty_render_deletes_nothing() {
        let old = Inventory::decode([
            ("apps_web_apps_Deployment", "v1"),
            ("apps_sa__ServiceAccount", "v1"),
        ])
        .0;
        let blocked = |objects| Err(PruneBlocked { objects });
        let only_web = Inventory::decode([("apps_web_apps_Deployment", "v1")]).0;
        for (name, old, rendered, expected) in [
            ("nothing at all", &old, &[] as &[(&str, &str)], blocked(2)),
            (
                "only a frame",
                &old,
                &[("Namespace", "apps"), ("ServiceAccount", "sa")],
                blocked(1),
            ),
            (
                "something else",
                &old,
                &[("ConfigMap", "a"), ("ServiceAccount", "sa")],
                Ok(only_web),
            ),
            (
                "nothing owned",
                &Inventory::default(),
                &[],
                Ok(Inventory::default()),
            ),
        ] {
            assert_eq!(stale(old, &desired_set(rendered)), expected, "{name}");
        }
    }

    #[test]
    fn only_what_is_ours_is_deleted() {
        let map = ObjectId::new("apps", "a", "", "ConfigMap");
        let namespace = |name: &str| ObjectId::new("", name, "", "Namespace");
        let mine = || live(Some(me()));
        let confirmed = with(mine(), |f| f.policies.prune = PrunePolicy::Confirmed);
        for (name, id, facts, is_applied, expected) in [
            ("ours", map.clone(), mine(), false, Fate::Delete),
            (
                "applied under another group",
                map.clone(),
                mine(),
                true,
                Fate::Settled,
            ),
            ("nobody's", map.clone(), live(None), false, Fate::Settled),
            (
                "another release's",
                map.clone(),
                live(Some(other())),
                false,
                Fate::Settled,
            ),
            (
                "prune: disabled",
                map.clone(),
                with(mine(), |f| f.policies.prune = PrunePolicy::Never),
                false,
                Fate::Kept,
            ),
            (
                "reconcile: disabled",
                map.clone(),
                with(mine(), |f| f.policies.hands_off = true),
                false,
                Fate::Kept,
            ),
            (
                "ssa: Ignore",
                map.clone(),
                with(mine(), |f| f.policies.apply = ApplyPolicy::Never),
                false,
                Fate::Kept,
            ),
            (
                "ssa: IfNotPresent",
                map,
                with(mine(), |f| f.policies.apply = ApplyPolicy::IfAbsent),
                false,
                Fate::Delete,
            ),
            ("a namespace", namespace("shop"), mine(), false, Fate::Delete),
            (
                "the release's own namespace",
                namespace("apps"),
                mine(),
                false,
                Fate::Kept,
            ),
            ("kube-system", namespace("kube-system"), mine(), false, Fate::Kept),
            ("default", namespace("default"), mine(), false, Fate::Kept),
            ("flux-system", namespace("flux-system"), mine(), false, Fate::Kept),
            ("confirmed", namespace("apps"), confirmed, false, Fate::Delete),
            (
                "a custom kind of that name",
                ObjectId::new("", "default", "x.io", "Namespace"),
                mine(),
                false,
                Fate::Delete,
            ),
        ] {
            let rules = PruneRules {
                owner: &me(),
                namespace: "apps",
                is_applied,
            };
            assert_eq!(fate(&id, &facts, rules), expected, "{name}");
        }
    }

    fn any_ids() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec("[a-d]", 0..5)
    }

    proptest! {
        #[test]
        fn what_is_rendered_is_never_stale(old in any_ids(), new in any_ids()) {
            let old = Inventory::decode(old.iter().map(|name| (format!("apps_{name}__ConfigMap"), "v1"))).0;
            let new: std::collections::BTreeSet<_> = new.into_iter().collect();
            let rendered: Vec<_> = new.iter().map(|name| ("ConfigMap", name.as_str())).collect();
            let desired = desired_set(&rendered);
            let wanted = desired.inventory();
            match stale(&old, &desired) {
                Ok(stale) => {
                    prop_assert!(stale.ids().all(|id| old.contains(id) && !wanted.contains(id)));
                    prop_assert_eq!(stale.union(&wanted), old.union(&wanted));
                }
                Err(blocked) => prop_assert_eq!((blocked.objects, wanted.len()), (old.len(), 0)),
            }
        }
    }
}
