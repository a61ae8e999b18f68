//! JSON.

use std::fmt::Write;

use super::{Answer, CallContext, Function, Parameter, STR, Stop, function};
use crate::value::Value;

pub(in super::super) const JSONDECODE: Function = function("jsondecode", &[STR], jsondecode)
    .returns(|| crate::value::Type::Any)
    .doc("Reads a JSON text.")
    .examples(&[(
        r#"jsondecode("{\"hello\": \"world\"}")"#,
        r#"{ "hello": "world" }"#,
    )]);

pub(in super::super) const JSONENCODE: Function = function(
    "jsonencode",
    &[Parameter::any("val").nullable()],
    |call| Ok(json_text(call, 0, call.value(0)?)?.into()),
)
.doc("Writes a value as JSON.")
.notes(
    "Keys are sorted. `<`, `>` and `&` are written as escape sequences, so that the text may stand in HTML.",
)
.examples(&[(
    r#"jsonencode({ hello = "world", on = true })"#,
    r#""{\"hello\":\"world\",\"on\":true}""#,
)]);

/// Returns a value as JSON; `argument` is the one that is blamed for what has none.
pub(in super::super) fn json_text(
    call: &CallContext<'_>,
    argument: usize,
    value: &Value,
) -> Result<String, Stop> {
    let mut out = String::new();
    write(call, argument, value, &mut out)?;
    Ok(out)
}

fn write(call: &CallContext<'_>, argument: usize, value: &Value, out: &mut String) -> Result<(), Stop> {
    match value {
        Value::Null(_) => out.push_str("null"),
        Value::Bool(_) | Value::Number(_) => out.push_str(&value.text().unwrap_or_default()),
        Value::String(text) => write_text(text, out),
        Value::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(call, argument, item, out)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (index, (key, item)) in map.sorted().into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_text(key, out);
                out.push(':');
                write(call, argument, item, out)?;
            }
            out.push('}');
        }
        Value::Unknown(_) => return Err(call.error(argument, "is not known")),
        Value::Reference(reference) => {
            let problem = format!(
                "holds a {}, whose value only the cluster knows",
                reference.kind().name()
            );
            return Err(call.error(argument, problem));
        }
    }
    call.room(out.len())
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn jsondecode(call: &CallContext<'_>) -> Answer {
    let text = call.text(0)?;
    // What is read takes more room than the text.
    call.steps(text.len() as u64 / 4)?;
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The place is told apart, and nothing before it quotes the text.
        let phrase = message.split(" at line ").next().unwrap_or_default();
        call.error(
            0,
            format!(
                "is not JSON: {phrase}, at line {}, column {}",
                error.line(),
                error.column()
            ),
        )
    })?;
    Value::from_json(&json).map_err(|error| call.error(0, format!("has no value: {error}")))
}
