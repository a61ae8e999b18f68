//! Components: the walk that finds them.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, EntryKind, Span, VirtualPath};
use kdef_syntax::ast::{self, Body};

use super::declaration::Declaration;
use super::files::File;
use super::images;
use super::locals::{self, Locals};
use super::root::{Mount, ROOT_FILE_NAME};
use super::run::Run;
use super::variables::VARIABLES_FILE_NAME;
use crate::expand::structure::{self, Mode};
use crate::schema::blocks::{COMPONENT, INPUT, LOCALS};
use crate::schema::files::COMPONENTS_FILE;

/// The folder whose files hold nothing but components.
const FOLDER: &str = "components";

/// A component, before any of it is evaluated but its declarations.
#[derive(Debug)]
pub(crate) struct Component {
    /// The name.
    pub(crate) name: Arc<str>,
    /// Where the name stands.
    pub(crate) span: Span,
    /// The inputs by name.
    pub(crate) inputs: BTreeMap<Arc<str>, Declaration>,
    /// The locals by name.
    pub(crate) locals: Locals,
    /// Whether an input is wrong, so that there may be more.
    pub(crate) incomplete: bool,
    /// What it holds.
    pub(crate) body: Body,
}

/// The components that are found in some place.
#[derive(Debug, Default, Clone)]
pub(crate) struct Found {
    /// The components by name.
    pub(crate) components: BTreeMap<Arc<str>, Arc<Component>>,
    /// Whether there may be more, in what could not be read.
    pub(crate) incomplete: bool,
}

/// Collects the components of a mount: those of all folders on the walk, the deepest winning.
pub(crate) fn collect(run: &mut Run<'_>, mount: &Mount) -> Found {
    let mut found = Found::default();
    for folder in mount.dir.walk_from(&mount.top) {
        let inside = of_folder(run, &folder);
        let components = inside.components.iter();
        found
            .components
            .extend(components.map(|(name, component)| (Arc::clone(name), Arc::clone(component))));
        found.incomplete |= inside.incomplete;
    }
    found
}

/// Reads the components of a folder, once in a run.
fn of_folder(run: &mut Run<'_>, folder: &VirtualPath) -> Arc<Found> {
    if let Some(known) = run.components.get(folder) {
        return Arc::clone(known);
    }
    let mut found = Found::default();
    for path in run.files.kdef_files(folder).iter() {
        let is_other = matches!(path.file_name(), Some(ROOT_FILE_NAME | VARIABLES_FILE_NAME));
        if !is_other && !run.imported.contains(path) {
            add_file(run, path, &mut found);
        }
    }
    for path in component_files(run, folder) {
        if let Some(file) = add_file(run, &path, &mut found) {
            let (body, start) = (file.sound_body(), file.start());
            structure::check(
                &body,
                &COMPONENTS_FILE,
                Mode::Whole,
                start,
                run.files.diagnostics(),
            );
            images::warn_misplaced(&body, run.files.diagnostics());
        }
    }
    let found = Arc::new(found);
    run.components.insert(folder.clone(), Arc::clone(&found));
    found
}

/// Returns the files of a folder's `components`, if it has one.
fn component_files(run: &mut Run<'_>, folder: &VirtualPath) -> Vec<VirtualPath> {
    let entries = run.files.world().list(folder).unwrap_or_default();
    let is_there = entries
        .iter()
        .any(|entry| entry.name == FOLDER && entry.kind == EntryKind::Folder);
    match folder.join(FOLDER) {
        Ok(inside) if is_there => run.files.kdef_files(&inside).to_vec(),
        _ => Vec::new(),
    }
}

/// Adds the components of a file.
fn add_file(run: &mut Run<'_>, path: &VirtualPath, found: &mut Found) -> Option<Arc<File>> {
    let Some(file) = run.files.load(path, None) else {
        found.incomplete = true;
        return None;
    };
    for tree in file
        .body
        .blocks()
        .filter(|block| block.kind.as_str() == COMPONENT.kind)
    {
        match component(run, &file, tree) {
            Some(component) => add(run, found, component),
            None => found.incomplete = true,
        }
    }
    Some(file)
}

fn add(run: &mut Run<'_>, found: &mut Found, component: Component) {
    let span = component.span;
    let earlier = found
        .components
        .insert(Arc::clone(&component.name), Arc::new(component));
    if let Some(earlier) = earlier {
        let message = format!("there is a component `{}` in this folder already", earlier.name);
        run.files.report(
            Diagnostic::error(Code::DuplicateBlock, span, message)
                .with_related(earlier.span, "the first one")
                .with_hint("give one of them another name"),
        );
    }
}

/// Reads a component; `None` where it is wrong as a whole.
fn component(run: &mut Run<'_>, file: &File, tree: &ast::Block) -> Option<Component> {
    if file.is_broken_in(tree.span) {
        return None;
    }
    let body = &tree.body;
    structure::check(
        body,
        &COMPONENT,
        Mode::Whole,
        tree.header,
        run.files.diagnostics(),
    );
    let [label] = tree.labels.as_slice() else {
        return None;
    };
    let Some(name) = label.literal().filter(|name| !name.is_empty()) else {
        run.files.report(Diagnostic::error(
            Code::WrongLabels,
            label.span,
            "the name of a component is written out, and not empty",
        ));
        return None;
    };
    let mut component = Component {
        name: (&*name).into(),
        span: label.span,
        inputs: BTreeMap::new(),
        locals: Locals::new(),
        incomplete: false,
        body: tree.body.clone(),
    };
    for input in body.blocks().filter(|block| block.kind.as_str() == INPUT.kind) {
        match Declaration::read(run, input, "an input", None) {
            Some(declaration) => add_input(run, &mut component, declaration),
            None => component.incomplete = true,
        }
    }
    for block in body.blocks().filter(|block| block.kind.as_str() == LOCALS.kind) {
        locals::read(run, block, &mut component.locals);
    }
    Some(component)
}

fn add_input(run: &mut Run<'_>, component: &mut Component, input: Declaration) {
    let span = input.span;
    if let Some(earlier) = component.inputs.insert(Arc::clone(&input.name), input) {
        let message = format!("there is an input `{}` already", earlier.name);
        run.files.report(
            Diagnostic::error(Code::DuplicateBlock, span, message)
                .with_related(earlier.span, "the first one")
                .with_hint("keep one of them"),
        );
    }
}
