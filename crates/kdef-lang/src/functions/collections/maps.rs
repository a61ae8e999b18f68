//! Maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use kdef_source::nearest;

use super::{Answer, CallContext, Function, Parameter, any_list, function};
use crate::value::{List, Map, Type, Value, convert};

const MAP: Parameter = Parameter::any("map");

pub(in super::super) const KEYS: Function = function("keys", &[MAP], keys)
    .returns_texts()
    .doc("Returns the keys of a map, sorted.")
    .examples(&[("keys({ b = 1, a = 2 })", r#"["a", "b"]"#)]);

pub(in super::super) const LOOKUP: Function = function("lookup", &[MAP, Parameter::text("key")], lookup)
    .variadic(Parameter::any("default").nullable())
    .doc("Returns the element of a map, or a default when there is none.")
    .examples(&[
        (r#"lookup({ a = "ay" }, "a", "what?")"#, r#""ay""#),
        (r#"lookup({ a = "ay" }, "c", "what?")"#, r#""what?""#),
    ]);

pub(in super::super) const MERGE: Function = function("merge", &[], merge)
    .variadic(Parameter::any("maps").nullable())
    .returns(|| Type::map(Type::Any))
    .doc("Joins maps into one; of equal keys the last counts.")
    .notes("It does not look into the elements. Null counts as an empty map.")
    .examples(&[(
        r#"merge({ a = "b", c = "d" }, { c = "z" })"#,
        r#"{ "a": "b", "c": "z" }"#,
    )]);

pub(in super::super) const TRANSPOSE: Function = function(
    "transpose",
    &[Parameter::new("values", || Type::map(Type::list(Type::String)))],
    transpose,
)
.returns(|| Type::map(Type::list(Type::String)))
.doc("Makes keys of the texts in the lists of a map, with the keys that they were found under.")
.examples(&[(
    r#"transpose({ a = ["1", "2"], b = ["2"] })"#,
    r#"{ "1": ["a"], "2": ["a", "b"] }"#,
)]);

pub(in super::super) const VALUES: Function = function("values", &[MAP], values)
    .returns(any_list)
    .doc("Returns the elements of a map in the order of their keys.")
    .examples(&[("values({ b = 1, a = 2 })", "[2, 1]")]);

pub(in super::super) const ZIPMAP: Function = function(
    "zipmap",
    &[Parameter::texts("keys"), Parameter::any("values")],
    zipmap,
)
.returns(|| Type::map(Type::Any))
.doc("Makes a map of a list of keys and a list of their values.")
.notes("Of equal keys the last counts.")
.examples(&[(r#"zipmap(["a", "b"], [1, 2])"#, r#"{ "a": 1, "b": 2 }"#)]);

fn keys(call: &CallContext<'_>) -> Answer {
    let map = call.map(0)?;
    let keys = map
        .sorted()
        .into_iter()
        .map(|(key, _)| Value::String(Arc::clone(key)));
    Ok(match map.element_type() {
        Some(_) => Value::List(List::of(Type::String, keys.collect())),
        None => Value::tuple(keys),
    })
}

fn values(call: &CallContext<'_>) -> Answer {
    let map = call.map(0)?;
    let values = map.sorted().into_iter().map(|(_, value)| value.clone());
    Ok(match map.element_type() {
        Some(element) => Value::List(List::of(element.clone(), values.collect())),
        None => Value::tuple(values),
    })
}

fn lookup(call: &CallContext<'_>) -> Answer {
    let (map, key) = (call.map(0)?, call.text(1)?);
    if call.arguments.len() > 3 {
        return Err(call.error(3, "is too much: `lookup` takes one default"));
    }
    let default = call.values_from(2).next();
    // The default must fit whether or not it is needed.
    let default =
        match (default, map.element_type()) {
            (Some(default), Some(element)) => Some(convert(default, element).map_err(|problem| {
                call.error(2, format!("does not fit the elements of the map: {problem}"))
            })?),
            (default, _) => default.cloned(),
        };
    if let Some(found) = map.get(key).cloned().or(default) {
        return Ok(found);
    }
    call.steps(map.len() as u64)?;
    let diagnostic = call.mistake(1, "is no key of the map");
    Err(match nearest(key, map.keys()) {
        Some(near) => diagnostic.with_suggestion(Some(near)),
        None => diagnostic.with_hint("a third argument is the value for keys that are not there"),
    }
    .into())
}

fn merge(call: &CallContext<'_>) -> Answer {
    let mut merged: IndexMap<Arc<str>, Value> = IndexMap::new();
    let mut types: Vec<Option<Type>> = Vec::new();
    for (index, value) in call.values_from(0).enumerate() {
        if let Value::Null(ty) = value {
            types.push(match ty {
                Type::Map(element) => Some((**element).clone()),
                _ => None,
            });
            continue;
        }
        let map = call.map(index)?;
        types.push(map.element_type().cloned());
        merged.extend(map.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
    }
    let first = types.first().cloned().flatten();
    Ok(Value::Map(match first {
        Some(element) if types.iter().all(|ty| ty.as_ref() == Some(&element)) => Map::of(element, merged),
        _ => Map::object(merged),
    }))
}

fn transpose(call: &CallContext<'_>) -> Answer {
    let mut found: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in call.map(0)?.sorted() {
        let Value::List(list) = list else {
            return Err(call.error(0, "must not hold null"));
        };
        for item in list {
            let Value::String(text) = item else {
                return Err(call.error(0, "must not hold lists with null"));
            };
            found
                .entry(Arc::clone(text))
                .or_default()
                .push(Value::String(Arc::clone(key)));
        }
    }
    let lists = found
        .into_iter()
        .map(|(key, items)| (key, Value::List(List::of(Type::String, items))));
    Ok(Value::Map(Map::of(Type::list(Type::String), lists.collect())))
}

fn zipmap(call: &CallContext<'_>) -> Answer {
    let (keys, values) = (call.list(0)?, call.list(1)?);
    if keys.len() != values.len() {
        let problem = format!(
            "must be as long as the list of keys, {}, not {}",
            keys.len(),
            values.len()
        );
        return Err(call.error(1, problem));
    }
    let mut entries: IndexMap<Arc<str>, Value> = IndexMap::new();
    for (index, (key, value)) in keys.iter().zip(values).enumerate() {
        let Value::String(key) = key else {
            return Err(call.error(0, format!("must not hold null, as it does at [{index}]")));
        };
        entries.insert(Arc::clone(key), value.clone());
    }
    Ok(Value::Map(match values.element_type() {
        Some(element) => Map::of(element.clone(), entries),
        None => Map::object(entries),
    }))
}
