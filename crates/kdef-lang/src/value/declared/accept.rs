//! Values to declared types.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::nearest;

use super::{DeclaredType, EnumWords, ObjectType, TupleType};
use crate::value::{self, ConvertError, List, Map, Type, Value};

/// Elements that one value may have, those that defaults bring included.
const MAX_ELEMENTS: u64 = 1_000_000;

/// Names that a message lists at most.
const MAX_LISTED: usize = 8;

pub(super) fn convert(ty: &DeclaredType, value: &Value) -> Result<Value, ConvertError> {
    let mut conversion = Conversion { left: MAX_ELEMENTS };
    conversion.run(ty, value)
}

struct Conversion {
    left: u64,
}

impl Conversion {
    fn run(&mut self, ty: &DeclaredType, value: &Value) -> Result<Value, ConvertError> {
        self.take(1)?;
        match (ty, value) {
            (DeclaredType::Any, _)
            | (DeclaredType::List(None), Value::List(_))
            | (DeclaredType::Map(None), Value::Map(_)) => Ok(value.clone()),
            (_, Value::Null(_)) => Ok(Value::Null(ty.ty())),
            (_, Value::Unknown(_)) => Ok(Value::Unknown(ty.ty())),
            (DeclaredType::Enum(words), _) => enum_word(value, words),
            (DeclaredType::List(Some(of)), Value::List(list)) if **of != DeclaredType::Any => {
                let items = self.items(of, list)?;
                Ok(Value::List(list_of(of, items)))
            }
            (DeclaredType::Set(of), Value::List(list)) => {
                let items = self.items(of, list)?;
                Ok(set_of(of, items))
            }
            (DeclaredType::Map(Some(of)), Value::Map(map)) if **of != DeclaredType::Any => {
                self.entries(of, map).map(Value::Map)
            }
            (DeclaredType::Tuple(tuple), Value::List(list)) => self.tuple(tuple, list),
            (DeclaredType::Object(object), Value::Map(map)) => self.object(object, map),
            _ => value::convert(value, &ty.ty()),
        }
    }

    fn take(&mut self, elements: u64) -> Result<(), ConvertError> {
        self.left = self.left.checked_sub(elements).ok_or_else(|| {
            ConvertError::new(format!(
                "the value has more than the limit of {MAX_ELEMENTS} elements"
            ))
        })?;
        Ok(())
    }

    fn items(&mut self, of: &DeclaredType, list: &List) -> Result<Vec<Value>, ConvertError> {
        let items = list.iter().enumerate();
        items
            .map(|(index, item)| self.run(of, item).map_err(|error| error.in_element(index)))
            .collect()
    }

    fn entries(&mut self, of: &DeclaredType, map: &Map) -> Result<Map, ConvertError> {
        let entries = map.iter().map(|(key, value)| {
            let value = self.run(of, value).map_err(|error| error.in_key(key))?;
            Ok((Arc::clone(key), value))
        });
        let entries = entries.collect::<Result<IndexMap<_, _>, ConvertError>>()?;
        Ok(if of.has_any() {
            Map::object(entries)
        } else {
            Map::of(of.ty(), entries)
        })
    }

    fn tuple(&mut self, tuple: &TupleType, list: &List) -> Result<Value, ConvertError> {
        let wanted = tuple.elements.len();
        if list.len() != wanted {
            let elements = if wanted == 1 { "element" } else { "elements" };
            return Err(ConvertError::new(format!(
                "a list of {wanted} {elements} is required, not of {}",
                list.len()
            )));
        }
        let items = list.iter().zip(&tuple.elements).enumerate();
        let items =
            items.map(|(index, (item, ty))| self.run(ty, item).map_err(|error| error.in_element(index)));
        Ok(Value::List(List::tuple(items.collect::<Result<_, _>>()?)))
    }

