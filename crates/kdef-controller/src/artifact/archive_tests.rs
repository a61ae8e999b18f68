use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use kdef_source::{EntryKind, WorldError};

use super::*;

const LIMITS: ArchiveLimits = ArchiveLimits {
    inflated_bytes: 1 << 20,
    entries: 100,
};

/// One entry, its name written into the header as it is.
fn entry(name: &[u8], type_: EntryType, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(type_);
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.resize(bytes.len() + 1024, 0);
    gzip(&bytes)
}

fn path(text: &str) -> VirtualPath {
    VirtualPath::new(text).unwrap()
}

#[test]
fn files_and_folders_are_found_and_the_last_entry_wins() {
    let files = read(
        &archive(&[
            entry(b"./", EntryType::Directory, b""),
            entry(b"./a.kdef", EntryType::Regular, b"old"),
            entry(b"./apps/web/app.kdef", EntryType::Regular, b"web"),
            entry(b"./empty/", EntryType::Directory, b""),
            entry(b"a.kdef", EntryType::Regular, b"new"),
            entry(b"was-a-file", EntryType::Regular, b"x"),
            entry(b"was-a-file/now.kdef", EntryType::Regular, b"y"),
            entry(
                b"by\\x2dname.mount",
                EntryType::Regular,
                b"no .kdef file can spell this",
            ),
            entry(b"latin-\xe9", EntryType::Regular, b"nor this"),
        ]),
        LIMITS,
    )
    .unwrap();
    assert_eq!(&**files.read(&path("a.kdef")).unwrap(), b"new");
    assert_eq!(&**files.read(&path("was-a-file/now.kdef")).unwrap(), b"y");
    let names: Vec<_> = files
        .list(&path(""))
        .unwrap()
        .into_iter()
        .map(|entry| (entry.name, entry.kind))
        .collect();
    assert_eq!(
        names,
        [
            ("a.kdef".to_owned(), EntryKind::File),
            ("apps".to_owned(), EntryKind::Folder),
            ("empty".to_owned(), EntryKind::Folder),
            ("was-a-file".to_owned(), EntryKind::Folder),
        ]
    );
    assert_eq!(files.read(&path("apps")), Err(WorldError::NotAFile));
    assert_eq!(files.list(&path("a.kdef")), Err(WorldError::NotAFolder));
    assert_eq!(files.read(&path("a.kdef/b")), Err(WorldError::NotFound));
}

#[test]
fn a_symbolic_link_is_an_error_only_for_whoever_reads_it() {
    let files = read(
        &archive(&[
            entry(b"link", EntryType::Symlink, b""),
            entry(b"app.kdef", EntryType::Regular, b"x"),
        ]),
        LIMITS,
    )
    .unwrap();
    assert!(files.read(&path("app.kdef")).is_ok());
    assert_eq!(files.read(&path("link")), Err(WorldError::SymbolicLink));
    assert_eq!(files.read(&path("link/below")), Err(WorldError::SymbolicLink));
    assert_eq!(files.list(&path("")).unwrap()[1].kind, EntryKind::Link);
}

#[test]
fn hostile_entries_are_refused_by_name() {
    let cases: [(&[u8], EntryType, &str); 9] = [
        (b"../evil", EntryType::Regular, "contains `..`"),
        (b"a/../../evil", EntryType::Regular, "contains `..`"),
        (b"a/..", EntryType::Directory, "contains `..`"),
        (b"..\\evil", EntryType::Regular, "contains `..`"),
        (b"/etc/passwd", EntryType::Regular, "is absolute"),
        (b"hard", EntryType::Link, "hard link"),
        (b"../link", EntryType::Symlink, "contains `..`"),
        (b"fifo", EntryType::Fifo, "neither a file"),
        (b"disk", EntryType::Block, "neither a file"),
    ];
    for (name, type_, expected) in cases {
        let error = read(&archive(&[entry(name, type_, b"")]), LIMITS).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(expected), "{text}");
        let shown = format!("{:?}", String::from_utf8_lossy(name));
        assert!(text.contains(&shown), "{text} names {shown}");
    }
}

#[test]
fn reaching_a_bound_names_it() {
    let zeros = vec![0; 2 << 20];
    let bomb = archive(&[entry(b"zeros", EntryType::Regular, &zeros)]);
    assert!(bomb.len() < 64 << 10, "it is small on the wire");
    assert_eq!(read(&bomb, LIMITS).unwrap_err(), ArchiveError::TooLarge(1 << 20));

    let trailing = gzip(&[entry(b"a", EntryType::Regular, b"x"), vec![0; 2 << 20]].concat());
    assert_eq!(
        read(&trailing, LIMITS).unwrap_err(),
        ArchiveError::TooLarge(1 << 20),
        "bytes after the end of the tar count"
    );

    let many: Vec<_> = (0..101)
        .map(|n| entry(format!("f{n}").as_bytes(), EntryType::Regular, b""))
        .collect();
    assert_eq!(
        read(&archive(&many), LIMITS).unwrap_err(),
        ArchiveError::TooMany(100)
    );

    let long = "d/".repeat(600);
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(0);
    let mut builder = tar::Builder::new(Vec::new());
    builder
        .append_data(&mut header, format!("{long}x"), &b""[..])
        .unwrap();
    let error = read(&gzip(&builder.into_inner().unwrap()), LIMITS).unwrap_err();
    assert!(error.to_string().contains("longer than 1024 bytes"), "{error}");
}

#[test]
fn what_is_no_archive_is_said_to_be_none() {
    let whole = archive(&[entry(b"a.kdef", EntryType::Regular, &[7; 4000])]);
    let mut lying = tar::Header::new_ustar();
    lying.set_path("a.kdef").unwrap();
    lying.set_size(1 << 50);
    lying.set_cksum();
    let cases: [(&str, Vec<u8>); 6] = [
        ("an HTML page", b"<html>not found</html>".to_vec()),
        ("nothing", Vec::new()),
        ("gzip of a text", gzip(&[b'x'; 2000])),
        ("a cut stream", whole[..whole.len() / 2].to_vec()),
        ("a stream without its checksum", whole[..whole.len() - 8].to_vec()),
        ("a header that claims more than there is", gzip(lying.as_bytes())),
    ];
    for (what, bytes) in cases {
        let error = read(&bytes, LIMITS);
        assert!(
            matches!(error, Err(ArchiveError::Unreadable(_))),
            "{what}: {error:?}"
        );
    }
}

#[test]
fn every_prefix_of_an_archive_is_read_without_panic() {
    let whole = archive(&[
        entry(b"a.kdef", EntryType::Regular, b"content"),
        entry(b"b/", EntryType::Directory, b""),
    ]);
    for end in 0..whole.len() {
        assert!(
            read(&whole[..end], LIMITS).is_err(),
            "{end} bytes of {}",
            whole.len()
        );
    }
}
