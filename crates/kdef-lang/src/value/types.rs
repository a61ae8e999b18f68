//! The types of values.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The type of a [`Value`](super::Value), as cty has them.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any type: that of a plain `null`, or, in a type that is asked for, no demand.
    Any,
    /// Text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A reference to a secret, a configmap or a field.
    Reference,
    /// A list whose elements have one type.
    List(Arc<Type>),
    /// A map whose elements have one type.
    Map(Arc<Type>),
    /// A list of a fixed length, whose elements have a type each.
    Tuple(Arc<Vec<Type>>),
    /// A map of fixed names, whose elements have a type each.
    Object(Arc<BTreeMap<Arc<str>, Type>>),
}

impl Type {
    /// Makes the type of lists of one type of elements.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// Makes the type of maps of one type of elements.
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// Makes the type of lists with a type for each element.
    pub fn tuple(elements: Vec<Self>) -> Self {
        Self::Tuple(Arc::new(elements))
    }

    /// Makes the type of maps with a type for each name.
    pub fn object(attributes: impl IntoIterator<Item = (Arc<str>, Self)>) -> Self {
        Self::Object(Arc::new(attributes.into_iter().collect()))
    }

    /// Returns what messages call it, such as `list`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Reference => "reference",
            Self::List(_) | Self::Tuple(_) => "list",
            Self::Map(_) | Self::Object(_) => "map",
        }
    }

    /// Tells whether it, or anything in it, is [`Type::Any`].
    pub(crate) fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::List(element) | Self::Map(element) => element.has_any(),
            Self::Tuple(elements) => elements.iter().any(Self::has_any),
            Self::Object(attributes) => attributes.values().any(Self::has_any),
            _ => false,
        }
    }

    /// Tells whether it is a string, number or bool.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::String | Self::Number | Self::Bool)
    }
}

/// Writes the type as a declaration would have it, such as `list(string)`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(element) => write!(f, "list({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (index, (name, ty)) in attributes.iter().enumerate() {
                    write!(f, "{}{name} = {ty}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("})")
            }
            _ => f.write_str(self.name()),
        }
    }
}
