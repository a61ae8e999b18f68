//! Conversions between types, as cty's `convert` package has them.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{List, Map, Number, Type, Value, unify};

/// Why a value does not convert to a type. Its text never holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertError {
    path: String,
    message: String,
    advice: String,
}

impl ConvertError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            message: message.into(),
            advice: String::new(),
        }
    }

    /// Adds what to do, as the end of the message.
    pub(crate) fn with_advice(self, advice: impl Into<String>) -> Self {
        Self {
            advice: advice.into(),
            ..self
        }
    }

    /// Leaves the advice out, which may tell what the value is like.
    pub(crate) fn without_advice(self) -> Self {
        self.with_advice("")
    }

    pub(crate) fn in_element(self, index: usize) -> Self {
        Self {
            path: format!("[{index}]{}", self.path),
            ..self
        }
    }

    pub(crate) fn in_key(self, key: &str) -> Self {
        let is_name = key.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let path = if is_name {
            format!(".{key}{}", self.path)
        } else {
            format!("[{key:?}]{}", self.path)
        };
        Self { path, ..self }
    }

    /// Returns where in the value the problem is, such as `[2].name`; empty for the value itself.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Writes a phrase such as `a number is required, not a list`.
impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.path.is_empty() {
            write!(f, ", at {}", self.path)?;
        }
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

/// Converts a value to a type.
///
/// Strings, numbers and bools convert to strings; strings that look like numbers and bools convert to them. Lists and
/// maps convert element by element; where [`Type::Any`] is asked for as the type of all elements, they are brought to
/// the one type that [`unify`] finds. Null and unknown stay what they are.
pub fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    match (value, want) {
        (_, Type::Any)
        | (Value::Bool(_), Type::Bool)
        | (Value::Number(_), Type::Number)
        | (Value::String(_), Type::String)
        | (Value::Reference(_), Type::Reference) => Ok(value.clone()),
        (Value::Null(ty), _) if converts(ty, want) => Ok(Value::Null(filled(ty, want))),
        (Value::Unknown(ty), _) if converts(ty, want) => Ok(Value::Unknown(filled(ty, want))),
        (Value::Bool(_) | Value::Number(_), Type::String) => {
            Ok(value.text().map_or_else(|| value.clone(), Value::String))
        }
        (Value::String(text), Type::Number) => text_to_number(text),
        (Value::String(text), Type::Bool) => text_to_bool(text),
        (Value::List(list), Type::List(element)) => list_to_list(list, element),
        (Value::List(list), Type::Tuple(elements)) => list_to_tuple(list, elements),
        (Value::Map(map), Type::Map(element)) => map_to_map(map, element),
        (Value::Map(map), Type::Object(attributes)) => {
            let attributes = attributes.iter().map(|(name, ty)| {
                let value = map
                    .get(name)
                    .ok_or_else(|| ConvertError::new(format!("the attribute `{name}` is required")))?;
                let value = convert(value, ty).map_err(|error| error.in_key(name))?;
                Ok((Arc::clone(name), value))
            });
            Ok(Value::Map(Map::object(attributes.collect::<Result<_, _>>()?)))
        }
        _ => Err(mismatch(value, want)),
    }
}

fn mismatch(value: &Value, want: &Type) -> ConvertError {
    ConvertError::new(format!(
        "{} is required, not {}",
        with_article(want.name()),
        with_article(value.type_name())
    ))
}

/// Puts `a` before the name of a type; `null` and `any` go without.
pub(crate) fn with_article(name: &str) -> String {
    match name {
        "null" | "any" => name.to_owned(),
        _ => format!("a {name}"),
    }
}

fn text_to_number(text: &str) -> Result<Value, ConvertError> {
    Number::parse(text)
        .map(Value::Number)
        .map_err(|_| ConvertError::new("a number is required, and this text is not one"))
}

fn text_to_bool(text: &str) -> Result<Value, ConvertError> {
    match text {
        "true" | "1" => Ok(Value::Bool(true)),
        "false" | "0" => Ok(Value::Bool(false)),
        _ => Err(ConvertError::new(
            if ["true", "false"]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word))
            {
                "a bool is required; write it in lower case"
            } else {
                "a bool is required, and this text is neither \"true\" nor \"false\""
            },
        )),
    }
}

fn list_to_list(list: &List, element: &Type) -> Result<Value, ConvertError> {
    if list
        .element_type()
        .is_some_and(|own| own == element || *element == Type::Any)
    {
        return Ok(Value::List(list.clone()));
    }
    if let Some(own) = list.element_type()
        && !converts(own, element)
    {
        return Err(element_mismatch("list", own, element));
    }
    let items = convert_items(list.items(), element)?;
    if !element.has_any() {
        return Ok(Value::List(List::of(element.clone(), items)));
    }
    // As in cty, a plain null goes with numbers and texts in a list, but not with lists and maps.
    let has_null = items.iter().any(|item| matches!(item, Value::Null(Type::Any)));
    let (element, items) = one_type(items, element)?;
    if has_null
        && matches!(
            element,
            Type::Tuple(_) | Type::List(_) | Type::Object(_) | Type::Map(_)
        )
    {
        return Err(no_common_type());
    }
    Ok(Value::List(List::of(element, items)))
}

