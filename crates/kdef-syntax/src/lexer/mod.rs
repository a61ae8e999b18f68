//! Text to tokens, by hand and byte by byte.
//!
//! The lexer is in one of four modes, kept on a stack: code (of bodies and expressions), a quoted string, a heredoc,
//! and code again, inside `${ }` or `%{ }` of one of the two. Where a text or an interpolation is never closed, it ends
//! with its line, so that the rest of the file is read as what it is; the parser gets a list of those.

mod code;
mod invalid;
mod text;

#[cfg(test)]
mod tests;

use kdef_source::{Diagnostic, FileId, Span};

use crate::MAX_ERRORS;
use crate::token::{Token, TokenKind};

/// The outcome of [`lex`].
pub(crate) struct Lexed {
    /// The tokens, which tile the text; the last one is [`TokenKind::End`].
    pub(crate) tokens: Vec<Token>,
    /// The openers of texts, heredocs, interpolations and directives that nothing closes, in order of `open`.
    pub(crate) unclosed: Vec<Unclosed>,
    /// Characters that have no place anywhere, and comments without end.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A text, heredoc, interpolation or directive that nothing closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unclosed {
    /// The index of the opening token.
    pub(crate) open: usize,
    /// The index of the first token that is no longer part of it.
    pub(crate) end: usize,
}

/// Splits a text into tokens.
pub(crate) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer::new(file, text);
    lexer.run();
    lexer.finish()
}

/// Splits a text into tokens that is a template from its first character to its last.
pub(crate) fn lex_template(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer::new(file, text);
    lexer.heredocs.push(0);
    lexer.modes.push(Mode::Heredoc {
        open: 0,
        marker: None,
        at_line_start: true,
    });
    lexer.run();
    if matches!(lexer.modes.first(), Some(Mode::Heredoc { marker: None, .. })) {
        lexer.modes.remove(0);
    }
    lexer.finish()
}

/// What the lexer is inside of; code at the bottom when there is none.
#[derive(Debug, Clone, Copy)]
enum Mode<'t> {
    /// Between quotes.
    Quoted {
        /// The index of the opening token.
        open: usize,
    },
    /// Between the markers of a heredoc, or in a file that is a template.
    Heredoc {
        open: usize,
        /// What ends it; nothing but its end for a file.
        marker: Option<&'t str>,
        /// Whether nothing of the current line has been read.
        at_line_start: bool,
    },
    /// In `${ }` or `%{ }`.
    Embedded {
        open: usize,
        /// Brackets of any kind that are open inside.
        nested: usize,
        /// Braces among them.
        braces: usize,
    },
}

impl Mode<'_> {
    fn open(&self) -> usize {
        match self {
            Self::Quoted { open } | Self::Heredoc { open, .. } | Self::Embedded { open, .. } => *open,
        }
    }
}

struct Lexer<'t> {
    file: FileId,
    text: &'t str,
    bytes: &'t [u8],
    /// The next byte to read.
    pos: usize,
    /// Where the current line of code begins.
    line_start: usize,
    /// The last token that is no trivia.
    last_significant: TokenKind,
    modes: Vec<Mode<'t>>,
    /// The indexes of the heredocs among the modes.
    heredocs: Vec<usize>,
    /// How many introducers of heredocs were not as they should be.
    sloppy_heredocs: usize,
    tokens: Vec<Token>,
    unclosed: Vec<Unclosed>,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Lexer<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            bytes: text.as_bytes(),
            pos: 0,
            line_start: 0,
            last_significant: TokenKind::Newline,
            modes: Vec::new(),
            heredocs: Vec::new(),
            sloppy_heredocs: 0,
            tokens: Vec::with_capacity(text.len() / 3 + 8),
            unclosed: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn run(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.emit(TokenKind::ByteOrderMark, '\u{feff}'.len_utf8());
        }
        while self.pos < self.bytes.len() {
            let before = (self.pos, self.modes.len());
            match self.modes.last().copied() {
                None | Some(Mode::Embedded { .. }) => self.code(),
                Some(Mode::Quoted { .. }) => self.quoted(),
                Some(Mode::Heredoc {
                    marker,
                    at_line_start,
                    ..
                }) => self.heredoc(marker, at_line_start),
            }
            debug_assert_ne!(before, (self.pos, self.modes.len()), "the lexer reads on");
        }
    }

    fn finish(mut self) -> Lexed {
        while self.modes.last().is_some() {
            self.abandon();
        }
        self.emit(TokenKind::End, self.pos);
        self.unclosed.sort_unstable_by_key(|unclosed| unclosed.open);
        Lexed {
            tokens: self.tokens,
            unclosed: self.unclosed,
            diagnostics: self.diagnostics,
        }
    }

    /// Adds the token from the current place to `end`, and goes on there.
    fn emit(&mut self, kind: TokenKind, end: usize) {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            kind,
            start: offset(self.pos),
            end: offset(end),
        });
        self.pos = end;
        if !kind.is_trivia() {
            self.last_significant = kind;
        }
    }

    /// Returns the byte at a distance from the current place, 0 past the end.
    fn byte(&self, distance: usize) -> u8 {
        self.bytes.get(self.pos + distance).copied().unwrap_or(0)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() <= MAX_ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.pos..).unwrap_or_default()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// Gives up the innermost mode: nothing closes what it is about.
    fn abandon(&mut self) {
        if let Some(mode) = self.modes.pop() {
            if matches!(mode, Mode::Heredoc { .. }) {
                self.heredocs.pop();
            }
            self.unclosed.push(Unclosed {
                open: mode.open(),
                end: self.tokens.len(),
            });
        }
    }

    /// Gives up what cannot go on at the end of this line: the innermost mode, and around it quoted strings and
    /// interpolations that began on this line.
    fn abandon_line(&mut self) {
        loop {
            self.abandon();
            match self.modes.last() {
                Some(Mode::Quoted { .. }) => {}
                Some(Mode::Embedded { open, .. }) if self.tokens[*open].start as usize >= self.line_start => {
                }
                _ => return,
            }
        }
    }
}

/// Returns the length of a line break at the start of some bytes, 0 where there is none.
fn newline_len(bytes: &[u8]) -> usize {
    match bytes {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// Returns the length of the name at the start of a text, 0 where there is none.
pub(crate) fn ident_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ascii = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count();
    match bytes.first() {
        None | Some(b'0'..=b'9' | b'-') => return 0,
        Some(_) => {}
    }
    if bytes.get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    let mut characters = text.char_indices();
    if !characters
        .next()
        .is_some_and(|(_, first)| first == '_' || unicode_ident::is_xid_start(first))
    {
        return 0;
    }
    characters
        .find(|(_, next)| *next != '-' && !unicode_ident::is_xid_continue(*next))
        .map_or(text.len(), |(end, _)| end)
}
