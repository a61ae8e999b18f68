//! The images that `image()` finds: those of all folders on the walk, the deepest winning.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, VirtualPath};
use kdef_syntax::ast::Body;

use super::root::{Environment, Mount, ROOT_FILE_NAME};
use super::run::{Run, cache_key};
use super::variables::{self, Layer};
use crate::eval::Images;
use crate::expand::control;
use crate::schema::blocks::{COMPONENT, IMAGES};

/// The images that are found in some place.
#[derive(Debug, Default, Clone)]
pub(crate) struct Found {
    /// The images by alias.
    pub(crate) images: Images,
    /// Whether there may be more, in what could not be read.
    pub(crate) incomplete: bool,
}

impl Found {
    fn add(&mut self, images: &Images, incomplete: bool) {
        let images = images.iter();
        self.images
            .extend(images.map(|(alias, image)| (Arc::clone(alias), Arc::clone(image))));
        self.incomplete |= incomplete;
    }
}

/// Collects the images of a mount. `declared` has those of imported files, which rank below.
pub(crate) fn collect(run: &mut Run<'_>, mount: &Mount, declared: &Layer) -> Found {
    let mut found = Found::default();
    found.add(
        &declared.images,
        declared.incomplete || declared.incomplete_images,
    );
    for folder in mount.dir.walk_from(&mount.top) {
        let inside = of_folder(run, &folder, mount.env.as_ref());
        found.add(&inside.images, inside.incomplete);
    }
    found
}

fn of_folder(run: &mut Run<'_>, folder: &VirtualPath, env: Option<&Environment>) -> Arc<Found> {
    let key = (folder.clone(), cache_key(env));
    if let Some(known) = run.images.get(&key) {
        return Arc::clone(known);
    }
    let mut found = Found::default();
    for path in run.files.kdef_files(folder).iter() {
        if path.file_name() == Some(ROOT_FILE_NAME) || run.imported.contains(path) {
            continue;
        }
        let Some(file) = run.files.load(path, None) else {
            found.incomplete = true;
            continue;
        };
        for block in file
            .body
            .blocks()
            .filter(|block| block.kind.as_str() == IMAGES.kind)
        {
            if file.is_broken_in(block.span) {
                found.incomplete = true;
            } else {
                let (images, incomplete) = variables::images(run, block, env);
                found.add(&images, incomplete);
            }
        }
    }
    let found = Arc::new(found);
    run.images.insert(key, Arc::clone(&found));
    found
}

/// Warns of `images` and `component` inside `if` and `for`: they are looked for before anything is evaluated.
pub(crate) fn warn_misplaced(body: &Body, diagnostics: &mut Vec<Diagnostic>) {
    let inside = body
        .blocks()
        .filter(|block| control::is_control(block.kind.as_str()));
    for block in inside {
        let is_misplaced = |kind: &str| kind == IMAGES.kind || kind == COMPONENT.kind;
        let misplaced = block.body.blocks();
        for found in misplaced.filter(|block| is_misplaced(block.kind.as_str())) {
            diagnostics.push(
                Diagnostic::warning(
                    Code::NoEffect,
                    found.header,
                    format!("`{}` has no effect inside `{}`", found.kind, block.kind),
                )
                .with_hint("put it beside the other blocks of the file"),
            );
        }
        warn_misplaced(&block.body, diagnostics);
    }
}
