//! `format` and `formatlist`.

use std::sync::Arc;

use kdef_source::Diagnostic;

use super::super::{Answer, CallContext, Function, Parameter, Stop, encodings};
use super::{function, graphemes, number_format};
use crate::value::{List, Type, Value, convert};

const FORMAT_TEXT: Parameter = Parameter::text("format");
const ARGS: Parameter = Parameter::any("args").nullable();

const VERBS: &str = "`%s` writes a string, `%q` one in quotes, `%d` a whole number, `%x`, `%o` and `%b` one in base 16, 8 \
    or 2, `%f` and `%e` any number, `%g` the shorter of both, `%t` a bool, `%v` anything in the way that suits it, `%#v` \
    its JSON, and `%%` a percent sign. Between percent sign and letter may stand flags (`0`, `-`, `+`, `#` or a blank), a \
    width, a precision after a point, and `[n]` for the argument of that number, in this order.";

pub(in super::super) const FORMAT: Function = function("format", &[FORMAT_TEXT], format)
    .variadic(ARGS)
    .doc("Writes values into a text, as its verbs say.")
    .notes(VERBS)
    .examples(&[
        (r#"format("Hello, %s!", "Ander")"#, r#""Hello, Ander!""#),
        (r#"format("%s-%03d", "web", 7)"#, r#""web-007""#),
        (r#"format("%.2f", 2 / 3)"#, r#""0.67""#),
    ]);

pub(in super::super) const FORMATLIST: Function = function("formatlist", &[FORMAT_TEXT], formatlist)
    .variadic(ARGS)
    .returns_texts()
    .doc("Writes the elements of lists into a text each, as `format` does.")
    .notes("All lists must be of one length; values that are no lists are the same for each text.")
    .examples(&[(
        r#"formatlist("Hello, %s!", ["Valentina", "Ander"])"#,
        r#"["Hello, Valentina!", "Hello, Ander!"]"#,
    )]);

/// What stands between a percent sign and its letter, and the letter.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag")]
pub(super) struct Verb {
    pub(super) mode: char,
    pub(super) zero: bool,
    pub(super) sharp: bool,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    /// The number of the argument, from 1, where it is written.
    argument: Option<usize>,
}

/// A format, taken apart.
enum Piece<'f> {
    Text(&'f str),
    Verb(Verb),
}

fn format(call: &CallContext<'_>) -> Answer {
    let pieces = parse(call)?;
    let values: Vec<&Value> = call.values_from(1).collect();
    Ok(write(call, &pieces, &values)?.into())
}

fn formatlist(call: &CallContext<'_>) -> Answer {
    let pieces = parse(call)?;
    let values: Vec<&Value> = call.values_from(1).collect();
    let mut rows: Option<(usize, usize)> = None;
    for (index, value) in values.iter().enumerate() {
        let Value::List(list) = value else { continue };
        match rows {
            Some((length, first)) if length != list.len() => {
                let problem = format!(
                    "has {} elements here, but {length} in argument {}",
                    list.len(),
                    first + 2
                );
                return Err(call.error(index + 1, problem));
            }
            Some(_) => {}
            None => rows = Some((list.len(), index)),
        }
    }
    let rows = rows.map_or(1, |(length, _)| length);
    let mut items = Vec::new();
    for row in 0..rows {
        call.steps(1 + pieces.len() as u64)?;
        let row: Vec<&Value> = values
            .iter()
            .map(|value| match value {
                Value::List(list) => list.items().get(row).unwrap_or(value),
                single => single,
            })
            .collect();
        items.push(call.part(write(call, &pieces, &row)?)?);
    }
    Ok(Value::List(List::of(Type::String, items)))
}

fn write(call: &CallContext<'_>, pieces: &[Piece<'_>], values: &[&Value]) -> Result<String, Stop> {
    let mut out = String::new();
    let (mut next, mut highest) = (1, 0);
    for piece in pieces {
        let verb = match piece {
            Piece::Text(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Verb(verb) => verb,
        };
        let number = verb.argument.unwrap_or(next);
        let Some(value) = number.checked_sub(1).and_then(|index| values.get(index)) else {
            let problem = format!(
                "has `%{}` for argument {number}, of {} that are given",
                verb.mode,
                values.len()
            );
            return Err(call.error(0, problem));
        };
        call.room(
            out.len()
                .saturating_add(verb.width.unwrap_or(0))
                .saturating_add(verb.precision.unwrap_or(0)),
        )?;
        out.push_str(&value_text(call, verb, value, number)?);
        call.room(out.len())?;
        highest = highest.max(number);
        next = number + 1;
    }
    if highest < values.len() {
        let problem = match highest {
            0 => "is given, but the format has no verbs".to_owned(),
            _ => format!("is given, but the format uses {highest} only"),
        };
        let hint = "write `%s` or `%v` into the format where the argument belongs";
        return Err(call.mistake(highest + 1, problem).with_hint(hint).into());
    }
    Ok(out)
}

fn value_text(call: &CallContext<'_>, verb: &Verb, value: &Value, number: usize) -> Result<String, Stop> {
    let wrong = |problem: String| call.error(number, format!("does not fit `%{}`: {problem}", verb.mode));
    if value.is_null() && verb.mode != 'v' {
        return Err(wrong("it is null".to_owned()));
    }
    let converted = |ty: Type| convert(value, &ty).map_err(|error| wrong(error.to_string()));
    Ok(match verb.mode {
        'v' => match value {
            Value::String(text) if !verb.sharp => padded(verb, text),
            Value::Number(number) if !verb.sharp => padded(verb, &number_format::shortest(number)),
            _ => padded(verb, &encodings::json_text(call, number, value)?),
        },
        't' => converted(Type::Bool)?
            .text()
            .as_deref()
            .unwrap_or_default()
            .to_owned(),
        's' | 'q' => {
            let text = converted(Type::String)?.text().unwrap_or_default();
            let text: Arc<str> = match verb.precision {
                Some(count) if count > 0 => graphemes::first(&text, count).into(),
                _ => text,
            };
            if verb.mode == 's' {
                padded(verb, &text)
            } else {
                padded(verb, &encodings::json_text(call, number, &text.into())?)
            }
        }
        _ => {
            let Value::Number(number) = converted(Type::Number)? else {
                return Err(wrong("a number is required".to_owned()));
            };
            match (verb.mode, number.to_integer()) {
                ('e' | 'E' | 'f' | 'g' | 'G', _) => number_format::float(verb, &number),
                (_, Some(integer)) => number_format::integer(verb, &integer),
                (_, None) => return Err(wrong("a whole number is required".to_owned())),
            }
        }
    })
}

/// Fills the width of a text.
fn padded(verb: &Verb, text: &str) -> String {
    let missing = verb
        .width
        .map_or(0, |width| width.saturating_sub(graphemes::count(text)));
    if missing == 0 {
        return text.to_owned();
    }
    let padding = if verb.zero { "0" } else { " " }.repeat(missing);
    if verb.minus {
        format!("{text}{padding}")
    } else {
        format!("{padding}{text}")
    }
}

fn parse<'f>(call: &CallContext<'f>) -> Result<Vec<Piece<'f>>, Stop> {
    let format: &'f str = call.text(0)?;
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, verb) = rest.split_at(at);
        pieces.push(Piece::Text(before));
        if let Some(after) = verb.strip_prefix("%%") {
            pieces.push(Piece::Text("%"));
            rest = after;
            continue;
        }
        let offset = format.len() - verb.len();
        let (verb, after) = parse_verb(&verb[1..]).map_err(|problem| bad_verb(call, &problem, offset))?;
        pieces.push(Piece::Verb(verb));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

fn bad_verb(call: &CallContext<'_>, problem: &str, offset: usize) -> Diagnostic {
    call.mistake(0, format!("{problem}, at offset {offset}"))
        .with_hint("a percent sign alone is written as `%%`")
}

/// Reads flags, width, precision, the number of an argument and the letter.
fn parse_verb(text: &str) -> Result<(Verb, &str), String> {
    let mut verb = Verb::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next().filter(|c| "0#-+ ".contains(*c)) {
        match flag {
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            _ => verb.space = true,
        }
        rest = &rest[1..];
    }
    if let Some((width, after)) = digits(rest) {
        verb.width = Some(width);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = digits(after).unwrap_or((0, after));
        verb.precision = Some(precision);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('[') {
        let closed = digits(after).and_then(|(number, after)| Some((number, after.strip_prefix(']')?)));
        let (number, after) = closed.ok_or("has `[` without the number of an argument and `]`")?;
        verb.argument = Some(number);
        rest = after;
    }
    let mut letters = rest.chars();
    match letters.next() {
        Some(mode) if "vtbdoxXeEfgGsq".contains(mode) => {
            verb.mode = mode;
            Ok((verb, letters.as_str()))
        }
        Some(mode) if mode.is_ascii_alphabetic() => {
            Err(format!("has the verb `%{mode}`, which there is not"))
        }
        _ => Err("has `%` without a verb".to_owned()),
    }
}

/// Reads a number; what is too large for one is too large for any bound.
fn digits(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (!digits.is_empty()).then(|| (digits.parse().unwrap_or(usize::MAX), rest))
}
