use super::*;

fn takes(name: &str) -> DeclaredTypeError {
    DeclaredTypeError::arguments(name).unwrap()
}

fn unknown(name: &str) -> DeclaredTypeError {
    DeclaredTypeError::unknown(name)
}

/// Reads a type as a bare expression.
fn bare(text: &str) -> Result<DeclaredType, DeclaredTypeError> {
    let file = kdef_source::SourceMap::default().add("vars.kdef", "");
    let parse = kdef_syntax::parse(file, &format!("type = {text}\n"));
    assert_eq!(parse.diagnostics, [], "{text}");
    DeclaredType::from_expr(&parse.body.attributes().next().unwrap().value).map_err(|fault| fault.value)
}

#[test]
fn types_are_read_and_written() {
    use DeclaredTypeError::{AttributeTwice, EmptyEnum, Malformed, OptionalOutside};
    for (text, expected) in [
        ("string", Ok("string")),
        (" number ", Ok("number")),
        ("list", Ok("list")),
        ("list( string )", Ok("list(string)")),
        ("map(list(number))", Ok("map(list(number))")),
        ("set(any)", Ok("set(any)")),
        ("tuple([])", Ok("tuple([])")),
        ("tuple([string, list(bool)])", Ok("tuple([string, list(bool)])")),
        ("object({})", Ok("object({})")),
        (
            "object({ a = string, \"b-c\" : optional(number), d = optional(list(string), [\"x\", null]) })",
            Ok(
                "object({ a = string, \"b-c\" = optional(number), d = optional(list(string), [\"x\", null]) })",
            ),
        ),
        (
            "object({\n  # a comment\n  a = optional(object({ b = optional(number, -1.5) }), {})\n})",
            Ok("object({ a = optional(object({ b = optional(number, -1.5) }), {}) })"),
        ),
        (
            "object({ a = optional(map(string), { x = \"$${y}\\n\" }) })",
            Ok("object({ a = optional(map(string), { x = \"$${y}\\n\" }) })"),
        ),
        ("enum[small, \"large\", 'x']", Ok("enum[small, large, x]")),
        ("list(enum[a,b])", Ok("list(enum[a, b])")),
        (
            "enum[v1.2, eu-west-1, two words, 1]",
            Ok("enum[\"v1.2\", eu-west-1, \"two words\", 1]"),
        ),
        (
            "object({ \"enum\" = enum [ a, b ], s = optional(string, \"enum[x]\") })",
            Ok("object({ enum = enum[a, b], s = optional(string, \"enum[x]\") })"),
        ),
        ("enum[]", Err(EmptyEnum)),
        ("enum[ , ]", Err(EmptyEnum)),
        ("enum", Err(EmptyEnum)),
        ("strin", Err(unknown("strin"))),
        ("lst(string)", Err(unknown("lst"))),
        ("integer", Err(unknown("integer"))),
        ("list(optinal(string))", Err(unknown("optinal"))),
        ("", Err(unknown(""))),
        (" \n ", Err(unknown(""))),
        ("list(string", Err(Malformed)),
        ("list(string) x", Err(Malformed)),
        ("string) + (string", Err(Malformed)),
        ("string\n)\ntype = (string", Err(Malformed)),
        ("string(a)", Err(Malformed)),
        ("list(1)", Err(Malformed)),
        ("enum[a", Err(Malformed)),
        ("list()", Err(takes("list"))),
        ("map(string, number)", Err(takes("map"))),
        ("set", Err(takes("set"))),
        ("tuple(string)", Err(takes("tuple"))),
        ("tuple", Err(takes("tuple"))),
        ("object", Err(takes("object"))),
        ("object([string])", Err(takes("object"))),
        ("list([string]...)", Err(takes("list"))),
        ("optional(string)", Err(OptionalOutside)),
        ("list(optional(string))", Err(OptionalOutside)),
        ("object({ a = optional })", Err(takes("optional"))),
        ("object({ a = optional(string, 1, 2) })", Err(takes("optional"))),
        (
            "object({ a = string, \"a\" = number })",
            Err(AttributeTwice("a".to_owned())),
        ),
        ("object({ (a) = string })", Err(DeclaredTypeError::AttributeName)),
        (
            "object({ a = optional(string, upper(\"a\")) })",
            Err(DeclaredTypeError::DefaultNotConstant),
        ),
        (
            "object({ a = optional(list(number), [1, \"x\"]) })",
            Err(DeclaredTypeError::Default(
                ConvertError::new("a number is required, and this text is not one").in_element(1),
            )),
        ),
    ] {
        let parsed = DeclaredType::parse(text).map(|ty| ty.to_string());
        assert_eq!(parsed, expected.map(str::to_owned), "{text}");
    }
}

