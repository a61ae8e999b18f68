//! Texts for people, bounded.

/// Cuts a text to so many bytes, at a character and with an ellipsis.
pub(crate) fn bounded(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(bytes.saturating_sub('…'.len_utf8()));
    format!("{}…", &text[..end])
}

/// Joins the first `most` lines, and counts the rest: `and 3 more errors`.
pub(crate) fn listed(lines: &[String], most: usize, what: &str) -> String {
    let mut shown = lines[..lines.len().min(most)].to_vec();
    if lines.len() > most {
        shown.push(format!("and {} more {what}", lines.len() - most));
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_a_character() {
        assert_eq!(bounded("short", 5), "short");
        assert_eq!(bounded("longer", 5), "lo…");
        assert_eq!(bounded("éééé", 7), "éé…");
    }

    #[test]
    fn lists_are_cut_and_counted() {
        let lines = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&lines, 3, "errors"), "a\nb\nc");
        assert_eq!(listed(&lines, 2, "errors"), "a\nb\nand 1 more errors");
        assert_eq!(listed(&[], 2, "errors"), "");
    }
}
