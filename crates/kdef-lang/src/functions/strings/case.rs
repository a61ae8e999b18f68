//! Upper and lower case, character by character: a text keeps its number of characters.

pub(super) fn upper(text: &str) -> String {
    text.chars().map(upper_char).collect()
}

pub(super) fn lower(text: &str) -> String {
    text.chars().map(lower_char).collect()
}

/// Writes the first letter of every word in upper case. Words end where something other than a letter, a digit or an
/// underscore stands; outside of ASCII only blanks end them.
pub(super) fn title(text: &str) -> String {
    let mut in_word = false;
    text.chars()
        .map(|c| {
            let first = !in_word;
            in_word = !is_separator(c);
            if first { upper_char(c) } else { c }
        })
        .collect()
}

fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        !c.is_ascii_alphanumeric() && c != '_'
    } else {
        !c.is_alphanumeric() && c.is_whitespace()
    }
}

/// Characters that become several in upper case, such as `ß`, stay as they are.
fn upper_char(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// Characters that become several in lower case begin with the one that is meant.
fn lower_char(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
