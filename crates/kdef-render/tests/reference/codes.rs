//! The pages of diagnostic codes, and their index.

use std::fmt::Write;

use kdef_source::Code;

use crate::blocks::cell;
use crate::page::Page;

/// What the hundreds of codes are about.
const FAMILIES: [(u16, &str); 8] = [
    (1, "Syntax"),
    (2, "Expressions"),
    (3, "Blocks and attributes"),
    (4, "The project"),
    (5, "What Kubernetes asks of values"),
    (6, "Rendering"),
    (7, "References"),
    (9, "Files and bounds"),
];

/// Returns a page for each code, and the index.
pub(crate) fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = Code::ALL.iter().map(|code| page(*code)).collect();
    let mut text = "# Diagnostic codes\n".to_owned();
    for (family, title) in FAMILIES {
        write!(text, "\n## {title}\n\n| code | meaning |\n|---|---|\n").ok();
        for code in Code::ALL.iter().filter(|code| code.number() / 100 == family) {
            writeln!(text, "| [`{code}`](codes/{code}.md) | {} |", cell(code.summary())).ok();
        }
    }
    pages.push(Page {
        path: "codes.md".to_owned(),
        parts: vec![("tables", text)],
        needs_example: false,
        must_show: None,
    });
    pages
}

fn page(code: Code) -> Page {
    Page {
        path: format!("codes/{code}.md"),
        parts: vec![("head", format!("# {code}\n\n{}\n", code.summary()))],
        needs_example: false,
        must_show: Some(format!("[{code}]")),
    }
}
