//! Archives as Flux's sources publish them, and archives that no source would make.

use std::io::{self, Read, Write};

use anyhow::{Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

/// What an archive holds. Paths and link targets are written as they are: `../x` and `/x` included, at most 100
/// bytes.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// A file with this content.
    File(&'a str, &'a [u8]),
    /// A folder.
    Folder(&'a str),
    /// A symbolic link and its target.
    SymbolicLink(&'a str, &'a str),
    /// A hard link and its target.
    HardLink(&'a str, &'a str),
    /// A file of this many zero bytes, which compress to a thousandth; a bomb where it is large enough.
    Zeros(&'a str, u64),
}

/// Returns a `.tar.gz` of the entries in their order.
pub fn archive(entries: &[Entry<'_>]) -> Result<Vec<u8>> {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for entry in entries {
        append(&mut builder, *entry)?;
    }
    Ok(builder.into_inner()?.finish()?)
}

/// Returns a `.tar.gz` of files.
pub fn archive_of_files(files: &[(&str, &str)]) -> Result<Vec<u8>> {
    let entries: Vec<Entry<'_>> = files
        .iter()
        .map(|(path, content)| Entry::File(path, content.as_bytes()))
        .collect();
    archive(&entries)
}

/// Returns the digest of bytes as artifacts carry it, `sha256:<64 hex>`.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .flatten()
        .collect()
}

fn append<W: Write>(builder: &mut Builder<W>, entry: Entry<'_>) -> Result<()> {
    let (kind, path, target, size) = match entry {
        Entry::File(path, content) => (EntryType::Regular, path, "", u64::try_from(content.len())?),
        Entry::Folder(path) => (EntryType::Directory, path, "", 0),
        Entry::SymbolicLink(path, target) => (EntryType::Symlink, path, target, 0),
        Entry::HardLink(path, target) => (EntryType::Link, path, target, 0),
        Entry::Zeros(path, size) => (EntryType::Regular, path, "", size),
    };
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    // The setters of paths refuse what a hostile archive is made of.
    let fields = header.as_old_mut();
    copy_name(&mut fields.name, path)?;
    copy_name(&mut fields.linkname, target)?;
    header.set_cksum();
    let content: Box<dyn Read> = match entry {
        Entry::File(_, content) => Box::new(content),
        Entry::Zeros(_, size) => Box::new(io::repeat(0).take(size)),
        _ => Box::new(io::empty()),
    };
    Ok(builder.append(&header, content)?)
}

fn copy_name(field: &mut [u8; 100], name: &str) -> Result<()> {
    ensure!(
        name.len() <= field.len(),
        "longer than {} bytes: {name}",
        field.len()
    );
    field[..name.len()].copy_from_slice(name.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn hostile_entries_are_written_as_given() {
        let entries = [
            Entry::File("../up", b"1"),
            Entry::File("/etc/absolute", b"22"),
            Entry::Folder("folder/"),
            Entry::SymbolicLink("link", "/etc/passwd"),
            Entry::HardLink("hard", "../up"),
            Entry::Zeros("zeros", 3 << 20),
        ];
        let bytes = archive(&entries).unwrap();
        let mut archive = tar::Archive::new(GzDecoder::new(&bytes[..]));
        let read: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let target = entry.link_name_bytes().unwrap_or_default();
                let path = entry.path_bytes();
                let kind = entry.header().entry_type();
                let (path, target) = (String::from_utf8_lossy(&path), String::from_utf8_lossy(&target));
                format!("{kind:?} {path} {target} {}", entry.size())
            })
            .collect();
        let expected = [
            "Regular ../up  1",
            "Regular /etc/absolute  2",
            "Directory folder/  0",
            "Symlink link /etc/passwd 0",
            "Link hard ../up 0",
            "Regular zeros  3145728",
        ];
        assert_eq!(read, expected);
        assert!(bytes.len() < 64 << 10, "{} bytes", bytes.len());
    }

    #[test]
    fn a_digest_names_its_algorithm() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
    }
}
