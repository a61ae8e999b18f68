//! The reference pages are written from the schema table and the registry of codes;
//! `UPDATE=1 cargo test -p kdef-lang --test reference` writes them anew.

// Reads and writes files of the repository.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;

use kdef_lang::schema::files::FILES;
use kdef_lang::schema::{AttributeSchema, AttributeType, BlockSchema, ChildSchema, FreeForm, Repeat};
use kdef_source::Code;

const HEAD: &str = "<!-- Written from the source: UPDATE=1 cargo test -p kdef-lang --test reference -->\n";

#[test]
fn the_page_of_blocks_is_fresh() {
    let mut page = format!("{HEAD}\n# Files, blocks and attributes\n");
    let mut written: Vec<&'static BlockSchema> = Vec::new();
    let mut waiting: Vec<&'static BlockSchema> = FILES.iter().rev().copied().collect();
    while let Some(schema) = waiting.pop() {
        if written.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        written.push(schema);
        section(&mut page, schema);
        let children: Vec<_> = schema.all_children().map(|child| child.schema).collect();
        waiting.extend(children.into_iter().rev());
    }
    check_fresh("blocks.md", &page);
}

#[test]
fn the_page_of_codes_is_fresh() {
    let mut page = format!("{HEAD}\n# Diagnostic codes\n\n| code | meaning |\n|---|---|\n");
    for code in Code::ALL {
        writeln!(page, "| `{code}` | {} |", code.summary()).unwrap();
    }
    check_fresh("codes.md", &page);
}

fn section(page: &mut String, schema: &BlockSchema) {
    let labels: Vec<String> = schema
        .labels
        .iter()
        .map(|label| format!(" \"<{}>\"", label.name))
        .collect();
    let labels = labels.concat();
    let title = if FILES.iter().any(|file| std::ptr::eq(*file, schema)) {
        let mut letters = schema.kind.chars();
        let first = letters.next().filter(|_| !schema.kind.contains('.'));
        first.map_or(format!("`{}`", schema.kind), |first| {
            first.to_uppercase().chain(letters).collect()
        })
    } else {
        format!("`{}{labels}`", schema.kind)
    };
    write!(page, "\n## {title}\n\n{}\n", schema.doc).unwrap();
    if let Some(form) = schema.free_form {
        let holds = match form {
            FreeForm::Text => "texts",
            FreeForm::TextOrReference => {
                "texts, or references by `secret()`, `configmap()` and `field_ref()`"
            }
            FreeForm::Any => "values of any type",
        };
        write!(page, "\nAttributes have names of your choice and hold {holds}.\n").unwrap();
    }
    let mut attributes = schema.all_attributes().peekable();
    if attributes.peek().is_some() {
        page.push_str("\n| attribute | type | default | meaning |\n|---|---|---|---|\n");
        attributes.for_each(|attribute| row(page, attribute));
    }
    let mut children = schema.all_children().peekable();
    if children.peek().is_some() {
        page.push_str("\n| block | how often | meaning |\n|---|---|---|\n");
        children.for_each(|child| child_row(page, child));
    }
}

fn row(page: &mut String, attribute: &AttributeSchema) {
    let default = match (attribute.required, attribute.default) {
        (true, _) => "**required**",
        (false, "") => "none",
        (false, default) => default,
    };
    let ty = describe(attribute.ty);
    writeln!(
        page,
        "| `{}` | {ty} | {default} | {} |",
        attribute.name, attribute.doc
    )
    .unwrap();
}

fn child_row(page: &mut String, child: &ChildSchema) {
    let often = match (child.repeat, child.required) {
        (Repeat::Single, true) => "once",
        (Repeat::Single, false) => "at most once",
        (Repeat::Many, true) => "once or more",
        (Repeat::Many, false) => "any number",
        (Repeat::Merged, _) => "any number; they make one",
    };
    writeln!(
        page,
        "| `{}` | {often} | {} |",
        child.schema.kind, child.schema.doc
    )
    .unwrap();
}

fn describe(ty: AttributeType) -> String {
    match ty {
        AttributeType::Text(_) => "string".to_owned(),
        AttributeType::Words(words) => words
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(" or "),
        AttributeType::Bool => "bool".to_owned(),
        AttributeType::Integer { min, max } if min == i64::MIN && max == i64::MAX => {
            "whole number".to_owned()
        }
        AttributeType::Integer { min, max } => format!("whole number, {min} to {max}"),
        AttributeType::TextList(_) => "list of strings".to_owned(),
        AttributeType::TextMap(_) => "map of strings".to_owned(),
        AttributeType::Annotations => "map of strings, may be nested".to_owned(),
        AttributeType::Any => "any".to_owned(),
    }
}

fn check_fresh(name: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/reference")
        .join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, fresh).unwrap();
    }
    let stale = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        fresh == stale,
        "docs/reference/{name} is stale: UPDATE=1 cargo test -p kdef-lang --test reference"
    );
}
