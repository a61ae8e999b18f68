//! `if`, `else` and `for` as blocks.

use std::borrow::Cow;

use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Attribute, Block, Body, Expr, ExprKind, Ident, Item as AstItem, Label};

/// What a body holds in terms of blocks.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    /// A block of a kind that the schema may know.
    Block(&'a Block),
    /// An `if` and the `else`s that follow it.
    If(Vec<Branch<'a>>),
    /// A `for`.
    For(Loop<'a>),
}

/// One branch of an `if`.
#[derive(Debug)]
pub(crate) struct Branch<'a> {
    /// What decides.
    pub(crate) test: Test<'a>,
    /// What it holds.
    pub(crate) block: &'a Block,
}

/// What decides whether a branch is taken.
#[derive(Debug)]
pub(crate) enum Test<'a> {
    /// The condition of an `if`.
    When(&'a Expr),
    /// Nothing more: the last `else`.
    Otherwise,
    /// A condition that is not there, which has been reported.
    Missing,
}

/// A `for`.
#[derive(Debug)]
pub(crate) struct Loop<'a> {
    /// The name of the key or index, when two are given.
    pub(crate) key: Option<Cow<'a, str>>,
    /// The name of the value.
    pub(crate) value: Cow<'a, str>,
    /// What is iterated.
    pub(crate) collection: Cow<'a, Expr>,
    /// What it holds.
    pub(crate) block: &'a Block,
}

/// Whether a kind is one of the words of control.
pub(crate) fn is_control(kind: &str) -> bool {
    matches!(kind, "if" | "else" | "for")
}

/// Sorts out the blocks of a body. What is malformed is reported and left out.
pub(crate) fn items<'a>(body: &'a Body, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = Vec::new();
    let mut chain_open = false;
    for item in &body.items {
        let AstItem::Block(block) = item else {
            chain_open = false;
            continue;
        };
        match block.kind.as_str() {
            "if" => {
                items.push(Item::If(vec![if_branch(block, diagnostics)]));
                chain_open = true;
            }
            "else" => chain_open = add_else(block, chain_open, &mut items, diagnostics),
            "for" => {
                items.extend(for_loop(block, diagnostics).map(Item::For));
                chain_open = false;
            }
            _ => {
                items.push(Item::Block(block));
                chain_open = false;
            }
        }
    }
    items
}

/// Returns the names of the attributes that belong to a control block itself.
pub(crate) fn own_attributes(block: &Block) -> &'static [&'static str] {
    match block.kind.as_str() {
        "for" => &["in"],
        "else" if block.labels.is_empty() => &[],
        _ => &["condition"],
    }
}

fn malformed(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidControl, span, message)
}

fn attribute<'a>(block: &'a Block, name: &str) -> Option<&'a Attribute> {
    block
        .body
        .attributes()
        .find(|attribute| attribute.name.as_str() == name)
}

fn if_branch<'a>(block: &'a Block, diagnostics: &mut Vec<Diagnostic>) -> Branch<'a> {
    let Some(label) = block.labels.first() else {
        return Branch {
            test: condition(block, diagnostics),
            block,
        };
    };
    diagnostics
        .push(malformed(label.span, "`if` takes no label").with_hint("write `if { condition = ... }`"));
    // A label stands for the condition that is missing.
    let test = attribute(block, "condition").map_or(Test::Missing, |found| Test::When(&found.value));
    Branch { test, block }
}

fn condition<'a>(block: &'a Block, diagnostics: &mut Vec<Diagnostic>) -> Test<'a> {
    let Some(condition) = attribute(block, "condition") else {
        diagnostics.push(
            malformed(block.header, "`if` needs a `condition`")
                .with_hint("write `condition = ...` inside the block"),
        );
        return Test::Missing;
    };
    Test::When(&condition.value)
}

