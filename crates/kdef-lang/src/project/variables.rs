//! `vars.kdef` and what it imports: declarations of variables, images and ingress defaults.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, VirtualPath};
use kdef_syntax::ast::{self, Body};

use super::declaration::Declaration;
use super::files::File;
use super::imports;
use super::locals::{self, Locals};
use super::root::{Environment, Mount};
use super::run::{Run, cache_key};
use crate::Block;
use crate::eval::{Budget, Images};
use crate::expand::structure::{self, Mode};
use crate::schema::blocks::{IMAGES, INGRESS_DEFAULTS};
use crate::schema::files::VARIABLES_FILE;
use crate::value::Value;

/// The name of the file.
pub(crate) const VARIABLES_FILE_NAME: &str = "vars.kdef";

/// What it takes from the budget to pass a declaration on, which costs time and memory in each folder that sees it.
const STEPS_FOR_DECLARATION: u64 = 4;

/// What variable files add up to; later ones win.
#[derive(Debug, Default, Clone)]
pub(crate) struct Layer {
    /// The variables by name.
    pub(crate) declarations: BTreeMap<Arc<str>, Arc<Declaration>>,
    /// The locals by name.
    pub(crate) locals: Locals,
    /// The images by alias.
    pub(crate) images: Images,
    /// The ingress defaults, which replace each other as a whole.
    pub(crate) ingress_defaults: Option<Arc<Block>>,
    /// The files that were imported.
    pub(crate) imported: BTreeSet<VirtualPath>,
    /// Whether a part could not be read, so that there may be more variables.
    pub(crate) incomplete: bool,
    /// Whether an image is wrong.
    pub(crate) incomplete_images: bool,
}

impl Layer {
    /// Lays another one above this one, as far as the budget goes.
    pub(crate) fn add(&mut self, upper: &Self, budget: &Budget) {
        self.imported.extend(upper.imported.iter().cloned());
        self.incomplete |= upper.incomplete;
        self.incomplete_images |= upper.incomplete_images;
        let count = upper.declarations.len().saturating_add(upper.locals.len());
        let steps = STEPS_FOR_DECLARATION.saturating_mul(count as u64);
        let first = upper.declarations.values().map(|it| it.span).next();
        if let Some(first) = first.or_else(|| upper.locals.values().map(|it| it.span).next())
            && !budget.spend_steps(steps, first)
        {
            self.incomplete = true;
            return;
        }
        let declarations = upper.declarations.iter();
        self.declarations
            .extend(declarations.map(|(name, it)| (Arc::clone(name), Arc::clone(it))));
        let locals = upper.locals.iter();
        self.locals
            .extend(locals.map(|(name, it)| (Arc::clone(name), Arc::clone(it))));
        let images = upper.images.iter();
        self.images
            .extend(images.map(|(alias, image)| (Arc::clone(alias), Arc::clone(image))));
        if upper.ingress_defaults.is_some() {
            self.ingress_defaults.clone_from(&upper.ingress_defaults);
        }
    }
}

/// What one variable file gives.
#[derive(Debug, Default)]
pub(crate) struct FileLayers {
    /// What it imports.
    pub(crate) imported: Layer,
    /// What it says itself.
    pub(crate) own: Layer,
}

/// Reads what the folders of a mount's walk declare. The images in it are those of imported files.
pub(crate) fn declared(run: &mut Run<'_>, mount: &Mount) -> Layer {
    let env = mount.env.as_ref();
    let mut layer = Layer::default();
    let folders = mount.dir.walk_from(&mount.top);
    let leaf = folders.len() - 1;
    for (index, folder) in folders.iter().enumerate() {
        let file = folder.join(VARIABLES_FILE_NAME).ok().and_then(|path| {
            let is_there = run.files.load_if_there(&path).is_some();
            is_there.then(|| read_file(run, &path, env, &mut Vec::new()))
        });
        if let Some(file) = &file {
            layer.add(&file.imported, run.budget);
        }
        if index == leaf {
            let given = vars_from(run, env);
            layer.add(&given, run.budget);
        }
        if let Some(file) = &file {
            // The images in a vars.kdef are found with those of the other files of its folder.
            let own = Layer {
                images: Images::new(),
                ..file.own.clone()
            };
            layer.add(&own, run.budget);
        }
    }
    layer
}

