//! Trees to checked blocks: `if` and `for` expanded, attributes evaluated and converted.
//!
//! [`structure`] judges a file by the schema alone, once and whatever is taken or skipped later; [`decode`] then
//! evaluates what is there and passes over in silence what `structure` has reported.

pub(crate) mod control;
mod convert;
pub(crate) mod decode;
pub(crate) mod merge;
pub(crate) mod structure;

use crate::value::Value;

/// Returns what messages call a value, with its article.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null(_) => "null".to_owned(),
        _ => format!("a {}", value.type_name()),
    }
}
