//! Code: everything outside of texts.

use kdef_source::{Code, Diagnostic};

use super::text::marker_line;
use super::{Lexer, Mode, ident_len, newline_len};
use crate::token::TokenKind;

/// How often a file is searched for the end of a heredoc that is not introduced as it should be.
const MAX_SLOPPY_HEREDOCS: usize = 16;

impl<'t> Lexer<'t> {
    /// Reads one token of code.
    pub(super) fn code(&mut self) {
        match self.byte(0) {
            b' ' | b'\t' => self.whitespace(),
            b'\n' => self.newline(1),
            b'\r' if self.byte(1) == b'\n' => self.newline(2),
            b'#' => self.line_comment(),
            b'/' if self.byte(1) == b'/' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment(),
            b'0'..=b'9' => {
                let end = self.pos + number_len(self.rest());
                self.emit(TokenKind::Number, end);
            }
            b'"' => {
                self.modes.push(Mode::Quoted {
                    open: self.tokens.len(),
                });
                self.emit(TokenKind::QuoteOpen, self.pos + 1);
            }
            b'<' if self.byte(1) == b'<' && self.heredoc_open() => {}
            b'(' | b'[' | b'{' | b')' | b']' | b'}' | b'~' => self.bracket(),
            _ => {
                if let Some((kind, length)) = operator(self.rest()) {
                    self.emit(kind, self.pos + length);
                    return;
                }
                match ident_len(self.text.get(self.pos..).unwrap_or_default()) {
                    0 => self.invalid(),
                    length => self.emit(TokenKind::Ident, self.pos + length),
                }
            }
        }
    }

    fn whitespace(&mut self) {
        let blanks = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        let end = self.pos + blanks.count();
        self.emit(TokenKind::Whitespace, end);
    }

    fn newline(&mut self, length: usize) {
        if matches!(self.modes.last(), Some(Mode::Embedded { .. })) && self.template_breaks_off(length) {
            return;
        }
        self.emit(TokenKind::Newline, self.pos + length);
        self.line_start = self.pos;
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let length = match rest.get(..length) {
            Some([.., b'\r']) if length < rest.len() => length - 1,
            _ => length,
        };
        self.emit(TokenKind::Comment, self.pos + length);
    }

    fn block_comment(&mut self) {
        let rest = self.text.get(self.pos + 2..).unwrap_or_default();
        let end = if let Some(length) = rest.find("*/") {
            self.pos + 2 + length + 2
        } else {
            let opener = self.span(self.pos, self.pos + 2);
            self.report(
                Diagnostic::error(Code::Unclosed, opener, "this comment is never closed")
                    .with_label("opened here")
                    .with_hint("end it with `*/`"),
            );
            self.text.len()
        };
        self.emit(TokenKind::Comment, end);
    }

    fn bracket(&mut self) {
        let kind = match self.byte(0) {
            b'(' => TokenKind::ParenOpen,
            b'[' => TokenKind::BracketOpen,
            b'{' => TokenKind::BraceOpen,
            b')' => TokenKind::ParenClose,
            b']' => TokenKind::BracketClose,
            b'}' => TokenKind::BraceClose,
            _ => return self.tilde(),
        };
        if let Some(Mode::Embedded { nested, braces, .. }) = self.modes.last_mut() {
            match kind {
                TokenKind::BraceClose if *braces == 0 => {
                    self.modes.pop();
                    return self.emit(TokenKind::TemplateClose, self.pos + 1);
                }
                TokenKind::BraceOpen => {
                    *nested += 1;
                    *braces += 1;
                }
                TokenKind::BraceClose => {
                    *nested = nested.saturating_sub(1);
                    *braces -= 1;
                }
                TokenKind::ParenOpen | TokenKind::BracketOpen => *nested += 1,
                _ => *nested = nested.saturating_sub(1),
            }
        }
        self.emit(kind, self.pos + 1);
    }

    /// `~` has a meaning only where it closes an interpolation together with `}`.
    fn tilde(&mut self) {
        match self.modes.last() {
            Some(Mode::Embedded { braces: 0, .. }) if self.byte(1) == b'}' => {
                self.modes.pop();
                self.emit(TokenKind::TemplateClose, self.pos + 2);
            }
            _ => self.invalid(),
        }
    }

