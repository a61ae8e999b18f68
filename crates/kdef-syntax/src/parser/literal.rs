//! Escapes in literal text.

use std::borrow::Cow;

use kdef_source::{Code, Diagnostic};

use crate::cursor::Parser;
use crate::token::{Token, TokenKind};

impl<'t> Parser<'t> {
    /// Returns what a token of literal text stands for. Backslashes have a meaning between quotes only; `$${` and `%%{`
    /// stand for `${` and `%{` everywhere.
    pub(crate) fn literal(&mut self, token: Token) -> Cow<'t, str> {
        let written = self.text_of(token);
        let quoted = token.kind == TokenKind::QuotedText;
        let special = |byte: u8| matches!(byte, b'$' | b'%') || (quoted && byte == b'\\');
        if !written.bytes().any(special) {
            return Cow::Borrowed(written);
        }
        let mut text = String::with_capacity(written.len());
        let mut rest = written;
        while let Some(at) = rest.bytes().position(special) {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            let length = if rest.starts_with("$${") || rest.starts_with("%%{") {
                text.push_str(&rest[1..3]);
                3
            } else if rest.starts_with('\\') {
                self.escape(token.end as usize - rest.len(), rest, &mut text)
            } else {
                text.push_str(&rest[..1]);
                1
            };
            rest = &rest[length..];
        }
        text.push_str(rest);
        Cow::Owned(text)
    }

    /// Reads the escape at the start of `rest`, which lies at `offset`; adds what it stands for to `text`, and returns
    /// its length.
    fn escape(&mut self, offset: usize, rest: &str, text: &mut String) -> usize {
        let Some(selector) = rest.chars().nth(1) else {
            text.push('\\');
            return 1;
        };
        let simple = match selector {
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            '"' | '\\' => Some(selector),
            _ => None,
        };
        let length = 1 + selector.len_utf8();
        if let Some(character) = simple {
            text.push(character);
            return length;
        }
        match selector {
            'u' => self.unicode_escape(offset, rest, 4, text),
            'U' => self.unicode_escape(offset, rest, 8, text),
            _ => {
                let hint = match selector {
                    '$' | '%' => "a literal `${` is written `$${`, a literal `%{` is written `%%{`",
                    '\'' => "single quotes need no backslash",
                    _ => {
                        "the known ones are \\n \\r \\t \\\" \\\\ \\uXXXX \\UXXXXXXXX; a backslash is written \\\\"
                    }
                };
                self.invalid_escape(
                    offset,
                    length,
                    format!("`\\{selector}` is not an escape sequence"),
                    hint,
                );
                text.push(selector);
                length
            }
        }
    }

    fn unicode_escape(&mut self, offset: usize, rest: &str, digits: usize, text: &mut String) -> usize {
        let hex = rest.bytes().skip(2).take(digits);
        let length = 2 + hex.take_while(u8::is_ascii_hexdigit).count();
        let written = &rest[..length];
        if length < 2 + digits {
            let message = format!("`{written}` has too few digits");
            let hint = format!("`{}` is followed by {digits} hexadecimal digits", &rest[..2]);
            self.invalid_escape(offset, length, message, &hint);
            text.push_str(written);
            return length;
        }
        let number = u32::from_str_radix(&rest[2..length], 16).ok();
        if let Some(character) = number.and_then(char::from_u32) {
            text.push(character);
        } else {
            let hint = "characters beyond U+FFFF are written \\UXXXXXXXX, not as a pair";
            self.invalid_escape(offset, length, format!("`{written}` is not a character"), hint);
            text.push_str(written);
        }
        length
    }

    fn invalid_escape(&mut self, offset: usize, length: usize, message: String, hint: &str) {
        let span = kdef_source::Span::new(self.file, offset, offset + length);
        self.report(Diagnostic::error(Code::InvalidEscape, span, message).with_hint(hint));
    }
}