    fn object(&mut self, object: &ObjectType, map: &Map) -> Result<Value, ConvertError> {
        if let Some(foreign) = map.keys().find(|key| !object.attributes.contains_key(*key)) {
            return Err(unknown_attribute(object, foreign));
        }
        let mut entries = IndexMap::with_capacity(object.attributes.len());
        for (name, attribute) in &object.attributes {
            let value = match (map.get(name), &attribute.default) {
                (None | Some(Value::Null(_)), Some(default)) => {
                    self.take(default.converted.weight())?;
                    default.converted.clone()
                }
                (Some(value), _) => self
                    .run(&attribute.ty, value)
                    .map_err(|error| error.in_key(name))?,
                (None, None) if attribute.optional => {
                    self.take(1)?;
                    Value::Null(attribute.ty.ty())
                }
                (None, None) => {
                    let message = format!("the attribute `{name}` is required");
                    return Err(ConvertError::new(message));
                }
            };
            entries.insert(Arc::clone(name), value);
        }
        Ok(Value::Map(Map::object(entries)))
    }
}

/// Makes a list. Where the type leaves something open, the elements keep their own types.
fn list_of(of: &DeclaredType, items: Vec<Value>) -> List {
    if of.has_any() {
        List::tuple(items)
    } else {
        List::of(of.ty(), items)
    }
}

/// Makes a list of distinct elements in the order in which a set has them: texts by their bytes, numbers by value.
fn set_of(of: &DeclaredType, mut items: Vec<Value>) -> Value {
    let list = |items| Value::List(list_of(of, items));
    if !items.iter().all(Value::is_wholly_known) {
        return Value::Unknown(Type::list(of.ty()));
    }
    if of.ty() == Type::Number {
        items.sort_by(|left, right| match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => left.partial_cmp(right).unwrap_or(std::cmp::Ordering::Equal),
            (left, right) => left.is_none().cmp(&right.is_none()),
        });
        items.dedup();
        return list(items);
    }
    let distinct: BTreeMap<(bool, String), Value> = items
        .into_iter()
        .map(|item| ((item.is_null(), sort_key(&item)), item))
        .collect();
    list(distinct.into_values().collect())
}

/// Returns a text that is the same for equal values only.
fn sort_key(value: &Value) -> String {
    let mut key = String::new();
    match value {
        Value::String(text) => key.push_str(text),
        other => add_sort_key(other, &mut key),
    }
    key
}

fn add_sort_key(value: &Value, key: &mut String) {
    match value {
        Value::List(list) => {
            key.push('[');
            for item in list {
                add_sort_key(item, key);
                key.push(',');
            }
            key.push(']');
        }
        Value::Map(map) => {
            key.push('{');
            for (name, value) in map.sorted() {
                // Writing to a text never fails.
                let _ = write!(key, "{name:?}:");
                add_sort_key(value, key);
                key.push(',');
            }
            key.push('}');
        }
        other => {
            let _ = write!(key, "{other:?}");
        }
    }
}

fn enum_word(value: &Value, words: &EnumWords) -> Result<Value, ConvertError> {
    let value = value::convert(value, &Type::String)?;
    let Some(text) = value
        .as_str()
        .filter(|text| !words.iter().any(|word| word == *text))
    else {
        return Ok(value);
    };
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let error = ConvertError::new(format!("one of {} is required", quoted.join(", ")));
    Err(match nearest(text, words.iter()) {
        Some(word) => error.with_advice(format!("did you mean \"{word}\"?")),
        None => error,
    })
}

fn unknown_attribute(object: &ObjectType, name: &str) -> ConvertError {
    let names = || object.attributes.keys().map(AsRef::as_ref);
    let error = ConvertError::new(format!("there is no attribute `{name}`"));
    match (nearest(name, names()), object.attributes.len()) {
        (Some(near), _) => error.with_advice(format!("did you mean `{near}`?")),
        (None, 1..=MAX_LISTED) => {
            let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
            error.with_advice(format!("there is {}", listed.join(", ")))
        }
        _ => error,
    }
}
