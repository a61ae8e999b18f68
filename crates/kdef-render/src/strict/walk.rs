//! Reads a JSON value into a typed object, noting what does not fit, and where.
//!
//! A reader of our own, since it must know all of this at once: the path of each value, the fields that a type has (to
//! suggest one), fields that no type takes, and the types of values without their content.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use kdef_lang::quantity::Quantity;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde_json::{Map, Value};

/// How many values of a wrong type are looked for. Each takes another reading, since none goes on after one.
const MAX_WRONG: usize = 20;

/// What does not fit into the type.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) unknown: Vec<UnknownField>,
    /// Values of a wrong type, up to [`MAX_WRONG`].
    pub(super) wrong: Vec<TypeError>,
}

/// A field that the type does not have.
#[derive(Debug)]
pub(super) struct UnknownField {
    pub(super) path: String,
    /// The fields that it has.
    pub(super) known: &'static [&'static str],
}

/// A value of a wrong type.
#[derive(Debug)]
pub(super) struct TypeError {
    /// Where it is; empty until that is known.
    pub(super) path: String,
    pub(super) expected: String,
    pub(super) found: &'static str,
}

/// Reads a value as a `T`, and says what does not fit.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Findings {
    let mut rest = Cow::Borrowed(value);
    let mut wrong: Vec<TypeError> = Vec::new();
    loop {
        let unknown = RefCell::default();
        let path = Path::Root;
        let root = Node {
            value: &rest,
            path: &path,
            siblings: &[],
            unknown: &unknown,
        };
        let next = T::deserialize(root).err();
        let unknown = unknown.into_inner();
        let Some(error) = next else {
            return Findings { unknown, wrong };
        };
        // A value that cannot be taken out is found again.
        let again = wrong.last().is_some_and(|last| last.path == error.path);
        let done = again || !take_out(rest.to_mut(), &error.path) || wrong.len() + 1 == MAX_WRONG;
        if !again {
            wrong.push(error);
        }
        if done {
            return Findings { unknown, wrong };
        }
    }
}

/// Takes the value at a path out of a document; an item of a list leaves a null behind. Tells whether it was there.
fn take_out(value: &mut Value, path: &str) -> bool {
    match value {
        Value::Object(map) if map.contains_key(path) => map.remove(path).is_some(),
        // Keys may hold dots, so that each that fits is tried.
        Value::Object(map) => map.iter_mut().any(|(key, inner)| {
            let rest = path
                .strip_prefix(key.as_str())
                .filter(|rest| rest.starts_with(['.', '[']));
            rest.is_some_and(|rest| take_out(inner, rest.strip_prefix('.').unwrap_or(rest)))
        }),
        Value::Array(items) => {
            let item = path.strip_prefix('[').and_then(|path| path.split_once(']'));
            let found =
                item.and_then(|(index, rest)| Some((items.get_mut(index.parse::<usize>().ok()?)?, rest)));
            match found {
                Some((item, "")) => !std::mem::take(item).is_null(),
                Some((item, rest)) => take_out(item, rest.strip_prefix('.').unwrap_or(rest)),
                None => false,
            }
        }
        _ => false,
    }
}

/// The way from the root to a value.
enum Path<'a> {
    Root,
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => f.write_str(name),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A value to read.
#[derive(Clone, Copy)]
struct Node<'de, 'p> {
    value: &'de Value,
    path: &'p Path<'p>,
    /// The fields of the type that this is a field of.
    siblings: &'static [&'static str],
    unknown: &'p RefCell<Vec<UnknownField>>,
}

impl<'de> Node<'de, '_> {
    fn map<V: Visitor<'de>>(
        self,
        map: &'de Map<String, Value>,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        visitor.visit_map(Entries {
            parent: self,
            fields,
            rest: map.iter(),
            entry: None,
        })
    }

    fn located<T>(self, result: Result<T, TypeError>) -> Result<T, TypeError> {
        result.map_err(|error| match error.path.as_str() {
            "" => TypeError {
                path: self.path.to_string(),
                ..error
            },
            _ => error,
        })
    }
}

impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let result = match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::MAX)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items {
                parent: self,
                items: items.iter().enumerate(),
            }),
            Value::Object(map) => self.map(map, &[], visitor),
        };
        self.located(result)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Object(map) => {
                let result = self.map(map, fields, visitor);
                self.located(result)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let is_wrong = |text| Quantity::parse(text).is_err();
        if name == "Quantity" && self.value.as_str().is_some_and(is_wrong) {
            let expected = "a quantity, such as `500m` or `1Gi`".to_owned();
            return self.located(Err(TypeError {
                path: String::new(),
                expected,
                found: "another text",
            }));
        }
        let result = visitor.visit_newtype_struct(self);
        self.located(result)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        self.unknown.borrow_mut().push(UnknownField {
            path: self.path.to_string(),
            known: self.siblings,
        });
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map enum identifier
    }
}

/// A map that is being read.
struct Entries<'de, 'p> {
    parent: Node<'de, 'p>,
    /// The fields of the type; none for a map with any keys.
    fields: &'static [&'static str],
    rest: serde_json::map::Iter<'de>,
    entry: Option<(&'de str, &'de Value)>,
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = TypeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TypeError> {
        self.entry = self.rest.next().map(|(key, value)| (key.as_str(), value));
        self.entry
            .map(|(key, _)| seed.deserialize(BorrowedStrDeserializer::new(key)))
            .transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, TypeError> {
        let (key, value) = self.entry.take().unwrap_or(("", &Value::Null));
        let path = Path::Field(self.parent.path, key);
        seed.deserialize(Node {
            value,
            path: &path,
            siblings: self.fields,
            unknown: self.parent.unknown,
        })
    }
}

/// A list that is being read.
struct Items<'de, 'p> {
    parent: Node<'de, 'p>,
    items: std::iter::Enumerate<std::slice::Iter<'de, Value>>,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = TypeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, TypeError> {
        let Some((index, value)) = self.items.next() else {
            return Ok(None);
        };
        let path = Path::Item(self.parent.path, index);
        let node = Node {
            value,
            path: &path,
            siblings: &[],
            unknown: self.parent.unknown,
        };
        seed.deserialize(node).map(Some)
    }
}

impl std::error::Error for TypeError {}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be {}, not {}", self.path, self.expected, self.found)
    }
}

impl de::Error for TypeError {
    /// The message is dropped, since it may quote the value.
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self {
            path: String::new(),
            expected: "a value that Kubernetes accepts".to_owned(),
            found: "this one",
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self {
            path: String::new(),
            expected: expectation(&expected.to_string()),
            found: describe(found),
        }
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Signed(_) | Unexpected::Unsigned(_) => "a number outside its range",
            Unexpected::Str(_) => "another text",
            other => describe(other),
        };
        Self {
            path: String::new(),
            expected: expectation(&expected.to_string()),
            found,
        }
    }
}

fn describe(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a bool",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number",
        Unexpected::Float(_) => "a fraction",
        Unexpected::Char(_) | Unexpected::Str(_) => "a text",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        _ => "another value",
    }
}

/// Says in this project's words what a type of `k8s-openapi` expects.
fn expectation(expected: &str) -> String {
    let words = match expected {
        "i32" | "i64" | "u32" | "u64" | "a 32-bit integer" => "a whole number",
        "f64" => "a number",
        "a string" => "a text",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "IntOrString" => "a whole number or a text",
        "Quantity" => "a quantity",
        "a base64-encoded string" => "a text in base64",
        // What is left are the names of Kubernetes' types.
        _ if expected.starts_with(char::is_uppercase) => "a map",
        other => other,
    };
    words.to_owned()
}
