//! The pages of files and blocks, and their index.

use std::fmt::Write;

use kdef_lang::schema::{AttributeSchema, AttributeType, ChildSchema, FreeForm, Repeat, TextKind};

use crate::catalog::{self, Row};
use crate::page::Page;

/// The blocks that belong to no table, since they may stand wherever blocks stand.
const CONTROL: [(&str, &str); 2] = [
    (
        "if",
        "Keeps blocks when a condition holds; `else` follows it directly.",
    ),
    ("for", "Repeats blocks for each element of a collection."),
];

/// Returns the pages of all rows, and the index.
pub(crate) fn pages() -> Vec<Page> {
    let rows = catalog::rows();
    let mut pages: Vec<Page> = rows.iter().map(|row| page(row, &rows)).collect();
    pages.extend(CONTROL.map(|(kind, doc)| Page {
        path: format!("blocks/{kind}.md"),
        parts: vec![("head", format!("# `{kind}`\n\n{doc}\n"))],
        needs_example: true,
        must_show: None,
    }));
    pages.push(index(&rows));
    pages
}

fn page(row: &Row, rows: &[Row]) -> Page {
    Page {
        path: format!("blocks/{}.md", row.slug),
        parts: vec![("head", head(row, rows)), ("tables", tables(row, rows))],
        needs_example: true,
        must_show: None,
    }
}

fn head(row: &Row, rows: &[Row]) -> String {
    let schema = row.schema;
    let mut labels = String::new();
    for label in schema.labels {
        write!(labels, " \"<{}>\"", label.name).ok();
    }
    let title = if labels.is_empty() {
        capitalised(&row.title())
    } else {
        format!("`{}{labels}`", schema.kind)
    };
    let mut text = format!("# {title}\n\n{}\n", schema.doc);
    if !row.parents.is_empty() {
        let parents = row
            .parents
            .iter()
            .map(|parent| link(catalog::find(parent, rows), ""));
        let parents: Vec<String> = parents.collect();
        write!(text, "\nStands in: {}.\n", parents.join(", ")).ok();
    }
    text
}

fn tables(row: &Row, rows: &[Row]) -> String {
    let schema = row.schema;
    let mut text = String::new();
    if !schema.labels.is_empty() {
        text.push_str("## Labels\n\n| label | type |\n|---|---|\n");
        for label in schema.labels {
            writeln!(text, "| `{}` | {} |", label.name, written(label.kind)).ok();
        }
    }
    if let Some(form) = schema.free_form {
        space(&mut text);
        let holds = match form {
            FreeForm::Text => "texts",
            FreeForm::TextOrReference => {
                "texts, or references by `secret()`, `configmap()` and `field_ref()`"
            }
            FreeForm::Any => "values of any type",
            FreeForm::Json => "values of any type but references",
        };
        let others = if schema.attributes.is_empty() {
            ""
        } else {
            " beside those below"
        };
        writeln!(
            text,
            "Attributes{others} have names of your choice and hold {holds}."
        )
        .ok();
    }
    if schema.all_attributes().next().is_some() {
        space(&mut text);
        text.push_str("## Attributes\n\n| attribute | type | default | meaning |\n|---|---|---|---|\n");
        schema
            .all_attributes()
            .for_each(|attribute| attribute_row(&mut text, attribute));
    }
    if schema.all_children().next().is_some() {
        space(&mut text);
        text.push_str("## Blocks\n\n| block | how often | meaning |\n|---|---|---|\n");
        schema
            .all_children()
            .for_each(|child| child_row(&mut text, child, rows));
    }
    text
}

fn space(text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
}

fn attribute_row(text: &mut String, attribute: &AttributeSchema) {
    let default = match (attribute.required, attribute.default) {
        (true, _) => "**required**",
        (false, "") => "none",
        (false, default) => default,
    };
    let ty = describe(attribute.ty);
    writeln!(
        text,
        "| `{}` | {ty} | {default} | {} |",
        attribute.name,
        cell(attribute.doc)
    )
    .ok();
}

