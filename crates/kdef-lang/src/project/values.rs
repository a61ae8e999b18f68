//! Values files: JSON and YAML texts whose keys are variables.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, FileId, Span};

use super::run::Run;
use super::settings::Setting;
use crate::value::Value;
use crate::{ValuesFormat, ValuesSource};

/// What the values files give, by key; `null` counts as not given.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// The values that count.
    pub(crate) settings: BTreeMap<Arc<str>, Setting>,
    /// Whether a file could not be read, so that there may be more.
    pub(crate) incomplete: bool,
}

/// Why a text holds no values.
struct Fault {
    message: String,
    /// The line and column, from 1, where they are known.
    at: Option<(usize, usize)>,
}

/// Reads all values files; later ones win, key by key.
pub(crate) fn read(run: &mut Run<'_>) -> Values {
    let mut values = Values::default();
    for source in &run.inputs.values {
        // Any values may be secret, so that no excerpt shows them; of those that are, not even the text is kept.
        let file = (!source.sensitive).then(|| run.files.add_secret(&source.name, &source.text));
        match parse(source, run.files.world().limits().file_bytes) {
            Ok(map) => {
                for (key, value) in map {
                    let span = file.map(|file| key_span(file, source, &key));
                    let name: Arc<str> = key.into();
                    let setting = Setting {
                        name: Arc::clone(&name),
                        span,
                        source: source.sensitive.then(|| source.name.as_str().into()),
                        value,
                        as_text: false,
                    };
                    values.settings.insert(name, setting);
                }
            }
            Err(fault) => {
                values.incomplete = true;
                run.files.report(invalid(source, file, &fault));
            }
        }
    }
    values
}

fn invalid(source: &ValuesSource, file: Option<FileId>, fault: &Fault) -> Diagnostic {
    let span = file.map(|file| {
        let offset = fault
            .at
            .map_or(0, |(line, column)| offset_of(&source.text, line, column));
        Span::new(file, offset, offset)
    });
    let place = match (span, fault.at) {
        (None, Some((line, column))) => format!(", at line {line}, column {column}"),
        _ => String::new(),
    };
    Diagnostic::error(
        Code::InvalidValues,
        span,
        format!("values in `{}`: {}{place}", source.name, fault.message),
    )
}

fn parse(source: &ValuesSource, limit: usize) -> Result<Vec<(String, Value)>, Fault> {
    let plain = |message: String| Fault { message, at: None };
    if source.text.len() > limit {
        return Err(plain(format!(
            "the text is larger than the limit of {limit} bytes"
        )));
    }
    let json = match source.format {
        ValuesFormat::Json => parse_json(&source.text)?,
        ValuesFormat::Yaml => parse_yaml(&source.text)?,
    };
    let map = match json {
        serde_json::Value::Object(map) => map,
        // An empty YAML document.
        serde_json::Value::Null if source.format == ValuesFormat::Yaml => serde_json::Map::new(),
        _ => return Err(plain("a map is required at the top level".to_owned())),
    };
    let mut values = Vec::new();
    for (key, json) in map {
        let value = Value::from_json(&json).map_err(|error| plain(error.to_string()))?;
        if !value.is_null() {
            values.push((key, value));
        }
    }
    Ok(values)
}

fn parse_json(text: &str) -> Result<serde_json::Value, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The place is told by other means, and nothing before it quotes the text.
        let phrase = message.split(" at line ").next().unwrap_or_default();
        Fault {
            message: format!("the text is not valid JSON: {phrase}"),
            at: (error.line() > 0).then(|| (error.line(), error.column().max(1))),
        }
    })
}

fn parse_yaml(text: &str) -> Result<serde_json::Value, Fault> {
    // Octal numbers as YAML 1.1 has them, which is what kubectl reads.
    let options = serde_saphyr::options! { legacy_octal_numbers: true, with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| Fault {
        // What the reader says may quote the text, which may be secret.
        message: "the text is not valid YAML".to_owned(),
        at: error
            .location()
            .and_then(|at| Some((at.line().try_into().ok()?, at.column().try_into().ok()?))),
    })
}

/// Returns the offset of a line and column, which count from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(before..).unwrap_or_default();
    before
        + rest
            .chars()
            .take(column.saturating_sub(1))
            .map(char::len_utf8)
            .sum::<usize>()
}

/// Returns where a key of the top level stands, or the beginning of the text when it is not found.
fn key_span(file: FileId, source: &ValuesSource, key: &str) -> Span {
    let range = match source.format {
        ValuesFormat::Json => json_key(&source.text, key),
        ValuesFormat::Yaml => yaml_key(&source.text, key),
    };
    let range = range.unwrap_or(0..0);
    Span::new(file, range.start, range.end)
}

/// Finds a key in the outermost object of a JSON text that is known to be valid.
fn json_key(text: &str, key: &str) -> Option<Range<usize>> {
    let wanted = serde_json::Value::from(key).to_string();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(text, at);
                let is_key = text
                    .get(end..)
                    .is_some_and(|rest| rest.trim_start().starts_with(':'));
                if depth == 1 && is_key && text.get(at..end) == Some(&wanted) {
                    return Some(at..end);
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns the offset after a JSON string that begins at `start`.
fn string_end(text: &str, start: usize) -> usize {
    let mut escaped = false;
    let inside = text.bytes().enumerate().skip(start + 1);
    for (at, byte) in inside {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Finds a key that begins a line of a YAML text.
fn yaml_key(text: &str, key: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for form in [key.to_owned(), format!("\"{key}\""), format!("'{key}'")] {
            let is_key = line
                .strip_prefix(&form)
                .is_some_and(|rest| rest.trim_start().starts_with(':'));
            if is_key {
                return Some(start..start + form.len());
            }
        }
        start += line.len();
    }
    None
}
