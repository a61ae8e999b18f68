//! Quoted strings and heredocs.

use super::{Lexer, Mode, ident_len, newline_len};
use crate::token::TokenKind;

/// What ends a piece of literal text.
enum Stop {
    /// `${` or `%{`
    Embedded,
    /// A line break, its length included in the piece only by a heredoc.
    Newline(usize),
    /// The closing quote.
    Quote,
    /// The end of the file.
    End,
}

impl<'t> Lexer<'t> {
    /// Reads one token of a quoted string, or gives the text up at the end of its line.
    pub(super) fn quoted(&mut self) {
        let (length, stop) = literal(self.rest(), true);
        if length > 0 {
            return self.emit(TokenKind::QuotedText, self.pos + length);
        }
        match stop {
            Stop::Embedded => self.embedded(),
            Stop::Quote => {
                self.modes.pop();
                self.emit(TokenKind::QuoteClose, self.pos + 1);
            }
            Stop::Newline(_) | Stop::End => {
                self.lines_in_quotes();
                self.abandon_line();
            }
        }
    }

    /// Takes in the other lines of a string that was written over several, so that they are not read as code.
    fn lines_in_quotes(&mut self) {
        if let [Mode::Quoted { .. }] = self.modes[..]
            && let Some(length) = rest_of_string(self.text.get(self.pos..).unwrap_or_default())
        {
            self.emit(TokenKind::QuotedText, self.pos + length);
            let lines = &self.text[..self.pos];
            self.line_start = lines.rfind('\n').map_or(0, |newline| newline + 1);
        }
    }

    /// Reads one token of a heredoc: the line that ends it, or text up to and with the end of the line.
    pub(super) fn heredoc(&mut self, marker: Option<&'t str>, at_line_start: bool) {
        if at_line_start
            && let Some(marker) = marker
            && let Some(length) = marker_line(self.text.get(self.pos..).unwrap_or_default(), marker)
        {
            self.modes.pop();
            self.heredocs.pop();
            return self.emit(TokenKind::HeredocClose, self.pos + length);
        }
        let (length, stop) = literal(self.rest(), false);
        match stop {
            Stop::Embedded if length == 0 => {
                self.set_line_start(false);
                self.embedded();
            }
            Stop::Newline(newline) => {
                self.set_line_start(true);
                self.emit(TokenKind::HeredocText, self.pos + length + newline);
                self.line_start = self.pos;
            }
            Stop::Embedded | Stop::Quote | Stop::End => {
                self.set_line_start(false);
                self.emit(TokenKind::HeredocText, self.pos + length);
            }
        }
    }

    fn set_line_start(&mut self, value: bool) {
        if let Some(Mode::Heredoc { at_line_start, .. }) = self.modes.last_mut() {
            *at_line_start = value;
        }
    }

    /// Opens an interpolation or directive.
    fn embedded(&mut self) {
        let kind = match self.byte(0) {
            b'$' => TokenKind::InterpolationOpen,
            _ => TokenKind::DirectiveOpen,
        };
        self.modes.push(Mode::Embedded {
            open: self.tokens.len(),
            nested: 0,
            braces: 0,
        });
        let length = if self.byte(2) == b'~' { 3 } else { 2 };
        self.emit(kind, self.pos + length);
    }

    /// Gives up an interpolation or directive at a line break where it cannot go on, and tells whether it did.
    ///
    /// That is so where the next line ends the heredoc around it, where it begins an item, or where an operand ends this
    /// line and a name begins the next: no expression goes on so.
    pub(super) fn template_breaks_off(&mut self, newline: usize) -> bool {
        let next = self.text.get(self.pos + newline..).unwrap_or_default();
        if let Some(&index) = self.heredocs.last()
            && let Mode::Heredoc {
                marker: Some(marker), ..
            } = self.modes[index]
            && marker_line(next, marker).is_some()
        {
            while self.modes.len() > index + 1 {
                self.abandon();
            }
            return true;
        }
        let Some(Mode::Embedded {
            open,
            nested,
            braces: 0,
        }) = self.modes.last().copied()
        else {
            return false;
        };
        let next = next.trim_start_matches([' ', '\t']);
        let interpolation = self.tokens[open].kind == TokenKind::InterpolationOpen;
        let name_follows = next.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic());
        let breaks_off = if nested == 0 {
            interpolation && self.last_significant.ends_operand() && name_follows
        } else {
            next.starts_with('}')
                && next[1..]
                    .lines()
                    .next()
                    .is_none_or(|rest| rest.trim_ascii().is_empty())
        };
        if breaks_off || begins_item(next) {
            self.abandon_line();
            return true;
        }
        false
    }
}

/// Tells whether a line begins as an attribute or block does, and as no line inside of parentheses or brackets can.
fn begins_item(line: &str) -> bool {
    let (name, rest) = line.split_at(ident_len(line));
    let rest = rest.trim_start_matches([' ', '\t']).as_bytes();
    let sign = match rest {
        [b'=', next, ..] => !matches!(next, b'=' | b'>'),
        [b'{' | b'"', ..] => !matches!(name, "in" | "if"),
        _ => false,
    };
    sign && !name.is_empty()
}

/// How many lines a string is followed over in search of its end.
const MAX_STRING_LINES: usize = 30;

/// Returns the length of what follows the first line of a string, up to and with a quote that clearly closes it: one that
/// neither begins another string nor stands after something that looks like code.
fn rest_of_string(text: &str) -> Option<usize> {
    let mut length = 0;
    for line in text.split_inclusive('\n').take(MAX_STRING_LINES) {
        if begins_item(line.trim_start_matches([' ', '\t'])) {
            return None;
        }
        let Some(quote) = line.find('"') else {
            length += line.len();
            continue;
        };
        let before = line[..quote].trim_end();
        let after = line[quote + 1..].trim_start();
        let opens =
            before.ends_with(['=', '(', '[', '{', ',', ':', '?', '\\']) || line.matches('"').count() % 2 == 0;
        let closes = after.is_empty() || after.starts_with([',', ')', ']', '}', '#', '/']);
        return (closes && !opens).then_some(length + quote + 1);
    }
    None
}

/// Measures the literal text at the start of some bytes, and tells what ends it.
///
/// `$${` and `%%{` are literal, and so is a `$` or `%` that no `{` follows. In quotes a backslash takes the next
/// character with it.
fn literal(bytes: &[u8], quoted: bool) -> (usize, Stop) {
    let mut length = 0;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        match rest {
            [] => return (length, Stop::End),
            [b'$' | b'%', b'{', ..] => return (length, Stop::Embedded),
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => length += 3,
            [b'"', ..] if quoted => return (length, Stop::Quote),
            [b'\r' | b'\n', ..] if quoted => return (length, Stop::Newline(newline_len(rest))),
            [b'\n', ..] => return (length, Stop::Newline(1)),
            [b'\\', next, ..] if quoted && !matches!(next, b'\r' | b'\n') => length += 2,
            _ => length += 1,
        }
    }
}

/// Returns the length of the first line, without its line break, where it holds a heredoc's marker and nothing else.
pub(super) fn marker_line(text: &str, marker: &str) -> Option<usize> {
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let after = text.get(start..)?.strip_prefix(marker)?;
    let blanks = after.len() - after.trim_start_matches(is_blank).len();
    let end = start + marker.len() + blanks;
    match text.as_bytes().get(end) {
        Some(b'\n') if end > 0 && text.as_bytes()[end - 1] == b'\r' => Some(end - 1),
        None | Some(b'\n') => Some(end),
        Some(_) => None,
    }
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() && character != '\n'
}
