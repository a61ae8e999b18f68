//! The first value that is there, and whether all or any are true.

use super::{Answer, CallContext, Function, Parameter, function};
use crate::value::{Type, Value, convert, unify};

const BOOLS: Parameter = Parameter::new("list", || Type::list(Type::Bool));

pub(in super::super) const ALLTRUE: Function = function("alltrue", &[BOOLS], |call| {
    Ok(call
        .list(0)?
        .iter()
        .all(|item| item.as_bool() == Some(true))
        .into())
})
.returns_bool()
.doc("Tells whether all elements of a list are true.")
.notes("It is true for an empty list, and null counts as false.")
.examples(&[
    (r#"alltrue(["true", true])"#, "true"),
    ("alltrue([true, false])", "false"),
]);

pub(in super::super) const ANYTRUE: Function = function("anytrue", &[BOOLS], |call| {
    Ok(call
        .list(0)?
        .iter()
        .any(|item| item.as_bool() == Some(true))
        .into())
})
.returns_bool()
.doc("Tells whether any element of a list is true.")
.notes("It is false for an empty list, and null counts as false.")
.examples(&[("anytrue([true, false])", "true"), ("anytrue([])", "false")]);

pub(in super::super) const COALESCE: Function = function("coalesce", &[VALUE], coalesce)
    .variadic(Parameter::any("vals").nullable())
    .doc("Returns the first value that is neither null nor an empty text.")
    .notes("All values are brought to the type that they have in common.")
    .examples(&[
        (r#"coalesce(null, "", "b")"#, r#""b""#),
        (r#"coalesce(1, "hello")"#, r#""1""#),
    ]);

const VALUE: Parameter = Parameter::any("val").nullable();

pub(in super::super) const COALESCELIST: Function = function("coalescelist", &[VALUE], coalescelist)
    .variadic(Parameter::any("vals").nullable())
    .doc("Returns the first list that is not empty.")
    .notes("Null counts as empty.")
    .examples(&[(r#"coalescelist([], ["c", "d"])"#, r#"["c", "d"]"#)]);

fn coalesce(call: &CallContext<'_>) -> Answer {
    let types: Vec<Type> = call.values_from(0).map(Value::ty).collect();
    let Some(common) = unify(&types) else {
        return Err(call.fail("the arguments must all be of one type"));
    };
    for (index, value) in call.values_from(0).enumerate() {
        let value = convert(value, &common)
            .map_err(|problem| call.error(index, format!("does not fit the others: {problem}")))?;
        if !value.is_null() && value.as_str() != Some("") {
            return Ok(value);
        }
    }
    Err(call.fail("all arguments are null or empty"))
}

fn coalescelist(call: &CallContext<'_>) -> Answer {
    let mut found = None;
    for (index, value) in call.values_from(0).enumerate() {
        if !value.is_null() && !call.list(index)?.is_empty() {
            found = found.or(Some(value));
        }
    }
    found
        .cloned()
        .ok_or_else(|| call.fail("all lists are null or empty"))
}
