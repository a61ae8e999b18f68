//! URLs.

use std::fmt::Write;

use super::{Answer, CallContext, Function, STR, function};

pub(in super::super) const URLENCODE: Function = function("urlencode", &[STR], urlencode)
    .doc("Writes text so that it may stand in the query of a URL.")
    .notes("A blank becomes `+`, and all but letters, digits, `-`, `_`, `.` and `~` an escape sequence.")
    .examples(&[(r#"urlencode("Hello World!")"#, r#""Hello+World%21""#)]);

fn urlencode(call: &CallContext<'_>) -> Answer {
    let text = call.text(0)?;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            // Writing to a string cannot fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Ok(out.into())
}
