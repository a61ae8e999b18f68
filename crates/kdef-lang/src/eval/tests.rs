use std::sync::Arc;

use kdef_source::{Limits, MemoryWorld, SourceMap, World};

use super::*;
use crate::value::List;

/// What came of a text: its attributes' values, and its mistakes as `code place: message`.
struct Outcome {
    values: Vec<Value>,
    mistakes: Vec<String>,
    hints: Vec<String>,
}

fn world() -> MemoryWorld {
    MemoryWorld::new([("app/notes.txt", "hello\n"), ("top.txt", "top")]).with_env("HOME", "/root")
}

fn scope() -> Scope {
    let images = Images::from([("web".into(), "registry/web:1".into())]);
    let folder = kdef_source::VirtualPath::new("app").unwrap();
    let var = Value::object([
        ("replicas", Value::from(3)),
        ("name", "web".into()),
        ("missing", Value::UNKNOWN),
        ("list", Value::tuple([1.into(), 2.into()])),
        ("map", Value::object([("b", Value::from(2)), ("a", 1.into())])),
        ("nothing", Value::NULL),
    ]);
    Scope::new(Arc::new(Place {
        folder,
        images,
        images_incomplete: false,
    }))
    .with_members("var", "variable", var)
    .with("kdef", Value::object([("env", Value::from("test"))]))
    .with_environment()
}

fn run_in(text: &str, scope: &Scope, world: &MemoryWorld) -> Outcome {
    let mut sources = SourceMap::default();
    let file = sources.add("test.kdef", text);
    let parse = kdef_syntax::parse(file, text);
    assert_eq!(parse.diagnostics, [], "{text}");
    let budget = Budget::new(world.limits());
    let mut evaluator = Evaluator::new(world, &budget);
    let values = parse
        .body
        .attributes()
        .map(|it| evaluator.evaluate(&it.value, scope))
        .collect();
    let found = evaluator.into_diagnostics();
    let shown = |it: &Diagnostic| format!("{} `{}`: {}", it.code, sources.text(it.span.unwrap()), it.message);
    Outcome {
        values,
        mistakes: found.iter().map(shown).collect(),
        hints: found.into_iter().flat_map(|it| it.hints).collect(),
    }
}

fn run(expression: &str) -> Outcome {
    run_in(&format!("value = {expression}\n"), &scope(), &world())
}