#[test]
fn types_are_read_without_quotes_and_with_quotes_inside() {
    for text in [
        "list(object({ a = string, b = optional(number, 3) }))",
        "\"list(object({ a = string, b = optional(number, 3) }))\"",
        "list(\"object({ a = string, b = optional(number, 3) })\")",
        "list((object({ a = \"string\", b = (optional(\"number\", 3)) })))",
    ] {
        let parsed = bare(text).map(|ty| ty.to_string());
        let expected = "list(object({ a = string, b = optional(number, 3) }))".to_owned();
        assert_eq!(parsed, Ok(expected), "{text}");
    }
    for text in [
        "set(\"enum[a, 1.5]\")",
        "set(enum[a, \"1.5\", ])",
        "set(enum[a, 1.5])",
    ] {
        let parsed = bare(text).map(|ty| ty.to_string());
        assert_eq!(parsed, Ok("set(enum[a, \"1.5\"])".to_owned()), "{text}");
    }
    assert_eq!(bare("enum[]"), Err(DeclaredTypeError::EmptyEnum));
    assert_eq!(bare("enum[a.b]"), Err(DeclaredTypeError::EnumWord));
    assert_eq!(bare("\"${x}\""), Err(DeclaredTypeError::Malformed));
}

#[test]
fn the_depth_of_types_is_bounded() {
    let nested = |levels: usize| format!("{}any{}", "list(".repeat(levels), ")".repeat(levels));
    assert!(DeclaredType::parse(&nested(32)).is_ok());
    for levels in [33, 100, 10_000] {
        assert_eq!(
            DeclaredType::parse(&nested(levels)),
            Err(DeclaredTypeError::TooDeep),
            "{levels}"
        );
    }
}

#[test]
fn the_meant_type_is_suggested() {
    for (name, meant) in [
        ("strin", Some("string")),
        ("integer", Some("number")),
        ("array", Some("list")),
        ("obejct", Some("object")),
        ("Deployment", None),
    ] {
        assert_eq!(unknown(name).suggestion(), meant, "{name}");
    }
}

/// Reads a text as `--set` does.
#[track_caller]
fn check(cases: &[(&str, &str, Result<&str, &str>)]) {
    for (ty, text, expected) in cases {
        let result = DeclaredType::parse(ty).unwrap().parse_text(text);
        let result = result
            .map(|value| format!("{value:?}"))
            .map_err(|error| error.to_string());
        assert_eq!(
            result.as_deref().map_err(String::as_str),
            *expected,
            "{text} as {ty}"
        );
    }
}

