//! YAML: the one place that writes it, and the one that reads it.
//!
//! What is written re-reads as the same value with YAML 1.1 readers (the API server's tooling) and YAML 1.2 readers:
//! texts that either would take for something else are quoted. Texts of several lines become literal blocks, and no
//! line is ever folded.

pub(crate) mod read;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Number, Value};
use serde_saphyr::DoubleQuoted;

use crate::Object;

/// Writes the objects as one stream, with `---` between documents. Nothing to write is an empty text.
pub fn stream<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut text = String::new();
    for object in objects {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&document(&object.value));
    }
    text
}

/// Writes one value, with the keys of maps in byte order. Ends with a line break.
pub fn document(value: &Value) -> String {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(&Sorted(value), options)
        // JSON is YAML as well, and a JSON value can always be written so.
        .unwrap_or_else(|_| format!("{value}\n"))
}

/// A value whose maps are written in byte order of their keys, whichever map type `serde_json` was built with, and
/// whose whole numbers are written without a point.
struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                let mut writer = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    writer.serialize_entry(key, &Sorted(value))?;
                }
                writer.end()
            }
            Value::Array(items) => {
                let mut writer = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    writer.serialize_element(&Sorted(item))?;
                }
                writer.end()
            }
            Value::Number(number) => whole(number).serialize(serializer),
            Value::String(text) if begins_with_tab(text) => DoubleQuoted(text).serialize(serializer),
            other => other.serialize(serializer),
        }
    }
}

/// Tells whether the first line that is not empty begins with a tab. Readers take such a tab for indentation when a text
/// is written as a literal block.
fn begins_with_tab(text: &str) -> bool {
    text.trim_start_matches(['\n', '\r']).starts_with('\t')
}

/// Returns a float that is a whole number as an integer, any other number as it is.
pub(crate) fn whole(number: &Number) -> Number {
    match number.as_f64() {
        // Up to 2^53 a float says an integer exactly, so that the text is one.
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 => {
            format!("{float:.0}")
                .parse::<i64>()
                .map_or_else(|_| number.clone(), Number::from)
        }
        _ => number.clone(),
    }
}

#[cfg(test)]
mod tests;
