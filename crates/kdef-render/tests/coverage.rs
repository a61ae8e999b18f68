//! Every attribute and block that makes objects is written in some case of `tests/render`, so that its rendering is held.

// The cases are read from the disk; the code under test sees them as a `MemoryWorld`.
#![allow(clippy::disallowed_methods)]

#[path = "support/case.rs"]
mod case;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use kdef_lang::schema::BlockSchema;
use kdef_lang::schema::files::DEFINITIONS_FILE;
use kdef_lang::{Block, compile};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What is read before blocks are made, and thus not among them.
const NOT_BLOCKS: [&str; 4] = ["component", "external", "images", "use"];

/// A row of the schema: its name, and what it is for. Rows that several kinds share are rendered by the same code, and one
/// case is enough for them.
type Row = (&'static str, &'static str);

#[test]
fn every_row_of_the_schema_is_rendered_by_a_golden() -> Outcome<()> {
    let mut written = BTreeSet::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/render"))? {
        let folder = entry?.path();
        let compiled = compile(&case::world(&folder)?, &case::inputs(&folder)?);
        let project = &compiled.project;
        let declared = project.service_accounts.iter().chain(&project.namespaces);
        for block in project.blocks.iter().chain(declared) {
            add(block, &mut written);
        }
    }
    let mut missing = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let kinds = DEFINITIONS_FILE.all_children().map(|child| child.schema);
    for schema in kinds.filter(|schema| !NOT_BLOCKS.contains(&schema.kind)) {
        look(schema, schema.kind, &written, &mut seen, &mut missing);
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(
        missing.is_empty(),
        "no case of tests/render writes\n{}",
        missing.join("\n")
    );
    Ok(())
}

fn address(schema: &'static BlockSchema) -> usize {
    std::ptr::from_ref(schema).addr()
}

/// Notes what a block and the blocks in it hold.
fn add(block: &Block, written: &mut BTreeSet<Row>) {
    let attributes = block.schema().all_attributes();
    let set = attributes.filter(|attribute| block.is_set(attribute.name));
    written.extend(set.map(|attribute| (attribute.name, attribute.doc)));
    for inner in block.blocks() {
        written.insert((inner.kind(), inner.schema().doc));
        add(inner, written);
    }
}

/// Finds what no block holds; `path` is the way from the file to the schema.
fn look(
    schema: &'static BlockSchema,
    path: &str,
    written: &BTreeSet<Row>,
    seen: &mut BTreeSet<usize>,
    missing: &mut BTreeSet<String>,
) {
    if !seen.insert(address(schema)) {
        return;
    }
    let attributes = schema
        .all_attributes()
        .map(|attribute| (attribute.name, attribute.doc));
    let children = schema
        .all_children()
        .map(|child| (child.schema.kind, child.schema.doc));
    let unwritten = attributes.chain(children).filter(|row| !written.contains(row));
    missing.extend(unwritten.map(|(name, _)| format!("{path}.{name}")));
    for child in schema.all_children() {
        look(
            child.schema,
            &format!("{path}.{}", child.schema.kind),
            written,
            seen,
            missing,
        );
    }
}
