//! Regular expressions.

use regex::{Captures, Regex, RegexBuilder};

use super::super::{Answer, CallContext, Function, Parameter, Stop};
use super::{function, re2};
use crate::value::{List, Type, Value};

/// Bytes of a pattern, and of what it is compiled to.
const MAX_PATTERN: usize = 8 << 10;
const MAX_PROGRAM: usize = 1 << 20;

const PATTERN: Parameter = Parameter::text("pattern");
const STRING: Parameter = Parameter::text("string");

const SYNTAX: &str = "The pattern is one of RE2. Backslashes are written twice in a quoted text: \"\\\\d+\". \
    A pattern without groups gives the text that matches; one with groups gives a list of their texts, or a map where \
    the groups have names, as in `(?P<name>...)`. A group that takes no part in the match is null.";

pub(in super::super) const REGEX: Function = function("regex", &[PATTERN, STRING], regex)
    .returns(|| Type::Any)
    .doc("Returns what the first match of a pattern in a text consists of.")
    .notes(SYNTAX)
    .examples(&[
        (
            r#"regex("[a-z]+", "53453453.345345aaabbbccc23454")"#,
            r#""aaabbbccc""#,
        ),
        (
            r#"regex("(\\d\\d\\d\\d)-(\\d\\d)", "2019-02-01")"#,
            r#"["2019", "02"]"#,
        ),
        (
            r#"regex("^(?P<scheme>[^:]+)://(?P<host>.+)", "https://example.com")"#,
            r#"{ "host": "example.com", "scheme": "https" }"#,
        ),
    ]);

