//! Every row of the schema, and the page that it has.

use kdef_lang::schema::BlockSchema;
use kdef_lang::schema::files::{ENTRY, FILES};

/// A row of the schema.
pub(crate) struct Row {
    /// The row.
    pub(crate) schema: &'static BlockSchema,
    /// The rows that it may stand in.
    pub(crate) parents: Vec<&'static BlockSchema>,
    /// The name of its page, without `.md`.
    pub(crate) slug: String,
}

impl Row {
    /// Tells whether it is a kind of file.
    pub(crate) fn is_file(&self) -> bool {
        is_file(self.schema)
    }

    /// Returns what pages call it: its kind, or for a file what it is.
    pub(crate) fn title(&self) -> String {
        if self.is_file() && !self.schema.kind.contains('.') {
            without_article(self.schema.kind).to_owned()
        } else {
            format!("`{}`", self.schema.kind)
        }
    }
}

/// Returns all rows: the files first, each block after the first one that it may stand in.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for file in FILES.iter().copied().chain([&ENTRY]) {
        add(file, None, &mut rows);
    }
    let slugs: Vec<String> = rows.iter().map(|row| slug(row, &rows)).collect();
    for (row, slug) in rows.iter_mut().zip(slugs) {
        row.slug = slug;
    }
    rows
}

/// Returns the row of a schema.
pub(crate) fn find<'a>(schema: &'static BlockSchema, rows: &'a [Row]) -> &'a Row {
    rows.iter()
        .find(|row| std::ptr::eq(row.schema, schema))
        .expect("every schema that a row names is a row")
}

fn add(schema: &'static BlockSchema, parent: Option<&'static BlockSchema>, rows: &mut Vec<Row>) {
    if let Some(row) = rows.iter_mut().find(|row| std::ptr::eq(row.schema, schema)) {
        row.parents.extend(parent);
        return;
    }
    rows.push(Row {
        schema,
        parents: parent.into_iter().collect(),
        slug: String::new(),
    });
    for child in schema.all_children() {
        add(child.schema, Some(schema), rows);
    }
}

fn is_file(schema: &'static BlockSchema) -> bool {
    FILES.iter().any(|file| std::ptr::eq(*file, schema))
}

/// Names a page after the kind. Where several rows have one kind, the one of files keeps the plain name, and each other
/// one is named after what it stands in: `workload` for what stands in deployments and others alike.
fn slug(row: &Row, rows: &[Row]) -> String {
    let kind = row.schema.kind;
    if row.is_file() {
        return without_article(kind).replace(' ', "-");
    }
    let alone = rows.iter().filter(|other| other.schema.kind == kind).count() == 1;
    if alone || row.parents.iter().any(|parent| is_file(parent)) {
        return kind.to_owned();
    }
    let mut parents = row.parents.iter().map(|parent| (parent.kind, parent.workload));
    let shared = row.parents.len() > 1 && parents.clone().any(|(kind, _)| kind == "deployment");
    let place = match parents
        .clone()
        .find(|(_, runs_pods)| !runs_pods)
        .or(parents.next())
    {
        Some((_, true)) if shared => "workload",
        Some((kind, _)) => kind,
        None => "other",
    };
    format!("{place}-{kind}")
}

fn without_article(kind: &str) -> &str {
    kind.strip_prefix("a ")
        .or_else(|| kind.strip_prefix("an "))
        .unwrap_or(kind)
}
