//! What is wrong is said with the argument, and what to do.

use kdef_source::MemoryWorld;

use super::call;

/// Checks what is said of each expression: the message, and all advice.
fn check(world: &MemoryWorld, cases: &[(&str, &str, &[&str])]) {
    for (expression, message, hints) in cases {
        let (found, advice) = call(expression, world).unwrap_err();
        assert_eq!(found, *message, "{expression}");
        assert_eq!(advice, *hints, "{expression}");
    }
}

#[test]
fn mistakes_name_the_argument_and_what_it_must_be() {
    check(
        &MemoryWorld::default(),
        &[
            (
                r#"substr("abc", 0.5, 1)"#,
                "K0204: the argument `offset` of `substr` must be a whole number",
                &[],
            ),
            (
                "element([], 0)",
                "K0204: the argument `list` of `element` must not be empty",
                &[],
            ),
            (
                "keys([1])",
                "K0204: the argument `map` of `keys` must be a map, not a list",
                &[],
            ),
            (
                "upper()",
                "K0204: `upper` needs the argument `str`",
                &["it is called as `upper(str)`"],
            ),
            (
                r#"join(",", ["a", null])"#,
                "K0204: the argument `list` of `join` must not hold null, as it does at [1]",
                &[],
            ),
            (
                r#"lookup({ replicas = 1 }, "replica")"#,
                "K0204: the argument `key` of `lookup` is no key of the map",
                &["did you mean `replicas`?"],
            ),
            (
                r#"format("%s", "a", "b")"#,
                "K0204: the argument `args` of `format` is given, but the format uses 1 only",
                &["write `%s` or `%v` into the format where the argument belongs"],
            ),
            (
                r#"regex("(", "a")"#,
                "K0204: the argument `pattern` of `regex` is not a valid pattern: unclosed group",
                &[],
            ),
            (
                r#"formatdate("YYY", "2018-01-02T00:00:00Z")"#,
                "K0204: the argument `format` of `formatdate` has `YYY`; write `YY` or `YYYY`",
                &[],
            ),
            (
                r#"cidrhost("10.0.0.0", 1)"#,
                "K0204: the argument `prefix` of `cidrhost` is not a network",
                &["write an address, a slash and the length of the prefix, such as \"10.0.0.0/16\""],
            ),
            (
                "try({ a = 1 }.b, 1 + true)",
                "K0204: no argument of `try` has a value",
                &["of the first: there is no attribute `b` in this map"],
            ),
            (
                r#"uper("a")"#,
                "K0203: there is no function `uper`",
                &["did you mean `upper`?"],
            ),
        ],
    );
}

/// What is computed may be secret.
#[test]
fn no_message_quotes_a_value() {
    let world = MemoryWorld::default();
    let hidden = r#"join("", ["se", "cret"])"#;
    for expression in [
        "tonumber(S)",
        "tobool(S)",
        "jsondecode(S)",
        r#"yamldecode("${S}: [")"#,
        r#"yamldecode("a: !${S} b")"#,
        r#"yamldecode("a: *${S}")"#,
        r#"csvdecode("a\n\"${S}")"#,
        "base64decode(\"${S}!\")",
        "parseint(\"${S}!\", 10)",
        r#"regex("(${S}", "a")"#,
        r#"regex("(?P<${S}>a)(?P<${S}>a)", "a")"#,
        r#"regex("\\p{${S}}", "a")"#,
        r#"regex("a", S)"#,
        r#"replace("a", "/[${S}/", "b")"#,
        r#"formatdate("'${S}", "2018-01-02T00:00:00Z")"#,
        r#"formatdate("YYYY", S)"#,
        r#"timeadd(S, "1h")"#,
        r#"timeadd("2018-01-02T00:00:00Z", S)"#,
        "cidrhost(S, 1)",
        r#"uuidv5(S, "a")"#,
        r#"format("%d", S)"#,
        r#"index(["a"], S)"#,
        "lookup({ a = 1 }, S)",
        "sum([S])",
        r#"textencodebase64("a", S)"#,
        "zipmap([S, S], [1])",
        "alltrue([S])",
        r#"element(["a"], S)"#,
    ] {
        let (message, hints) = call(&expression.replace('S', hidden), &world).unwrap_err();
        let said = format!("{message} {hints:?}");
        assert!(!said.contains("secret"), "{expression}: {said}");
    }
}

#[test]
fn mistakes_in_a_template_file_say_where_in_it_they_are() {
    let world = MemoryWorld::new([
        ("app/greeting.tftpl", "Hello,\n  ${name}!\n${1 + true}\n"),
        ("app/syntax.tftpl", "a\n${ x\n"),
        ("app/outer.tftpl", "${templatefile(\"greeting.tftpl\", {})}"),
        ("app/secret.tftpl", "${secret(\"db\", \"password\")}"),
    ]);
    check(
        &world,
        &[
            (
                r#"templatefile("greeting.tftpl", { name = 1 })"#,
                "K0205: in app/greeting.tftpl:3:7: `+` needs a number, not a bool",
                &[],
            ),
            (
                r#"templatefile("syntax.tftpl", {})"#,
                "K0102: in app/syntax.tftpl:2:1: this `${` is never closed",
                &["add the missing `}`, or write a literal `${` with its first character twice"],
            ),
            (
                r#"templatefile("outer.tftpl", {})"#,
                "K0204: in app/outer.tftpl:1:3: `templatefile` cannot be called in a template file",
                &["compute it where this template is used, and give its text as a variable"],
            ),
            (
                r#"templatefile("greeting.tftp", {})"#,
                "K0901: `app/greeting.tftp` cannot be read: no such file or folder",
                &["did you mean `greeting.tftpl`?"],
            ),
            (
                r#"templatefile("greeting.tftpl", { "a b" = 1 })"#,
                "K0204: the argument `vars` of `templatefile` has a key that cannot be the name of a variable",
                &["names begin with a letter, and go on with letters, digits, `_` and `-`"],
            ),
        ],
    );
    let reference = call(r#"templatefile("secret.tftpl", {})"#, &world).unwrap();
    let span = reference.as_reference().unwrap().span();
    assert_eq!(span.start as usize, "value = ".len(), "the place of the call");
}
