//! Input that is large or deep.

use kdef_source::Code;
use kdef_syntax::ast::Expr;
use kdef_syntax::{MAX_ERRORS, MAX_HEIGHT, visit};

use crate::invariants;

/// Repeats an opening and a closing text around a core.
fn nest(open: &str, core: &str, close: &str, times: usize) -> String {
    format!("{}{core}{}", open.repeat(times), close.repeat(times))
}

#[test]
fn nesting_of_every_kind_ends_in_a_diagnostic_not_in_an_overflow() {
    let shapes = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{ a = ", "1", "}"),
        ("f(", "1", ")"),
        ("a[", "1", "]"),
        ("\"${", "1", "}\""),
        ("\"%{ if ", "1", "}%{ endif }\""),
        ("[for a in ", "b", " : a]"),
        ("{for a in b : a => ", "b", "}"),
        ("a ? b : ", "c", ""),
        ("a ? ", "c", " : b"),
        ("a || b && c == d < e + f * (", "1", ")"),
        ("!(", "1", ")"),
        ("[a ? { b = f(\"${ c[", "1", "]}\") } : d]"),
        ("a[*][", "1", "]"),
    ];
    for (open, core, close) in shapes {
        for times in [200, 20_000] {
            let text = format!("x = {}\ny = 1\n", nest(open, core, close, times));
            let parsed = invariants::check(&text);
            let codes: Vec<Code> = parsed
                .diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code)
                .collect();
            assert_eq!(codes, [Code::TooDeep], "{open} {times}");
            assert!(
                parsed
                    .body
                    .attributes()
                    .any(|attribute| attribute.name.as_str() == "y"),
                "{open}"
            );
        }
        let text = format!("x = {}\n", nest(open, core, close, 15));
        assert_eq!(invariants::check(&text).diagnostics, [], "{open}");
    }
}

#[test]
fn unclosed_nesting_ends_as_well() {
    for open in [
        "(",
        "[",
        "{ a = ",
        "f(",
        "\"${",
        "\"%{ if ",
        "a {\n",
        "a {",
        "<<A\n${",
        "a[*]",
        "!",
        "-",
        "a = [\n",
        "a b ",
        "a \"b\" ",
        "@,",
        "[@,",
        "b = @ ",
        "a { b = @ ",
        "«",
        "a::",
        "1 a ",
        "\"${a\n",
        "x = \"${ (\n",
        "/**/",
    ] {
        for prefix in ["x = ", ""] {
            let text = format!("{prefix}{}", open.repeat(50_000));
            invariants::check(&text);
        }
    }
}

#[test]
fn blocks_are_nested_up_to_the_limit() {
    for (times, expected) in [(128, 0), (129, 1), (20_000, 1)] {
        let text = format!("{}y = 1\n", nest("a {\n", "", "}\n", times));
        let parsed = invariants::check(&text);
        assert_eq!(
            parsed.diagnostics.len(),
            expected,
            "{times}: {:?}",
            parsed.diagnostics
        );
        assert!(
            parsed
                .diagnostics
                .iter()
                .all(|diagnostic| diagnostic.code == Code::TooDeep)
        );
        assert_eq!(parsed.body.attributes().count(), 1);
    }
}

#[test]
fn template_directives_are_nested_up_to_the_limit() {
    let inner = |times| nest("%{ if a }", "x", "%{ endif }", times);
    assert_eq!(
        invariants::check(&format!("x = \"{}\"\n", inner(100))).diagnostics,
        []
    );
    for times in [200, 20_000] {
        let parsed = invariants::check(&format!("x = \"{}\"\ny = 1\n", inner(times)));
        let codes: Vec<Code> = parsed
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect();
        assert_eq!(codes, [Code::TooDeep], "{times}");
    }
}

#[test]
fn long_rows_of_operators_are_bounded_like_nesting() {
    for (first, link) in [
        ("1", " + 1"),
        ("a", ".b"),
        ("a", "[0]"),
        ("a[*]", ".b"),
        ("a.*", ".b"),
    ] {
        for (times, fits) in [(MAX_HEIGHT - 3, true), (MAX_HEIGHT, false), (50_000, false)] {
            let text = format!("x = {first}{}\ny = 1\n", link.repeat(times));
            let parsed = invariants::check(&text);
            assert_eq!(
                parsed.diagnostics.is_empty(),
                fits,
                "{first}{link} {times}: {:?}",
                parsed.diagnostics
            );
        }
    }
}

/// Chains inside of nesting must not add up to more than the bound.
#[test]
fn the_height_of_trees_is_bounded() {
    let row = "+ 1".repeat(40);
    let directives = "%{ if a }".repeat(60);
    let ends = "%{ endif }".repeat(60);
    for (open, close) in [
        ("(", format!(" {row})")),
        (&*format!("\"{directives}${{"), format!("}}{ends}\"")),
        ("a", "[*]".repeat(50)),
    ] {
        let text = format!("x = {}\n", nest(open, "1", &close, 60));
        let parsed = invariants::check(&text);
        assert!(
            parsed
                .diagnostics
                .iter()
                .any(|diagnostic| diagnostic.code == Code::TooDeep),
            "{open}"
        );
        assert!(parsed.body.items.is_empty());
    }
}

#[test]
fn the_number_of_errors_is_bounded() {
    for line in ["x = \n", "@\n", "x = \"\n"] {
        let parsed = invariants::check(&line.repeat(10_000));
        assert_eq!(parsed.diagnostics.len(), MAX_ERRORS + 1, "{line}");
        let last = parsed.diagnostics.last().map(|diagnostic| diagnostic.code);
        assert_eq!(last, Some(Code::LimitReached), "{line}");
    }
}

#[test]
fn a_walk_sees_every_expression_once() {
    let text = r#"
a "l-${var.label}" { x = [for i in var.list : var.value if var.condition] }
b = { (var.key) = "%{ if var.if }${var.then}%{ else }${var.else}%{ endif }" }
c = var.source[*].d[var.index] + (var.paren ? f(var.argument) : -var.minus)
d = "%{ for i in var.items }${var.body}%{ endfor }"
"#;
    let parsed = invariants::check(text);
    assert_eq!(parsed.diagnostics, []);
    let mut seen = Vec::new();
    visit::body(&parsed.body, &mut |node: &Expr| {
        use kdef_syntax::ast::ExprKind::{GetAttr, Variable};
        if let GetAttr { base, name } = &node.kind
            && matches!(&base.kind, Variable(root) if root.as_str() == "var")
        {
            seen.push(name.to_string());
        }
    });
    let expected = "label list value condition key if then else source index paren argument minus items body";
    assert_eq!(seen.join(" "), expected);
}
