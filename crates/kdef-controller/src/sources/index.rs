//! What is known of the Flux sources: a pure table, fed by watches.

use std::collections::{BTreeMap, BTreeSet};

use kdef_api::{Artifact, SOURCE_GROUP, SourceKind};

/// What identifies a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SourceId {
    pub(crate) kind: SourceKind,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl std::fmt::Display for SourceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
    }
}

/// What is kept of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) artifact: Option<Artifact>,
    /// What its Ready condition says while it is not ready.
    pub(super) complaint: Option<String>,
}

/// What a release learns of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// The source offers an artifact; whether it is ready at the moment does not matter (Flux's rule).
    Artifact(Artifact),
    /// The source exists and has produced nothing yet; what it complains of, if it does.
    NoArtifact(Option<String>),
    /// There is no such source.
    Missing,
    /// The cluster does not serve the kind, or not in the version that the release names.
    NotServed,
    /// The sources of the kind are not listed yet; why, if that failed.
    NotListed(Option<String>),
}

/// The sources of every served kind.
#[derive(Debug, Default)]
pub(super) struct Index {
    kinds: BTreeMap<SourceKind, KindIndex>,
    discovered: bool,
}

#[derive(Debug, Default)]
struct KindIndex {
    /// The versions that the cluster serves, such as `v1`.
    versions: Vec<String>,
    sources: BTreeMap<(String, String), Source>,
    /// The sources seen since the current listing began.
    listing: Option<BTreeSet<(String, String)>>,
    listed: bool,
    error: Option<String>,
}

impl Index {
    /// Takes over which kinds are served and in which versions; what is no longer served is forgotten.
    pub(super) fn set_served(&mut self, served: &BTreeMap<SourceKind, Vec<String>>) {
        self.discovered = true;
        self.kinds.retain(|kind, _| served.contains_key(kind));
        for (kind, versions) in served {
            self.kinds.entry(*kind).or_default().versions.clone_from(versions);
        }
    }

    /// Notes that a listing of a kind begins.
    pub(super) fn begin(&mut self, kind: SourceKind) {
        if let Some(index) = self.kinds.get_mut(&kind) {
            index.listing = Some(BTreeSet::new());
        }
    }

    /// Notes that a listing is complete: what it did not name is gone.
    pub(super) fn complete(&mut self, kind: SourceKind) {
        let Some(index) = self.kinds.get_mut(&kind) else {
            return;
        };
        if let Some(seen) = index.listing.take() {
            index.sources.retain(|key, _| seen.contains(key));
        }
        index.listed = true;
        index.error = None;
    }

    /// Notes why a kind cannot be listed or watched.
    pub(super) fn failed(&mut self, kind: SourceKind, error: String) {
        if let Some(index) = self.kinds.get_mut(&kind) {
            index.error = Some(error);
        }
    }

    /// Takes a source over and tells whether its artifact is another than before.
    pub(super) fn apply(&mut self, id: &SourceId, source: Source) -> bool {
        let Some(index) = self.kinds.get_mut(&id.kind) else {
            return false;
        };
        let key = (id.namespace.clone(), id.name.clone());
        if let Some(seen) = &mut index.listing {
            seen.insert(key.clone());
        }
        let identity = |source: &Source| {
            let artifact = source.artifact.as_ref()?;
            Some((
                artifact.revision.clone(),
                artifact.digest.clone(),
                artifact.url.clone(),
            ))
        };
        let now = identity(&source);
        let before = index.sources.insert(key, source);
        now.is_some() && now != before.as_ref().and_then(identity)
    }

    /// Forgets a source.
    pub(super) fn delete(&mut self, id: &SourceId) {
        if let Some(index) = self.kinds.get_mut(&id.kind) {
            index.sources.remove(&(id.namespace.clone(), id.name.clone()));
        }
    }

    /// Answers for a source; `api_version` is what the release insists on, if it does.
    pub(super) fn lookup(&self, id: &SourceId, api_version: Option<&str>) -> Lookup {
        let Some(index) = self.kinds.get(&id.kind) else {
            return if self.discovered {
                Lookup::NotServed
            } else {
                Lookup::NotListed(None)
            };
        };
        let serves = |wanted: &str| {
            let version = wanted
                .strip_prefix(SOURCE_GROUP)
                .and_then(|rest| rest.strip_prefix('/'));
            version.is_some_and(|version| index.versions.iter().any(|served| served == version))
        };
        if !api_version.is_none_or(serves) {
            return Lookup::NotServed;
        }
        if !index.listed {
            return Lookup::NotListed(index.error.clone());
        }
        match index.sources.get(&(id.namespace.clone(), id.name.clone())) {
            Some(Source {
                artifact: Some(artifact),
                ..
            }) => Lookup::Artifact(artifact.clone()),
            Some(Source { complaint, .. }) => Lookup::NoArtifact(complaint.clone()),
            None => Lookup::Missing,
        }
    }

