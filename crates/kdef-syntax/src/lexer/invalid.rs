//! Characters that the language has no use for, and what was probably meant.

use kdef_source::{Code, Diagnostic};

use super::Lexer;
use crate::token::TokenKind;

/// How many characters after a quote of the wrong kind its closing one is looked for.
const MAX_QUOTED: usize = 256;

impl Lexer<'_> {
    /// Reads what cannot be read: one character, or a whole text in the wrong kind of quotes.
    pub(super) fn invalid(&mut self) {
        let rest = self.text.get(self.pos..).unwrap_or_default();
        let Some(character) = rest.chars().next() else {
            return;
        };
        let length = match closing_quotes(character) {
            Some(closing) => quoted_len(rest, character, closing),
            None => character.len_utf8(),
        };
        if self.last_significant != TokenKind::Invalid || closing_quotes(character).is_some() {
            let (message, hint) = explain(character, rest[length..].starts_with('{'));
            let span = self.span(self.pos, self.pos + length);
            self.report(Diagnostic::error(Code::InvalidCharacter, span, message).with_hint(hint));
        }
        self.emit(TokenKind::Invalid, self.pos + length);
    }
}

/// Returns what closes a text that begins with a quote of the wrong kind.
fn closing_quotes(character: char) -> Option<&'static [char]> {
    match character {
        '\'' => Some(&['\'']),
        '`' => Some(&['`']),
        '‘' | '’' => Some(&['‘', '’']),
        '“' | '”' | '„' => Some(&['“', '”', '"']),
        '«' => Some(&['»']),
        _ => None,
    }
}

/// Returns the length of a text in quotes of the wrong kind, that of the quote alone where the line has no second one.
fn quoted_len(text: &str, open: char, closing: &[char]) -> usize {
    let inside = text.get(open.len_utf8()..).unwrap_or_default();
    let near = inside.char_indices().take(MAX_QUOTED);
    let mut line = near.take_while(|(_, next)| !matches!(next, '\n' | '\r'));
    match line.find(|(_, next)| closing.contains(next)) {
        Some((at, close)) => open.len_utf8() + at + close.len_utf8(),
        None => open.len_utf8(),
    }
}

/// Says what is wrong with a character, and what to do.
fn explain(character: char, brace_follows: bool) -> (String, String) {
    let said = |message: &str, hint: &str| (message.to_owned(), hint.to_owned());
    match character {
        '\'' => said(
            "texts do not stand in single quotes",
            "use double quotes: \"...\"",
        ),
        '`' => said(
            "backticks have no meaning",
            "use double quotes, or a heredoc (`<<EOT`) for a text of several lines",
        ),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => said(
            "curly quotes are not quotes here",
            "replace them with straight ones (\"); word processors and chats put curly ones in their place",
        ),
        ';' => said("semicolons have no meaning", "begin a new line instead"),
        '&' => said("`&` is not an operator", "for \"and\" write `&&`"),
        '|' => said("`|` is not an operator", "for \"or\" write `||`"),
        '~' => said(
            "`~` has no meaning here",
            "it trims blanks at the edge of a template sequence: `${~ x ~}`; for \"not\" write `!`",
        ),
        '^' => said("`^` is not an operator", "there is none for powers or bits"),
        '$' if brace_follows => said(
            "`${` has a meaning only inside a text",
            "write the expression alone, or put quotes around the whole: \"${...}\"",
        ),
        '$' => said(
            "`$` has no meaning here",
            "variables are written without it, as in `var.name`",
        ),
        '@' => said("`@` has no meaning here", "put texts in double quotes"),
        '\\' => said(
            "`\\` has no meaning here",
            "put texts in double quotes; an expression in parentheses may span lines",
        ),
        '\r' => said(
            "a carriage return stands where no line ends",
            "save the file with the line ends of Unix (LF) or Windows (CRLF)",
        ),
        '\u{feff}' => said(
            "a byte order mark stands in the middle of the file",
            "remove the invisible character U+FEFF; it comes from joining files",
        ),
        _ if is_invisible(character) => (
            format!(
                "the invisible character U+{:04X} has no meaning here",
                u32::from(character)
            ),
            "replace it with a plain blank, or remove it".to_owned(),
        ),
        _ => (
            format!("`{character}` has no meaning here"),
            "put texts in double quotes".to_owned(),
        ),
    }
}

fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
}
