//! Random files without errors, with random blanks, line breaks and comments wherever these may stand.

use proptest::prelude::*;
use proptest::strategy::Union;

/// What a `·` in a shape becomes: what may stand between two tokens of a line.
const GAPS: &[&str] = &["", "", " ", " ", "   ", "\t", " /* c */ ", "/* c\n   d */"];

/// What a `¦` in a shape becomes: what may stand between two tokens inside of parentheses and brackets.
const WIDE_GAPS: &[&str] = &["", " ", "\n", " # c\n", "\n\n\n", " // c \r\n", "/* c */"];

/// Expressions without others inside.
const LEAVES: &[&str] = &[
    "a",
    "in",
    "if",
    "null",
    "1",
    "2.5",
    "\"\"",
    "\"t $${ %% x\"",
    "\"${a}${~ b ~}c\"",
    "x.y",
    "x . 0 .y",
    "x.0 .1",
    "x.0 .e1",
    "[ ]",
    "{ }",
    "\"%{ if a }b%{ else }c%{ endif }\"",
];

/// Expressions with others inside, for which a `@` stands.
const SHAPES: &[&str] = &[
    "(¦@¦)",
    "[¦@¦,¦@¦]",
    "[¦for v in @ :¦@ if @¦]",
    "{ for k,·v in @ :·@·=>·@...·}",
    "f(¦@...¦)",
    "p::f(@,¦@)",
    "{·k·=·@,·\"l\"·:·@·}",
    "{\n k·=·@\n\n\n m=@# c\n}",
    "@ +·@",
    "@ -·@",
    "@·/ @",
    "@·==·@",
    "@·< @",
    "@·&&·@",
    "-·@",
    "!·@",
    "- -@",
    "@·?·@ :·@",
    "a·[·@·]·.·b[*]·.c",
    "\"a ${·@·}  b\"",
];

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(words).prop_map(str::to_owned).boxed()
}

fn gap() -> BoxedStrategy<String> {
    one_of(GAPS)
}

/// An expression that ends on its line, unless a bracket in it is open.
fn expression() -> BoxedStrategy<String> {
    one_of(LEAVES)
        .prop_recursive(4, 24, 3, |inner| {
            let fill = |words| prop::collection::vec(prop::sample::select(words), 8);
            let shape = prop::sample::select(SHAPES);
            let filled = (
                shape,
                prop::collection::vec(inner, 3),
                fill(GAPS),
                fill(WIDE_GAPS),
            );
            filled.prop_map(|(shape, inner, gaps, wide)| {
                let (mut inner, mut gaps, mut wide) = (inner.into_iter(), gaps.into_iter(), wide.into_iter());
                let mut text = String::new();
                for character in shape.chars() {
                    match character {
                        '@' => text.push_str(&inner.next().unwrap()),
                        '·' => text.push_str(gaps.next().unwrap()),
                        '¦' => text.push_str(wide.next().unwrap()),
                        _ => text.push(character),
                    }
                }
                text
            })
        })
        .boxed()
}

/// An attribute without its end.
fn attribute() -> BoxedStrategy<String> {
    (gap(), gap(), expression())
        .prop_map(|(before, after, value)| format!("NAME{before}={after}{value}"))
        .boxed()
}

/// What ends an item on a line of its own.
fn line_end() -> BoxedStrategy<String> {
    one_of(&[
        "\n",
        "\r\n",
        "  \n",
        " # c\n",
        "\n\n\n\n",
        "\n  # c\n",
        " // c\n",
        "\n/* c */\n",
    ])
}

/// Items that each begin a line.
fn lines(block: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let heredoc = one_of(&[
        "NAME = <<E\n  a ${ b }\nE\n",
        "NAME = <<-E\n    a\n   E  \n\n",
        "NAME=f(<<E\r\n a\r\nE\r\n)\r\n",
    ]);
    let ended = |item: BoxedStrategy<String>| (item, line_end()).prop_map(|(item, end)| item + &end).boxed();
    let item = Union::new_weighted(vec![(4, ended(attribute())), (1, heredoc), (3, ended(block))]);
    prop::collection::vec((gap(), item), 0..4)
        .prop_map(|items| items.into_iter().map(|(gap, item)| gap + &item).collect())
        .boxed()
}

/// Items that share the line of their braces.
fn shared(block: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let item = Union::new_weighted(vec![(3, attribute()), (1, block)]);
    prop::collection::vec((item, one_of(&[" ", ", ", " ,/* c */ "])), 0..4)
        .prop_map(|items| {
            let mut text: String = items.into_iter().map(|(item, end)| item + &end).collect();
            text.truncate(
                text.trim_end_matches([' ', ','])
                    .trim_end_matches(",/* c */")
                    .len(),
            );
            text
        })
        .boxed()
}

fn block() -> BoxedStrategy<String> {
    let header = one_of(&["a", "a b", "a \"b\"", "a\"b\"\"c ${ d }\"", "if"]);
    let empty = header.clone().prop_map(|header| header + "{ }").boxed();
    empty
        .prop_recursive(3, 16, 4, move |inner| {
            let lines = (header.clone(), lines(inner.clone().boxed()));
            let lines = lines.prop_map(|(header, lines)| {
                format!(
                    "{header} {{
{lines}}}"
                )
            });
            let shared = (
                header.clone(),
                gap(),
                shared(inner.boxed()),
                one_of(&[
                    "", " ", "
",
                ]),
            );
            let shared =
                shared.prop_map(|(header, gap, items, end)| format!("{header}{{{gap}{items}{end}}}"));
            Union::new([lines.boxed(), shared.boxed()])
        })
        .boxed()
}

/// A file. Names of attributes are made different from each other.
pub(crate) fn file() -> impl Strategy<Value = String> {
    (
        one_of(&["", "\u{feff}", "\n\n", "# c\n"]),
        lines(block()),
        one_of(&["", "last = 1"]),
    )
        .prop_map(|(start, lines, end)| {
            let pieces: Vec<&str> = lines.split("NAME").collect();
            let mut text = start;
            for (number, piece) in pieces.iter().enumerate() {
                if number > 0 {
                    text.push_str(&format!("{}{number}", "n".repeat(number % 5 + 1)));
                }
                text.push_str(piece);
            }
            text + &end
        })
}
