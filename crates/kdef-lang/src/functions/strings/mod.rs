//! Texts.

mod case;
pub(super) mod format;
mod graphemes;
mod number_format;
pub(super) mod patterns;
mod re2;

use super::{Answer, CallContext, Function, Group, Parameter, Stop};
use crate::value::{List, Type, Value};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Strings, parameters, call).returns_text()
}

const STR: Parameter = Parameter::text("str");

pub(super) const CHOMP: Function = function("chomp", &[STR], |call| {
    Ok(call.text(0)?.trim_end_matches(['\r', '\n']).into())
})
.doc("Removes the line breaks at the end of a text.")
.examples(&[(r#"chomp("hello\n")"#, r#""hello""#)]);

pub(super) const ENDSWITH: Function = function("endswith", &[STR, Parameter::text("suffix")], |call| {
    Ok(call.text(0)?.ends_with(&**call.text(1)?).into())
})
.returns_bool()
.doc("Tells whether a text ends with another.")
.examples(&[(r#"endswith("hello world", "world")"#, "true")]);

pub(super) const INDENT: Function = function("indent", &[Parameter::number("spaces"), STR], indent)
    .doc("Puts spaces before every line of a text but the first.")
    .examples(&[(r#"indent(2, "a:\nb: 1")"#, r#""a:\n  b: 1""#)]);

pub(super) const JOIN: Function = function(
    "join",
    &[Parameter::text("separator"), Parameter::texts("list")],
    join,
)
.variadic(Parameter::texts("lists"))
.doc("Joins the texts of a list, with a separator between them.")
.examples(&[(r#"join("-", ["foo", "bar", "baz"])"#, r#""foo-bar-baz""#)]);

pub(super) const LOWER: Function = function("lower", &[STR], |call| Ok(case::lower(call.text(0)?).into()))
    .doc("Writes all letters in lower case.")
    .examples(&[(r#"lower("HELLO")"#, r#""hello""#)]);

pub(super) const SPLIT: Function = function("split", &[Parameter::text("separator"), STR], split)
    .returns_texts()
    .doc("Splits a text at every occurrence of a separator.")
    .notes("An empty separator splits it into its characters.")
    .examples(&[
        (r#"split(",", "foo,bar,baz")"#, r#"["foo", "bar", "baz"]"#),
        (r#"split(",", "")"#, r#"[""]"#),
    ]);

pub(super) const STARTSWITH: Function = function("startswith", &[STR, Parameter::text("prefix")], |call| {
    Ok(call.text(0)?.starts_with(&**call.text(1)?).into())
})
.returns_bool()
.doc("Tells whether a text begins with another.")
.examples(&[(r#"startswith("hello world", "hello")"#, "true")]);

pub(super) const STRCONTAINS: Function = function("strcontains", &[STR, Parameter::text("substr")], |call| {
    Ok(call.text(0)?.contains(&**call.text(1)?).into())
})
.returns_bool()
.doc("Tells whether a text is part of another.")
.examples(&[(r#"strcontains("hello world", "wor")"#, "true")]);

pub(super) const STRREV: Function = function("strrev", &[STR], |call| {
    Ok(graphemes::reversed(call.text(0)?).into())
})
.doc("Reverses the characters of a text.")
.notes("Characters are what a reader takes for one: letters keep their accents.")
.examples(&[(r#"strrev("hello")"#, r#""olleh""#)]);

pub(super) const SUBSTR: Function = function(
    "substr",
    &[STR, Parameter::number("offset"), Parameter::number("length")],
    substr,
)
.doc("Returns a part of a text, by the place and number of its characters.")
.notes("A negative offset counts from the end. A length of -1 means all that follows.")
.examples(&[
    (r#"substr("hello world", 1, 4)"#, r#""ello""#),
    (r#"substr("hello world", -5, -1)"#, r#""world""#),
]);

pub(super) const TITLE: Function = function("title", &[STR], |call| Ok(case::title(call.text(0)?).into()))
    .doc("Writes the first letter of every word in upper case.")
    .examples(&[(r#"title("hello world")"#, r#""Hello World""#)]);

pub(super) const TRIM: Function = function("trim", &[STR, Parameter::text("cutset")], |call| {
    let cutset: Vec<char> = call.text(1)?.chars().collect();
    call.steps((call.text(0)?.len() as u64).saturating_mul(cutset.len() as u64) / 64)?;
    Ok(call.text(0)?.trim_matches(&*cutset).into())
})
.doc("Removes some characters from both ends of a text.")
.examples(&[(r#"trim("?!hello?!", "!?")"#, r#""hello""#)]);

pub(super) const TRIMPREFIX: Function = function("trimprefix", &[STR, Parameter::text("prefix")], |call| {
    let text = call.text(0)?;
    Ok(text.strip_prefix(&**call.text(1)?).unwrap_or(text).into())
})
.doc("Removes a text from the beginning of another.")
.examples(&[(r#"trimprefix("helloworld", "hello")"#, r#""world""#)]);

pub(super) const TRIMSPACE: Function = function("trimspace", &[STR], |call| Ok(call.text(0)?.trim().into()))
    .doc("Removes the blanks and line breaks at both ends of a text.")
    .examples(&[(r#"trimspace("  hello\n\n")"#, r#""hello""#)]);

pub(super) const TRIMSUFFIX: Function = function("trimsuffix", &[STR, Parameter::text("suffix")], |call| {
    let text = call.text(0)?;
    Ok(text.strip_suffix(&**call.text(1)?).unwrap_or(text).into())
})
.doc("Removes a text from the end of another.")
.examples(&[(r#"trimsuffix("helloworld", "world")"#, r#""hello""#)]);

pub(super) const UPPER: Function = function("upper", &[STR], |call| Ok(case::upper(call.text(0)?).into()))
    .doc("Writes all letters in upper case.")
    .examples(&[(r#"upper("hello")"#, r#""HELLO""#)]);

pub(super) use graphemes::count as length;

/// Makes a list of texts out of parts, for each of which room is taken.
fn texts<'t>(call: &CallContext<'_>, parts: impl Iterator<Item = &'t str>) -> Answer {
    let items = parts.map(|part| {
        call.steps(1)?;
        call.part(part)
    });
    let items = items.collect::<Result<Vec<Value>, Stop>>()?;
    Ok(Value::List(List::of(Type::String, items)))
}

fn indent(call: &CallContext<'_>) -> Answer {
    let (spaces, text) = (call.count(0)?, call.text(1)?);
    let breaks = text.matches('\n').count();
    call.room(text.len().saturating_add(breaks.saturating_mul(spaces)))?;
    if breaks == 0 {
        return Ok(Value::String(std::sync::Arc::clone(text)));
    }
    Ok(text.replace('\n', &format!("\n{}", " ".repeat(spaces))).into())
}

fn join(call: &CallContext<'_>) -> Answer {
    let separator = call.text(0)?;
    let mut joined = String::new();
    let mut first = true;
    for argument in 1..call.arguments.len() {
        for (index, item) in call.list(argument)?.iter().enumerate() {
            let Value::String(text) = item else {
                return Err(call.error(argument, format!("must not hold null, as it does at [{index}]")));
            };
            if !std::mem::take(&mut first) {
                joined.push_str(separator);
            }
            joined.push_str(text);
            call.room(joined.len())?;
        }
    }
    Ok(joined.into())
}

fn split(call: &CallContext<'_>) -> Answer {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    if separator.is_empty() {
        return texts(call, text.split_inclusive(|_| true));
    }
    texts(call, text.split(&**separator))
}

fn substr(call: &CallContext<'_>) -> Answer {
    let (text, offset, length) = (call.text(0)?, call.integer(1)?, call.integer(2)?);
    Ok(graphemes::part(text, offset, length).into())
}