fn convert_items(items: &[Value], want: &Type) -> Result<Vec<Value>, ConvertError> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| convert(item, want).map_err(|error| error.in_element(index)))
        .collect()
}

fn list_to_tuple(list: &List, elements: &[Type]) -> Result<Value, ConvertError> {
    if list.element_type().is_some() || list.len() != elements.len() {
        return Err(ConvertError::new(format!(
            "a list of {} elements is required",
            elements.len()
        )));
    }
    let items = list.iter().zip(elements).enumerate();
    let items = items.map(|(index, (item, ty))| convert(item, ty).map_err(|error| error.in_element(index)));
    Ok(Value::List(List::tuple(items.collect::<Result<_, _>>()?)))
}

fn map_to_map(map: &Map, element: &Type) -> Result<Value, ConvertError> {
    if map
        .element_type()
        .is_some_and(|own| own == element || *element == Type::Any)
    {
        return Ok(Value::Map(map.clone()));
    }
    if let Some(own) = map.element_type()
        && !converts(own, element)
    {
        return Err(element_mismatch("map", own, element));
    }
    let entries = map
        .iter()
        .map(|(key, value)| {
            let value = convert(value, element).map_err(|error| error.in_key(key))?;
            Ok((Arc::clone(key), value))
        })
        .collect::<Result<IndexMap<_, _>, ConvertError>>()?;
    if !element.has_any() {
        return Ok(Value::Map(Map::of(element.clone(), entries)));
    }
    let (keys, values): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
    let (element, values) = one_type(values, element)?;
    Ok(Value::Map(Map::of(
        element,
        keys.into_iter().zip(values).collect(),
    )))
}

fn element_mismatch(collection: &str, own: &Type, want: &Type) -> ConvertError {
    ConvertError::new(format!(
        "a {collection} of {want} is required, not a {collection} of {own}"
    ))
}

fn no_common_type() -> ConvertError {
    ConvertError::new("the elements must all be of one type")
}

/// Brings all values to the one type that they have in common. A plain null goes with any type.
fn one_type(values: Vec<Value>, empty: &Type) -> Result<(Type, Vec<Value>), ConvertError> {
    if values.is_empty() {
        return Ok((empty.clone(), values));
    }
    let types: Vec<Type> = values.iter().map(Value::ty).collect();
    let common = unify(&types).ok_or_else(no_common_type)?;
    let values = convert_items(&values, &common)?;
    if common != Type::Any {
        return Ok((common, values));
    }
    let mut known = values.iter().map(Value::ty).filter(|ty| *ty != Type::Any);
    let first = known.next().unwrap_or(Type::Any);
    if known.all(|ty| ty == first) {
        Ok((first, values))
    } else {
        Err(no_common_type())
    }
}

/// Tells whether values of one type may convert to another, judged by the types alone.
pub(super) fn converts(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Bool, Type::Number) | (Type::Number, Type::Bool) => false,
        (Type::List(from), Type::List(to)) | (Type::Map(from), Type::Map(to)) => converts(from, to),
        (Type::Tuple(from), Type::List(to)) if **to == Type::Any => {
            let all_null = from.iter().all(|ty| *ty == Type::Any);
            all_null || unify(from).is_some_and(|ty| ty != Type::Any)
        }
        (Type::Tuple(from), Type::List(to)) => from.iter().all(|from| converts(from, to)),
        (Type::Object(from), Type::Map(to)) if **to == Type::Any => {
            let types: Vec<Type> = from.values().cloned().collect();
            types.is_empty() || unify(&types).is_some()
        }
        (Type::Object(from), Type::Map(to)) => from.values().all(|from| converts(from, to)),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(from, to)| converts(from, to))
        }
        (Type::Map(from), Type::Object(to)) => to.values().all(|to| converts(from, to)),
        (Type::Object(from), Type::Object(to)) => to
            .iter()
            .all(|(name, to)| from.get(name).is_some_and(|from| converts(from, to))),
        (from, to) => from == to || (from.is_primitive() && to.is_primitive()),
    }
}

