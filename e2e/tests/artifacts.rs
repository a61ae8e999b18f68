//! Artifacts that no source of Flux makes: each is refused for what it is, and the next good one heals.

use anyhow::{Result, ensure};
use serde_json::json;
use testbed::{Answer, Artifact, Entry, SourceKind, archive, digest};

use crate::Test;
use crate::look::set;
use crate::stage::{Bed, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "an_artifact_that_cannot_be_had_is_told",
        an_artifact_that_cannot_be_had_is_told,
    ),
    (
        "an_archive_that_cannot_be_read_is_told",
        an_archive_that_cannot_be_read_is_told,
    ),
    (
        "an_artifact_without_a_digest_is_refused",
        an_artifact_without_a_digest_is_refused,
    ),
    ("a_bomb_is_refused", a_bomb_is_refused),
    (
        "a_link_is_refused_where_it_is_read",
        a_link_is_refused_where_it_is_read,
    ),
    (
        "an_artifact_that_is_late_is_waited_for",
        an_artifact_that_is_late_is_waited_for,
    ),
];

/// A project of one ConfigMap.
const APP: Entry<'_> = Entry::File("app.kdef", b"configmap \"settings\" {}\n");

/// An artifact that a release cannot use.
struct Bad {
    name: &'static str,
    artifact: Artifact,
    /// What the release says of it.
    message: String,
}

/// The artifact server's room for one stage.
struct Shelf<'a>(&'a Stage<'a>);

impl Shelf<'_> {
    fn url(&self, name: &str) -> String {
        self.0.cluster().artifacts().url(&self.path(name))
    }

    fn serve(&self, name: &str, answer: Answer) -> String {
        self.0.cluster().artifacts().serve(&self.path(name), answer)
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}.tar.gz", self.0.namespace)
    }

    /// Serves an archive and returns the truth about it.
    fn put(&self, name: &str, bytes: &[u8]) -> Artifact {
        let url = self.serve(name, Answer::Bytes(bytes.to_vec()));
        Artifact::of(&url, &format!("latest@{}", digest(bytes)), bytes)
    }

    /// Offers artifacts, each to a release of its name.
    fn offer(&self, artifact: &Artifact, name: &str) -> Result<()> {
        let stage = self.0;
        let kind = SourceKind::ExternalArtifact;
        stage.cluster().publish(kind, &stage.namespace, name, artifact)?;
        stage.release(name, &json!({"sourceRef": {"kind": kind.as_str(), "name": name}}))
    }

    /// Checks that each artifact is refused as it should be, and that a good one in its place heals the release.
    fn are_refused(&self, all: &[Bad]) -> Result<()> {
        let stage = self.0;
        for Bad { name, artifact, .. } in all {
            self.offer(artifact, name)?;
        }
        for Bad { name, message, .. } in all {
            let release = stage.refused(name, "ArtifactFailed", message)?;
            ensure!(
                release["status"]["lastAppliedRevision"].is_null(),
                "{}",
                release["status"]
            );
            ensure!(
                release["status"]["inventory"]["entries"].is_null(),
                "{}",
                release["status"]
            );
            stage.event(name, ["Warning", "ArtifactFailed"], |text| text == message)?;
        }
        for Bad { name, .. } in all {
            let app = format!("configmap \"{name}\" {{}}\n");
            let good = self.put(
                &format!("{name}-good"),
                &archive(&[Entry::File("app.kdef", app.as_bytes())])?,
            );
            self.offer(&good, name)?;
            stage.applied(name, &good.revision)?;
            ensure!(stage.owned("configmaps", name)? == set([name]));
        }
        Ok(())
    }
}

fn an_artifact_that_cannot_be_had_is_told(bed: &Bed) -> Result<()> {
    let stage = bed.stage("fetch")?;
    let shelf = Shelf(&stage);
    let good = archive(&[APP])?;
    let wrong = digest(b"something else");
    let truth = shelf.put("good", &good);
    let served = |name, answer| Artifact::of(&shelf.serve(name, answer), "v1", &good);
    let short = Answer::ShortBody {
        body: good.clone(),
        missing: 10,
    };
    let busy = Answer::Status("503 Service Unavailable".to_owned());
    let moved = Answer::Status("302 Found".to_owned());
    shelf.are_refused(&[
        Bad {
            name: "digest",
            artifact: Artifact {
                digest: wrong.clone(),
                ..truth.clone()
            },
            message: format!(
                "what {} serves does not have the digest {wrong} that the source promises",
                truth.url
            ),
        },
        Bad {
            name: "algorithm",
            artifact: Artifact {
                digest: "md5:00".to_owned(),
                ..truth.clone()
            },
            message: "the artifact's digest uses \"md5\"; sha256, sha384 and sha512 can be verified"
                .to_owned(),
        },
        Bad {
            name: "scheme",
            artifact: Artifact {
                url: "file:///etc/passwd".to_owned(),
                ..truth
            },
            message: "the artifact's URL cannot be used: only http and https are allowed".to_owned(),
        },
        Bad {
            name: "absent",
            artifact: Artifact::of(&shelf.url("absent"), "v1", &good),
            message: format!("the artifact is not found at {}", shelf.url("absent")),
        },
        Bad {
            name: "busy",
            artifact: served("busy", busy),
            message: format!("GET {} answered 503", shelf.url("busy")),
        },
        Bad {
            name: "moved",
            artifact: served("moved", moved),
            message: format!(
                "GET {} answered 302; redirects are not followed",
                shelf.url("moved")
            ),
        },
        Bad {
            name: "short",
            artifact: served("short", short),
            message: format!(
                "GET {} failed: end of file before message length reached",
                shelf.url("short")
            ),
        },
    ])
}

