//! Bytes that are written as text.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Returns the bytes that a text stands for in base64, padded, as the API server reads them: line breaks do not count.
/// `None` when it is not in base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let encoded: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\n' | '\r'))
        .collect();
    BASE64_STANDARD.decode(encoded).ok()
}
