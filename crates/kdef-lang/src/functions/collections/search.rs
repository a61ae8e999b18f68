//! How many there are, and where.

use super::super::strings;
use super::{Answer, CallContext, Function, Parameter, function, like, list};
use crate::value::{Type, Value, convert, equal, unify};

pub(in super::super) const CONTAINS: Function = function(
    "contains",
    &[Parameter::any("list"), Parameter::any("value").nullable()],
    |call| Ok(position(call)?.is_some().into()),
)
.returns_bool()
.doc("Tells whether a value is an element of a list.")
.notes("A number is not the same as the string that it is written as.")
.examples(&[
    (r#"contains(["a", "b", "c"], "a")"#, "true"),
    (r#"contains([1, 2], "1")"#, "false"),
]);

pub(in super::super) const INDEX: Function =
    function("index", &[Parameter::any("list"), Parameter::any("value")], index)
        .returns_number()
        .doc("Returns the index of the first element of a list that equals a value.")
        .notes("A value that is not in the list is an error.")
        .examples(&[(r#"index(["a", "b", "c"], "b")"#, "1")]);

pub(in super::super) const LENGTH: Function = function("length", &[Parameter::any("value")], length)
    .returns_number()
    .doc("Returns the number of elements of a list or map, or of characters of a text.")
    .examples(&[
        (r#"length(["a", "b"])"#, "2"),
        ("length({ a = 1 })", "1"),
        (r#"length("hello")"#, "5"),
    ]);

pub(in super::super) const MATCHKEYS: Function = function(
    "matchkeys",
    &[list("values"), list("keys"), list("searchset")],
    matchkeys,
)
.returns(|| Type::list(Type::Any))
.doc("Returns the elements of a list for which the element of another, at the same index, is in a third.")
.notes("`[for i, v in values : v if contains(searchset, keys[i])]` says the same.")
.examples(&[(
    r#"matchkeys(["i-1", "i-2", "i-3"], ["west", "east", "east"], ["east"])"#,
    r#"["i-2", "i-3"]"#,
)]);

fn position(call: &CallContext<'_>) -> Result<Option<usize>, super::Stop> {
    let (list, value) = (call.list(0)?, call.value(1)?);
    // Comparing ends at the first difference, or with the smaller value.
    Ok(list.iter().position(|item| equal(item, value) == Some(true)))
}

fn index(call: &CallContext<'_>) -> Answer {
    match position(call)? {
        Some(index) => Ok(i64::try_from(index).unwrap_or(i64::MAX).into()),
        None => Err(call.error(1, "is not in the list")),
    }
}

fn length(call: &CallContext<'_>) -> Answer {
    let length = match call.value(0)? {
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::String(text) => strings::length(text),
        other => {
            let problem = format!(
                "must be a list, a map or a string, not {}",
                super::super::context::article(other)
            );
            return Err(call.error(0, problem));
        }
    };
    Ok(i64::try_from(length).unwrap_or(i64::MAX).into())
}

fn matchkeys(call: &CallContext<'_>) -> Answer {
    let (values, keys) = (call.list(0)?, call.list(1)?);
    if values.len() != keys.len() {
        let problem = format!(
            "must be as long as the list of values, {}, not {}",
            values.len(),
            keys.len()
        );
        return Err(call.error(1, problem));
    }
    let types: Vec<Type> = [call.value(1)?, call.value(2)?].map(Value::ty).to_vec();
    let Some(common) = unify(&types) else {
        return Err(call.error(2, "must have elements of the type that the keys have"));
    };
    let as_common = |index: usize| {
        convert(call.value(index)?, &common)
            .map_err(|problem| call.error(index, format!("does not fit the other list: {problem}")))
    };
    let (keys, wanted) = (as_common(1)?, as_common(2)?);
    let (Value::List(keys), Value::List(wanted)) = (&keys, &wanted) else {
        return Err(call.error(1, "must be a list"));
    };
    call.steps((keys.len() as u64).saturating_mul(wanted.len() as u64))?;
    let is_wanted = |key: &Value| wanted.iter().any(|item| equal(item, key) == Some(true));
    let found = values.iter().zip(keys).filter(|(_, key)| is_wanted(key));
    Ok(like(values, found.map(|(value, _)| value.clone()).collect()))
}
