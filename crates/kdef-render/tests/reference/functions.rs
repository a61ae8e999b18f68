//! The pages of functions, and their index.

use std::fmt::Write;

use kdef_lang::functions::{ALL, Function};

use crate::blocks::cell;
use crate::page::Page;

/// Returns a page for each function, and the index.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = ALL.iter().map(page).collect();
    let mut text = "# Functions\n\n| function | meaning |\n|---|---|\n".to_owned();
    for function in ALL {
        let (name, doc) = (function.name, cell(function.doc));
        writeln!(
            text,
            "| [`{}`](functions/{name}.md) | {doc} |",
            function.signature()
        )
        .ok();
    }
    pages.push(Page {
        path: "functions.md".to_owned(),
        parts: vec![("tables", text)],
        must_show: None,
    });
    pages
}

fn page(function: &Function) -> Page {
    Page {
        path: format!("functions/{}.md", function.name),
        parts: vec![(
            "head",
            format!("# `{}`\n\n{}\n", function.signature(), function.doc),
        )],
        must_show: None,
    }
}
