//! Reads YAML as the API server's tooling does, keeping the place of every value.
//!
//! The rules are YAML 1.1's where they differ (`0644` is octal, `yes` is true), since that is how `kubectl` reads the
//! same text. Depth and aliases are bounded by the reader.

use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Budget, Error, Location, MessageFormatter, Spanned, UserMessageFormatter};

use super::whole;

/// A value of a YAML document, and where it stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) content: Content,
    /// The bytes of the text that it covers; of a map or list only where it begins.
    pub(crate) range: Range<usize>,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Null, a bool, a number or a text.
    Scalar(Value),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text; no key stands twice.
    Map(Vec<Entry>),
}

/// One entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The bytes of the text that the key covers.
    pub(crate) key_range: Range<usize>,
    pub(crate) node: Node,
}

/// Why a text is no YAML, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReadError {
    pub(crate) message: String,
    /// The byte at which it was noticed.
    pub(crate) offset: usize,
}

/// How many values aliases may repeat in any text; in a longer one as many as it has bytes.
const MIN_REPEATED: usize = 1_000;

/// Reads the one document of a text. A text without any is null; more than one is an error.
pub(crate) fn read(text: &str) -> Result<Node, ReadError> {
    // Reading takes time by the length of the text, not by what a few aliases make of it.
    let repeated = text.len().max(MIN_REPEATED);
    let options = serde_saphyr::options! {
        legacy_octal_numbers: true,
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: repeated },
    };
    let read: Result<Spanned<Raw>, _> = serde_saphyr::from_str_with_options(text, options);
    read.map(|root| node(root, text)).map_err(|error| ReadError {
        message: message(&error, repeated),
        offset: error.location().map_or(0, |location| offset(location, text)),
    })
}

/// Says what is wrong; of a bound that was reached, which one.
fn message(error: &Error, repeated: usize) -> String {
    let limits = Budget::default();
    match original(error) {
        Error::AliasReplayLimitExceeded { .. } => {
            format!("its aliases repeat more than {repeated} values, the limit of a text of this length")
        }
        Error::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => format!("it is nested more than {} levels deep", limits.max_depth),
        Error::Budget {
            breach: BudgetBreach::Nodes { .. },
            ..
        } => format!("it holds more than {} values", limits.max_nodes),
        Error::Budget { .. } => "it is larger or more complex than is allowed".to_owned(),
        _ => UserMessageFormatter.format_message(error).into_owned(),
    }
}

/// Returns the error itself where it is wrapped in the aliases that led to it.
fn original(error: &Error) -> &Error {
    match error {
        Error::AliasError { error, .. } => original(error),
        error => error,
    }
}

impl Node {
    /// Returns the entry of a key, when this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// Tells whether this is null.
    pub(crate) fn is_null(&self) -> bool {
        self.content == Content::Scalar(Value::Null)
    }

    /// Returns the text, `None` for anything else.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

/// A node as it comes from the reader.
enum Raw {
    Scalar(Value),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        // Integers that do not fit into 64 bits arrive as floats, with digits lost.
        let exact = value.fract() != 0.0 || value.abs() <= 9_007_199_254_740_992.0;
        let number = Number::from_f64(value).filter(|_| exact);
        let number = number.ok_or_else(|| E::custom("the number is too large to be exact"))?;
        Ok(Raw::Scalar(Value::Number(whole(&number))))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let range = range(raw.referenced, text);
    let content = match raw.value {
        Raw::Scalar(value) => Content::Scalar(value),
        Raw::List(items) => Content::List(items.into_iter().map(|item| node(item, text)).collect()),
        Raw::Map(entries) => Content::Map(entries.into_iter().map(|pair| entry(pair, text)).collect()),
    };
    Node { content, range }
}

fn entry((key, value): (Spanned<String>, Spanned<Raw>), text: &str) -> Entry {
    Entry {
        key_range: range(key.referenced, text),
        key: key.value,
        node: node(value, text),
    }
}

fn range(location: Location, text: &str) -> Range<usize> {
    let start = offset(location, text);
    let length = location
        .span()
        .byte_len()
        .and_then(|length| usize::try_from(length).ok());
    start..text.floor_char_boundary(start + length.unwrap_or(0))
}

/// Returns the byte offset of a location. Errors of the scanner carry a line and a column only.
fn offset(location: Location, text: &str) -> usize {
    if let Some(offset) = location.span().byte_offset() {
        return text.floor_char_boundary(usize::try_from(offset).unwrap_or(usize::MAX));
    }
    let before = usize::try_from(location.line())
        .unwrap_or(usize::MAX)
        .saturating_sub(1);
    let line = text
        .split_inclusive('\n')
        .take(before)
        .map(str::len)
        .sum::<usize>();
    let column = usize::try_from(location.column())
        .unwrap_or(usize::MAX)
        .saturating_sub(1);
    let inside = text[line..].char_indices().nth(column);
    inside.map_or(text.len(), |(at, _)| line + at)
}

/// Makes the plain value of a node, without nulls in its maps: to Kubernetes they mean the same as nothing.
impl From<&Node> for Value {
    fn from(node: &Node) -> Self {
        match &node.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => Self::Array(items.iter().map(Self::from).collect()),
            Content::Map(entries) => {
                let kept = entries.iter().filter(|entry| !entry.node.is_null());
                Self::Object(
                    kept.map(|entry| (entry.key.clone(), Self::from(&entry.node)))
                        .collect::<Map<_, _>>(),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_read_as_kubectl_reads_them() {
        for (text, expected) in [
            ("mode: 0644", json!({"mode": 420})),
            ("big: 9007199254740993", json!({"big": 9_007_199_254_740_993_i64})),
            ("on: yes", json!({"on": true})),
            ("a: 1.0", json!({"a": 1})),
            ("a: 1e3", json!({"a": 1000})),
            ("a: 1.5", json!({"a": 1.5})),
            ("a: 1_000", json!({"a": 1000})),
            ("a: ~\nb: {c: null}", json!({"b": {}})),
            (
                "a: &x {q: 1}\nb: *x\nc:\n  <<: *x\n  r: 2",
                json!({"a": {"q": 1}, "b": {"q": 1}, "c": {"q": 1, "r": 2}}),
            ),
            ("1: 2024-01-01", json!({"1": "2024-01-01"})),
            ("- [1, two]\n- null", json!([[1, "two"], null])),
            ("", json!(null)),
            ("# nothing\n", json!(null)),
        ] {
            assert_eq!(Value::from(&read(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn errors_say_where() {
        for (text, offset, part) in [
            ("a: [1\nb: 2", 7, "':'"),
            ("é: 1\na: 'x", 9, "unclosed quote"),
            ("a: 1\na: 2\n", 5, "duplicate mapping key"),
            ("a: 1\n---\nb: 2\n", 9, "only single YAML document"),
            ("x: 99999999999999999999999", 3, "too large"),
            ("x: .inf", 3, "finite"),
            ("{{ x }}", 1, "scalar"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(part), "{text}: {error:?}");
            assert_eq!(error.offset, offset, "{text}: {error:?}");
        }
        assert!(read(&"[".repeat(1000)).is_err());
    }

    #[test]
    fn nodes_know_their_place() {
        let text = "é:\n  b: cde\n";
        let root = read(text).unwrap();
        let outer = root.get("é").unwrap();
        let inner = outer.node.get("b").unwrap();
        assert_eq!(&text[inner.key_range.start..][..1], "b");
        assert_eq!(&text[inner.node.range.clone()], "cde");
    }
}
