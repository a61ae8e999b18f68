//! Comma-separated values, as RFC 4180 has them.

use super::{Answer, CallContext, Function, STR, Stop, function};
use crate::value::{List, Type, Value};

pub(in super::super) const CSVDECODE: Function = function("csvdecode", &[STR], csvdecode)
    .returns(|| Type::list(Type::Any))
    .doc("Reads comma-separated values, of which the first line names the columns.")
    .notes("The result is a list of maps, one for each line, whose elements are strings.")
    .examples(&[(
        r#"csvdecode("a,b\n1,2\n3,4\n")"#,
        r#"[{ "a": "1", "b": "2" }, { "a": "3", "b": "4" }]"#,
    )]);

fn csvdecode(call: &CallContext<'_>) -> Answer {
    let mut reader = Reader {
        call,
        rest: call.text(0)?,
        line: 1,
    };
    let Some(header) = reader.record()? else {
        return Err(call.error(0, "needs a first line, which names the columns"));
    };
    let mut sorted: Vec<&String> = header.iter().collect();
    sorted.sort();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(call.error(0, "names a column twice in its first line"));
    }
    let element = Type::object(header.iter().map(|name| (name.as_str().into(), Type::String)));
    let mut rows = Vec::new();
    loop {
        let line = reader.line;
        let Some(record) = reader.record()? else { break };
        if record.len() != header.len() {
            let problem = format!(
                "has {} columns in line {line}, not {}",
                record.len(),
                header.len()
            );
            return Err(call.error(0, problem));
        }
        call.steps(record.len() as u64)?;
        let fields = header
            .iter()
            .map(String::as_str)
            .zip(record.into_iter().map(Value::from));
        rows.push(Value::object(fields));
    }
    Ok(Value::List(List::of(element, rows)))
}

struct Reader<'c, 'a> {
    call: &'c CallContext<'a>,
    rest: &'a str,
    /// The line that is read next, from 1.
    line: usize,
}

impl Reader<'_, '_> {
    /// Reads the next line that is not empty, and those that a field in quotes goes on in; `None` at the end.
    fn record(&mut self) -> Result<Option<Vec<String>>, Stop> {
        while let Some(rest) = self
            .rest
            .strip_prefix("\r\n")
            .or_else(|| self.rest.strip_prefix('\n'))
        {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut fields = Vec::new();
        loop {
            let field = match self.rest.strip_prefix('"') {
                Some(rest) => self.quoted(rest)?,
                None => self.plain()?,
            };
            fields.push(field);
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        self.rest = self
            .rest
            .strip_prefix('\r')
            .filter(|rest| rest.starts_with('\n'))
            .unwrap_or(self.rest);
        self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
        self.line += 1;
        Ok(Some(fields))
    }

    fn plain(&mut self) -> Result<String, Stop> {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        let field = if rest.starts_with(',') {
            field
        } else {
            field.strip_suffix('\r').unwrap_or(field)
        };
        if field.contains('"') {
            return Err(self.error("a quote within a field that does not begin with one"));
        }
        self.rest = rest;
        Ok(field.to_owned())
    }

    /// Reads a field whose opening quote has been read; a quote in it is written twice.
    fn quoted(&mut self, text: &str) -> Result<String, Stop> {
        let mut field = String::new();
        let mut rest = text;
        loop {
            let Some(end) = rest.find('"') else {
                return Err(self.error("a field whose quote is never closed"));
            };
            let (part, after) = rest.split_at(end);
            self.line += part.matches('\n').count();
            // Line breaks within a field are written alike.
            field.push_str(&part.replace("\r\n", "\n"));
            let after = &after[1..];
            if let Some(after) = after.strip_prefix('"') {
                field.push('"');
                rest = after;
                continue;
            }
            let consumed = self.rest.len() - after.len();
            self.rest = &self.rest[consumed..];
            let ended = self.rest.is_empty()
                || self.rest == "\r"
                || [",", "\n", "\r\n"].iter().any(|end| self.rest.starts_with(end));
            return if ended {
                Ok(field)
            } else {
                Err(self.error("a quote in a field that is not written twice"))
            };
        }
    }

    fn error(&self, what: &str) -> Stop {
        self.call.error(0, format!("has {what}, in line {}", self.line))
    }
}