/// Reads a variable file and what it imports. `path` was loaded before; `importers` are the files that lead to it.
pub(super) fn read_file(
    run: &mut Run<'_>,
    path: &VirtualPath,
    env: Option<&Environment>,
    importers: &mut Vec<VirtualPath>,
) -> Arc<FileLayers> {
    let key = (path.clone(), cache_key(env));
    if let Some(known) = run.variable_files.get(&key) {
        return Arc::clone(known);
    }
    let mut layers = FileLayers::default();
    match run.files.load_if_there(path) {
        Some(file) => {
            let body = file.sound_body();
            check_structure(run, &file, &body);
            importers.push(path.clone());
            layers.imported = imports::read(run, path, &body, env, importers);
            importers.pop();
            layers.own = own(run, &body, env);
            layers.own.incomplete |= file.is_broken();
        }
        None => layers.own.incomplete = true,
    }
    let layers = Arc::new(layers);
    run.variable_files.insert(key, Arc::clone(&layers));
    layers
}

fn check_structure(run: &mut Run<'_>, file: &File, body: &Body) {
    let start = file.start();
    structure::check(body, &VARIABLES_FILE, Mode::Plain, start, run.files.diagnostics());
}

/// Reads what `--vars-from` declares.
fn vars_from(run: &mut Run<'_>, env: Option<&Environment>) -> Arc<Layer> {
    let key = cache_key(env);
    if let Some(known) = run.vars_from.get(&key) {
        return Arc::clone(known);
    }
    let mut layer = Layer::default();
    for file in run.vars_from_files.clone() {
        let body = file.sound_body();
        check_structure(run, &file, &body);
        report_ignored(run, &body);
        let own = Layer {
            ingress_defaults: None,
            ..own(run, &body, env)
        };
        layer.add(&own, run.budget);
        layer.incomplete |= file.is_broken();
    }
    let layer = Arc::new(layer);
    run.vars_from.insert(key, Arc::clone(&layer));
    layer
}

/// A variable file from outside the project has no folder to import from, and declares variables only.
fn report_ignored(run: &mut Run<'_>, body: &Body) {
    let imports = body
        .attributes()
        .filter(|attribute| attribute.name.as_str() == "import");
    let defaults = body
        .blocks()
        .filter(|block| block.kind.as_str() == INGRESS_DEFAULTS.kind);
    let ignored = imports
        .map(|attribute| attribute.name.span)
        .chain(defaults.map(|block| block.header));
    for span in ignored {
        run.files.report(Diagnostic::warning(
            Code::NoEffect,
            span,
            "this has no effect in a file that is given from outside the project",
        ));
    }
}

/// Evaluates what a variable file says itself.
fn own(run: &mut Run<'_>, body: &Body, env: Option<&Environment>) -> Layer {
    let mut layer = Layer::default();
    for block in body.blocks() {
        match block.kind.as_str() {
            "variable" => {
                if let Some(declaration) = Declaration::read(run, block, "a variable", env) {
                    add_declaration(run, &mut layer, declaration);
                }
            }
            "locals" => locals::read(run, block, &mut layer.locals),
            "images" => {
                let (images, incomplete) = images(run, block, env);
                layer.images.extend(images);
                layer.incomplete_images |= incomplete;
            }
            "ingress_defaults" => {
                let defaults = run.decode_constant_block(block, &INGRESS_DEFAULTS, env);
                layer.ingress_defaults = Some(Arc::new(defaults));
            }
            _ => {}
        }
    }
    layer
}

/// Evaluates an `images` block. Also returns whether a part of it is wrong.
pub(crate) fn images(run: &mut Run<'_>, block: &ast::Block, env: Option<&Environment>) -> (Images, bool) {
    let block = run.decode_constant_block(block, &IMAGES, env);
    let texts = block.entries().iter();
    let texts = texts.filter_map(|(alias, entry)| match &entry.value.value {
        Value::String(image) => Some((Arc::clone(alias), Arc::clone(image))),
        _ => None,
    });
    (texts.collect(), block.is_lost(IMAGES.kind))
}

/// Warns of a declaration that a later one of the same place replaces.
pub(super) fn report_repeated(run: &mut Run<'_>, what: &str, earlier: Span, span: Span) {
    let message = format!("this declaration of {what} has no effect, since another one follows");
    let problem = Diagnostic::warning(Code::NoEffect, earlier, message);
    run.files
        .report(problem.with_related(span, "the one that counts"));
}

fn add_declaration(run: &mut Run<'_>, layer: &mut Layer, declaration: Declaration) {
    let name = Arc::clone(&declaration.name);
    let span = declaration.span;
    if let Some(earlier) = layer
        .declarations
        .insert(Arc::clone(&name), Arc::new(declaration))
    {
        report_repeated(run, &format!("`{name}`"), earlier.span, span);
    }
}
