//! The types that declarations give to values.

mod accept;
mod error;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::convert::with_article;
use super::{ConvertError, Type, Value};

pub use error::DeclaredTypeError;

/// Levels of types in one type.
const MAX_DEPTH: usize = 32;

/// A type as a declaration has it, and what values of it may be.
#[derive(Debug, Clone, PartialEq)]
pub enum DeclaredType {
    /// `any`: every value, as it is.
    Any,
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
    /// `enum[a, b]`: one of a few words.
    Enum(EnumWords),
    /// `list`, whose elements may be anything, or `list(T)`.
    List(Option<Box<DeclaredType>>),
    /// `set(T)`: a list whose elements are distinct and in order.
    Set(Box<DeclaredType>),
    /// `map`, whose elements may be anything, or `map(T)`.
    Map(Option<Box<DeclaredType>>),
    /// `tuple([T, U])`: a list of a fixed length.
    Tuple(TupleType),
    /// `object({ a = T, b = optional(U) })`: a map of fixed names.
    Object(ObjectType),
}

/// The words of an `enum[...]`, at least one, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumWords(Vec<Box<str>>);

impl EnumWords {
    /// Returns the words.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

/// What the values of a large type have in common. It is kept, since each value of the type asks for it.
#[derive(Debug, Clone, PartialEq)]
struct Converted {
    ty: Type,
    has_any: bool,
}

/// The elements of a `tuple([...])`.
#[derive(Debug, Clone, PartialEq)]
pub struct TupleType {
    elements: Vec<DeclaredType>,
    converted: Converted,
}

impl TupleType {
    fn new(elements: Vec<DeclaredType>) -> Self {
        let converted = Converted {
            ty: Type::tuple(elements.iter().map(DeclaredType::ty).collect()),
            has_any: elements.iter().any(DeclaredType::has_any),
        };
        Self { elements, converted }
    }

    /// Returns the types of the elements.
    pub fn elements(&self) -> &[DeclaredType] {
        &self.elements
    }
}

/// The attributes of an `object({...})`.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectType {
    attributes: IndexMap<Arc<str>, ObjectAttribute>,
    converted: Converted,
}

impl ObjectType {
    fn new(attributes: IndexMap<Arc<str>, ObjectAttribute>) -> Self {
        let types = attributes.iter();
        let converted = Converted {
            ty: Type::object(types.map(|(name, attribute)| (Arc::clone(name), attribute.ty.ty()))),
            has_any: attributes.values().any(|attribute| attribute.ty.has_any()),
        };
        Self {
            attributes,
            converted,
        }
    }

    /// Returns the attributes by name, in the order in which they are declared.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &ObjectAttribute)> {
        self.attributes
            .iter()
            .map(|(name, attribute)| (&**name, attribute))
    }
}

/// An attribute of an `object({...})`.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectAttribute {
    ty: DeclaredType,
    optional: bool,
    default: Option<AttributeDefault>,
}

/// The default of an attribute.
#[derive(Debug, Clone, PartialEq)]
struct AttributeDefault {
    written: Value,
    converted: Value,
}

impl ObjectAttribute {
    /// Returns the type of its values.
    pub fn ty(&self) -> &DeclaredType {
        &self.ty
    }

    /// Tells whether it may be left out.
    pub fn is_optional(&self) -> bool {
        self.optional
    }
}

impl DeclaredType {
    /// Converts a value to this type. Null fits every type, and unknown stays unknown.
    pub fn convert(&self, value: &Value) -> Result<Value, ConvertError> {
        accept::convert(self, value)
    }

    /// Reads the text of `--set` and of entries' `set`: JSON for lists and maps; for `any`, JSON where it begins with
    /// `[`, `{` or `"`, else a string; otherwise the text itself, converted.
    pub fn parse_text(&self, text: &str) -> Result<Value, ConvertError> {
        let is_json = match self {
            Self::Any => text.trim_start().starts_with(['[', '{', '"']),
            Self::String | Self::Number | Self::Bool | Self::Enum(_) => false,
            Self::List(_) | Self::Set(_) | Self::Map(_) | Self::Tuple(_) | Self::Object(_) => true,
        };
        if !is_json {
            return self.convert(&text.into());
        }
        let not_json = |error: &dyn fmt::Display| {
            ConvertError::new(match self {
                Self::List(_) | Self::Set(_) | Self::Tuple(_) if !text.trim_start().starts_with('[') => {
                    "a list is required, written as JSON, such as [\"a\", \"b\"]".to_owned()
                }
                Self::Map(_) | Self::Object(_) if !text.trim_start().starts_with('{') => {
                    "a map is required, written as JSON, such as {\"a\": \"b\"}".to_owned()
                }
                Self::Any => format!("what begins with `[`, `{{` or `\"` is read as JSON: {error}"),
                _ => format!(
                    "{} is required, written as JSON: {error}",
                    with_article(self.ty().name())
                ),
            })
        };
        let json: serde_json::Value = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        self.convert(&Value::from_json(&json).map_err(|error| not_json(&error))?)
    }

    /// Returns the type that converted values have.
    fn ty(&self) -> Type {
        let element = |element: &Option<Box<Self>>| element.as_deref().map_or(Type::Any, Self::ty);
        match self {
            Self::Any => Type::Any,
            Self::String | Self::Enum(_) => Type::String,
            Self::Number => Type::Number,
            Self::Bool => Type::Bool,
            Self::List(of) => Type::list(element(of)),
            Self::Set(of) => Type::list(of.ty()),
            Self::Map(of) => Type::map(element(of)),
            Self::Tuple(tuple) => tuple.converted.ty.clone(),
            Self::Object(object) => object.converted.ty.clone(),
        }
    }

    /// Tells whether it, or anything in it, may be any value.
    fn has_any(&self) -> bool {
        match self {
            Self::Any | Self::List(None) | Self::Map(None) => true,
            Self::String | Self::Number | Self::Bool | Self::Enum(_) => false,
            Self::List(Some(of)) | Self::Map(Some(of)) | Self::Set(of) => of.has_any(),
            Self::Tuple(tuple) => tuple.converted.has_any,
            Self::Object(object) => object.converted.has_any,
        }
    }
}
