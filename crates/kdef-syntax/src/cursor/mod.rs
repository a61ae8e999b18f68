//! The parser's view of the tokens: look, take, complain, and know how deep it is.

mod blame;

use std::cell::OnceCell;
use std::ops::Range;

use kdef_source::{Diagnostic, FileId, Span};

use crate::ast::Ident;
use crate::lexer::{Lexed, Unclosed};
use crate::token::{Token, TokenKind};

/// Beyond this many spaces, lines count as equally indented.
const MAX_INDENTATION: usize = 1_000;

/// How many tokens the parser looks ahead on a line.
const MAX_LOOK_AHEAD: usize = 1_000;

/// Reads tokens in order and builds the tree; the grammar is in [`crate::parser`].
pub(crate) struct Parser<'t> {
    pub(crate) file: FileId,
    text: &'t str,
    tokens: &'t [Token],
    unclosed: &'t [Unclosed],
    /// The first token that is not taken yet, spaces and comments included.
    pos: usize,
    /// The first token from there on that matters.
    next: usize,
    /// Whether line breaks matter: in bodies and objects they do, in parentheses and brackets they do not.
    newlines: bool,
    depth: usize,
    /// The height of the expression that was read last.
    pub(crate) height: usize,
    /// The first token that is not on the line of the last error; up to it no others are reported.
    blamed: usize,
    /// The first token of the line after the one that was blamed last, item or not.
    line_end: usize,
    /// Whether the item at hand is given up, which makes the rest of the file look empty until the item's end.
    gave_up: bool,
    pub(crate) layout: Layout,
    /// Where lines begin; only broken files are asked for it.
    line_starts: OnceCell<Vec<usize>>,
    /// The closing brackets that strings without a closing quote hold, and where they are: they may close something.
    pub(crate) swallowed: Vec<(usize, char)>,
    diagnostics: Vec<Diagnostic>,
}

/// What decides where braces end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The braces themselves.
    Braces,
    /// Indentation too, since a brace is missing somewhere; see [`crate::parser`].
    Indentation,
}

/// A bracket that is open, or another opening token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opener {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// Whether line breaks mattered outside of it.
    newlines: bool,
    /// The spaces before the line it stands on, where indentation matters for it, else 0.
    pub(crate) indentation: usize,
}

/// A place in the tokens, to come back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bookmark {
    pos: usize,
    newlines: bool,
}

impl<'t> Parser<'t> {
    pub(crate) fn new(file: FileId, text: &'t str, lexed: &'t Lexed, layout: Layout) -> Self {
        let mut parser = Self {
            file,
            text,
            tokens: &lexed.tokens,
            unclosed: &lexed.unclosed,
            pos: 0,
            next: 0,
            newlines: true,
            depth: 0,
            height: 0,
            blamed: 0,
            line_end: 0,
            gave_up: false,
            layout,
            line_starts: OnceCell::new(),
            swallowed: Vec::new(),
            diagnostics: Vec::new(),
        };
        parser.next = parser.significant_from(0);
        parser
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    // Looking.

    /// Returns the kind of the next token that matters.
    pub(crate) fn peek(&self) -> TokenKind {
        self.tokens[self.next].kind
    }

    pub(crate) fn at(&self, kind: TokenKind) -> bool {
        self.peek() == kind
    }

    /// Returns the kind of the token right after the next one, trivia skipped and line breaks not.
    pub(crate) fn peek_second(&self) -> TokenKind {
        let mut after = self.tokens.iter().skip(self.next + 1).map(|token| token.kind);
        after.find(|kind| !kind.is_trivia()).unwrap_or(TokenKind::End)
    }

    /// Tells whether the next token is a certain word.
    pub(crate) fn at_word(&self, word: &str) -> bool {
        self.at(TokenKind::Ident) && self.next_text() == word
    }

    /// Returns the text of the next token.
    pub(crate) fn next_text(&self) -> &'t str {
        self.text_of(self.tokens[self.next])
    }

    /// Returns the next token that matters.
    pub(crate) fn next_token(&self) -> Token {
        self.tokens[self.next]
    }

