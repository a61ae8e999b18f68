//! Types as a declaration would have them.

use std::fmt::{self, Formatter};

use super::{DeclaredType, ObjectAttribute};
use crate::value::Value;

impl fmt::Display for DeclaredType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Bool => f.write_str("bool"),
            Self::Enum(words) => {
                f.write_str("enum[")?;
                separated(f, words.iter(), |f, word| Word(word).fmt(f))?;
                f.write_str("]")
            }
            Self::List(None) => f.write_str("list"),
            Self::List(Some(of)) => write!(f, "list({of})"),
            Self::Set(of) => write!(f, "set({of})"),
            Self::Map(None) => f.write_str("map"),
            Self::Map(Some(of)) => write!(f, "map({of})"),
            Self::Tuple(tuple) => {
                f.write_str("tuple([")?;
                separated(f, tuple.elements.iter(), |f, element| element.fmt(f))?;
                f.write_str("])")
            }
            Self::Object(object) if object.attributes.is_empty() => f.write_str("object({})"),
            Self::Object(object) => {
                f.write_str("object({ ")?;
                separated(f, object.attributes.iter(), |f, (name, attribute)| {
                    write!(f, "{} = {attribute}", Key(name))
                })?;
                f.write_str(" })")
            }
        }
    }
}

impl fmt::Display for ObjectAttribute {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.default, self.optional) {
            (Some(default), _) => write!(f, "optional({}, {})", self.ty, Constant(&default.written)),
            (None, true) => write!(f, "optional({})", self.ty),
            (None, false) => self.ty.fmt(f),
        }
    }
}

fn separated<T>(
    f: &mut Formatter<'_>,
    items: impl Iterator<Item = T>,
    write_one: impl Fn(&mut Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write_one(f, item)?;
    }
    Ok(())
}

/// A key of a map, in quotes where it is not a plain name.
struct Key<'a>(&'a str);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = self.0.chars().all(|c| c.is_alphanumeric() || c == '_');
        if plain && !self.0.starts_with(|c: char| c.is_numeric()) {
            f.write_str(self.0)
        } else {
            f.write_str(&quoted(self.0))
        }
    }
}

/// A word of an enum, in quotes where it is not a plain one.
struct Word<'a>(&'a str);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self
            .0
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        {
            f.write_str(self.0)
        } else {
            f.write_str(&quoted(self.0))
        }
    }
}

/// A value as an expression.
struct Constant<'a>(&'a Value);

impl fmt::Display for Constant<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) => f.write_str(&quoted(text)),
            Value::List(list) => {
                f.write_str("[")?;
                separated(f, list.iter(), |f, item| Constant(item).fmt(f))?;
                f.write_str("]")
            }
            Value::Map(map) if map.is_empty() => f.write_str("{}"),
            Value::Map(map) => {
                f.write_str("{ ")?;
                separated(f, map.iter(), |f, (key, value)| {
                    write!(f, "{} = {}", Key(key), Constant(value))
                })?;
                f.write_str(" }")
            }
            other => write!(f, "{other:?}"),
        }
    }
}

/// Writes a text in quotes, as a template that is nothing but this text.
pub(super) fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    result.push('"');
    let mut before = '"';
    for c in text.chars() {
        match c {
            '"' | '\\' => result.extend(['\\', c]),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            // A doubled sign keeps `${` and `%{` from beginning an interpolation.
            '{' if matches!(before, '$' | '%') => result.extend([before, '{']),
            _ => result.push(c),
        }
        before = c;
    }
    result.push('"');
    result
}
