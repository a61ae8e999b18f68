//! The types that variables declare.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::nearest;
use kdef_syntax::ast::{Call, Expr, ExprKind};

use super::convert::with_article;
use super::{ConvertError, List, Map, Type, Value, convert};

/// Levels of `list(...)` and `map(...)` in one type.
const MAX_DEPTH: usize = 32;

/// A type as a variable declares it, and what values of it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// `map`, whose elements may be anything, or `map(T)`.
    Map(Option<Box<DeclaredType>>),
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

/// Why a text is not a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredTypeError {
    /// The type is not known.
    Unknown {
        /// What is written.
        name: String,
        /// The nearest one that is known, if any is near.
        nearest: Option<&'static str>,
    },
    /// An `enum` has no words.
    EmptyEnum,
    /// A bracket is missing, or something stands after the last one.
    Malformed,
    /// It is nested more than 32 levels deep.
    TooDeep,
}

impl fmt::Display for DeclaredTypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, .. } if name.is_empty() => f.write_str("the type is empty"),
            Self::Unknown { name, .. } => write!(f, "there is no type `{name}`"),
            Self::EmptyEnum => f.write_str("an enum needs at least one word"),
            Self::Malformed => f.write_str("the type cannot be read"),
            Self::TooDeep => f.write_str("the type is nested more than 32 levels deep"),
        }
    }
}

impl DeclaredTypeError {
    /// The types there are, as advice.
    pub const HINT: &'static str =
        "types are string, number, bool, any, enum[a, b], list, map, list(T) and map(T)";

    /// Returns the known type that is nearest to the one written, for "did you mean".
    pub fn suggestion(&self) -> Option<&'static str> {
        match self {
            Self::Unknown { nearest, .. } => *nearest,
            _ => None,
        }
    }
}

const NAMES: [&str; 7] = ["string", "number", "bool", "any", "enum", "list", "map"];

impl DeclaredType {
    /// Reads a type as text, such as `list(string)` or `enum[small, "large"]`. Blanks do not matter.
    pub fn parse(text: &str) -> Result<Self, DeclaredTypeError> {
        parse_at(text.trim(), 0)
    }

    /// Reads a type as an expression: a bare word, `list(T)`, or a text in quotes that holds either.
    pub fn from_expr(expr: &Expr) -> Result<Self, DeclaredTypeError> {
        from_expr_at(expr, 0)
    }

    /// Converts a value to this type. Null fits every type, and unknown stays unknown.
    pub fn convert(&self, value: &Value) -> Result<Value, ConvertError> {
        match (self, value) {
            (Self::Any, _) | (Self::List(None), Value::List(_)) | (Self::Map(None), Value::Map(_)) => {
                Ok(value.clone())
            }
            (_, Value::Null(_)) => Ok(Value::Null(self.ty())),
            (_, Value::Unknown(_)) => Ok(Value::Unknown(self.ty())),
            (Self::Enum(words), _) => convert_enum(value, words),
            (Self::List(Some(element)), Value::List(list)) if **element != Self::Any => {
                let items = list.iter().enumerate();
                let items =
                    items.map(|(index, item)| element.convert(item).map_err(|error| error.in_element(index)));
                Ok(Value::List(List::of(
                    element.ty(),
                    items.collect::<Result<_, _>>()?,
                )))
            }
            (Self::Map(Some(element)), Value::Map(map)) if **element != Self::Any => {
                let entries = map.iter().map(|(key, value)| {
                    let value = element.convert(value).map_err(|error| error.in_key(key))?;
                    Ok((Arc::clone(key), value))
                });
                Ok(Value::Map(Map::of(
                    element.ty(),
                    entries.collect::<Result<IndexMap<_, _>, ConvertError>>()?,
                )))
            }
            _ => convert(value, &self.ty()),
        }
    }

    /// Reads the text of `--set` and of entries' `set`: JSON for lists and maps; for `any`, JSON where it begins with
    /// `[`, `{` or `"`, else a string; otherwise the text itself, converted.
    pub fn parse_text(&self, text: &str) -> Result<Value, ConvertError> {
        let is_json = match self {
            Self::List(_) | Self::Map(_) => true,
            Self::Any => text.trim_start().starts_with(['[', '{', '"']),
            _ => false,
        };
        if !is_json {
            return self.convert(&text.into());
        }
        let not_json = |error: &dyn fmt::Display| {
            ConvertError::new(match self {
                Self::Any => format!("what begins with `[`, `{{` or `\"` is read as JSON: {error}"),
                _ => format!(
                    "{} is required, written as JSON: {error}",
                    with_article(self.name())
                ),
            })
        };
        let json: serde_json::Value = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        self.convert(&Value::from_json(&json).map_err(|error| not_json(&error))?)
    }