    /// Returns the place of the next token.
    pub(crate) fn next_span(&self) -> Span {
        self.tokens[self.next].span(self.file)
    }

    /// Returns the next token even when it is a space, comment or line break.
    pub(crate) fn next_raw(&self) -> Token {
        self.tokens[self.pos]
    }

    /// Returns the kind of the last token that was taken.
    pub(crate) fn last_taken(&self) -> TokenKind {
        let taken = self.pos.checked_sub(1).and_then(|last| self.tokens.get(last));
        taken.map_or(TokenKind::Newline, |token| token.kind)
    }

    /// Returns the empty place right after the last token that was taken, trivia included.
    pub(crate) fn here(&self) -> Span {
        self.tokens[self.pos].span(self.file).at_start()
    }

    pub(crate) fn text_of(&self, token: Token) -> &'t str {
        self.slice(token.range())
    }

    pub(crate) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Says what the next token is, for a message.
    pub(crate) fn describe(&self) -> String {
        match self.peek() {
            TokenKind::Newline => "the end of the line".to_owned(),
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::QuoteOpen => "a string".to_owned(),
            TokenKind::HeredocOpen => "a heredoc".to_owned(),
            _ => format!("`{}`", self.next_text()),
        }
    }

    /// Returns the kinds of the tokens from the next one on, up to the end of its line, or of what is looked ahead.
    pub(crate) fn rest_of_line(&self) -> impl Iterator<Item = TokenKind> + use<'t> {
        let ahead = self.tokens.iter().skip(self.next).take(MAX_LOOK_AHEAD);
        ahead
            .map(|token| token.kind)
            .filter(|kind| !kind.is_trivia())
            .take_while(|kind| !matches!(kind, TokenKind::Newline | TokenKind::End))
    }

    /// Returns the text from the next token on, up to the end of its line.
    pub(crate) fn line_text(&self) -> &'t str {
        let rest = self.slice(self.tokens[self.next].start as usize..self.text.len());
        rest.split('\n').next().unwrap_or_default()
    }

    /// Tells whether the next token is the first on its line.
    pub(crate) fn at_line_start(&self) -> bool {
        self.next_indentation().is_some()
    }

    /// Returns the number of bytes between the start of the line and the next token, when that is the first on it.
    pub(crate) fn next_indentation(&self) -> Option<usize> {
        let mut before = self.tokens.iter().take(self.next).rev();
        let line_start = match before.find(|token| !token.kind.is_trivia()) {
            None => 0,
            Some(token) if token.kind == TokenKind::Newline => token.end,
            Some(_) => return None,
        };
        Some((self.tokens[self.next].start - line_start) as usize)
    }

    /// Returns the whole text's place.
    pub(crate) fn file_span(&self) -> Span {
        Span::new(self.file, 0, self.text.len())
    }

    /// Returns the number of spaces before the first token of the line that an offset stands on.
    pub(crate) fn indentation(&self, offset: u32) -> usize {
        let starts = self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= offset as usize);
        let line = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let line = self.text.as_bytes().get(line..).unwrap_or_default();
        let spaces = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        spaces.take(MAX_INDENTATION).count()
    }

    // Taking.

    /// Takes the next token. The end of the file is never taken, only returned.
    pub(crate) fn bump(&mut self) -> Token {
        let token = self.tokens[self.next];
        if token.kind != TokenKind::End {
            self.pos = self.next + 1;
            self.next = self.significant_from(self.pos);
        }
        token
    }

    /// Takes the next token if it is of a kind.
    pub(crate) fn eat(&mut self, kind: TokenKind) -> Option<Span> {
        self.at(kind).then(|| self.bump().span(self.file))
    }

    /// Takes the next token as a name.
    pub(crate) fn ident(&mut self) -> Ident {
        let token = self.bump();
        Ident {
            name: self.text_of(token).into(),
            span: token.span(self.file),
        }
    }

    /// Takes an opening token; line breaks matter inside of it or not.
    pub(crate) fn open(&mut self, newlines: bool) -> Opener {
        let outer = std::mem::replace(&mut self.newlines, newlines);
        let token = self.bump();
        let matters = self.layout == Layout::Indentation && token.kind == TokenKind::BraceOpen;
        Opener {
            kind: token.kind,
            span: token.span(self.file),
            newlines: outer,
            indentation: if matters { self.indentation(token.start) } else { 0 },
        }
    }

    /// Stands in for the brace that is missing from a block's header.
    pub(crate) fn missing_brace(&self, span: Span) -> Opener {
        Opener {
            kind: TokenKind::BraceOpen,
            span,
            newlines: self.newlines,
            indentation: self.indentation(span.start),
        }
    }

    /// Takes an opening token; line breaks matter inside of it as they do outside.
    pub(crate) fn open_alike(&mut self) -> Opener {
        self.open(self.newlines)
    }

    /// From here to the closing token line breaks do not matter.
    pub(crate) fn ignore_newlines(&mut self) {
        self.newlines = false;
        self.next = self.significant_from(self.pos);
    }

    /// Takes the next token as the one that closes `opener`.
    pub(crate) fn take_closer(&mut self, opener: &Opener) -> Token {
        self.newlines = opener.newlines;
        self.bump()
    }

    /// Leaves what `opener` opened without a closing token.
    pub(crate) fn leave(&mut self, opener: &Opener) {
        self.newlines = opener.newlines;
        self.next = self.significant_from(self.pos);
    }

    pub(crate) fn bookmark(&self) -> Bookmark {
        Bookmark {
            pos: self.pos,
            newlines: self.newlines,
        }
    }

    /// Goes on where a bookmark was set.
    pub(crate) fn go_to(&mut self, bookmark: Bookmark) {
        self.newlines = bookmark.newlines;
        self.pos = bookmark.pos;
        self.line_end = 0;
        self.next = self.significant_from(self.pos);
    }

    /// Returns where the token that comes next ends its text, when it opens one that nothing closes.
    pub(crate) fn unclosed_end(&self) -> Option<usize> {
        let index = self
            .unclosed
            .binary_search_by_key(&self.next, |unclosed| unclosed.open);
        index.ok().map(|index| self.unclosed[index].end)
    }

    /// Tells whether a bracket of a kind is open before the next token, as far as the parser looks.
    pub(crate) fn is_open(&self, kind: TokenKind) -> bool {
        let mut closed = 0;
        for token in self.tokens.iter().take(self.next).rev().take(MAX_LOOK_AHEAD) {
            if Some(token.kind) == kind.closer() {
                closed += 1;
            } else if token.kind == kind {
                if closed == 0 {
                    return true;
                }
                closed -= 1;
            }
        }
        false
    }

    /// Returns the first interpolation or directive that nothing closes, among the tokens from the next one to `end`.
    pub(crate) fn unclosed_inside(&self, end: usize) -> Option<Token> {
        let first = self
            .unclosed
            .partition_point(|unclosed| unclosed.open <= self.next);
        let inside = self.unclosed.iter().skip(first);
        inside
            .take_while(|unclosed| unclosed.open < end)
            .map(|unclosed| self.tokens[unclosed.open])
            .find(|token| {
                matches!(
                    token.kind,
                    TokenKind::InterpolationOpen | TokenKind::DirectiveOpen
                )
            })
    }

    /// Goes on at a token, which lies at or after the current place.
    pub(crate) fn skip_to(&mut self, index: usize) {
        self.pos = index.max(self.pos);
        self.next = self.significant_from(self.pos);
    }

    fn significant_from(&self, pos: usize) -> usize {
        let newlines = self.newlines;
        let matters =
            |token: &Token| !token.kind.is_trivia() && (newlines || token.kind != TokenKind::Newline);
        let distance = self.tokens.iter().skip(pos).position(matters);
        distance.map_or(self.tokens.len() - 1, |distance| pos + distance)
    }

    /// Sees to it that a loop which began a turn at `since` reads on, whatever it met.
    pub(crate) fn ensure_progress(&mut self, since: usize) {
        let stuck = self.pos == since && !self.at(TokenKind::End);
        debug_assert!(!stuck, "a loop of the parser stands still");
        if stuck {
            self.bump();
        }
    }

    /// Returns the current place, for [`Self::ensure_progress`].
    pub(crate) fn pos(&self) -> usize {
        self.pos
    }
}
