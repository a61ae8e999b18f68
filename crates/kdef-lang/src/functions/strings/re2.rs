//! Patterns of RE2, which Terraform has, written as the `regex` crate reads them.
//!
//! Both match alike, but differ in what they can be asked for: in RE2 `\d`, `\w`, `\s` and `\b` know ASCII only, classes
//! are neither nested nor combined, a brace that begins no repetition stands for itself, and `\Q...\E` quotes.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

/// The greatest number of repetitions.
const MAX_REPEAT: u32 = 1000;

const DIGITS: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const BLANKS: &str = r"\t\n\f\r\x20";

/// Translates a pattern; an error is a phrase that says what is wrong with it.
pub(super) fn translate(pattern: &str) -> Result<String, String> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() * 2),
        repeated: false,
    };
    while let Some(c) = translator.rest.next() {
        translator.item(c)?;
    }
    Ok(translator.out)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    /// Whether the last item was a repetition, which cannot be repeated.
    repeated: bool,
}

/// One character of a class, or several.
enum ClassItem {
    One(char),
    Several,
}

impl Translator<'_> {
    fn item(&mut self, c: char) -> Result<(), String> {
        let repeated = std::mem::take(&mut self.repeated);
        match c {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            '*' | '+' | '?' => self.repeat(repeated, &c.to_string()),
            '{' => match self.repetition() {
                Some((least, most)) if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT) => {
                    Err(format!("it repeats more than {MAX_REPEAT} times"))
                }
                Some((least, most)) => {
                    let text = self.take_repetition();
                    if most.is_some_and(|most| most < least) {
                        return Err("a repetition ends before it begins".to_owned());
                    }
                    self.repeat(repeated, &text)
                }
                None => {
                    self.literal('{');
                    Ok(())
                }
            },
            '|' | ')' | '.' | '^' | '$' => {
                self.out.push(c);
                Ok(())
            }
            _ => {
                self.literal(c);
                Ok(())
            }
        }
    }

    fn repeat(&mut self, repeated: bool, operator: &str) -> Result<(), String> {
        if repeated {
            return Err("a repetition is repeated".to_owned());
        }
        self.out.push_str(operator);
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        self.repeated = true;
        Ok(())
    }

    /// Reads ahead whether a brace begins a repetition, and returns its bounds.
    fn repetition(&self) -> Option<(u32, Option<u32>)> {
        let mut ahead = self.rest.clone();
        let inside: String = ahead.by_ref().take_while(|c| *c != '}').take(16).collect();
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let closed = self.rest.clone().nth(inside.chars().count()) == Some('}');
        if !closed {
            return None;
        }
        match inside.split_once(',') {
            None => number(&inside).map(|count| (count, Some(count))),
            Some((least, "")) => number(least).map(|least| (least, None)),
            Some((least, most)) => Some((number(least)?, Some(number(most)?))),
        }
    }

    fn take_repetition(&mut self) -> String {
        let inside: String = self.rest.by_ref().take_while(|c| *c != '}').collect();
        format!("{{{inside}}}")
    }

    /// Writes a character that stands for itself.
    fn literal(&mut self, c: char) {
        if c.is_ascii() && !c.is_ascii_alphanumeric() {
            // Writing to a string cannot fail.
            let _ = write!(self.out, r"\x{{{:x}}}", u32::from(c));
        } else {
            self.out.push(c);
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let c = self.escaped()?;
        match c {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                let (negated, set) = perl_class(c);
                let _ = write!(self.out, "[{}{set}]", if negated { "^" } else { "" });
            }
            'b' => self.out.push_str(r"(?-u:\b)"),
            'B' => self.out.push_str(r"(?-u:\B)"),
            'A' | 'z' => self.out.extend(['\\', c]),
            'p' | 'P' => self.unicode_class(c),
            'Q' => self.quoted(),
            _ => {
                let c = self.character(c)?;
                self.literal(c);
            }
        }
        Ok(())
    }

    fn escaped(&mut self) -> Result<char, String> {
        self.rest.next().ok_or_else(|| "it ends with `\\`".to_owned())
    }

    /// Copies everything up to `\E` as it stands.
    fn quoted(&mut self) {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            self.literal(c);
        }
    }

    /// Copies the name of a class such as `\pL` or `\p{Greek}`.
    fn unicode_class(&mut self, letter: char) {
        self.out.extend(['\\', letter]);
        let braced = self.rest.peek() == Some(&'{');
        for c in self.rest.by_ref() {
            self.out.push(c);
            if !braced || c == '}' {
                break;
            }
        }
    }

    /// Returns the one character that an escape sequence stands for, of which the first letter has been read.
    fn character(&mut self, c: char) -> Result<char, String> {
        Ok(match c {
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => return self.hexadecimal(),
            '0'..='7' => return self.octal(c),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
            c => return Err(format!("there is no escape sequence `\\{c}`")),
        })
    }

    fn hexadecimal(&mut self) -> Result<char, String> {
        let digits: String = if self.rest.next_if_eq(&'{').is_some() {
            self.rest.by_ref().take_while(|c| *c != '}').take(8).collect()
        } else {
            self.rest.by_ref().take(2).collect()
        };
        let code = u32::from_str_radix(&digits, 16)
            .ok()
            .filter(|_| !digits.starts_with('+'));
        code.and_then(char::from_u32)
            .ok_or_else(|| "an escape sequence `\\x` is no character".to_owned())
    }

    /// Reads up to three octal digits. A single one that is not zero refers back to a group, which RE2 cannot.
    fn octal(&mut self, first: char) -> Result<char, String> {
        let is_octal = |c: &char| ('0'..='7').contains(c);
        if first != '0' && !self.rest.peek().is_some_and(is_octal) {
            return Err("patterns cannot refer back to a group".to_owned());
        }
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            if let Some(digit) = self.rest.next_if(is_octal) {
                code = code * 8 + digit.to_digit(8).unwrap_or(0);
            }
        }
        char::from_u32(code).ok_or_else(|| "an escape sequence is no character".to_owned())
    }

    /// Copies what begins a group, such as `(?i:` or `(?P<name>`.
    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        self.out.push('?');
        let mut named = false;
        for c in self.rest.by_ref() {
            match c {
                '<' => named = true,
                'P' | 'i' | 'm' | 's' | 'U' | '-' => {}
                ')' | ':' if !named => {
                    self.out.push(c);
                    return Ok(());
                }
                '>' if named => {
                    self.out.push(c);
                    return Ok(());
                }
                c if named && (c.is_ascii_alphanumeric() || c == '_') => {}
                c => return Err(format!("a group cannot begin with `(?` and `{c}`")),
            }
            self.out.push(c);
        }
        Err("a group is not closed".to_owned())
    }

    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(c) = self.rest.next() else {
                return Err("a class `[` is not closed".to_owned());
            };
            if c == ']' && !first {
                self.out.push(']');
                return Ok(());
            }
            first = false;
            if let ClassItem::One(from) = self.class_item(c)? {
                self.literal(from);
                self.range()?;
            }
        }
    }

    /// Reads `-z` after the first character of a range.
    fn range(&mut self) -> Result<(), String> {
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
        if !is_range {
            return Ok(());
        }
        self.rest.next();
        self.out.push('-');
        let Some(c) = self.rest.next() else {
            return Ok(());
        };
        match self.class_item(c)? {
            ClassItem::One(to) => {
                self.literal(to);
                Ok(())
            }
            ClassItem::Several => Err("a range in a class needs a character at its end".to_owned()),
        }
    }

    /// Reads one item of a class. Those that stand for several characters are written.
    fn class_item(&mut self, c: char) -> Result<ClassItem, String> {
        match c {
            '[' if self.rest.peek() == Some(&':') => {
                self.named_class();
                Ok(ClassItem::Several)
            }
            '\\' => match self.escaped()? {
                c @ ('d' | 'D' | 'w' | 'W' | 's' | 'S') => {
                    let (negated, set) = perl_class(c);
                    let _ = if negated {
                        write!(self.out, "[^{set}]")
                    } else {
                        write!(self.out, "{set}")
                    };
                    Ok(ClassItem::Several)
                }
                c @ ('p' | 'P') => {
                    self.unicode_class(c);
                    Ok(ClassItem::Several)
                }
                c => self.character(c).map(ClassItem::One),
            },
            c => Ok(ClassItem::One(c)),
        }
    }

    /// Copies `[:alpha:]`, of which the bracket has been read.
    fn named_class(&mut self) {
        self.out.push('[');
        for c in self.rest.by_ref() {
            self.out.push(c);
            if c == ']' {
                break;
            }
        }
    }
}

/// Returns what `\d` and the like stand for, and whether that is meant or everything else.
fn perl_class(letter: char) -> (bool, &'static str) {
    let set = match letter.to_ascii_lowercase() {
        'd' => DIGITS,
        'w' => WORD,
        _ => BLANKS,
    };
    (letter.is_ascii_uppercase(), set)
}
