//! The digest that an artifact's bytes must have.

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use thiserror::Error;

/// A digest as a source promises it: an algorithm and the checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digest {
    algorithm: Algorithm,
    checksum: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

/// Why a text is no digest that can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum DigestError {
    /// The source names none.
    #[error("the source gives no digest for its artifact, so that it cannot be verified")]
    Missing,
    /// The algorithm is not one that is checked here.
    #[error("the artifact's digest uses {0:?}; sha256, sha384 and sha512 can be verified")]
    UnknownAlgorithm(String),
    /// The checksum is not hexadecimal, or has the wrong length for its algorithm.
    #[error("the artifact's digest {0:?} is malformed; it is written as sha256:<64 hexadecimal digits>")]
    Malformed(String),
}

impl Digest {
    /// Reads `<algorithm>:<hex>`; a bare hex text is SHA-256 (Flux's rule).
    pub(super) fn parse(text: &str) -> Result<Self, DigestError> {
        if text.is_empty() {
            return Err(DigestError::Missing);
        }
        let (name, hex) = text.split_once(':').unwrap_or(("sha256", text));
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha384" => Algorithm::Sha384,
            "sha512" => Algorithm::Sha512,
            _ => return Err(DigestError::UnknownAlgorithm(shorten(name))),
        };
        let checksum = from_hex(hex).filter(|checksum| checksum.len() == algorithm.length());
        Ok(Self {
            algorithm,
            checksum: checksum.ok_or_else(|| DigestError::Malformed(shorten(text)))?,
        })
    }

    /// Starts hashing with the algorithm of this digest.
    pub(super) fn hasher(&self) -> Hasher {
        match self.algorithm {
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha384 => Hasher::Sha384(Sha384::new()),
            Algorithm::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    /// Tells whether the hashed bytes have this digest, in time that does not depend on where they differ.
    pub(super) fn matches(&self, hasher: Hasher) -> bool {
        let actual = hasher.finish();
        let difference = self
            .checksum
            .iter()
            .zip(&actual)
            .fold(0, |difference, (a, b)| difference | (a ^ b));
        actual.len() == self.checksum.len() && difference == 0
    }
}

impl Algorithm {
    fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A checksum that grows with the bytes of a download.
pub(super) enum Hasher {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Sha384(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}

/// Bounds what a message repeats of a text that somebody else wrote.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn matches(digest: &str, bytes: &[u8]) -> bool {
        let digest = Digest::parse(digest).unwrap();
        let mut hasher = digest.hasher();
        hasher.update(bytes);
        digest.matches(hasher)
    }

    #[test]
    fn bytes_are_held_against_each_algorithm() {
        assert!(matches(EMPTY_SHA256, b""), "a bare text is SHA-256");
        assert!(matches(&format!("sha256:{EMPTY_SHA256}"), b""));
        assert!(matches(&format!("sha256:{}", EMPTY_SHA256.to_uppercase()), b""));
        assert!(!matches(EMPTY_SHA256, b"x"));
        let sha384 = "sha384:cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
        assert!(matches(sha384, b"abc"));
        assert!(!matches(sha384, b"abd"));
        let sha512 = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        assert!(matches(sha512, b"abc"));
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        let error = |text: &str| Digest::parse(text).unwrap_err();
        assert_eq!(error(""), DigestError::Missing);
        assert_eq!(
            error("blake3:00"),
            DigestError::UnknownAlgorithm("blake3".to_owned())
        );
        assert_eq!(error("md5:00"), DigestError::UnknownAlgorithm("md5".to_owned()));
        for text in [
            "sha256:",
            "sha256:abc",
            "sha512:00",
            "sha256:zz",
            &EMPTY_SHA256[1..],
        ] {
            assert_eq!(error(text), DigestError::Malformed(text.to_owned()));
        }
    }
}
