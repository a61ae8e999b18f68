//! Types, and values that may not be there.

use super::collections::set_of;
use super::{Answer, CallContext, Function, Group, Parameter};
use crate::value::{List, Type, Value, convert};

const V: Parameter = Parameter::any("v").nullable();

const fn function(name: &'static str, call: fn(&CallContext<'_>) -> Answer) -> Function {
    Function::new(name, Group::Conversion, &[V], call)
}

pub(super) const CAN: Function = function("can", |_| Ok(Value::UNKNOWN))
    .attempts()
    .returns_bool()
    .doc("Tells whether an expression has a value, or is a mistake.")
    .notes("What is wrong with the syntax is reported all the same.")
    .examples(&[
        ("can({ a = 1 }.b)", "false"),
        (r#"can(regex("^[a-z]+$", "abc"))"#, "true"),
    ]);

pub(super) const TRY: Function = function("try", |_| Ok(Value::UNKNOWN))
    .attempts()
    .variadic(Parameter::any("expressions").nullable())
    .doc("Returns the value of the first expression that is no mistake.")
    .notes("What is wrong with the syntax is reported all the same.")
    .examples(&[
        (r#"try({ a = 1 }.b, "none")"#, r#""none""#),
        (r#"try(tonumber("x"), 0)"#, "0"),
    ]);

pub(super) const TOBOOL: Function = function("tobool", |call| to(call, &Type::Bool))
    .returns_bool()
    .doc("Converts a value to a bool.")
    .notes("Bools, null and the strings \"true\" and \"false\" convert.")
    .examples(&[(r#"tobool("true")"#, "true"), ("tobool(null)", "null")]);

pub(super) const TOLIST: Function = function("tolist", |call| to(call, &Type::list(Type::Any)))
    .returns(|| Type::list(Type::Any))
    .doc("Converts a value to a list whose elements have one type.")
    .examples(&[(r#"tolist(["a", "b", 3])"#, r#"["a", "b", "3"]"#)]);

pub(super) const TOMAP: Function = function("tomap", |call| to(call, &Type::map(Type::Any)))
    .returns(|| Type::map(Type::Any))
    .doc("Converts a value to a map whose elements have one type.")
    .examples(&[(
        r#"tomap({ a = "foo", b = true })"#,
        r#"{ "a": "foo", "b": "true" }"#,
    )]);

pub(super) const TONUMBER: Function = function("tonumber", |call| to(call, &Type::Number))
    .returns_number()
    .doc("Converts a value to a number.")
    .notes("Numbers, null and strings that a number can be written as convert.")
    .examples(&[(r#"tonumber("1.50")"#, "1.5")]);

pub(super) const TOSET: Function = function("toset", toset)
    .returns(|| Type::list(Type::Any))
    .doc("Converts a value to a list whose elements have one type, without duplicates, sorted.")
    .notes("Terraform has sets, which are iterated in this order.")
    .examples(&[(r#"toset(["c", "b", "b"])"#, r#"["b", "c"]"#)]);

pub(super) const TOSTRING: Function = function("tostring", |call| to(call, &Type::String))
    .returns_text()
    .doc("Converts a value to a string.")
    .notes("Strings, numbers, bools and null convert; for lists and maps there are `jsonencode` and `yamlencode`.")
    .examples(&[("tostring(1.50)", r#""1.5""#), ("tostring(true)", r#""true""#)]);

fn to(call: &CallContext<'_>, ty: &Type) -> Answer {
    convert(call.value(0)?, ty).map_err(|problem| call.error(0, format!("does not convert: {problem}")))
}

fn toset(call: &CallContext<'_>) -> Answer {
    let ty = Type::list(Type::Any);
    match to(call, &ty)? {
        Value::List(list) => {
            let element = list.element_type().cloned().unwrap_or(Type::Any);
            Ok(Value::List(List::of(element, set_of(list.items()))))
        }
        other => Ok(other),
    }
}
