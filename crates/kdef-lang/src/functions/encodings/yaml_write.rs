//! `yamlencode`, which writes as Terraform does: strings in double quotes, those of several lines as blocks.

use std::fmt::Write;

use super::{Answer, CallContext, Function, Parameter, Stop, function};
use crate::value::Value;

pub(in super::super) const YAMLENCODE: Function =
    function("yamlencode", &[Parameter::any("value").nullable()], yamlencode)
        .doc("Writes a value as YAML.")
        .notes("Keys are sorted. All strings are quoted, but for those of several lines, which are blocks.")
        .examples(&[(
            r#"yamlencode({ a = "b", c = [1, true] })"#,
            r#""\"a\": \"b\"\n\"c\":\n- 1\n- true\n""#,
        )]);

/// The column behind which a quoted string is broken at its blanks.
const WIDTH: usize = 80;

/// The longest key that stands on the line of its value.
const MAX_SIMPLE_KEY: usize = 128;

fn yamlencode(call: &CallContext<'_>) -> Answer {
    let mut writer = Writer {
        call,
        out: String::new(),
        column: 0,
        open_ended: false,
    };
    let value = call.value(0)?;
    writer.node(value, 0, Context::Root)?;
    if writer.column > 0 {
        writer.line_break();
    }
    if writer.open_ended {
        writer.out.push_str("...\n");
    }
    Ok(writer.out.into())
}

/// What a value stands in.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Root,
    /// After the dash of a list, or a colon on a line of its own.
    Item,
    /// After a key.
    Entry,
}

struct Writer<'c, 'a> {
    call: &'c CallContext<'a>,
    out: String,
    column: usize,
    /// Whether the whole is a plain value, which has no end of its own.
    open_ended: bool,
}

impl Writer<'_, '_> {
    /// Writes a value; `indent` is where lists and maps in it begin.
    fn node(&mut self, value: &Value, indent: usize, context: Context) -> Result<(), Stop> {
        self.call.room(self.out.len())?;
        match value {
            Value::List(list) if !list.is_empty() => {
                // A list below a key begins where the key does.
                let indent = if context == Context::Entry {
                    indent - 2
                } else {
                    indent
                };
                for (index, item) in list.iter().enumerate() {
                    if index > 0 || context == Context::Entry {
                        self.new_line(indent);
                    }
                    self.text("- ");
                    self.node(item, indent + 2, Context::Item)?;
                }
                Ok(())
            }
            Value::Map(map) if !map.is_empty() => {
                for (index, (key, item)) in map.sorted().into_iter().enumerate() {
                    if index > 0 || context == Context::Entry {
                        self.new_line(indent);
                    }
                    self.entry(key, item, indent)?;
                }
                Ok(())
            }
            scalar => {
                if context == Context::Entry {
                    self.text(" ");
                }
                let block_indent = if context == Context::Root { 2 } else { indent };
                self.scalar(scalar, block_indent, context)
            }
        }
    }

    fn entry(&mut self, key: &str, value: &Value, indent: usize) -> Result<(), Stop> {
        if key.len() <= MAX_SIMPLE_KEY && !key.contains(is_break) {
            self.quoted(key, None);
            self.text(":");
            return self.node(value, indent + 2, Context::Entry);
        }
        self.text("? ");
        self.string(key, indent + 2);
        self.new_line(indent);
        self.text(": ");
        self.node(value, indent + 2, Context::Item)
    }

    fn scalar(&mut self, value: &Value, indent: usize, context: Context) -> Result<(), Stop> {
        match value {
            Value::Null(_) => self.text("null"),
            Value::Bool(_) | Value::Number(_) => self.text(&value.text().unwrap_or_default()),
            Value::String(text) => {
                self.string(text, indent);
                return Ok(());
            }
            Value::List(_) => self.text("[]"),
            Value::Map(_) => self.text("{}"),
            Value::Unknown(_) => return Err(self.call.error(0, "is not known")),
            Value::Reference(reference) => {
                let kind = reference.kind().name();
                let problem = format!("holds a {kind}, whose value only the cluster knows");
                return Err(self.call.error(0, problem));
            }
        }
        // A plain value alone could go on in the next line.
        self.open_ended = context == Context::Root && !matches!(value, Value::List(_) | Value::Map(_));
        Ok(())
    }

    fn string(&mut self, text: &str, indent: usize) {
        if text.contains('\n') && allows_block(text) {
            self.block(text, indent);
        } else {
            self.quoted(text, Some(indent));
        }
    }

    /// Writes a string as a block, line by line.
    fn block(&mut self, text: &str, indent: usize) {
        self.text("|");
        if text.starts_with(|c: char| c == ' ' || is_break(c)) {
            self.text("2");
        }
        let mut last = text.chars().rev();
        match (last.next().is_some_and(is_break), last.next()) {
            (false, _) => self.text("-"),
            (true, before) if before.is_none_or(is_break) => self.text("+"),
            _ => {}
        }
        self.line_break();
        let mut at_start = true;
        for c in text.chars() {
            if c == '\n' {
                self.line_break();
                at_start = true;
            } else if is_break(c) {
                self.out.push(c);
                self.column = 0;
                at_start = true;
            } else {
                if at_start {
                    self.indent(indent);
                }
                at_start = false;
                self.character(c);
            }
        }
    }

    /// Writes a string in double quotes; where `breaks` has an indentation, a long one is broken at its blanks.
    fn quoted(&mut self, text: &str, breaks: Option<usize>) {
        self.character('"');
        let mut after_blank = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let blank = c == ' ';
            match (blank, breaks) {
                (true, Some(indent))
                    if !after_blank && self.column > WIDTH && at > 0 && at + 1 < text.len() =>
                {
                    self.new_line(indent);
                    if characters.peek().is_some_and(|(_, next)| *next == ' ') {
                        self.character('\\');
                    }
                }
                (true, _) => self.character(c),
                (false, _) => self.escaped(c),
            }
            after_blank = blank;
        }
        self.character('"');
    }

    fn escaped(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            c if is_printable(c) => return self.character(c),
            c => {
                let code = u32::from(c);
                let mut text = String::new();
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0xff => write!(text, "\\x{code:02X}"),
                    0x100..=0xffff => write!(text, "\\u{code:04X}"),
                    _ => write!(text, "\\U{code:08X}"),
                };
                return self.text(&text);
            }
        };
        self.character('\\');
        self.character(short);
    }

    fn character(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// Begins a line, unless the last one has ended.
    fn new_line(&mut self, indent: usize) {
        if self.column > 0 {
            self.line_break();
        }
        self.indent(indent);
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column += indent;
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Tells what YAML shows as it is; tabs and whatever is beyond U+FFFF are not among it.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Tells whether a string may be a block: nothing in it needs an escape sequence, and no line ends with a blank.
fn allows_block(text: &str) -> bool {
    let mut after_blank = false;
    for c in text.chars() {
        if !is_printable(c) || after_blank && is_break(c) {
            return false;
        }
        after_blank = c == ' ';
    }
    !after_blank
}
