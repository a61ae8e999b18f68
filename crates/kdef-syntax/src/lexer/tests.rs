//! Which tokens a text is made of.

use kdef_source::SourceMap;

use super::lex;

/// Prints the kinds of all tokens but blanks, and the index ranges of what is never closed.
fn kinds(text: &str) -> String {
    let file = SourceMap::default().add("test.kdef", text);
    let lexed = lex(file, text);
    let tokens = lexed.tokens.iter().filter(|token| !token.kind.is_trivia());
    let mut out: Vec<String> = tokens
        .map(|token| format!("{:?}{:?}", token.kind, &text[token.range()]))
        .collect();
    out.pop();
    let open = lexed.unclosed.iter().map(|unclosed| {
        let token = lexed.tokens[unclosed.open];
        let end = lexed.tokens[unclosed.end].start as usize;
        format!("!{:?}", &text[token.start as usize..end])
    });
    out.extend(open);
    out.join(" ")
}

#[test]
fn code_is_made_of_these_tokens() {
    for (text, expected) in [
        ("a-b _c ñé", r#"Ident"a-b" Ident"_c" Ident"ñé""#),
        ("-a --b", r#"Minus"-" Ident"a" Minus"-" Minus"-" Ident"b""#),
        (
            "a# b\n//c\r\n/*\n*/d",
            r#"Ident"a" Newline"\n" Newline"\r\n" Ident"d""#,
        ),
        (
            "1.5.x 1..2 1... 2e3e 4e+",
            r#"Number"1.5" Dot"." Ident"x" Number"1..2" Number"1" Ellipsis"..." Number"2e3" Ident"e" Number"4" Ident"e" Plus"+""#,
        ),
        (
            "a::b => c == d",
            r#"Ident"a" DoubleColon"::" Ident"b" Arrow"=>" Ident"c" Equal"==" Ident"d""#,
        ),
        (
            "'a b' “c” `d",
            r#"Invalid"'a b'" Invalid"“c”" Invalid"`" Ident"d""#,
        ),
        (
            "~} ${a}",
            r#"Invalid"~" BraceClose"}" Invalid"$" BraceOpen"{" Ident"a" BraceClose"}""#,
        ),
    ] {
        assert_eq!(kinds(text), expected, "{text}");
    }
}

#[test]
fn texts_are_made_of_these_tokens() {
    for (text, expected) in [
        (r#""a\"b""#, r#"QuoteOpen"\"" QuotedText"a\\\"b" QuoteClose"\"""#),
        (
            r#""$${a}${b~}""#,
            r#"QuoteOpen"\"" QuotedText"$${a}" InterpolationOpen"${" Ident"b" TemplateClose"~}" QuoteClose"\"""#,
        ),
        (
            r#""${{}}""#,
            r#"QuoteOpen"\"" InterpolationOpen"${" BraceOpen"{" BraceClose"}" TemplateClose"}" QuoteClose"\"""#,
        ),
        (
            "<<-E\n a\n  E \r\n",
            r#"HeredocOpen"<<-E\n" HeredocText" a\n" HeredocClose"  E " Newline"\r\n""#,
        ),
        (
            "<<E\nE2\n${a}E\nE",
            r#"HeredocOpen"<<E\n" HeredocText"E2\n" InterpolationOpen"${" Ident"a" TemplateClose"}" HeredocText"E\n" HeredocClose"E""#,
        ),
        ("<<E a\n", r#"Less"<" Less"<" Ident"E" Ident"a" Newline"\n""#),
    ] {
        assert_eq!(kinds(text), expected, "{text}");
    }
}

#[test]
fn what_is_never_closed_ends_with_its_line() {
    for (text, expected) in [
        (
            "\"a\nb",
            r#"QuoteOpen"\"" QuotedText"a" Newline"\n" Ident"b" !"\"a""#,
        ),
        (
            "\"${a\"\nb",
            r#"QuoteOpen"\"" InterpolationOpen"${" Ident"a" QuoteOpen"\"" Newline"\n" Ident"b" !"\"${a\"" !"${a\"" !"\"""#,
        ),
        (
            "\"${a\nb",
            r#"QuoteOpen"\"" InterpolationOpen"${" Ident"a" Newline"\n" Ident"b" !"\"${a" !"${a""#,
        ),
        (
            "\"${\n\"a\n}\"",
            r#"QuoteOpen"\"" InterpolationOpen"${" Newline"\n" QuoteOpen"\"" QuotedText"a" Newline"\n" TemplateClose"}" QuoteClose"\"" !"\"a""#,
        ),
        (
            "<<E\n${a\nb\nE\n",
            r#"HeredocOpen"<<E\n" InterpolationOpen"${" Ident"a" HeredocText"\n" HeredocText"b\n" HeredocClose"E" Newline"\n" !"${a""#,
        ),
        (
            "<<E\n${(a\nE\n",
            r#"HeredocOpen"<<E\n" InterpolationOpen"${" ParenOpen"(" Ident"a" HeredocText"\n" HeredocClose"E" Newline"\n" !"${(a""#,
        ),
        ("<<E\na\n", r#"HeredocOpen"<<E\n" HeredocText"a\n" !"<<E\na\n""#),
    ] {
        assert_eq!(kinds(text), expected, "{text}");
    }
}
