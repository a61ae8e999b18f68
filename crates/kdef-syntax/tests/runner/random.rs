//! Random rows of tokens and of pieces of fixtures.

use proptest::prelude::*;

use crate::{fixtures, invariants};

/// What the language is made of, and what it is not.
const SOUP: &[&str] = &[
    "a",
    "b-c",
    "for",
    "in",
    "if",
    "else",
    "endif",
    "endfor",
    "null",
    "true",
    "1",
    "1.5e3",
    "0x1",
    "\"",
    "\"text\"",
    "\\",
    "\\\"",
    "\\u00",
    "${",
    "${~",
    "%{",
    "%{~ ",
    "}",
    "~}",
    "{",
    "[",
    "]",
    "(",
    ")",
    "=",
    "==",
    "=>",
    ",",
    ".",
    "...",
    ":",
    "::",
    "?",
    "||",
    "&&",
    "!",
    "!=",
    "<",
    "<=",
    "<<",
    "<<E\n",
    "<<-E\n",
    "E\n",
    "\nE\n",
    ">",
    "+",
    "-",
    "*",
    "/",
    "%",
    "$${",
    "$",
    "#",
    "//",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "  ",
    "'",
    "“",
    "”",
    "`",
    "@",
    ";",
    "é",
    "\u{feff}",
    "[*]",
    ".*",
    ".0",
    "a = ",
    "a {\n",
    "}\n",
    "\n  a = [\n",
    "\"${",
    "}\"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn token_soup_parses(words in prop::collection::vec(prop::sample::select(SOUP), 0..60)) {
        invariants::check(&words.concat());
    }

    #[test]
    fn any_text_parses(text in "\\PC{0,80}") {
        invariants::check(&text);
    }

    #[test]
    fn pieces_of_fixtures_parse(cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6)) {
        let fixtures = fixtures::all();
        let mut text = String::new();
        for (which, at) in cuts {
            let (_, source) = which.get(&fixtures);
            let boundaries: Vec<usize> = source.char_indices().map(|(at, _)| at).chain([source.len()]).collect();
            let start = *at.get(&boundaries);
            let end = boundaries.iter().copied().find(|end| *end >= start + 30).unwrap_or(source.len());
            text.push_str(&source[start..end]);
        }
        invariants::check(&text);
    }
}