/// Adds an `else` to the `if` before it; returns whether another one may follow.
fn add_else<'a>(
    block: &'a Block,
    chain_open: bool,
    items: &mut [Item<'a>],
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Some(Item::If(branches)) = items.last_mut().filter(|_| chain_open) else {
        diagnostics.push(
            malformed(block.header, "this `else` does not follow an `if`")
                .with_hint("`else` stands directly after the closing brace of its `if`"),
        );
        return false;
    };
    match block.labels.as_slice() {
        [] => {
            branches.push(Branch {
                test: Test::Otherwise,
                block,
            });
            false
        }
        [label] if label.literal().is_some_and(|text| text == "if") => {
            branches.push(Branch {
                test: condition(block, diagnostics),
                block,
            });
            true
        }
        [label, ..] => {
            diagnostics.push(
                malformed(label.span, "`else` takes no label")
                    .with_hint("write `else { ... }` or `else if { condition = ... }`"),
            );
            false
        }
    }
}

const FOR_HINT: &str = "write `for \"item\" { in = var.items ... }` or `for \"item\" \"var.items\" { ... }`";

fn for_loop<'a>(block: &'a Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Loop<'a>> {
    let within = attribute(block, "in");
    let (names, collection) = match (block.labels.as_slice(), within) {
        ([names], Some(within)) => (names, Cow::Borrowed(&within.value)),
        ([names, path], None) => (names, Cow::Owned(path_expr(path, diagnostics)?)),
        ([_, path], Some(within)) => {
            diagnostics.push(
                malformed(within.span, "this `for` names what it iterates twice")
                    .with_related(path.span, "here as a label")
                    .with_hint("keep one of them"),
            );
            return None;
        }
        ([names], None) => {
            diagnostics.push(malformed(names.span, "`for` needs something to iterate").with_hint(FOR_HINT));
            return None;
        }
        _ => {
            diagnostics.push(malformed(block.header, "`for` takes one or two labels").with_hint(FOR_HINT));
            return None;
        }
    };
    let (key, value) = loop_names(names, diagnostics)?;
    Some(Loop {
        key,
        value,
        collection,
        block,
    })
}

/// Reads `"item"` or `"key, value"`.
fn loop_names<'a>(
    label: &'a Label,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Option<Cow<'a, str>>, Cow<'a, str>)> {
    let names = label.literal().map(|text| match text {
        Cow::Borrowed(text) => split_names(text),
        Cow::Owned(text) => {
            let (key, value) = split_names(&text);
            (key.map(|key| key.into_owned().into()), value.into_owned().into())
        }
    });
    let is_name = |name: &Cow<'_, str>| {
        let mut chars = name.chars();
        chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    };
    match names {
        Some((key, value)) if is_name(&value) && key.as_ref().is_none_or(is_name) => Some((key, value)),
        _ => {
            diagnostics.push(
                malformed(label.span, "the first label of `for` is no name")
                    .with_hint("write `for \"item\" ...`, or `for \"key, value\" ...` to have the key too"),
            );
            None
        }
    }
}

fn split_names(text: &str) -> (Option<Cow<'_, str>>, Cow<'_, str>) {
    match text.split_once(',') {
        Some((key, value)) => (Some(key.trim().into()), value.trim().into()),
        None => (None, text.trim().into()),
    }
}

/// Makes the expression that a label such as `"var.items"` stands for. Empty parts do not count.
fn path_expr(label: &Label, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let text = label.literal();
    let mut parts = text
        .iter()
        .flat_map(|text| text.split('.'))
        .filter(|part| !part.is_empty());
    let ident = |name: &str| Ident {
        name: name.into(),
        span: label.span,
    };
    let Some(root) = parts.next() else {
        diagnostics.push(
            malformed(label.span, "the second label of `for` names nothing to iterate").with_hint(FOR_HINT),
        );
        return None;
    };
    let root = Expr {
        kind: ExprKind::Variable(ident(root)),
        span: label.span,
    };
    let parts: Vec<&str> = parts.take(MAX_PATH + 1).collect();
    if parts.len() > MAX_PATH {
        diagnostics.push(malformed(
            label.span,
            "the second label of `for` has too many parts",
        ));
        return None;
    }
    Some(parts.into_iter().fold(root, |base, name| Expr {
        kind: ExprKind::GetAttr {
            base: Box::new(base),
            name: ident(name),
        },
        span: label.span,
    }))
}

/// The greatest number of parts in the path of a `for`, which bounds the height of its expression.
const MAX_PATH: usize = 64;