fn an_archive_that_cannot_be_read_is_told(bed: &Bed) -> Result<()> {
    let bounds = [
        "--artifact-max-size=64Ki",
        "--artifact-max-extracted-size=1Mi",
        "--artifact-max-files=4",
    ];
    let stage = bed.stage_with("archives", &bounds)?;
    let shelf = Shelf(&stage);
    let good = archive(&[APP])?;
    let bad = |name, bytes: &[u8], message: &str| Bad {
        name,
        artifact: shelf.put(name, bytes),
        message: format!("the artifact{message}"),
    };
    let with = |entry| archive(&[APP, entry]);
    let many = ["a", "b", "c", "d"].map(|name| Entry::File(name, b""));
    shelf.are_refused(&[
        bad(
            "text",
            "not an archive".repeat(9).as_bytes(),
            " is not a readable tar.gz: invalid gzip header",
        ),
        bad(
            "cut",
            &good[..good.len() - 20],
            " is not a readable tar.gz: incomplete deflate stream",
        ),
        bad(
            "up",
            &with(Entry::File("../up.kdef", b""))?,
            "'s entry \"../up.kdef\" is refused: its name contains `..`",
        ),
        bad(
            "within",
            &with(Entry::File("a/../../up.kdef", b""))?,
            "'s entry \"a/../../up.kdef\" is refused: its name contains `..`",
        ),
        bad(
            "absolute",
            &with(Entry::File("/etc/absolute", b""))?,
            "'s entry \"/etc/absolute\" is refused: its name is absolute",
        ),
        bad(
            "hard",
            &with(Entry::HardLink("hard", "app.kdef"))?,
            "'s entry \"hard\" is refused: it is a hard link",
        ),
        bad(
            "large",
            &with(Entry::File("noise", &noise()))?,
            " is larger than 65536 bytes, the limit of --artifact-max-size",
        ),
        bad(
            "inflated",
            &with(Entry::Zeros("zeros", 1 << 20))?,
            " inflates to more than 1048576 bytes, the limit of --artifact-max-extracted-size",
        ),
        bad(
            "many",
            &archive(&[&many[..], &[APP]].concat())?,
            " holds more than 4 files, the limit of --artifact-max-files",
        ),
    ])
}

/// Returns bytes that do not compress below 64 KiB.
fn noise() -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..128 << 10).map(|_| next()).collect()
}

fn an_artifact_without_a_digest_is_refused(bed: &Bed) -> Result<()> {
    let stage = bed.stage("undigested")?;
    let shelf = Shelf(&stage);
    let artifact = shelf.put("app", &archive(&[APP])?);
    // The schema of an ExternalArtifact asks for one, that of a GitRepository does not.
    let kind = SourceKind::GitRepository;
    stage
        .cluster()
        .publish(kind, &stage.namespace, "app", &artifact)?;
    let none = json!({"status": {"artifact": {"digest": null}}});
    stage
        .cluster()
        .patch_status(kind.as_str(), &stage.namespace, "app", &none)?;
    stage.release("app", &json!({}))?;
    let message = "the source gives no digest for its artifact, so that it cannot be verified";
    stage.refused("app", "ArtifactFailed", message)?;
    stage
        .cluster()
        .publish(kind, &stage.namespace, "app", &artifact)?;
    stage.applied("app", &artifact.revision)?;
    Ok(())
}

fn a_bomb_is_refused(bed: &Bed) -> Result<()> {
    let stage = bed.stage("bomb")?;
    let shelf = Shelf(&stage);
    let artifact = shelf.put("bomb", &archive(&[APP, Entry::Zeros("zeros", 128 << 20)])?);
    let message =
        "the artifact inflates to more than 134217728 bytes, the limit of --artifact-max-extracted-size";
    shelf.are_refused(&[Bad {
        name: "bomb",
        artifact,
        message: message.to_owned(),
    }])
}

fn a_link_is_refused_where_it_is_read(bed: &Bed) -> Result<()> {
    let stage = bed.stage("links")?;
    let shelf = Shelf(&stage);
    let link = Entry::SymbolicLink("motd", "/etc/passwd");
    let reads = Entry::File(
        "app.kdef",
        b"configmap \"a\" {\n  data = { motd = file(\"motd\") }\n}\n",
    );
    shelf.offer(&shelf.put("read", &archive(&[reads, link])?), "read")?;
    let linked = Entry::SymbolicLink("app.kdef", "/etc/passwd");
    shelf.offer(&shelf.put("linked", &archive(&[linked])?), "linked")?;
    let unread = shelf.put("unread", &archive(&[APP, link])?);
    shelf.offer(&unread, "unread")?;
    let message = "app.kdef:2:24: `motd`: is a symbolic link, which kdef does not follow";
    stage.refused("read", "BuildFailed", message)?;
    let message = "`app.kdef` is a symbolic link, which kdef does not follow";
    stage.refused("linked", "BuildFailed", message)?;
    stage.applied("unread", &unread.revision)?;
    Ok(())
}

fn an_artifact_that_is_late_is_waited_for(bed: &Bed) -> Result<()> {
    let stage = bed.stage("late")?;
    let shelf = Shelf(&stage);
    let good = archive(&[APP])?;
    let artifact = Artifact::of(&shelf.url("app"), "v1", &good);
    shelf.offer(&artifact, "app")?;
    let message = format!("the artifact is not found at {}", artifact.url);
    stage.refused("app", "ArtifactFailed", &message)?;
    shelf.put("app", &good);
    stage.applied("app", "v1")?;
    Ok(())
}
