//! What holds for every file that is formatted.

use kdef_source::{SourceMap, has_errors};
use kdef_syntax::token::{Token, TokenKind};
use kdef_syntax::{format, parse};

use crate::print;

/// Formats a text and checks what must hold. Tells whether the text could be formatted.
pub(crate) fn check(text: &str) -> bool {
    let file = SourceMap::default().add("test.kdef", text);
    let before = parse(file, text);
    let Ok(formatted) = format(file, text) else {
        assert!(
            has_errors(&before.diagnostics),
            "only files with errors are refused"
        );
        return false;
    };
    let after = parse(file, &formatted);
    assert_eq!(after.diagnostics, [], "{text:?} became {formatted:?}");
    assert_eq!(
        print::body(&before.body),
        print::body(&after.body),
        "{text:?} became {formatted:?}"
    );
    assert_eq!(
        code(&before.tokens, text),
        code(&after.tokens, &formatted),
        "{text:?} became {formatted:?}"
    );
    assert_eq!(format(file, &formatted).as_ref(), Ok(&formatted), "from {text:?}");
    is_tidy(&after.tokens, &formatted);
    true
}

/// Returns what is written but for blanks and line breaks, and commas, which the tree tells about.
fn code(tokens: &[Token], text: &str) -> Vec<String> {
    use TokenKind as K;
    tokens
        .iter()
        .filter(|token| {
            !matches!(
                token.kind,
                K::ByteOrderMark | K::Whitespace | K::Newline | K::Comma | K::End
            )
        })
        .map(|token| {
            let text = &text[token.range()];
            match token.kind {
                K::Comment => text
                    .lines()
                    .map(|line| line.trim_end().to_owned() + "\n")
                    .collect(),
                K::HeredocClose => text.trim_end().to_owned(),
                _ => text.to_owned(),
            }
        })
        .collect()
}

/// Checks that no blanks end a line, that blank lines stand alone, and that the last line ends. What heredocs hold is
/// kept as it is, code between `${ }` too.
fn is_tidy(tokens: &[Token], text: &str) {
    use TokenKind as K;
    let mut heredocs = 0;
    let mut kinds: Vec<K> = Vec::new();
    for token in tokens {
        heredocs += i32::from(token.kind == K::HeredocOpen) - i32::from(token.kind == K::HeredocClose);
        if heredocs == 0 {
            kinds.push(token.kind);
        }
    }
    for next in kinds.windows(2) {
        assert!(
            next != [K::Whitespace, K::Newline],
            "blanks end a line of {text:?}"
        );
        assert_ne!(next, [K::Whitespace, K::End], "blanks end {text:?}");
    }
    for next in kinds.windows(3) {
        let blank = next == [K::Newline, K::Newline, K::Newline]
            || next == [K::BraceOpen, K::Newline, K::Newline]
            || next == [K::Newline, K::Newline, K::End];
        assert!(!blank, "too many blank lines in {text:?}");
    }
    assert!(text.is_empty() || text.ends_with('\n'), "the last line ends");
    assert!(!kinds.contains(&K::ByteOrderMark));
}
