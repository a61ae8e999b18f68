//! Attributes of blocks in the form that Kubernetes' types have them.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kdef_lang::{Block, binary};

/// Returns a text; `None` when it is not set.
pub(crate) fn text(block: &Block, name: &str) -> Option<String> {
    block.text(name).map(str::to_owned)
}

/// Returns a list of texts; an empty one is none.
pub(crate) fn texts(block: &Block, name: &str) -> Option<Vec<String>> {
    let items = block.list(name).unwrap_or_default();
    none_if_empty(items.iter().map(|item| item.value.to_string()).collect())
}

/// Returns a map of texts; an empty one is none.
pub(crate) fn text_map(block: &Block, name: &str) -> Option<BTreeMap<String, String>> {
    let entries = block.map(name).filter(|map| !map.is_empty())?.iter();
    Some(
        entries
            .map(|(key, value)| (key.to_string(), value.value.to_string()))
            .collect(),
    )
}

/// Returns the bytes of a map of texts in base64, which the schema has checked; an empty one is none.
pub(crate) fn binary_map(block: &Block, name: &str) -> Option<BTreeMap<String, ByteString>> {
    let entries = block.map(name).filter(|map| !map.is_empty())?.iter();
    let bytes = |text: &str| ByteString(binary::decode(text).unwrap_or_default());
    Some(
        entries
            .map(|(key, text)| (key.to_string(), bytes(&text.value)))
            .collect(),
    )
}

/// Returns a whole number of 32 bits, the range that the schema allows where this is used.
pub(crate) fn small(block: &Block, name: &str) -> Option<i32> {
    block.integer(name).and_then(|number| i32::try_from(number).ok())
}

/// Returns `true` where an attribute is; to Kubernetes `false` is the same as nothing.
pub(crate) fn switched_on(block: &Block, name: &str) -> Option<bool> {
    block.flag(name).filter(|flag| *flag)
}

/// Returns the number in the first label of a `port` block.
pub(crate) fn port_number(port: &Block) -> Option<i32> {
    port.label_integer(0)
        .and_then(|number| i32::try_from(number).ok())
}

/// Returns a port that is written as a number or as a name.
pub(crate) fn port_reference(text: &str) -> IntOrString {
    text.parse()
        .map_or_else(|_| IntOrString::String(text.to_owned()), IntOrString::Int)
}

/// Kubernetes' types leave out what is `None`, and write what is empty.
pub(crate) fn none_if_empty<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}