    /// Returns the first word of the type, such as `list`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Enum(_) => "enum",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// Returns the type that converted values have.
    fn ty(&self) -> Type {
        let element =
            |element: &Option<Box<Self>>| element.as_ref().map_or(Type::Any, |element| element.ty());
        match self {
            Self::Any => Type::Any,
            Self::String | Self::Enum(_) => Type::String,
            Self::Number => Type::Number,
            Self::Bool => Type::Bool,
            Self::List(of) => Type::list(element(of)),
            Self::Map(of) => Type::map(element(of)),
        }
    }
}

/// Writes the type as a declaration would have it.
impl fmt::Display for DeclaredType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enum(words) => write!(f, "enum[{}]", words.0.join(", ")),
            Self::List(Some(element)) | Self::Map(Some(element)) => write!(f, "{}({element})", self.name()),
            _ => f.write_str(self.name()),
        }
    }
}

fn convert_enum(value: &Value, words: &EnumWords) -> Result<Value, ConvertError> {
    let value = convert(value, &Type::String)?;
    let Some(text) = value
        .as_str()
        .filter(|text| !words.iter().any(|word| word == *text))
    else {
        return Ok(value);
    };
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let mut message = format!("one of {} is required", quoted.join(", "));
    if let Some(word) = nearest(text, words.iter()) {
        message = format!("{message}; did you mean \"{word}\"?");
    }
    Err(ConvertError::new(message))
}

fn parse_at(text: &str, depth: usize) -> Result<DeclaredType, DeclaredTypeError> {
    if depth > MAX_DEPTH {
        return Err(DeclaredTypeError::TooDeep);
    }
    let Some(at) = text.find(['(', '[']) else {
        return named(text);
    };
    let (name, rest) = (text[..at].trim_end(), &text[at..]);
    if !NAMES.contains(&name) {
        return Err(unknown(name));
    }
    let inside = |open: char, close: char| {
        rest.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .map(str::trim)
            .ok_or(DeclaredTypeError::Malformed)
    };
    match name {
        "enum" => enum_of(inside('[', ']')?.split(',')),
        "list" | "map" => collection_of(name, parse_at(inside('(', ')')?, depth + 1)?),
        _ => Err(DeclaredTypeError::Malformed),
    }
}

fn named(name: &str) -> Result<DeclaredType, DeclaredTypeError> {
    Ok(match name {
        "any" => DeclaredType::Any,
        "string" => DeclaredType::String,
        "number" => DeclaredType::Number,
        "bool" => DeclaredType::Bool,
        "list" => DeclaredType::List(None),
        "map" => DeclaredType::Map(None),
        "enum" => return Err(DeclaredTypeError::EmptyEnum),
        _ => return Err(unknown(name)),
    })
}

fn unknown(name: &str) -> DeclaredTypeError {
    DeclaredTypeError::Unknown {
        name: name.to_owned(),
        nearest: nearest(name, NAMES),
    }
}

fn collection_of(name: &str, element: DeclaredType) -> Result<DeclaredType, DeclaredTypeError> {
    let element = Some(Box::new(element));
    match name {
        "list" => Ok(DeclaredType::List(element)),
        "map" => Ok(DeclaredType::Map(element)),
        _ => Err(unknown(name)),
    }
}

/// Makes an enum of words that may be in quotes; empty ones do not count.
fn enum_of<'a>(words: impl Iterator<Item = &'a str>) -> Result<DeclaredType, DeclaredTypeError> {
    let words: Vec<Box<str>> = words
        .map(|word| word.trim().trim_matches(['"', '\'']))
        .filter(|word| !word.is_empty())
        .map(Into::into)
        .collect();
    if words.is_empty() {
        return Err(DeclaredTypeError::EmptyEnum);
    }
    Ok(DeclaredType::Enum(EnumWords(words)))
}

