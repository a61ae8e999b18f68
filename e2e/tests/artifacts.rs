//! Artifacts that no source of Flux makes: each is refused for what it is, and the next good one heals.

use anyhow::{Result, ensure};
use serde_json::json;
use testbed::{Answer, Artifact, Entry, SourceKind, archive, digest};

use crate::Test;
use crate::look::set;
use crate::stage::{Bed, Stage};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_source_that_promises_nonsense_is_told",
        a_source_that_promises_nonsense_is_told,
    ),
    (
        "an_artifact_that_is_not_served_is_told",
        an_artifact_that_is_not_served_is_told,
    ),
    (
        "an_archive_that_leads_out_is_refused",
        an_archive_that_leads_out_is_refused,
    ),
    (
        "an_archive_that_is_broken_or_too_large_is_refused",
        an_archive_that_is_broken_or_too_large_is_refused,
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

/// The name of a release, an artifact that it cannot use, and what it says of that.
type Bad = (&'static str, Artifact, String);

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
        for (name, artifact, _) in all {
            self.offer(artifact, name)?;
        }
        for (name, _, message) in all {
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
        for (name, ..) in all {
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

fn a_source_that_promises_nonsense_is_told(bed: &Bed) -> Result<()> {
    let stage = bed.stage("promise")?;
    let shelf = Shelf(&stage);
    let truth = shelf.put("good", &archive(&[APP])?);
    let promise = |digest: &str, url: &str| Artifact {
        digest: digest.to_owned(),
        url: url.to_owned(),
        ..truth.clone()
    };
    let wrong = digest(b"something else");
    let url = &truth.url;
    shelf.are_refused(&[
        (
            "digest",
            promise(&wrong, url),
            format!("what {url} serves does not have the digest {wrong} that the source promises"),
        ),
        (
            "algorithm",
            promise("md5:00", url),
            "the artifact's digest uses \"md5\"; sha256, sha384 and sha512 can be verified".to_owned(),
        ),
        (
            "scheme",
            promise(&truth.digest, "file:///etc/passwd"),
            "the artifact's URL cannot be used: only http and https are allowed".to_owned(),
        ),
    ])
}

fn an_artifact_that_is_not_served_is_told(bed: &Bed) -> Result<()> {
    let stage = bed.stage("fetch")?;
    let shelf = Shelf(&stage);
    let good = archive(&[APP])?;
    let short = Answer::ShortBody {
        body: good.clone(),
        missing: 10,
    };
    let status = |text: &str| Answer::Status(text.to_owned());
    let served = |name, answer, before: &str, after: &str| {
        let url = shelf.serve(name, answer);
        (
            name,
            Artifact::of(&url, "v1", &good),
            format!("{before} {url}{after}"),
        )
    };
    let absent = served("absent", status(""), "the artifact is not found at", "");
    stage.cluster().artifacts().remove(&shelf.path("absent"));
    shelf.are_refused(&[
        absent,
        served("busy", status("503 Busy"), "GET", " answered 503"),
        served(
            "moved",
            status("302 Found"),
            "GET",
            " answered 302; redirects are not followed",
        ),
        served(
            "short",
            short,
            "GET",
            " failed: end of file before message length reached",
        ),
    ])
}

/// Serves archives and checks what is said of each, after "the artifact".
fn are_unreadable(shelf: &Shelf<'_>, cases: &[(&'static str, &[u8], &str)]) -> Result<()> {
    let bad = |(name, bytes, message): &(&'static str, &[u8], &str)| {
        (*name, shelf.put(name, bytes), format!("the artifact{message}"))
    };
    let all: Vec<Bad> = cases.iter().map(bad).collect();
    shelf.are_refused(&all)
}

fn an_archive_that_leads_out_is_refused(bed: &Bed) -> Result<()> {
    let stage = bed.stage("names")?;
    let with = |entry| archive(&[APP, entry]);
    let up = with(Entry::File("../up.kdef", b""))?;
    let within = with(Entry::File("a/../../up.kdef", b""))?;
    let absolute = with(Entry::File("/etc/absolute", b""))?;
    let hard = with(Entry::HardLink("hard", "app.kdef"))?;
    let cases: [(_, &[u8], _); 4] = [
        (
            "up",
            &up,
            "'s entry \"../up.kdef\" is refused: its name contains `..`",
        ),
        (
            "within",
            &within,
            "'s entry \"a/../../up.kdef\" is refused: its name contains `..`",
        ),
        (
            "absolute",
            &absolute,
            "'s entry \"/etc/absolute\" is refused: its name is absolute",
        ),
        ("hard", &hard, "'s entry \"hard\" is refused: it is a hard link"),
    ];
    are_unreadable(&Shelf(&stage), &cases)
}

/// Bounds that small archives go beyond.
const BOUNDS: [&str; 3] = [
    "--artifact-max-size=64Ki",
    "--artifact-max-extracted-size=1Mi",
    "--artifact-max-files=4",
];

fn an_archive_that_is_broken_or_too_large_is_refused(bed: &Bed) -> Result<()> {
    let stage = bed.stage_with("archives", &BOUNDS)?;
    let good = archive(&[APP])?;
    let text = "not an archive".repeat(9);
    let large = archive(&[Entry::File("noise", &noise())])?;
    let inflated = archive(&[Entry::Zeros("zeros", 1 << 20)])?;
    let many = archive(&["a", "b", "c", "d", "e"].map(|name| Entry::File(name, b"")))?;
    let cases: [(_, &[u8], _); 5] = [
        (
            "text",
            text.as_bytes(),
            " is not a readable tar.gz: invalid gzip header",
        ),
        (
            "cut",
            &good[..good.len() - 20],
            " is not a readable tar.gz: incomplete deflate stream",
        ),
        (
            "large",
            &large,
            " is larger than 65536 bytes, the limit of --artifact-max-size",
        ),
        (
            "inflated",
            &inflated,
            " inflates to more than 1048576 bytes, the limit of --artifact-max-extracted-size",
        ),
        (
            "many",
            &many,
            " holds more than 4 files, the limit of --artifact-max-files",
        ),
    ];
    are_unreadable(&Shelf(&stage), &cases)
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
    let bomb = archive(&[APP, Entry::Zeros("zeros", 128 << 20)])?;
    let message = " inflates to more than 134217728 bytes, the limit of --artifact-max-extracted-size";
    are_unreadable(&Shelf(&stage), &[("bomb", &bomb, message)])
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
    let message = "app.kdef:2:24: `motd` cannot be read: it is or lies behind a symbolic link, which kdef does not follow";
    stage.refused("read", "BuildFailed", message)?;
    let message =
        "`app.kdef` cannot be read: it is or lies behind a symbolic link, which kdef does not follow";
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
