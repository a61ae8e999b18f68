//! What could take much time or room is refused, and says why.

use kdef_source::{Limits, MemoryWorld};

use super::call;

/// A text of 9,000 bytes.
const LONG: &str = r#"join("", [for i in range(900) : "aaaaaaaaaa"])"#;

fn small_world() -> MemoryWorld {
    MemoryWorld::default().with_limits(Limits {
        text_bytes: 10_000,
        steps: 100_000,
        ..Limits::default()
    })
}

#[test]
fn texts_end_at_the_limit_before_they_are_made() {
    let world = small_world();
    for expression in [
        r#"format("%999999999s", "a")"#,
        r#"format("%99999999999999999999s", "a")"#,
        r#"format("%.999999999f", 1)"#,
        r#"format("%.999999999d", 1)"#,
        r#"format("%0999999999x", 1)"#,
        r#"formatlist("%999999999s", ["a"])"#,
        r#"indent(999999999, "a\nb\nc")"#,
        r#"join("aaaaaaaaaaaaaaaaaaaa", [for i in range(600) : ""])"#,
        r#"replace(LONG, "a", "aaaaaaaaaa")"#,
        r#"replace(LONG, "/a/", "$0$0")"#,
        r#"replace(LONG, "", "aa")"#,
        "base64encode(LONG)",
        r#"textencodebase64(LONG, "UTF-16LE")"#,
        "jsonencode([LONG, LONG])",
        "yamlencode([LONG, LONG])",
        r#"format("%s%s", LONG, LONG)"#,
    ] {
        let (message, _) = call(&expression.replace("LONG", LONG), &world).unwrap_err();
        assert_eq!(
            message, "K0902: the text is longer than the limit of 10000 bytes",
            "{expression}"
        );
    }
}

#[test]
fn work_and_elements_are_bounded() {
    let world = small_world();
    let steps = "K0902: evaluating the project takes more than the limit of 100000 steps";
    for (expression, expected) in [
        (
            "range(2000)",
            "K0204: `range`: the list would have more than the limit of 1024 elements",
        ),
        (
            "setproduct(range(1000), range(1000))",
            "K0204: `setproduct`: there are more than the limit of 100000 combinations",
        ),
        ("setproduct(range(300), range(300))", steps),
        ("matchkeys(range(500), range(500), range(500))", steps),
        (r#"[for i in range(200) : regex("\\pL{100}", "a")]"#, steps),
        (
            r#"regex("((a{100}){100}){100}", "a")"#,
            "K0204: the argument `pattern` of `regex` is a pattern that becomes too large",
        ),
        (
            r#"regex("a{2000}", "a")"#,
            "K0204: the argument `pattern` of `regex` is not a valid pattern: it repeats more than 1000 times",
        ),
    ] {
        let (message, _) = call(&expression.replace("LONG", LONG), &world).unwrap_err();
        assert_eq!(message, expected, "{expression}");
    }
}

#[test]
fn aliases_do_not_multiply_without_end() {
    let level = |level: u32| {
        let alias = format!("*a{}", level - 1);
        format!("a{level}: &a{level} [{alias}, {alias}, {alias}]\\n")
    };
    let levels: String = (1..40).map(level).collect();
    let expression = format!("yamldecode(\"a0: &a0 [1]\\n{levels}\")");
    let (message, _) = call(&expression, &MemoryWorld::default()).unwrap_err();
    assert!(message.starts_with("K0902: "), "{message}");
}

#[test]
fn deep_texts_are_refused() {
    let world = MemoryWorld::default();
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(1_000), close.repeat(1_000));
    for expression in [
        format!("jsondecode(\"{}\")", deep("[", "]")),
        format!("yamldecode(\"{}\")", deep("[", "]")),
        format!("yamldecode(\"{}\")", deep("- ", "")),
        format!("regex(\"{}\", \"a\")", deep("(", ")")),
    ] {
        let (message, _) = call(&expression, &world).unwrap_err();
        assert!(message.starts_with("K0204: the argument `"), "{message}");
    }
}

/// Tests run on threads with a stack of 2 MiB.
#[test]
fn a_deep_template_in_a_deep_expression_does_not_overflow_the_stack() {
    let nested = |inner: &str, levels: usize| {
        format!(
            "{}{inner}{}",
            "[for x in [1] : ".repeat(levels),
            "]".repeat(levels)
        )
    };
    let deepest = kdef_syntax::MAX_DEPTH - 10;
    let template = format!("${{{}}}", nested("1", deepest));
    let world = MemoryWorld::new([("app/deep.tftpl", template.as_str())]);
    let expression = format!("length({})", nested("templatefile(\"deep.tftpl\", {})", deepest));
    let message = call(&expression, &world).map_err(|(message, _)| message);
    let expected = "K0902: lists and maps are nested deeper than the limit of 128 levels";
    assert_eq!(message, Err(expected.to_owned()));
}