    /// Opens a heredoc where the text at hand is its introducer, such as `<<-EOT` and a line break.
    fn heredoc_open(&mut self) -> bool {
        let start = self.pos + if self.byte(2) == b'-' { 3 } else { 2 };
        let after = self.text.get(start..).unwrap_or_default();
        let (marker, rest) = after.split_at(ident_len(after));
        let newline = newline_len(rest.as_bytes());
        if marker.is_empty() || newline == 0 {
            return self.sloppy_heredoc_open(start);
        }
        self.begin_heredoc(marker, start + marker.len() + newline);
        true
    }

    /// Opens a heredoc whose marker does not stand alone, where a later line shows that it is meant as one.
    fn sloppy_heredoc_open(&mut self, start: usize) -> bool {
        let line = self.text.get(start..).unwrap_or_default();
        let Some((line, body)) = line.split_once('\n') else {
            return false;
        };
        let word = line.trim_start_matches([' ', '\t', '"', '\'', '-']);
        let marker = &word[..ident_len(word)];
        if marker.is_empty() || self.sloppy_heredocs >= MAX_SLOPPY_HEREDOCS {
            return false;
        }
        self.sloppy_heredocs += 1;
        if !body
            .split_inclusive('\n')
            .any(|line| marker_line(line, marker).is_some())
        {
            return false;
        }
        let end = start + line.len();
        let introducer = self.span(self.pos, start + line.trim_end_matches('\r').len());
        self.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                introducer,
                "a heredoc's marker does not stand alone",
            )
            .with_hint(format!(
                "nothing else stands on its line, no spaces either: write `<<-{marker}` and a line break"
            )),
        );
        self.begin_heredoc(marker, end + 1);
        true
    }

    fn begin_heredoc(&mut self, marker: &'t str, end: usize) {
        self.heredocs.push(self.modes.len());
        self.modes.push(Mode::Heredoc {
            open: self.tokens.len(),
            marker: Some(marker),
            at_line_start: true,
        });
        self.emit(TokenKind::HeredocOpen, end);
        self.line_start = self.pos;
    }
}

/// Returns the length of the number at the start of some bytes, which begin with a digit.
///
/// As in HCL it is greedy: whatever looks like part of a number belongs to it, and the parser judges the whole.
fn number_len(bytes: &[u8]) -> usize {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut length = 1;
    let mut end = 1;
    loop {
        match at(length) {
            b'0'..=b'9' => length += 1,
            b'.' => {
                length += 1;
                continue;
            }
            b'e' | b'E' if at(length + 1).is_ascii_digit() => length += 2,
            b'e' | b'E' if matches!(at(length + 1), b'+' | b'-') && at(length + 2).is_ascii_digit() => {
                length += 3;
            }
            _ => return end,
        }
        end = length;
    }
}

/// Returns the operator or punctuation at the start of some bytes, and its length.
fn operator(bytes: &[u8]) -> Option<(TokenKind, usize)> {
    let found = match bytes {
        [b'=', b'=', ..] => (TokenKind::Equal, 2),
        [b'=', b'>', ..] => (TokenKind::Arrow, 2),
        [b'=', ..] => (TokenKind::Assign, 1),
        [b'.', b'.', b'.', ..] => (TokenKind::Ellipsis, 3),
        [b'.', ..] => (TokenKind::Dot, 1),
        [b',', ..] => (TokenKind::Comma, 1),
        [b':', b':', ..] => (TokenKind::DoubleColon, 2),
        [b':', ..] => (TokenKind::Colon, 1),
        [b'?', ..] => (TokenKind::Question, 1),
        [b'|', b'|', ..] => (TokenKind::Or, 2),
        [b'&', b'&', ..] => (TokenKind::And, 2),
        [b'!', b'=', ..] => (TokenKind::NotEqual, 2),
        [b'!', ..] => (TokenKind::Not, 1),
        [b'<', b'=', ..] => (TokenKind::LessOrEqual, 2),
        [b'<', ..] => (TokenKind::Less, 1),
        [b'>', b'=', ..] => (TokenKind::GreaterOrEqual, 2),
        [b'>', ..] => (TokenKind::Greater, 1),
        [b'+', ..] => (TokenKind::Plus, 1),
        [b'-', ..] => (TokenKind::Minus, 1),
        [b'*', ..] => (TokenKind::Star, 1),
        [b'/', ..] => (TokenKind::Slash, 1),
        [b'%', ..] => (TokenKind::Percent, 1),
        _ => return None,
    };
    Some(found)
}
