//! Base64.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;

use super::{Answer, CallContext, Function, Parameter, STR, Stop, function};

pub(in super::super) const BASE64DECODE: Function = function("base64decode", &[STR], base64decode)
    .doc("Reads text that is written in base64.")
    .notes("What is no UTF-8 text is an error.")
    .examples(&[(r#"base64decode("SGVsbG8gV29ybGQ=")"#, r#""Hello World""#)]);

pub(in super::super) const BASE64ENCODE: Function = function("base64encode", &[STR], |call| {
    encode(call, call.text(0)?.as_bytes())
})
.doc("Writes text in base64.")
.examples(&[(r#"base64encode("Hello World")"#, r#""SGVsbG8gV29ybGQ=""#)]);

const ENCODINGS: &str = "Encodings are `UTF-8`, `UTF-16LE` and `UTF-16BE`.";

pub(in super::super) const TEXTDECODEBASE64: Function = function(
    "textdecodebase64",
    &[Parameter::text("source"), Parameter::text("encoding")],
    textdecodebase64,
)
.doc("Reads text that is written in an encoding and then in base64.")
.notes(ENCODINGS)
.examples(&[(r#"textdecodebase64("SABpAA==", "UTF-16LE")"#, r#""Hi""#)]);

pub(in super::super) const TEXTENCODEBASE64: Function = function(
    "textencodebase64",
    &[Parameter::text("string"), Parameter::text("encoding")],
    textencodebase64,
)
.doc("Writes text in an encoding and then in base64.")
.notes(ENCODINGS)
.examples(&[(r#"textencodebase64("Hi", "UTF-16LE")"#, r#""SABpAA==""#)]);

enum Charset {
    Utf8,
    Utf16(fn([u8; 2]) -> u16, fn(u16) -> [u8; 2]),
}

/// Returns bytes in base64, as the result of a call.
pub(in super::super) fn encode(call: &CallContext<'_>, bytes: &[u8]) -> Answer {
    call.room(bytes.len().div_ceil(3).saturating_mul(4))?;
    Ok(BASE64_STANDARD.encode(bytes).into())
}

/// Reads the first argument. As in Go, line breaks do not matter, nor the last bits.
fn decode(call: &CallContext<'_>) -> Result<Vec<u8>, Stop> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    const LENIENT: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
    let text = call.text(0)?.replace(['\r', '\n'], "");
    LENIENT
        .decode(text)
        .map_err(|_| call.error(0, "is not written in base64"))
}

fn base64decode(call: &CallContext<'_>) -> Answer {
    match String::from_utf8(decode(call)?) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(call
            .mistake(0, "is base64 of what is no UTF-8 text")
            .with_hint("`textdecodebase64` reads text in other encodings")
            .into()),
    }
}

fn charset(call: &CallContext<'_>) -> Result<Charset, Stop> {
    match call.text(1)?.to_ascii_uppercase().as_str() {
        "UTF-8" => Ok(Charset::Utf8),
        "UTF-16LE" => Ok(Charset::Utf16(u16::from_le_bytes, u16::to_le_bytes)),
        "UTF-16BE" => Ok(Charset::Utf16(u16::from_be_bytes, u16::to_be_bytes)),
        _ => Err(call
            .mistake(1, "is not a known encoding")
            .with_hint("encodings are UTF-8, UTF-16LE and UTF-16BE")
            .into()),
    }
}

fn textencodebase64(call: &CallContext<'_>) -> Answer {
    let (text, charset) = (call.text(0)?, charset(call)?);
    match charset {
        Charset::Utf8 => encode(call, text.as_bytes()),
        Charset::Utf16(_, to_bytes) => {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(to_bytes).collect();
            encode(call, &bytes)
        }
    }
}

/// What has no meaning in the encoding becomes U+FFFD.
fn textdecodebase64(call: &CallContext<'_>) -> Answer {
    let (charset, bytes) = (charset(call)?, decode(call)?);
    Ok(match charset {
        Charset::Utf8 => String::from_utf8_lossy(&bytes).into_owned().into(),
        Charset::Utf16(from_bytes, _) => {
            let (units, rest) = bytes.as_chunks::<2>();
            let units: Vec<u16> = units.iter().copied().map(from_bytes).collect();
            let mut text = String::from_utf16_lossy(&units);
            if !rest.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            text.into()
        }
    })
}
