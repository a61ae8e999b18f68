//! Characters that the language has no use for, and what was probably meant.

use kdef_source::{Code, Diagnostic};

use super::Lexer;
use crate::token::TokenKind;

/// How many characters after a quote of the wrong kind its closing one is looked for.
const MAX_QUOTED: usize = 100;

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

/// What is wrong with a character, and what to do.
const EXPLANATIONS: [(&str, &str, &str); 11] = [
    (
        "'",
        "strings are not written in single quotes",
        "use double quotes: \"...\"",
    ),
    (
        "`",
        "backticks have no meaning",
        "use double quotes, or a heredoc (`<<EOT`) for a string of several lines",
    ),
    (
        "“”„‘’«»",
        "curly quotes are not quotes here",
        "replace them with straight ones (\"); word processors and chats put curly ones in their place",
    ),
    (";", "semicolons have no meaning", "begin a new line instead"),
    ("&", "`&` is not an operator", "for \"and\" write `&&`"),
    ("|", "`|` is not an operator", "for \"or\" write `||`"),
    (
        "~",
        "`~` has no meaning here",
        "it trims spaces at the edge of `${~ x ~}`; for \"not\" write `!`",
    ),
    ("^", "`^` is not an operator", "there is none for powers or bits"),
    (
        "$",
        "`$` has no meaning here",
        "variables are written without it, as in `var.name`",
    ),
    (
        "\r",
        "a carriage return stands where no line ends",
        "save the file with the line ends of Unix (LF) or Windows (CRLF)",
    ),
    (
        "\u{feff}",
        "a byte order mark stands in the middle of the file",
        "remove the invisible character U+FEFF; it comes from joining files",
    ),
];

/// Says what is wrong with a character, and what to do.
fn explain(character: char, brace_follows: bool) -> (String, &'static str) {
    if character == '$' && brace_follows {
        return (
            "`${` has a meaning only inside a string".to_owned(),
            "write the expression alone, or put quotes around the whole: \"${...}\"",
        );
    }
    let known = EXPLANATIONS
        .iter()
        .find(|(characters, ..)| characters.contains(character));
    if let Some((_, message, hint)) = known {
        return ((*message).to_owned(), hint);
    }
    if is_invisible(character) {
        let code = u32::from(character);
        let message = format!("the invisible character U+{code:04X} has no meaning here");
        return (message, "replace it with a plain space, or remove it");
    }
    let message = format!("`{character}` has no meaning here");
    (message, "put strings in double quotes")
}

fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
}