    /// Tells whether every served kind is listed, or known to be unlistable.
    pub(super) fn settled(&self) -> bool {
        self.discovered
            && self
                .kinds
                .values()
                .all(|index| index.listed || index.error.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> SourceId {
        SourceId {
            kind: SourceKind::GitRepository,
            namespace: "apps".to_owned(),
            name: name.to_owned(),
        }
    }

    fn source(revision: &str, digest: &str) -> Source {
        let artifact = Artifact {
            revision: revision.to_owned(),
            digest: digest.to_owned(),
            ..Artifact::default()
        };
        Source {
            artifact: Some(artifact),
            complaint: None,
        }
    }

    fn serving(versions: &[&str]) -> BTreeMap<SourceKind, Vec<String>> {
        let versions = versions.iter().map(ToString::to_string).collect();
        BTreeMap::from([(SourceKind::GitRepository, versions)])
    }

    #[test]
    fn a_change_is_another_revision_or_digest_and_nothing_else() {
        let mut index = Index::default();
        index.set_served(&serving(&["v1"]));
        let cases = [
            (Source::default(), false, "no artifact yet"),
            (source("main@sha1:a", "sha256:1"), true, "the first"),
            (source("main@sha1:a", "sha256:1"), false, "the same again"),
            (source("main@sha1:b", "sha256:1"), true, "another revision"),
            (source("main@sha1:b", "sha256:2"), true, "another digest"),
            (Source::default(), false, "the artifact is gone"),
            (source("main@sha1:b", "sha256:2"), true, "and back"),
        ];
        for (source, changed, what) in cases {
            assert_eq!(index.apply(&id("app"), source), changed, "{what}");
        }
    }

    #[test]
    fn what_a_listing_does_not_name_is_gone() {
        let mut index = Index::default();
        index.set_served(&serving(&["v1"]));
        index.begin(SourceKind::GitRepository);
        index.apply(&id("a"), source("1", "1"));
        index.apply(&id("b"), source("1", "1"));
        assert_eq!(
            index.lookup(&id("a"), None),
            Lookup::NotListed(None),
            "not complete yet"
        );
        index.complete(SourceKind::GitRepository);
        assert!(matches!(index.lookup(&id("b"), None), Lookup::Artifact(_)));

        index.begin(SourceKind::GitRepository);
        index.apply(&id("a"), source("1", "1"));
        assert!(
            matches!(index.lookup(&id("b"), None), Lookup::Artifact(_)),
            "kept until complete"
        );
        index.complete(SourceKind::GitRepository);
        assert_eq!(index.lookup(&id("b"), None), Lookup::Missing);
        index.delete(&id("a"));
        assert_eq!(index.lookup(&id("a"), None), Lookup::Missing);
    }

    #[test]
    fn kinds_come_and_go_with_what_the_cluster_serves() {
        let mut index = Index::default();
        assert_eq!(
            index.lookup(&id("a"), None),
            Lookup::NotListed(None),
            "nothing is known yet"
        );
        assert!(!index.settled());
        index.set_served(&BTreeMap::new());
        assert_eq!(index.lookup(&id("a"), None), Lookup::NotServed);
        assert!(index.settled());

        index.set_served(&serving(&["v1beta2"]));
        assert!(!index.settled());
        index.failed(SourceKind::GitRepository, "forbidden".to_owned());
        assert!(
            index.settled(),
            "one kind that cannot be listed does not hold up the others"
        );
        assert_eq!(
            index.lookup(&id("a"), None),
            Lookup::NotListed(Some("forbidden".to_owned()))
        );
        index.complete(SourceKind::GitRepository);
        assert_eq!(index.lookup(&id("a"), None), Lookup::Missing);
        let exactly =
            |version: &str| index.lookup(&id("a"), Some(&format!("source.toolkit.fluxcd.io/{version}")));
        assert_eq!(exactly("v1beta2"), Lookup::Missing);
        assert_eq!(exactly("v1"), Lookup::NotServed);
    }
}
