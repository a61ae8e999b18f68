//! The pages of functions, and their index. They are generated; those of references have examples written by hand.

use std::fmt::Write;

use kdef_lang::functions::{ALL, Function, Group, Parameter};
use kdef_lang::value::Type;

use crate::blocks::{capitalised, cell};
use crate::page::Page;

/// Returns a page for each function, and the index.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = ALL.iter().map(page).collect();
    let mut text = "# Functions\n".to_owned();
    for group in Group::ALL {
        let title = capitalised(group.name());
        write!(text, "\n## {title}\n\n| function | meaning |\n|---|---|\n").ok();
        for function in ALL.iter().filter(|function| function.group == group) {
            let (name, signature, doc) = (function.name, function.signature(), cell(function.doc));
            writeln!(text, "| [`{signature}`](functions/{name}.md) | {doc} |").ok();
        }
    }
    pages.push(Page {
        path: "functions.md".to_owned(),
        parts: vec![("tables", text)],
        needs_example: false,
        must_show: None,
    });
    pages
}

fn page(function: &Function) -> Page {
    // A reference has no value before the cluster gives it one, so that only a project shows what it is for.
    let is_reference = (function.returns)() == Type::Reference;
    let mut text = format!("# `{}`\n\n{}\n", function.signature(), function.doc);
    if !function.notes.is_empty() {
        write!(text, "\n{}\n", function.notes).ok();
    }
    arguments(&mut text, function);
    if !is_reference {
        examples(&mut text, function);
    }
    Page {
        path: format!("functions/{}.md", function.name),
        parts: vec![("head", text)],
        needs_example: is_reference || function.examples.is_empty(),
        must_show: None,
    }
}

fn arguments(text: &mut String, function: &Function) {
    text.push_str("\n| argument | type |\n|---|---|\n");
    for parameter in function.parameters {
        argument(text, parameter, "");
    }
    if let Some(parameter) = &function.variadic {
        argument(text, parameter, ", any number of them");
    }
    writeln!(text, "| *result* | {} |", (function.returns)()).ok();
}

fn argument(text: &mut String, parameter: &Parameter, more: &str) {
    let null = if parameter.nullable { " or null" } else { "" };
    writeln!(
        text,
        "| `{}` | {}{null}{more} |",
        parameter.name,
        (parameter.ty)()
    )
    .ok();
}

fn examples(text: &mut String, function: &Function) {
    if function.examples.is_empty() {
        return;
    }
    text.push_str("\n```hcl\n");
    for (number, (expression, result)) in function.examples.iter().enumerate() {
        let space = if number == 0 { "" } else { "\n" };
        write!(text, "{space}{expression}\n# {result}\n").ok();
    }
    text.push_str("```\n");
}
