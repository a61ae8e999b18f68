//! Tokens to lines, and how far these are indented.

use std::borrow::Cow;
use std::ops::Range;

use super::breaks::{Break, BreakKind};
use super::{closes, opens};
use crate::token::{Token, TokenKind};

/// A token as it will be written. A whole heredoc is one piece.
#[derive(Debug)]
pub(super) struct Piece<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: Cow<'t, str>,
    /// How many spaces stand before it.
    pub(super) spaces: usize,
}

impl Piece<'_> {
    /// Tells whether the piece is a comment that ends with its line.
    pub(super) fn is_line_comment(&self) -> bool {
        self.kind == TokenKind::Comment && !self.text.starts_with("/*")
    }
}

/// A line, which is never empty.
#[derive(Debug)]
pub(super) struct Line {
    /// Its pieces.
    pub(super) pieces: Range<usize>,
    /// Whether a blank line stands before it.
    pub(super) after_blank: bool,
}

/// A file as it will be written.
#[derive(Debug, Default)]
pub(super) struct Page<'t> {
    pub(super) pieces: Vec<Piece<'t>>,
    pub(super) lines: Vec<Line>,
}

impl Page<'_> {
    /// Writes the file.
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            if line.after_blank {
                text.push('\n');
            }
            for piece in self.pieces.get(line.pieces.clone()).unwrap_or_default() {
                text.extend(std::iter::repeat_n(' ', piece.spaces));
                text.push_str(&piece.text);
            }
            text.push('\n');
        }
        text
    }
}

/// Divides tokens into lines: as they are written, and at the breaks.
pub(super) fn read<'t>(text: &'t str, tokens: &[Token], breaks: &[Break]) -> Page<'t> {
    let mut reader = Reader {
        text,
        page: Page::default(),
        line_start: 0,
        newlines: 0,
    };
    let mut breaks = breaks.iter().peekable();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let at = breaks.next_if(|next| next.at == token.start && !token.kind.is_trivia());
        let last = last_of(tokens, index);
        reader.token(*token, tokens[last].end, at.map(|at| at.kind));
        index = last + 1;
    }
    reader.end_line();
    reader.page
}

/// Takes the blanks from the end of every line of a comment, and with them all but `\n` of the line breaks.
fn without_blank_ends(comment: &str) -> Cow<'_, str> {
    let trimmed = |line: &'_ str| line.trim_end_matches([' ', '\t', '\r']).len();
    if !comment.contains('\n') {
        return Cow::Borrowed(&comment[..trimmed(comment)]);
    }
    let lines: Vec<&str> = comment.split('\n').map(|line| &line[..trimmed(line)]).collect();
    Cow::Owned(lines.join("\n"))
}

/// Returns the index of the token that ends the piece: for a heredoc its marker, else the token itself.
fn last_of(tokens: &[Token], start: usize) -> usize {
    let mut open = 0;
    for (index, token) in tokens.iter().enumerate().skip(start) {
        match token.kind {
            TokenKind::HeredocOpen => open += 1,
            TokenKind::HeredocClose => open -= 1,
            _ => {}
        }
        if open <= 0 {
            return index;
        }
    }
    start
}

struct Reader<'t> {
    text: &'t str,
    page: Page<'t>,
    /// The first piece of the line at hand.
    line_start: usize,
    /// Line breaks since the last line that is not empty.
    newlines: usize,
}

impl Reader<'_> {
    fn token(&mut self, token: Token, end: u32, at: Option<BreakKind>) {
        match at {
            Some(BreakKind::Item) if self.holds_code() => self.end_line(),
            Some(BreakKind::Close) => self.end_line(),
            Some(BreakKind::Comma) => return self.end_line(),
            Some(BreakKind::Item) | None => {}
        }
        let text = self.text.get(token.start as usize..end as usize);
        let text = text.unwrap_or_default();
        let text = match token.kind {
            TokenKind::ByteOrderMark | TokenKind::Whitespace | TokenKind::End => return,
            TokenKind::Newline => {
                self.end_line();
                self.newlines += 1;
                return;
            }
            TokenKind::Comment => without_blank_ends(text),
            // Blanks after its marker are no part of the text.
            TokenKind::HeredocOpen => Cow::Borrowed(text.trim_end()),
            _ => Cow::Borrowed(text),
        };
        self.page.pieces.push(Piece {
            kind: token.kind,
            text,
            spaces: 0,
        });
    }

    /// Tells whether the line at hand holds anything but comments.
    fn holds_code(&self) -> bool {
        let line = self.page.pieces.get(self.line_start..).unwrap_or_default();
        line.iter().any(|piece| piece.kind != TokenKind::Comment)
    }

    fn end_line(&mut self) {
        let pieces = self.line_start..self.page.pieces.len();
        let Some(first) = self.page.pieces.get(self.line_start) else {
            return;
        };
        let after_blank = self.newlines > 1 && !closes(first.kind) && !self.opened_before();
        self.line_start = pieces.end;
        self.newlines = 0;
        self.page.lines.push(Line { pieces, after_blank });
    }

    /// Tells whether the line before ends with an opening bracket, or there is none.
    fn opened_before(&self) -> bool {
        let Some(line) = self.page.lines.last() else {
            return true;
        };
        let line = self.page.pieces.get(line.pieces.clone()).unwrap_or_default();
        let mut code = line.iter().rev().filter(|piece| piece.kind != TokenKind::Comment);
        code.next().is_some_and(|last| opens(last.kind))
    }
}

/// Indents the lines.
///
/// What a bracket holds stands one level deeper than the line that the bracket opens on. A line that begins with closing
/// brackets stands where the line of the last one's partner does.
pub(super) fn indent(page: &mut Page<'_>) {
    let mut levels: Vec<usize> = Vec::new();
    for line in &page.lines {
        let pieces = page.pieces.get_mut(line.pieces.clone()).unwrap_or_default();
        let leading = pieces.iter().take_while(|piece| closes(piece.kind)).count();
        let inside = levels.last().map_or(0, |level| level + 1);
        let closed = (0..leading).filter_map(|_| levels.pop()).last();
        let level = closed.unwrap_or(inside);
        for piece in pieces.iter().skip(leading) {
            if opens(piece.kind) {
                levels.push(level);
            } else if closes(piece.kind) {
                levels.pop();
            }
        }
        if let Some(first) = pieces.first_mut() {
            first.spaces = 2 * level;
        }
    }
}
