//! Values, their types, and how they convert.
//!
//! The value system is that of cty, on which HashiCorp's HCL is built: numbers of 512 bits, texts, bools, lists and
//! maps, null, and the same conversions between them. A value is cheap to clone: whatever is large is shared.
//!
//! ```
//! use kdef_lang::value::{DeclaredType, Value};
//!
//! let ports = Value::tuple([Value::from(8080), Value::from("9090")]);
//! let texts = DeclaredType::parse("list(string)").unwrap().convert(&ports).unwrap();
//! assert_eq!(texts.to_json().unwrap(), serde_json::json!(["8080", "9090"]));
//! ```

mod collection;
mod convert;
mod declared;
mod equal;
mod json;
mod number;
mod reference;
#[cfg(test)]
mod tests;
mod types;
mod unify;

use std::fmt;
use std::sync::Arc;

pub use collection::{List, Map};
pub(crate) use convert::with_article;
pub use convert::{ConvertError, convert};
pub use declared::{DeclaredType, DeclaredTypeError, EnumWords, ObjectAttribute, ObjectType, TupleType};
pub use equal::equal;
pub use json::JsonError;
pub(crate) use number::Digits;
pub use number::{IntegerError, Number, NumberError};
pub use reference::{Reference, ReferenceKind};
pub use types::Type;
pub use unify::unify;

/// Levels of lists and maps in one value. Walks over values by recursion are safe up to it.
pub(crate) const MAX_DEPTH: u32 = 128;

/// A value of the language.
///
/// [`Value::Unknown`] stands where an error has been reported already, or where a value is not known yet. Whatever is
/// computed from it is unknown too and reports nothing more, so that each mistake is reported once; whoever decodes a
/// value passes over unknown parts in silence.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// A value that is not known, or could not be computed; an error says so where that is a mistake.
    Unknown(Type),
    /// `null`, together with the type that it is a null of ([`Type::Any`] for a plain `null`).
    Null(Type),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, exactly as it was written.
    String(Arc<str>),
    /// A list: a tuple in HCL's terms, or a list whose elements have one type.
    List(List),
    /// A map: an object in HCL's terms, or a map whose elements have one type.
    Map(Map),
    /// A key of a Secret or ConfigMap, or a field of the pod: known to the cluster only.
    Reference(Arc<Reference>),
}

impl Value {
    /// A plain `null`.
    pub const NULL: Self = Self::Null(Type::Any);

    /// What an expression that could not be evaluated gives.
    pub const UNKNOWN: Self = Self::Unknown(Type::Any);

    /// Makes a tuple: a list whose elements keep their own types.
    pub fn tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(List::tuple(items.into_iter().collect()))
    }

    /// Makes an object: a map whose elements keep their own types. Of equal keys the last wins.
    pub fn object<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(Map::object(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        ))
    }

    /// Tells whether this is a null of whatever type.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// Tells whether this is itself unknown; a list with an unknown element is not.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Tells whether neither this nor anything in it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::List(list) => list.is_wholly_known(),
            Self::Map(map) => map.is_wholly_known(),
            _ => true,
        }
    }

    /// Returns the text, `None` for anything but a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the bool, `None` for anything else.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the number, `None` for anything else.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the list, `None` for anything else.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// Returns the map, `None` for anything else.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the reference, `None` for anything else.
    pub fn as_reference(&self) -> Option<&Reference> {
        match self {
            Self::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// Returns a string, number or bool as text, as a template shows it; `None` for anything else.
    pub fn text(&self) -> Option<Arc<str>> {
        match self {
            Self::String(text) => Some(Arc::clone(text)),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            _ => None,
        }
    }

    /// Returns what a `for` iterates: index and element of a list, key and element of a map in the order of its keys;
    /// `None` for anything else.
    pub fn elements(&self) -> Option<Vec<(Self, Self)>> {
        match self {
            Self::List(list) => Some((0_i64..).map(Self::from).zip(list.iter().cloned()).collect()),
            Self::Map(map) => Some(
                map.sorted()
                    .into_iter()
                    .map(|(key, value)| (Self::String(Arc::clone(key)), value.clone()))
                    .collect(),
            ),
            _ => None,
        }
    }

    /// Returns the type.
    ///
    /// The type of a tuple or object is as large as the value; use [`Value::type_name`] for messages.
    pub fn ty(&self) -> Type {
        match self {
            Self::Unknown(ty) | Self::Null(ty) => ty.clone(),
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::List(list) => list.ty(),
            Self::Map(map) => map.ty(),
            Self::Reference(_) => Type::Reference,
        }
    }

    /// Returns what messages call a value of this kind, such as `string` or `list`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Unknown(ty) => ty.name(),
            Self::Null(_) => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Reference(reference) => reference.kind().name(),
        }
    }

    /// Returns how large the value is: one for each value in it, and one more for every 16 bytes of
    /// text, its own or that which a number is printed as.
    ///
    /// Parts that are shared count as often as they occur, since whoever walks the value meets them as often.
    pub fn weight(&self) -> u64 {
        match self {
            Self::String(text) => 1 + text.len() as u64 / 16,
            Self::Number(number) => number.weight(),
            Self::List(list) => list.weight(),
            Self::Map(map) => map.weight(),
            _ => 1,
        }
    }

    /// Returns how deeply lists and maps are nested in the value; 0 for one that is neither.
    pub fn depth(&self) -> u32 {
        match self {
            Self::List(list) => list.depth(),
            Self::Map(map) => map.depth(),
            _ => 0,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(ty) => write!(f, "unknown({ty})"),
            Self::Null(Type::Any) => f.write_str("null"),
            Self::Null(ty) => write!(f, "null({ty})"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::String(text) => text.fmt(f),
            Self::List(list) => list.fmt(f),
            Self::Map(map) => map.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}
