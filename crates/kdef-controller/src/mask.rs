//! Keeps what a Secret holds out of messages that others wrote.

use std::collections::BTreeSet;

use kdef_lang::{ValuesFormat, ValuesSource};
use serde_json::Value;

/// Shorter texts are not hidden: they would tear holes into every message, and are no secrets.
const SHORTEST: usize = 4;
/// How many texts are hidden at most.
const MOST: usize = 10_000;
/// What stands in place of a hidden text.
const MASK: &str = "*****";

/// The texts that must not be shown, the longest first.
#[derive(Default)]
pub(crate) struct Mask(Vec<String>);

impl Mask {
    /// Collects every text and number of a values document that comes from a Secret; of others, nothing.
    pub(crate) fn of(values: Option<&ValuesSource>) -> Self {
        let Some(values) = values.filter(|values| values.sensitive) else {
            return Self::default();
        };
        let document: Option<Value> = match values.format {
            ValuesFormat::Json => serde_json::from_str(&values.text).ok(),
            ValuesFormat::Yaml => serde_saphyr::from_str(&values.text).ok(),
        };
        let mut texts = BTreeSet::new();
        match &document {
            Some(document) => collect(document, &mut texts),
            None => add_text(&values.text, &mut texts),
        }
        let mut texts: Vec<String> = texts.into_iter().collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self(texts)
    }

    /// Returns a message without the texts that must not be shown.
    pub(crate) fn apply(&self, message: &str) -> String {
        let hide = |message: String, text: &String| {
            if message.contains(text.as_str()) {
                message.replace(text.as_str(), MASK)
            } else {
                message
            }
        };
        self.0.iter().fold(message.to_owned(), hide)
    }
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => add_text(text, texts),
        Value::Number(number) => add(&number.to_string(), texts),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Adds a text in every form that messages show it in: whole, as JSON writes it, one line at a time, and what lies
/// between the characters that others escape in their own ways.
fn add_text(text: &str, texts: &mut BTreeSet<String>) {
    add(text, texts);
    let quoted = Value::from(text).to_string();
    let quoted = &quoted[1..quoted.len() - 1];
    add(quoted, texts);
    // Go's JSON is safe to stand in HTML.
    let escapes = [("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")];
    let in_html = escapes.iter().fold(quoted.to_owned(), |text, (plain, escaped)| {
        text.replace(plain, escaped)
    });
    add(&in_html, texts);
    text.lines().for_each(|line| add(line.trim(), texts));
    let is_escaped = |c: char| c.is_control() || matches!(c, '"' | '\\' | '<' | '>' | '&');
    text.split(is_escaped).for_each(|part| add(part.trim(), texts));
}

fn add(text: &str, texts: &mut BTreeSet<String>) {
    if text.len() >= SHORTEST && texts.len() < MOST {
        texts.insert(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(text: &str, format: ValuesFormat, sensitive: bool) -> Mask {
        Mask::of(Some(&ValuesSource {
            name: "Secret/a/b:values".to_owned(),
            text: text.to_owned(),
            format,
            sensitive,
        }))
    }

    #[test]
    fn every_text_of_a_secret_is_hidden() {
        let json = r#"{"password": "hunter22", "nested": [{"pin": 123456}], "key": "line one\nline two", "short": "abc", "odd": "say \"please\" <now>\\"}"#;
        let hidden = mask(json, ValuesFormat::Json, true);
        for (message, expected) in [
            ("Invalid value: \"hunter22\"", "Invalid value: \"*****\""),
            ("pin 123456 and abc", "pin ***** and abc"),
            ("only line two", "only *****"),
            ("password is a key", "password is a key"),
            (r#"say "please" <now>\"#, "*****"),
            (r#""say \"please\" <now>\\""#, r#""*****""#),
            (r#""say \"please\" \u003cnow\u003e\\""#, r#""*****""#),
            (r"say 'please' now", "say '*****' now"),
        ] {
            assert_eq!(hidden.apply(message), expected);
        }
        let yaml = mask("password: hunter22\n", ValuesFormat::Yaml, true);
        assert_eq!(yaml.apply("hunter22!"), "*****!");
        let broken = mask("{\"password\": hunter22", ValuesFormat::Json, true);
        assert_eq!(broken.apply("at `{\"password\": hunter22`"), "at `*****`");
        assert_eq!(
            mask(json, ValuesFormat::Json, false).apply("hunter22"),
            "hunter22"
        );
    }
}
