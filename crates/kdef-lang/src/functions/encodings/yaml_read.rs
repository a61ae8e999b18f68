//! `yamldecode`, which reads plain texts as Terraform does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Tag};
use indexmap::IndexMap;

use super::super::dates::Timestamp;
use super::{Answer, CallContext, Function, STR, Stop, function};
use crate::value::{Map, Number, Type, Value, convert};

pub(in super::super) const YAMLDECODE: Function = function("yamldecode", &[STR], yamldecode)
    .returns(|| Type::Any)
    .doc("Reads a YAML text of one document.")
    .notes("Anchors, aliases and merge keys are resolved. Words such as `yes` and `off` are bools.")
    .examples(&[
        (r#"yamldecode("hello: world")"#, r#"{ "hello": "world" }"#),
        (
            r#"yamldecode("a: &x [1, 2]\nb: *x")"#,
            r#"{ "a": [1, 2], "b": [1, 2] }"#,
        ),
    ]);

/// Levels of lists and maps in a text, fewer than a value may have.
const MAX_DEPTH: usize = 100;

fn yamldecode(call: &CallContext<'_>) -> Answer {
    let text = call.text(0)?;
    call.steps(text.len() as u64 / 4)?;
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reader = Reader {
        call,
        parser: Parser::new_from_str_with_options(text, options),
        anchors: BTreeMap::new(),
        line: 1,
    };
    let start = [Event::StreamStart, Event::DocumentStart(false, None)];
    for expected in start {
        if std::mem::discriminant(&reader.event()?) != std::mem::discriminant(&expected) {
            return Err(call.error(0, "holds no YAML document"));
        }
    }
    let value = reader.node(0)?;
    reader.event()?;
    match reader.event()? {
        Event::StreamEnd => Ok(value),
        _ => Err(call.error(0, "holds several YAML documents")),
    }
}

struct Reader<'c, 'a> {
    call: &'c CallContext<'a>,
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    /// The values that have an anchor; those that are not complete yet are not among them.
    anchors: BTreeMap<usize, Value>,
    /// The line of the last event.
    line: usize,
}

/// What a key of a map is.
enum Key {
    Name(Arc<str>),
    Merge,
}

impl<'a> Reader<'_, 'a> {
    fn event(&mut self) -> Result<Event<'a>, Stop> {
        self.call.steps(1)?;
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.line = span.start.line();
                Ok(event)
            }
            // What the parser says may quote the text.
            Some(Err(error)) => {
                let at = error.marker();
                let problem = format!("is not YAML, at line {}, column {}", at.line(), at.col() + 1);
                Err(self.call.error(0, problem))
            }
            None => Err(self.error("ends too early")),
        }
    }

    fn error(&self, problem: &str) -> Stop {
        self.call.error(0, format!("{problem}, at line {}", self.line))
    }

    fn node(&mut self, depth: usize) -> Answer {
        let event = self.event()?;
        self.node_of(event, depth)
    }

    fn node_of(&mut self, event: Event<'a>, depth: usize) -> Answer {
        if depth > MAX_DEPTH {
            return Err(self.error(&format!("is nested deeper than the limit of {MAX_DEPTH} levels")));
        }
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(&text, style, tag.as_deref())?;
                (anchor, value)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq")?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map")?;
                (anchor, self.mapping(depth)?)
            }
            Event::Alias(id) => {
                let value = self.anchors.get(&id).cloned();
                return value.ok_or_else(|| self.error("refers to an anchor within what it stands for"));
            }
            _ => return Err(self.error("has no value where one is needed")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Answer {
        let mut items = Vec::new();
        loop {
            match self.event()? {
                Event::SequenceEnd => return Ok(Value::tuple(items)),
                event => items.push(self.node_of(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Answer {
        let mut entries: IndexMap<Arc<str>, Value> = IndexMap::new();
        loop {
            let key = match self.event()? {
                Event::MappingEnd => return Ok(Value::Map(Map::object(entries))),
                event => self.key(event)?,
            };
            let value = self.node(depth + 1)?;
            match key {
                Key::Name(name) => {
                    entries.insert(name, value);
                }
                Key::Merge => self.merge(&value, &mut entries)?,
            }
        }
    }

    fn key(&mut self, event: Event<'a>) -> Result<Key, Stop> {
        let Event::Scalar(text, style, _, tag) = event else {
            return Err(self.error("has a key that is not a text"));
        };
        let merges = match &tag {
            None => text == "<<",
            Some(tag) => known(tag).as_deref() == Some("merge"),
        };
        if merges {
            return Ok(Key::Merge);
        }
        let value = self.scalar(&text, style, tag.as_deref())?;
        match convert(&value, &Type::String).ok().and_then(|value| value.text()) {
            Some(name) => Ok(Key::Name(name)),
            None => Err(self.error("has a key that is null")),
        }
    }

    fn merge(&self, value: &Value, into: &mut IndexMap<Arc<str>, Value>) -> Result<(), Stop> {
        let maps = match value {
            Value::List(list) => list.items(),
            single => std::slice::from_ref(single),
        };
        for map in maps {
            let Value::Map(map) = map else {
                return Err(self.error("merges what is no map"));
            };
            self.call.steps(map.len() as u64)?;
            into.extend(map.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
        }
        Ok(())
    }

    fn check_tag(&self, tag: Option<&Tag>, wanted: &str) -> Result<(), Stop> {
        match tag {
            Some(tag) if known(tag).as_deref() != Some(wanted) => {
                Err(self.error("has a tag that is not known"))
            }
            _ => Ok(()),
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Answer {
        let plain = style == ScalarStyle::Plain;
        let tag = match tag {
            Some(tag) => Some(known(tag).ok_or_else(|| self.error("has a tag that is not known"))?),
            None => None,
        };
        let tag = tag.as_deref();
        let unfit = |what: &str| self.error(&format!("has a value that is tagged as {what} and is not one"));
        match tag {
            Some("str") => return self.call.part(text),
            Some("binary") => {
                let valid = ::base64::Engine::decode(&::base64::prelude::BASE64_STANDARD, text).is_ok();
                return if valid {
                    self.call.part(text)
                } else {
                    Err(unfit("base64"))
                };
            }
            None | Some("bool" | "int" | "float" | "null" | "timestamp") => {}
            Some(_) => return Err(self.error("has a tag that is not known")),
        }
        if !plain && (tag.is_none() || may_be_special(text)) {
            return self.call.part(text);
        }
        if let Some(value) = self.special(text, tag)? {
            return Ok(value);
        }
        match tag {
            None => self.call.part(text),
            Some("null") => Ok(Value::NULL),
            Some(tag) => Err(unfit(tag)),
        }
    }

    /// Returns what a text that is not quoted stands for, where that is something other than itself.
    fn special(&self, text: &str, tag: Option<&str>) -> Result<Option<Value>, Stop> {
        if let Some(value) = word(text) {
            return Ok(Some(value));
        }
        if matches!(text, ".nan" | ".NaN" | ".NAN") || infinite(text) {
            return Err(self.error("has a number that is infinite or none at all"));
        }
        if tag.is_none_or(|tag| tag == "timestamp")
            && let Some(timestamp) = Timestamp::parse_yaml(text)
        {
            return Ok(Some(timestamp.to_string().into()));
        }
        Ok(number(text).map(Value::from))
    }
}

/// Returns the name of a tag of YAML itself, such as `str`.
fn known(tag: &Tag) -> Option<Cow<'_, str>> {
    tag.suffix_in_namespace("tag:yaml.org,2002:")
}

/// Tells whether a text begins as one does that could be something other than text.
fn may_be_special(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || "+-.yYnNtTfFoO~".contains(c)) || text.is_empty()
}

/// Returns what a word stands for.
fn word(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::NULL,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => true.into(),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => false.into(),
        _ => return None,
    })
}

fn infinite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF")
}

/// Reads a number: decimal, or a whole one in base 8 or 16.
fn number(text: &str) -> Option<Number> {
    for (prefix, base) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            return Number::parse_integer(digits, base).ok().filter(|_| is_number);
        }
    }
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    begins.then(|| Number::parse(text).ok()).flatten()
}