pub(in super::super) const REGEXALL: Function = function("regexall", &[PATTERN, STRING], regexall)
    .returns(|| Type::list(Type::Any))
    .doc("Returns what each match of a pattern in a text consists of.")
    .notes(SYNTAX)
    .examples(&[
        (
            r#"regexall("[a-z]+", "1234abcd5678efgh9")"#,
            r#"["abcd", "efgh"]"#,
        ),
        (r#"length(regexall("[a-z]+", "1234")) > 0"#, "false"),
    ]);

pub(in super::super) const REPLACE: Function = function(
    "replace",
    &[
        Parameter::text("string"),
        Parameter::text("substring"),
        Parameter::text("replacement"),
    ],
    replace,
)
.doc("Replaces every occurrence of a text in another.")
.notes(
    "A substring between slashes is a pattern of RE2, and `$1`, `${1}` or `${name}` in the replacement stand for its \
     groups; write `$$` before a brace, which would begin a template otherwise.",
)
.examples(&[
    (r#"replace("1 + 2 + 3", "+", "-")"#, r#""1 - 2 - 3""#),
    (r#"replace("hello world", "/w.*d/", "everybody")"#, r#""hello everybody""#),
]);

/// What a match is shown as.
enum Shape {
    Whole,
    List,
    Map,
}

struct Pattern {
    regex: Regex,
    shape: Shape,
}

fn regex(call: &CallContext<'_>) -> Answer {
    let pattern = compile(call, 0, call.text(0)?, call.text(1)?)?;
    match pattern.regex.captures(call.text(1)?) {
        Some(captures) => pattern.value(call, &captures),
        None => Err(call
            .mistake(1, "does not match the pattern")
            .with_hint(
                "`regexall` gives an empty list instead, and `can(regex(...))` tells whether it matches",
            )
            .into()),
    }
}

fn regexall(call: &CallContext<'_>) -> Answer {
    let pattern = compile(call, 0, call.text(0)?, call.text(1)?)?;
    let matches = pattern.regex.captures_iter(call.text(1)?).map(|captures| {
        call.steps(captures.len() as u64)?;
        pattern.value(call, &captures)
    });
    let items = matches.collect::<Result<Vec<Value>, Stop>>()?;
    Ok(Value::List(List::of(pattern.element(), items)))
}

fn replace(call: &CallContext<'_>) -> Answer {
    let (text, substring, replacement) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let inside = substring
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    let Some(inside) = inside else {
        return replace_text(call, text, substring, replacement);
    };
    let regex = compile_regex(call, 1, inside, text)?;
    let mut out = String::new();
    let mut copied = 0;
    for captures in regex.captures_iter(text) {
        call.steps(1 + replacement.len() as u64 / 16)?;
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(text.get(copied..whole.start()).unwrap_or_default());
        captures.expand(replacement, &mut out);
        call.room(out.len())?;
        copied = whole.end();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Ok(out.into())
}

fn replace_text(call: &CallContext<'_>, text: &str, substring: &str, replacement: &str) -> Answer {
    // Each occurrence is replaced by itself or something longer: that is what may take room.
    if replacement.len() > substring.len() {
        let occurrences = text.matches(substring).count();
        call.room(
            text.len()
                .saturating_add(occurrences.saturating_mul(replacement.len())),
        )?;
    }
    Ok(text.replace(substring, replacement).into())
}

impl Pattern {
    fn element(&self) -> Type {
        let mut groups = self.regex.capture_names().skip(1);
        match self.shape {
            Shape::Whole => Type::String,
            Shape::List => Type::tuple(groups.map(|_| Type::String).collect()),
            Shape::Map => Type::object(groups.by_ref().flatten().map(|name| (name.into(), Type::String))),
        }
    }

    fn value(&self, call: &CallContext<'_>, captures: &Captures<'_>) -> Answer {
        let group = |index: usize| match captures.get(index) {
            Some(group) => call.part(group.as_str()),
            None => Ok(Value::Null(Type::String)),
        };
        match self.shape {
            Shape::Whole => group(0),
            Shape::List => Ok(Value::tuple(
                (1..captures.len()).map(group).collect::<Result<Vec<_>, _>>()?,
            )),
            Shape::Map => {
                let names = self.regex.capture_names().enumerate().skip(1);
                let groups = names.map(|(index, name)| Ok((name.unwrap_or_default(), group(index)?)));
                Ok(Value::object(groups.collect::<Result<Vec<_>, Stop>>()?))
            }
        }
    }
}

fn compile(call: &CallContext<'_>, argument: usize, pattern: &str, text: &str) -> Result<Pattern, Stop> {
    let regex = compile_regex(call, argument, pattern, text)?;
    let named = regex.capture_names().skip(1).flatten().count();
    let shape = match (regex.captures_len() - 1, named) {
        (0, _) => Shape::Whole,
        (_, 0) => Shape::List,
        (all, named) if all == named => Shape::Map,
        _ => {
            return Err(call
                .mistake(argument, "has groups with names and groups without")
                .with_hint("name all groups or none; `(?:...)` is a group that is not kept")
                .into());
        }
    };
    Ok(Pattern { regex, shape })
}

/// Compiles a pattern, and takes the steps of that and of matching a text with it.
fn compile_regex(call: &CallContext<'_>, argument: usize, pattern: &str, text: &str) -> Result<Regex, Stop> {
    if pattern.len() > MAX_PATTERN {
        let problem = format!("is longer than the limit of {MAX_PATTERN} bytes for one pattern");
        return Err(call.error(argument, problem));
    }
    // Repetitions and classes of Unicode become large.
    let weight = if pattern.contains('{') || pattern.contains("\\p") || pattern.contains("\\P") {
        64
    } else {
        1
    };
    let length = pattern.len() as u64 + 16;
    call.steps(length * 8 * weight + length.saturating_mul(text.len() as u64) * weight / 64)?;
    let invalid = |problem: &str| call.error(argument, format!("is not a valid pattern: {problem}"));
    let translated = re2::translate(pattern).map_err(|problem| invalid(&problem))?;
    // What the crate says of a pattern quotes it, and it may be secret; what is wrong alone does not.
    if let Err(error) = regex_syntax::ast::parse::Parser::new().parse(&translated) {
        return Err(invalid(&error.kind().to_string()));
    }
    let built = RegexBuilder::new(&translated).size_limit(MAX_PROGRAM).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => call.error(argument, "is a pattern that becomes too large"),
        _ => invalid("it asks for what there is not"),
    })
}
