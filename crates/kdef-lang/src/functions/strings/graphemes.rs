//! Characters as a reader sees them: grapheme clusters of Unicode.

use unicode_segmentation::UnicodeSegmentation;

/// Returns the number of characters.
pub(in super::super) fn count(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') {
        text.len()
    } else {
        text.graphemes(true).count()
    }
}

pub(super) fn reversed(text: &str) -> String {
    text.graphemes(true).rev().collect()
}

/// Returns `length` characters from `offset` on, which counts from the end where it is negative; all that follow where
/// `length` is negative.
pub(super) fn part(text: &str, offset: i64, length: i64) -> &str {
    let offset = if offset < 0 {
        let total = i64::try_from(count(text)).unwrap_or(i64::MAX);
        total.saturating_add(offset).max(0)
    } else if length == 0 {
        return "";
    } else {
        offset
    };
    let rest = after(text, offset);
    // As in cty, a length of 0 ends a text only where the offset is not negative.
    if length <= 0 {
        return rest;
    }
    let end = rest.len() - after(rest, length).len();
    rest.get(..end).unwrap_or_default()
}

/// Returns the first characters, at most so many.
pub(super) fn first(text: &str, count: usize) -> &str {
    let end = text.len() - after(text, i64::try_from(count).unwrap_or(i64::MAX)).len();
    text.get(..end).unwrap_or_default()
}

/// Returns the text after so many characters.
fn after(text: &str, count: i64) -> &str {
    let count = usize::try_from(count).unwrap_or(0);
    match text.grapheme_indices(true).nth(count) {
        Some((at, _)) => text.get(at..).unwrap_or_default(),
        None => "",
    }
}
