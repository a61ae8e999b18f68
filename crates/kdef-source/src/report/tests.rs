use super::*;
use crate::{Code, Diagnostic, SourceMap, Span};

fn problem() -> (SourceMap, Diagnostic) {
    let mut sources = SourceMap::default();
    let file = sources.add("a,b.kdef", "x = 1\ny = nope\n");
    let diagnostic = Diagnostic::warning(Code::UnknownVariable, Span::new(file, 10, 14), "100% unknown")
        .with_related(Span::new(file, 0, 1), "here")
        .with_hint("declare it");
    (sources, diagnostic)
}

#[test]
fn short_and_located_are_one_line() {
    let (sources, diagnostic) = problem();
    assert_eq!(
        short(&diagnostic, &sources),
        "a,b.kdef:2:5: warning[K0201]: 100% unknown"
    );
    assert_eq!(
        located(&diagnostic, &sources),
        "a,b.kdef:2:5: 100% unknown (declare it)"
    );
}

#[test]
fn github_escapes_what_its_commands_would_misread() {
    let (sources, diagnostic) = problem();
    assert_eq!(
        github(&diagnostic, &sources),
        "::warning file=a%2Cb.kdef,line=2,endLine=2,col=5,endColumn=9,title=K0201::100%25 unknown%0Adeclare it"
    );
}

#[test]
fn json_has_the_documented_shape() {
    let (sources, diagnostic) = problem();
    let place = |line: usize, from: usize, to: usize| serde_json::json!({"start": {"line": line, "column": from}, "end": {"line": line, "column": to}});
    let rows: serde_json::Value = serde_json::from_str(&json(&[diagnostic], &sources)).unwrap();
    assert_eq!(rows[0]["code"], "K0201");
    assert_eq!(rows[0]["severity"], "warning");
    assert_eq!(rows[0]["message"], "100% unknown");
    assert_eq!(rows[0]["file"], "a,b.kdef");
    assert_eq!(rows[0]["start"], place(2, 5, 9)["start"]);
    assert_eq!(rows[0]["end"], place(2, 5, 9)["end"]);
    assert_eq!(rows[0]["hints"], serde_json::json!(["declare it"]));
    assert_eq!(rows[0]["related"][0]["message"], "here");
    assert_eq!(rows[0]["related"][0]["start"], place(1, 1, 2)["start"]);
}