fn from_expr_at(expr: &Expr, depth: usize) -> Result<DeclaredType, DeclaredTypeError> {
    if depth > MAX_DEPTH {
        return Err(DeclaredTypeError::TooDeep);
    }
    match &expr.kind {
        ExprKind::Template(template) => {
            let text = template.literal().ok_or(DeclaredTypeError::Malformed)?;
            DeclaredType::parse(&text)
        }
        ExprKind::Variable(name) => named(name.as_str()),
        ExprKind::Call(call) => from_call(call, depth),
        ExprKind::Paren(inner) => from_expr_at(inner, depth + 1),
        ExprKind::Index {
            base,
            key,
            legacy: false,
        } => match (&base.kind, &key.kind) {
            (ExprKind::Variable(name), ExprKind::Variable(word)) if name.as_str() == "enum" => {
                enum_of(std::iter::once(word.as_str()))
            }
            _ => Err(DeclaredTypeError::Malformed),
        },
        _ => Err(DeclaredTypeError::Malformed),
    }
}

fn from_call(call: &Call, depth: usize) -> Result<DeclaredType, DeclaredTypeError> {
    let name = call.full_name();
    match (name.as_str(), call.arguments.as_slice(), call.expand_final) {
        ("list" | "map", [element], false) => collection_of(&name, from_expr_at(element, depth + 1)?),
        (name, _, _) if NAMES.contains(&name) => Err(DeclaredTypeError::Malformed),
        (name, _, _) => Err(unknown(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_and_written() {
        for (text, expected) in [
            ("string", Ok("string")),
            (" number ", Ok("number")),
            ("list", Ok("list")),
            ("list( string )", Ok("list(string)")),
            ("map(list(number))", Ok("map(list(number))")),
            ("enum[small, \"large\", 'x']", Ok("enum[small, large, x]")),
            ("list(enum[a,b])", Ok("list(enum[a, b])")),
            ("enum[]", Err(DeclaredTypeError::EmptyEnum)),
            ("enum[ , ]", Err(DeclaredTypeError::EmptyEnum)),
            ("enum", Err(DeclaredTypeError::EmptyEnum)),
            ("strin", Err(unknown("strin"))),
            ("lst(string)", Err(unknown("lst"))),
            ("integer", Err(unknown("integer"))),
            ("", Err(unknown(""))),
            ("list(string", Err(DeclaredTypeError::Malformed)),
            ("list(string) x", Err(DeclaredTypeError::Malformed)),
            ("string(a)", Err(DeclaredTypeError::Malformed)),
        ] {
            let parsed = DeclaredType::parse(text).map(|ty| ty.to_string());
            assert_eq!(parsed, expected.map(str::to_owned), "{text}");
        }
        let deep = format!("{}any{}", "list(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(DeclaredType::parse(&deep), Err(DeclaredTypeError::TooDeep));
    }

    #[test]
    fn text_is_read_as_the_declared_type() {
        for (ty, text, expected) in [
            ("string", "007", Ok(r#""007""#)),
            ("number", "007", Ok("7")),
            (
                "number",
                "x",
                Err("a number is required, and this text is not one"),
            ),
            ("bool", "true", Ok("true")),
            ("any", "007", Ok(r#""007""#)),
            ("any", " [1]", Ok("[1]")),
            ("any", r#""x""#, Ok(r#""x""#)),
            ("list", r#"[1, "a"]"#, Ok(r#"[1, "a"]"#)),
            ("list(string)", "[1, true]", Ok(r#"list(string)["1", "true"]"#)),
            ("list(any)", r#"[1, "a"]"#, Ok(r#"list(string)["1", "a"]"#)),
            ("map(number)", r#"{"a": "1"}"#, Ok(r#"map(number){"a": 1}"#)),
            ("map", "null", Ok("null(map(any))")),
            ("list", "{}", Err("a list is required, not a map")),
            (
                "list(number)",
                "[1, []]",
                Err("a number is required, not a list, at [1]"),
            ),
            (
                "list",
                "a,b",
                Err("a list is required, written as JSON: expected value at line 1 column 1"),
            ),
            ("enum[small, large]", "small", Ok(r#""small""#)),
            (
                "enum[small, large]",
                "smal",
                Err(r#"one of "small", "large" is required; did you mean "small"?"#),
            ),
            (
                "enum[small, large]",
                "x",
                Err(r#"one of "small", "large" is required"#),
            ),
            ("enum[1, 2]", "1", Ok(r#""1""#)),
        ] {
            let result = DeclaredType::parse(ty).unwrap().parse_text(text);
            let result = result
                .map(|value| format!("{value:?}"))
                .map_err(|error| error.to_string());
            assert_eq!(
                result.as_deref().map_err(String::as_str),
                expected,
                "{text} as {ty}"
            );
        }
    }
}