/// Expressions and the one mistake that each of them makes.
const MISTAKES: &[(&str, &str)] = &[
    ("vra.name", "K0201 `vra`: `vra` is not defined"),
    ("web", "K0201 `web`: `web` is not defined"),
    ("var.nam", "K0201 `nam`: there is no variable `nam`"),
    (r#"var["nam"]"#, "K0201 `\"nam\"`: there is no variable `nam`"),
    (
        "kdef.envi",
        "K0202 `envi`: there is no attribute `envi` in this map",
    ),
    (
        r#"var.map["c"]"#,
        "K0202 `\"c\"`: there is no key `c` in this map",
    ),
    ("var.name.x", "K0202 `x`: a string has no attribute `x`"),
    ("var.list.x", "K0202 `x`: a list has no attribute `x`"),
    (
        "var.list[2]",
        "K0202 `2`: the list has 2 elements, and their indexes are 0 to 1",
    ),
    (
        "var.list[-1]",
        "K0202 `-1`: the index of a list must not be negative",
    ),
    (
        "var.list[0.5]",
        "K0202 `0.5`: the index of a list must be a whole number",
    ),
    (
        r#"var.list["x"]"#,
        "K0205 `\"x\"`: the index of a list must be a number, and this text is not",
    ),
    ("[][0]", "K0202 `0`: the list is empty"),
    ("var.list[null]", "K0206 `null`: the index is null"),
    (
        "var.nothing.x",
        "K0206 `var.nothing`: this is null, and has no attribute `x`",
    ),
    ("var.name[0]", "K0202 `var.name`: a string has no elements"),
    ("1 + var.list", "K0205 `var.list`: `+` needs a number, not a list"),
    ("1 < null", "K0206 `null`: `<` needs a number, and this is null"),
    ("!1", "K0205 `1`: `!` needs a bool, not a number"),
    ("true && 1", "K0205 `1`: `&&` needs a bool, not a number"),
    (
        "true && null",
        "K0206 `null`: `&&` needs a bool, and this is null",
    ),
    ("10 / 0", "K0207 `/`: division by zero"),
    ("10 % 0", "K0207 `%`: division by zero"),
    (
        "1e4000 * 1e4000",
        "K0207 `*`: the result is outside the range of numbers, which ends at about 1.19e4932",
    ),
    (
        "1e9999",
        "K0106 `1e9999`: the number is outside the range of numbers, which ends at about 1.19e4932",
    ),
    (
        "1 ? 2 : 3",
        "K0205 `1`: the condition must be true or false, not a number",
    ),
    (
        "null ? 2 : 3",
        "K0206 `null`: the condition is null, and must be true or false",
    ),
    (
        "true ? [] : 1",
        "K0205 `[] : 1`: the two results of the condition have no type in common",
    ),
    (
        r#""a${null}b""#,
        "K0206 `null`: this is null, which cannot be part of a text",
    ),
    (
        r#""a${var.list}b""#,
        "K0205 `var.list`: a list cannot be part of a text",
    ),
    (
        r#""a${secret("x", "y")}b""#,
        r#"K0205 `secret("x", "y")`: a reference to a secret cannot be part of a longer text"#,
    ),
    ("[for x in 1 : x]", "K0208 `1`: a number cannot be iterated"),
    (
        "[for x in null : x]",
        "K0206 `null`: this is null, which cannot be iterated",
    ),
    (
        "[for x in [1, 2] : x if x]",
        "K0205 `x`: the condition must be true or false, not a number",
    ),
    (
        "{ for x in [1, 1] : x => x }",
        "K0211 `x`: two elements give the key `1`",
    ),
    ("{ (null) = 1 }", "K0206 `(null)`: the key is null"),
    (
        "env.NOPE",
        "K0209 `NOPE`: the environment variable `NOPE` is not set",
    ),
    ("env", "K0208 `env`: `env` cannot be used as a whole"),
    (
        "[for k, v in env : k]",
        "K0208 `env`: `env` cannot be used as a whole",
    ),
    (r#"imag("web")"#, "K0203 `imag`: there is no function `imag`"),
    (r#"a::b("web")"#, "K0203 `a::b`: there is no function `a::b`"),
    (
        r#"secret("a")"#,
        "K0204 `secret`: `secret` needs the argument `key`",
    ),
    (r#"image("web", "x")"#, "K0204 `\"x\"`: `image` takes 1 argument"),
    (
        "image(null)",
        "K0204 `null`: the argument `alias` of `image` must not be null",
    ),
    (
        "image([])",
        "K0204 `[]`: the argument `alias` of `image` does not fit: a string is required, not a list",
    ),
    (
        r#"image("web"...)"#,
        "K0205 `\"web\"`: `...` needs a list, not a string",
    ),
];

#[test]
fn mistakes_say_what_is_wrong_and_where() {
    for (expression, mistake) in MISTAKES {
        let outcome = run(expression);
        assert_eq!(outcome.mistakes, [*mistake], "{expression}");
        assert!(!outcome.values[0].is_wholly_known(), "{expression} has a value");
    }
}

#[test]
fn hints_say_what_to_do() {
    for (expression, hint) in [
        ("vra.name", "did you mean `var`?"),
        ("replicas", "did you mean `var.replicas`?"),
        ("production", "write a text in quotes: \"production\""),
        ("var.nam", "did you mean `name`?"),
        ("var.map.xyz", "it has `b`, `a`"),
        ("var.list.x", "take one element with `[0].x`, or all with `[*].x`"),
        (r#"imag("web")"#, "did you mean `image`?"),
        (r#"secret("a")"#, "it is called as `secret(name, key)`"),
        (r#"var.name + "x""#, "join texts in a template: \"${a}${b}\""),
        ("env", "name one variable, as in `env.HOME`"),
    ] {
        let hints = run(expression).hints;
        assert_eq!(hints.first().map(String::as_str), Some(hint), "{expression}");
    }
}

#[test]
fn every_mistake_is_reported_and_only_once() {
    for (expression, count) in [
        ("[nope1, nope2, nope3]", 3),
        ("{ a = nope1, (nope2) = 1, b = [nope3] }", 3),
        (r#""${nope1} ${nope2}""#, 2),
        ("nope1 + nope2 * nope3", 3),
        ("nope1.a.b[nope2]", 2),
        ("secret(nope1, nope2)", 2),
        ("nope1(nope2)", 2),
        ("[for x in [1, 2, 3] : nope]", 1),
        (r#""%{ for x in [1, 2, 3] }${nope}%{ endfor }""#, 1),
        ("[for x in nope : x.y.z + 1]", 1),
        ("nope ? 1 : 2", 1),
        ("true ? nope1 : nope2", 1),
        ("var.missing", 0),
        ("var.missing.a[0].b + 1", 0),
        (r#""x${var.missing}""#, 0),
        ("var.missing ? 1 : 2", 0),
        ("[for x in var.missing : x]", 0),
        ("var.missing[*].x", 0),
        ("image(var.missing)", 0),
        ("image(var.missing...)", 0),
        ("var.missing == 1", 0),
        ("!var.missing && var.missing", 0),
        ("{ (var.missing) = 1 }", 0),
    ] {
        assert_eq!(run(expression).mistakes.len(), count, "{expression}");
    }
    let twice = run_in("a = nope\nb = nope\n", &scope(), &world());
    assert_eq!(twice.mistakes.len(), 2, "two places are two mistakes");
}

#[test]
fn branches_that_are_not_taken_report_nothing() {
    for (expression, value) in [
        ("true ? 1 : nope", Value::from(1)),
        ("false ? env.NOPE : 1", 1.into()),
        ("var.nothing == null ? 0 : var.nothing.x", 0.into()),
        ("true || nope", true.into()),
        ("nope && false", false.into()),
        ("var.nothing != null && var.nothing", false.into()),
        (r#""%{ if false }${nope}%{ endif }""#, "".into()),
    ] {
        let outcome = run(expression);
        assert_eq!(outcome.mistakes, [""; 0], "{expression}");
        assert_eq!(outcome.values, [value], "{expression}");
    }
}

#[test]
fn names_have_the_values_of_their_scope() {
    for (expression, value) in [
        ("env.HOME", Value::from("/root")),
        (r#"env["HOME"]"#, "/root".into()),
        ("kdef.env", "test".into()),
        (r#"image("web")"#, "registry/web:1".into()),
        (r#"file("notes.txt")"#, "hello\n".into()),
        (r#"file("../top.txt")"#, "top".into()),
        ("[for var in [1] : var][0]", 1.into()),
        (r#"image(["web"]...)"#, "registry/web:1".into()),
    ] {
        let outcome = run(expression);
        assert_eq!(outcome.mistakes, [""; 0], "{expression}");
        assert_eq!(outcome.values, [value], "{expression}");
    }
}

#[test]
fn constants_know_no_names_but_those_given() {
    let scope = Scope::constants().with("kdef", Value::object([("env", Value::from("test"))]));
    let outcome = run_in(
        "a = kdef.env\nb = [for x in [1] : x]\nc = var.x\nd = image(\"web\")\n",
        &scope,
        &world(),
    );
    assert_eq!(outcome.values[..2], ["test".into(), Value::tuple([1.into()])]);
    assert_eq!(
        outcome.mistakes,
        [
            "K0210 `var`: `var` cannot be used here, where only constants are allowed",
            "K0210 `image`: `image` cannot be called here, where only constants are allowed",
        ]
    );
}

#[test]
fn labels_and_conditions_are_computed() {
    let text = "block \"web-${var.name}\" bare \"${var.list}\" {\n  a = var.name == \"web\"\n  b = 3\n  c = var.map\n}\n";
    let mut sources = SourceMap::default();
    let file = sources.add("test.kdef", text);
    let parse = kdef_syntax::parse(file, text);
    let (world, scope) = (world(), scope());
    let budget = Budget::new(world.limits());
    let mut evaluator = Evaluator::new(&world, &budget);
    let block = parse.body.blocks().next().unwrap();
    let labels: Vec<_> = block
        .labels
        .iter()
        .map(|label| evaluator.label(label, &scope))
        .collect();
    assert_eq!(labels, [Some("web-web".into()), Some("bare".into()), None]);
    let values: Vec<&Expr> = block
        .body
        .attributes()
        .map(|attribute| &attribute.value)
        .collect();
    assert_eq!(evaluator.condition(values[0], &scope), Some(true));
    assert_eq!(evaluator.condition(values[1], &scope), None);
    assert_eq!(
        evaluator.elements(values[2], &scope),
        Some(vec![("a".into(), 1.into()), ("b".into(), 2.into())]),
        "in the order of the keys"
    );
    assert_eq!(evaluator.into_diagnostics().len(), 2);
}

#[test]
fn reaching_a_bound_is_one_mistake_that_names_it() {
    let limits = |steps, text_bytes| Limits {
        steps,
        text_bytes,
        ..Limits::default()
    };
    let doubled = |times: usize| {
        (0..times).fold("[1]".to_owned(), |inner, _| {
            format!("[for x in [{inner}] : [x, x]][0]")
        })
    };
    let ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    let cases = [
        (
            format!("[for a in {ten} : [for b in {ten} : [for c in {ten} : a * b * c]]]"),
            limits(2_000, 1 << 20),
            "evaluating the project takes more than the limit of 2000 steps",
        ),
        (
            format!("\"%{{ for a in {ten} }}0123456789%{{ endfor }}\""),
            limits(1 << 20, 64),
            "the text is longer than the limit of 64 bytes",
        ),
        (
            format!(
                "[for a in {ten} : [for b in {ten} : \"0123456789012345678901234567890123456789${{b}}\"]]"
            ),
            limits(1 << 20, 60),
            "the texts of the project are longer than the limit of 3840 bytes",
        ),
        (
            doubled(30),
            limits(1 << 20, 1 << 20),
            "the value has more than the limit of 1048576 elements",
        ),
    ];
    for (expression, limits, message) in cases {
        let world = world().with_limits(limits);
        let outcome = run_in(&format!("a = {expression}\nb = 1 + 1\n"), &scope(), &world);
        let messages: Vec<&str> = outcome
            .mistakes
            .iter()
            .filter_map(|it| it.split("`: ").last())
            .collect();
        assert_eq!(messages, [message], "{expression}");
    }
}

#[test]
fn a_shared_budget_reports_once() {
    let world = world().with_limits(Limits {
        steps: 10,
        ..Limits::default()
    });
    let mut sources = SourceMap::default();
    let text = "a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n";
    let file = sources.add("test.kdef", text);
    let parse = kdef_syntax::parse(file, text);
    let budget = Budget::new(world.limits());
    let counts = [0; 2].map(|_| {
        let mut evaluator = Evaluator::new(&world, &budget);
        for attribute in parse.body.attributes() {
            evaluator.evaluate(&attribute.value, &scope());
        }
        evaluator.into_diagnostics().len()
    });
    assert_eq!(counts, [1, 0]);
}

/// The deepest trees that the parser makes, of every kind that nests; tests run on threads with a stack of 2 MiB.
#[test]
fn deep_expressions_do_not_overflow_the_stack() {
    let nested =
        |open: &str, close: &str, times: usize| format!("{}1{}", open.repeat(times), close.repeat(times));
    let deepest = kdef_syntax::MAX_DEPTH - 4;
    let conditions = deepest - 1;
    for (expression, depth) in [
        (nested("[", "]", deepest), deepest),
        (nested("{ a = ", " }", deepest), deepest),
        (nested("(", ")", deepest), 0),
        (nested("[for x in [1] : ", "]", deepest), deepest),
        (nested("true ? ", " : 2", deepest), 0),
        (nested("\"a${", "}\"", deepest / 2), 0),
        (nested("-", "", deepest), 0),
        (nested("", " + 1", kdef_syntax::MAX_HEIGHT - 4), 0),
        (nested("", " == true", kdef_syntax::MAX_HEIGHT - 4), 0),
        (format!("var.list{}", "[*]".repeat(deepest)), deepest),
        (nested("image(", ")", deepest), 0),
        (
            format!(
                "\"{}x{}\"",
                "%{ if true }".repeat(conditions),
                "%{ endif }".repeat(conditions)
            ),
            0,
        ),
    ] {
        let mut sources = SourceMap::default();
        let text = format!("value = {expression}\n");
        let file = sources.add("test.kdef", text.as_str());
        let parse = kdef_syntax::parse(file, &text);
        assert_eq!(parse.diagnostics, [], "{expression}");
        let (world, scope) = (world(), scope());
        let budget = Budget::new(world.limits());
        let mut evaluator = Evaluator::new(&world, &budget);
        for attribute in parse.body.attributes() {
            let value = evaluator.evaluate(&attribute.value, &scope);
            assert_eq!(value.depth() as usize, depth, "{expression}");
        }
    }
}

#[test]
fn types_of_unknown_values_are_kept() {
    for (expression, ty) in [
        ("var.missing", "any"),
        ("var.missing + 1", "number"),
        ("var.missing == 1", "bool"),
        ("\"x${var.missing}\"", "string"),
        ("image(var.missing)", "string"),
        ("[var.missing]", "tuple([any])"),
        ("true ? 1 : \"${var.missing}\"", "number"),
        ("true ? 1 : \"x${var.missing}\"", "string"),
    ] {
        let value = &run(expression).values[0];
        assert_eq!(value.ty().to_string(), ty, "{expression}");
    }
    assert_eq!(
        run("[for x in var.list : x][*]").values,
        [Value::List(List::tuple(vec![1.into(), 2.into()]))]
    );
}