/// Returns the type that a null or unknown value has once it is converted: `to`, with the types of `from` where `to`
/// demands none.
fn filled(from: &Type, to: &Type) -> Type {
    let common = |types: &[Type]| unify(types).unwrap_or(Type::Any);
    match (from, to) {
        (Type::Any, _) => to.clone(),
        (_, Type::Any) => from.clone(),
        (Type::List(from), Type::List(to)) => Type::list(filled(from, to)),
        (Type::Tuple(from), Type::List(to)) => Type::list(filled(&common(from), to)),
        (Type::Map(from), Type::Map(to)) => Type::map(filled(from, to)),
        (Type::Object(from), Type::Map(to)) => {
            let types: Vec<Type> = from.values().cloned().collect();
            Type::map(filled(&common(&types), to))
        }
        (Type::Tuple(from), Type::Tuple(to)) => Type::tuple(
            from.iter()
                .zip(to.iter())
                .map(|(from, to)| filled(from, to))
                .collect(),
        ),
        (Type::Map(from), Type::Object(to)) => {
            Type::object(to.iter().map(|(name, to)| (Arc::clone(name), filled(from, to))))
        }
        (Type::Object(from), Type::Object(to)) => Type::object(to.iter().map(|(name, to)| {
            let ty = from.get(name).map_or_else(|| to.clone(), |from| filled(from, to));
            (Arc::clone(name), ty)
        })),
        _ => to.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: impl IntoIterator<Item = Value>, element: Type) -> Value {
        Value::List(List::of(element, items.into_iter().collect()))
    }

    #[test]
    fn primitives_convert_as_in_cty() {
        for (value, want, expected) in [
            (Value::from("8080"), Type::Number, Ok(Value::from(8080))),
            (
                Value::from("1.50"),
                Type::Number,
                Ok(Value::Number(Number::parse("1.5").unwrap())),
            ),
            (Value::from(8080), Type::String, Ok(Value::from("8080"))),
            (Value::from(true), Type::String, Ok(Value::from("true"))),
            (Value::from("true"), Type::Bool, Ok(Value::from(true))),
            (Value::from("1"), Type::Bool, Ok(Value::from(true))),
            (Value::from("0"), Type::Bool, Ok(Value::from(false))),
            (Value::from("x"), Type::Any, Ok(Value::from("x"))),
            (Value::NULL, Type::String, Ok(Value::Null(Type::String))),
            (Value::UNKNOWN, Type::Number, Ok(Value::Unknown(Type::Number))),
            (
                Value::from("x"),
                Type::Number,
                Err("a number is required, and this text is not one"),
            ),
            (
                Value::from("True"),
                Type::Bool,
                Err("a bool is required; write it in lower case"),
            ),
            (
                Value::from("yes"),
                Type::Bool,
                Err("a bool is required, and this text is neither \"true\" nor \"false\""),
            ),
            (
                Value::from(1),
                Type::Bool,
                Err("a bool is required, not a number"),
            ),
            (
                Value::from(true),
                Type::Number,
                Err("a number is required, not a bool"),
            ),
            (
                Value::tuple([]),
                Type::String,
                Err("a string is required, not a list"),
            ),
            (
                Value::from("x"),
                Type::list(Type::String),
                Err("a list is required, not a string"),
            ),
            (
                Value::Null(Type::list(Type::String)),
                Type::Number,
                Err("a number is required, not null"),
            ),
        ] {
            let result = convert(&value, &want).map_err(|error| error.to_string());
            assert_eq!(result, expected.map_err(str::to_owned), "{value:?} to {want}");
        }
    }

    #[test]
    fn collections_convert_element_by_element() {
        let mixed = Value::tuple([1.into(), "a".into(), true.into()]);
        assert_eq!(
            convert(&mixed, &Type::list(Type::String)),
            Ok(list(["1".into(), "a".into(), "true".into()], Type::String))
        );
        assert_eq!(
            convert(&mixed, &Type::list(Type::Any)),
            Ok(list(["1".into(), "a".into(), "true".into()], Type::String)),
            "brought to the type in common"
        );
        let object = Value::object([("b", Value::from(2)), ("a", "1".into())]);
        assert_eq!(
            convert(&object, &Type::map(Type::Number)).map(|value| format!("{value:?}")),
            Ok(r#"map(number){"b": 2, "a": 1}"#.to_owned()),
            "in the order in which they were written"
        );
        let nulls = Value::tuple([Value::NULL, "a".into()]);
        assert_eq!(
            convert(&nulls, &Type::list(Type::Any)),
            Ok(list([Value::Null(Type::String), "a".into()], Type::String))
        );
    }

    #[test]
    fn errors_say_where_in_the_value_they_are() {
        let value = Value::object([("ports", Value::tuple([80.into(), "http".into()]))]);
        let error = convert(&value, &Type::map(Type::list(Type::Number))).unwrap_err();
        assert_eq!(error.path(), ".ports[1]");
        assert_eq!(
            error.to_string(),
            "a number is required, and this text is not one, at .ports[1]"
        );
        let want = Type::object([("name".into(), Type::String)]);
        let error = convert(&Value::object([("nam", Value::from("x"))]), &want).unwrap_err();
        assert_eq!(error.to_string(), "the attribute `name` is required");
        let error = convert(
            &Value::tuple([1.into(), Value::tuple([])]),
            &Type::list(Type::Any),
        )
        .unwrap_err();
        assert_eq!(error.to_string(), "the elements must all be of one type");
        let texts = list([], Type::String);
        let error = convert(&texts, &Type::list(Type::map(Type::String))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a list of map(string) is required, not a list of string"
        );
    }
}