fn child_row(text: &mut String, child: &ChildSchema, rows: &[Row]) {
    let often = match (child.repeat, child.required) {
        (Repeat::Single, true) => "once",
        (Repeat::Single, false) => "at most once",
        (Repeat::Many, true) => "once or more",
        (Repeat::Many, false) => "any number",
        (Repeat::Named, _) => "any number, each with a `name` of its own",
        (Repeat::Merged, _) => "any number; they make one",
    };
    let row = catalog::find(child.schema, rows);
    writeln!(
        text,
        "| {} | {often} | {} |",
        link(row, ""),
        cell(child.schema.doc)
    )
    .ok();
}

fn describe(ty: AttributeType) -> String {
    match ty {
        AttributeType::Text(kind) => written(kind),
        AttributeType::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            words.join(" or ")
        }
        AttributeType::Bool => "bool".to_owned(),
        AttributeType::Integer {
            min: i64::MIN,
            max: i64::MAX,
        } => "whole number".to_owned(),
        AttributeType::Integer { min, max: i64::MAX } => format!("whole number from {min} on"),
        AttributeType::Integer { min, max } => format!("whole number, {min} to {max}"),
        AttributeType::TextList(kind) => format!("list of {}", written(kind)),
        AttributeType::TextMap(_) => "map of string".to_owned(),
        AttributeType::Annotations => "map of string, may be nested".to_owned(),
        AttributeType::Any => "any".to_owned(),
    }
}

/// Returns `string`, and what it must look like.
fn written(kind: &TextKind) -> String {
    if kind.name == "text" {
        "string".to_owned()
    } else {
        format!("string ({})", kind.name)
    }
}

fn index(rows: &[Row]) -> Page {
    let mut text = "# Files and blocks\n\n## Files\n\n| file | meaning |\n|---|---|\n".to_owned();
    for row in rows.iter().filter(|row| row.is_file()) {
        listed(&mut text, row);
    }
    for file in rows.iter().filter(|row| row.is_file()) {
        let title = file.title();
        write!(
            text,
            "\n## Blocks of {}{title}\n\n| block | meaning |\n|---|---|\n",
            article(&title)
        )
        .ok();
        for child in file.schema.all_children() {
            listed(&mut text, catalog::find(child.schema, rows));
        }
    }
    text.push_str("\n## Blocks in blocks\n\n| block | stands in | meaning |\n|---|---|---|\n");
    let is_inner = |row: &&Row| {
        !row.parents
            .iter()
            .any(|parent| catalog::find(parent, rows).is_file())
    };
    let mut inner: Vec<&Row> = rows
        .iter()
        .filter(|row| !row.is_file())
        .filter(is_inner)
        .collect();
    inner.sort_by(|a, b| a.slug.cmp(&b.slug));
    for row in inner {
        let parents: Vec<String> = row
            .parents
            .iter()
            .map(|parent| link(catalog::find(parent, rows), "blocks/"))
            .collect();
        let parents = if parents.is_empty() {
            "`deployments`".to_owned()
        } else {
            parents.join(", ")
        };
        writeln!(
            text,
            "| {} | {parents} | {} |",
            link(row, "blocks/"),
            cell(row.schema.doc)
        )
        .ok();
    }
    text.push_str("\n## Blocks anywhere\n\n| block | meaning |\n|---|---|\n");
    for (kind, doc) in CONTROL {
        writeln!(text, "| [`{kind}`](blocks/{kind}.md) | {doc} |").ok();
    }
    Page {
        path: "blocks.md".to_owned(),
        parts: vec![("tables", text)],
        needs_example: false,
        must_show: None,
    }
}

fn listed(text: &mut String, row: &Row) {
    writeln!(text, "| {} | {} |", link(row, "blocks/"), cell(row.schema.doc)).ok();
}

/// Returns a link to the page of a row. Links between pages of one folder have no prefix.
fn link(row: &Row, prefix: &str) -> String {
    format!("[{}]({prefix}{}.md)", row.title(), row.slug)
}

fn article(title: &str) -> &'static str {
    match title.chars().next() {
        Some('`') => "",
        Some('a' | 'e' | 'i' | 'o' | 'u') => "an ",
        _ => "a ",
    }
}

/// Makes the first letter of a title a capital.
pub(crate) fn capitalised(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Makes a text fit for the cell of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