#[test]
fn text_is_read_as_the_declared_type() {
    check(&[
        ("string", "007", Ok(r#""007""#)),
        ("number", "007", Ok("7")),
        (
            "number",
            "x",
            Err("a number is required, and this text is not one"),
        ),
        ("bool", "true", Ok("true")),
        ("any", "007", Ok(r#""007""#)),
        ("any", " [1]", Ok("[1]")),
        ("any", r#""x""#, Ok(r#""x""#)),
        ("list", r#"[1, "a"]"#, Ok(r#"[1, "a"]"#)),
        ("list(string)", "[1, true]", Ok(r#"list(string)["1", "true"]"#)),
        ("list(any)", r#"[1, "a"]"#, Ok(r#"list(string)["1", "a"]"#)),
        ("map(number)", r#"{"a": "1"}"#, Ok(r#"map(number){"a": 1}"#)),
        ("map", "null", Ok("null(map(any))")),
        ("list", "{}", Err("a list is required, not a map")),
        (
            "list(number)",
            "[1, []]",
            Err("a number is required, not a list, at [1]"),
        ),
        (
            "list",
            "a,b",
            Err(r#"a list is required, written as JSON, such as ["a", "b"]"#),
        ),
        ("enum[small, large]", "small", Ok(r#""small""#)),
        (
            "enum[small, large]",
            "smal",
            Err(r#"one of "small", "large" is required; did you mean "small"?"#),
        ),
        (
            "enum[small, large]",
            "x",
            Err(r#"one of "small", "large" is required"#),
        ),
        ("enum[1, 2]", "1", Ok(r#""1""#)),
        (
            "map(enum[a, b])",
            r#"{"x": "a", "y z": "c"}"#,
            Err(r#"one of "a", "b" is required, at ["y z"]"#),
        ),
    ]);
}

#[test]
fn objects_are_filled_and_checked() {
    let host = "object({ name = string, port = optional(number, 80), note = optional(string) })";
    let hosts = &*format!("object({{ hosts = list({host}) }})");
    check(&[
        (
            host,
            r#"{"port": "81", "name": 1}"#,
            Ok(r#"{"name": "1", "port": 81, "note": null(string)}"#),
        ),
        (
            host,
            r#"{"name": null, "port": null}"#,
            Ok(r#"{"name": null(string), "port": 80, "note": null(string)}"#),
        ),
        (host, "{}", Err("the attribute `name` is required")),
        (host, "[]", Err("a map is required, not a list")),
        (
            host,
            "null",
            Ok("null(object({name = string, note = string, port = number}))"),
        ),
        (
            host,
            "x",
            Err(r#"a map is required, written as JSON, such as {"a": "b"}"#),
        ),
        (
            host,
            r#"{"nam": "a"}"#,
            Err("there is no attribute `nam`; did you mean `name`?"),
        ),
        (
            host,
            r#"{"name": "a", "weight": 1}"#,
            Err("there is no attribute `weight`; there is `name`, `port`, `note`"),
        ),
        (
            hosts,
            r#"{"hosts": [{"name": "a"}, {"name": "b", "port": "http"}]}"#,
            Err("a number is required, and this text is not one, at .hosts[1].port"),
        ),
        (
            hosts,
            r#"{"hosts": [{"name": "a"}, {"port": 1}]}"#,
            Err("the attribute `name` is required, at .hosts[1]"),
        ),
        (
            "object({ a = optional(object({ b = optional(number, 1), c = optional(any) }), {}) })",
            "{}",
            Ok(r#"{"a": {"b": 1, "c": null}}"#),
        ),
        (
            "list(object({ a = any }))",
            r#"[{"a": 1}, {"a": []}]"#,
            Ok(r#"[{"a": 1}, {"a": []}]"#),
        ),
    ]);
}

#[test]
fn sets_hold_each_element_once_and_in_order() {
    check(&[
        (
            "set(string)",
            r#"["b", "a", "B", "b", null, 10, 9]"#,
            Ok(r#"list(string)["10", "9", "B", "a", "b", null(string)]"#),
        ),
        (
            "set(number)",
            r#"[10, "9", 9.0, -1, null]"#,
            Ok("list(number)[-1, 9, 10, null(number)]"),
        ),
        ("set(bool)", "[true, false, true]", Ok("list(bool)[false, true]")),
        (
            "set(map(number))",
            r#"[{"b": 1, "a": 2}, {"a": 2, "b": 1}, {"a": 1}]"#,
            Ok(r#"list(map(number))[map(number){"a": 1}, map(number){"a": 2, "b": 1}]"#),
        ),
        (
            "set(number)",
            r#"[1, "x"]"#,
            Err("a number is required, and this text is not one, at [1]"),
        ),
        ("set(number)", "{}", Err("a list is required, not a map")),
    ]);
}

#[test]
fn tuples_have_a_length_and_a_type_for_each_element() {
    check(&[
        ("tuple([string, number])", r#"[1, "2"]"#, Ok(r#"["1", 2]"#)),
        (
            "tuple([string, number])",
            "[1]",
            Err("a list of 2 elements is required, not of 1"),
        ),
        (
            "tuple([string])",
            "[]",
            Err("a list of 1 element is required, not of 0"),
        ),
        (
            "tuple([string, number])",
            r#"["a", "b"]"#,
            Err("a number is required, and this text is not one, at [1]"),
        ),
    ]);
}

#[test]
fn defaults_cannot_make_a_value_grow_without_bound() {
    let names: Vec<String> = (0..2_000)
        .map(|index| format!("a{index} = optional(number, 1)"))
        .collect();
    let ty = format!("list(object({{ {} }}))", names.join(", "));
    let text = format!("[{}{{}}]", "{},".repeat(1_000));
    let error = DeclaredType::parse(&ty).unwrap().parse_text(&text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value has more than the limit of 1000000 elements, at [499]"
    );
}
