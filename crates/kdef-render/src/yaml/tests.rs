use serde_json::json;

use super::*;

/// Texts that some YAML reader takes for something else when they stand bare.
#[rustfmt::skip]
const AWKWARD: &[&str] = &[
    "", " ", "  ", "\t", "\n", "\n\n", "\r", "\r\n", "~", "null", "Null", "NULL", "nil", "true", "True", "TRUE", "tRue",
    "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y",
    "n", "N", "t", "f", "0", "-0", "+1", "-1", "00", "007", "0644", "08", "0o7", "0o17", "0x1F", "0xdead_beef", "0b11",
    "0b", "0x", "1_000", "1__0", "_1", "1.", ".5", "1.5", "-.5", "1e3", "1E3", "1e+3", "1e", "e3", "6e8", "1.5e-3",
    ".inf", "-.inf", "+.INF", ".nan", ".NaN", "inf", "nan", "Infinity", "10:30", "12:30:45", "1:60", "190:20:30.15",
    "2024-01-01", "2024-1-2", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05.5 +1", "12345678901234567890",
    "9007199254740993", "1,000", "1.2.3", "10.0.0.1", "100m", "25%", "0.3.1", "-", "- a", "-a", "--", "---", "--- a",
    "...", "... a", "?", "? a", "?a", ":", ": a", ":a", "a:", "a: b", "a:b", "a :b", "#", "# a", "#a", "a #b", "a# b",
    "&a", "*a", "!a", "!!str a", "%a", "%YAML 1.2", "@a", "`a`", "|", "|-", ">", "> a", "\"", "\"a\"", "'", "'a'",
    "it's", "say \"hi\"", "[", "[a]", "]", "{", "{a}", "{a: b}", "}", "{{ x }}", ",", ", a", "a, b", "=", "<<", "<<: a",
    " a", "a ", " a ", "\ta", "a\t", "a\tb", "a\\b", "\\n", "C:\\dir", "https://h/p?x=1#y", "8080:80", ":8080", "a\nb",
    "a\nb\n", "a\nb\n\n", "\na", "\n\na", " a\nb", "a\n b", "a\n  b\n c\n", "a \nb", "a\t\nb", "a\n\nb", "a\n\n\nb\n",
    "\ta\n\tb\n", "---\na\n", "a\n...\n", "# a\nb\n", "- a\n- b\n", "a: b\nc: d\n", "a\rb", "a\r\nb\r\n", "a\n\r\nb",
    "\u{0}", "\u{7}", "\u{1b}[0m", "\u{7f}", "\u{80}", "\u{85}", "a\u{85}b", "\u{a0}", "\u{a0}a", "\u{2028}",
    "a\u{2028}b\nc", "\u{2029}", "\u{feff}", "\u{feff}a", "a\u{feff}\nb", "\u{fffd}", "\u{fffe}", "\u{e000}", "é", "日本",
    "😀", "😀\na", "e\u{301}", "\u{200b}", "\u{202e}abc", "\u{1f468}\u{200d}\u{1f469}",
];

#[test]
fn awkward_texts_read_back_the_same() {
    let legacy = || serde_saphyr::options! { legacy_octal_numbers: true };
    let strict = || serde_saphyr::options! { strict_booleans: true };
    for text in AWKWARD.iter().map(|text| (*text).to_owned()).chain(long_texts()) {
        let value = json!({"value": text, "list": [text], "nested": {"deep": [{"value": text, "next": 1}]}, &text: 1});
        let written = document(&value);
        for options in [legacy(), strict()] {
            let read: Value = serde_saphyr::from_str_with_options(&written, options)
                .unwrap_or_else(|error| panic!("{text:?}\n{written}\n{error}"));
            assert_eq!(read, value, "{text:?}\n{written}");
        }
        // Bare words of YAML 1.1 must be quoted, whatever the readers above would make of them.
        if text.len() < 4 && text.chars().all(char::is_alphabetic) && is_word(&text) {
            assert!(written.contains(&format!("value: \"{text}\"")), "{written}");
        }
    }
}

fn is_word(text: &str) -> bool {
    ["y", "n", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str()) && text != "oN"
}

/// Texts that a writer may want to fold.
fn long_texts() -> impl Iterator<Item = String> {
    let words = "word ".repeat(60);
    let tabs = "\tkey = value\n".repeat(20);
    [
        words.trim().to_owned(),
        format!("{words}\n{words}"),
        format!("- {words}"),
        "x".repeat(500),
        tabs,
    ]
    .into_iter()
}

#[test]
fn the_form_is_kubectls() {
    let value = json!({
        "spec": {
            "list": [{"b": 1, "a": "x"}, ["y"], {}],
            "empty": {"map": {}, "list": []},
            "text": "line 1\n  line 2\n",
            "open": "a\nb",
            "long": "a word ".repeat(20).trim(),
            "tabs": "\tindented\n",
            "whole": 3.0,
            "fraction": 0.5,
            "big": 9_007_199_254_740_993_i64,
            "none": null,
        },
        "apiVersion": "v1",
    });
    let long = "a word ".repeat(20);
    let expected = format!(
        "apiVersion: v1
spec:
  big: 9007199254740993
  empty:
    list: []
    map: {{}}
  fraction: 0.5
  list:
  - a: x
    b: 1
  - - \"y\"
  - {{}}
  long: {}
  none: null
  open: |-
    a
    b
  tabs: \"\\tindented\\n\"
  text: |
    line 1
      line 2
  whole: 3
",
        long.trim()
    );
    assert_eq!(document(&value), expected);
}

#[test]
fn documents_are_divided() {
    let file = kdef_source::SourceMap::default().add("a.kdef", "");
    let place = kdef_source::Span::new(file, 0, 0);
    let object = |name: &str| Object::new(json!({"metadata": {"name": name}}), crate::Provenance::new(place));
    assert_eq!(
        stream(&[object("a"), object("b")]),
        "metadata:\n  name: a\n---\nmetadata:\n  name: b\n"
    );
    assert_eq!(stream(&[]), "");
}

#[test]
fn only_whole_floats_become_integers() {
    for (number, expected) in [
        (3.0, "3"),
        (-2.0, "-2"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (9_007_199_254_740_992.0, "9007199254740992"),
        (1e20, "1e+20"),
    ] {
        let written = whole(&Number::from_f64(number).unwrap()).to_string();
        assert_eq!(written.replace("100000000000000000000.0", "1e+20"), expected);
    }
}
