//! The text of `--set`.

use kdef_source::{Code, Diagnostic};

/// Splits the texts of `--set` into names and values, in order.
///
/// A text is one `name=value` or several with commas between them. A comma starts a new item only where `name=` follows
/// it outside brackets and double quotes; otherwise it belongs to the value, so that lists and sentences need no
/// escaping. An item that is double-quoted as a whole is unquoted as in CSV, where `""` stands for a quote.
///
/// Problems name the variable and never show its value, which may be a secret.
pub(crate) fn parse(texts: &[String]) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let items = texts.iter().flat_map(|text| items(text));
    let (mut pairs, mut problems) = (Vec::new(), Vec::new());
    for item in items {
        match pair(item) {
            Ok(pair) => pairs.push(pair),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(pairs)
    } else {
        Err(problems)
    }
}

/// Splits a text at the commas that start a new item. The text's end closes what is still open.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut depth, mut at) = (0, 0_usize, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = closing_quote(text, at, at == start),
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 && starts_item(&text[at + 1..]) => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    items.push(&text[start..]);
    items
}

/// Returns the offset of the quote that closes the one at `open`, or of the text's last byte. Inside a value, a
/// backslash escapes as in JSON; around a whole item a second quote does, as in CSV.
fn closing_quote(text: &str, open: usize, whole_item: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' if whole_item && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'\\' if !whole_item => at += 1,
            b'"' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len() - 1
}

/// Tells whether a text begins with `name=`, quoted or not.
fn starts_item(text: &str) -> bool {
    let text = text.strip_prefix('"').unwrap_or(text);
    let after = text.trim_start_matches(is_name_part);
    after.starts_with('=') && is_name(&text[..text.len() - after.len()])
}

/// Splits one item at its first `=`. Blanks are kept.
fn pair(item: &str) -> Result<(String, String), Diagnostic> {
    let unquoted = item
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .map(|inner| inner.replace("\"\"", "\""));
    let item = unquoted.as_deref().unwrap_or(item);
    match item.split_once('=') {
        Some((name, value)) if is_name(name) => Ok((name.to_owned(), value.to_owned())),
        Some((name, _)) => Err(wrong_name(name)),
        None => Err(problem(format!("`--set {item}` gives no value"))
            .with_hint("write `name=value`, as in `--set replicas=3`; `name=` sets an empty text")),
    }
}

fn wrong_name(name: &str) -> Diagnostic {
    let problem = problem(format!("`--set {name}=...` names no variable"));
    match name.split_once(['.', '[']) {
        Some((variable, _)) if is_name(variable) => problem.with_hint(format!(
            "set the whole variable, as JSON: `--set '{variable}={{\"key\": \"value\"}}'`"
        )),
        _ => problem
            .with_hint("a variable's name has letters, digits, `_` and `-`, and begins with a letter or `_`"),
    }
}

fn problem(message: String) -> Diagnostic {
    Diagnostic::error(Code::InvalidSetting, None, message)
}

/// Tells whether a text is an identifier of the language.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first == '_' || first.is_alphabetic()) && text.chars().all(is_name_part)
}

fn is_name_part(letter: char) -> bool {
    letter == '_' || letter == '-' || letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(&[text.to_owned()]).unwrap()
    }

    #[test]
    fn a_comma_starts_an_item_only_before_a_name() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("a=1", &[("a", "1")]),
            ("a=1,b=2", &[("a", "1"), ("b", "2")]),
            ("a=1,a=2", &[("a", "1"), ("a", "2")]),
            ("a=", &[("a", "")]),
            ("a=,b=", &[("a", ""), ("b", "")]),
            ("url=x?a=b", &[("url", "x?a=b")]),
            ("hosts=a.example,b.example", &[("hosts", "a.example,b.example")]),
            (
                "hosts=a.example,b.example/?q=1",
                &[("hosts", "a.example,b.example/?q=1")],
            ),
            ("text=one, two,tag=v2", &[("text", "one, two"), ("tag", "v2")]),
            ("a=1,", &[("a", "1,")]),
            ("a=1,=2", &[("a", "1,=2")]),
            ("a= 1 ,b=2", &[("a", " 1 "), ("b", "2")]),
            (
                "image-tag=v2,_x=é,é=y",
                &[("image-tag", "v2"), ("_x", "é"), ("é", "y")],
            ),
            ("a=x\ny,b=2", &[("a", "x\ny"), ("b", "2")]),
        ];
        check(cases);
    }

    #[test]
    fn brackets_and_quotes_hold_their_commas() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            (r#"a=["x","y=1"],b=2"#, &[("a", r#"["x","y=1"]"#), ("b", "2")]),
            (r"a=[x,b=1],b=2", &[("a", "[x,b=1]"), ("b", "2")]),
            (r#"a={"k":"v,b=1"},b=2"#, &[("a", r#"{"k":"v,b=1"}"#), ("b", "2")]),
            (r#"a="x,b=1",b=2"#, &[("a", r#""x,b=1""#), ("b", "2")]),
            (r#"a="x\",b=1",b=2"#, &[("a", r#""x\",b=1""#), ("b", "2")]),
            (r"a=f(x,b=1),b=2", &[("a", "f(x,b=1)"), ("b", "2")]),
            (r"a=x],b=2", &[("a", "x]"), ("b", "2")]),
            (r"a=[x,b=2", &[("a", "[x,b=2")]),
            (r#"a="x,b=2"#, &[("a", r#""x,b=2"#)]),
            (r#""a=x,b=1",b=2"#, &[("a", "x,b=1"), ("b", "2")]),
            (r#"a=1,"b=x ""y"", c=z""#, &[("a", "1"), ("b", r#"x "y", c=z"#)]),
        ];
        check(cases);
    }

    fn check(cases: &[(&str, &[(&str, &str)])]) {
        for (text, expected) in cases {
            let expected: Vec<(String, String)> = expected
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(pairs(text), expected, "{text}");
        }
    }

    #[test]
    fn every_wrong_item_is_named_without_its_value() {
        let texts = ["replicas", "a=1", "db.password=hunter2", "", "=1", "\"", "9=x"].map(str::to_owned);
        let problems = parse(&texts).unwrap_err();
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`--set replicas` gives no value",
                "`--set db.password=...` names no variable",
                "`--set ` gives no value",
                "`--set =...` names no variable",
                "`--set \"` gives no value",
                "`--set 9=...` names no variable",
            ]
        );
        assert_eq!(
            problems[1].hints,
            [r#"set the whole variable, as JSON: `--set 'db={"key": "value"}'`"#]
        );
    }
}
