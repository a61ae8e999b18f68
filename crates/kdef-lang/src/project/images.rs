//! The images that `image()` finds: those of all folders on the walk, the deepest winning.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, VirtualPath};
use kdef_syntax::ast::Body;

use super::root::{Environment, Mount, ROOT_FILE_NAME};
use super::run::{Run, cache_key};
use super::variables::{self, Layer};
use crate::eval::Images;
use crate::expand::control;
use crate::schema::blocks::IMAGES;

/// Collects the images of a mount. `declared` has those of imported files, which rank below.
pub(crate) fn collect(run: &mut Run<'_>, mount: &Mount, declared: &Layer) -> Images {
    let mut images = declared.images.clone();
    for folder in mount.dir.walk_from(&mount.top) {
        let found = of_folder(run, &folder, mount.env.as_ref());
        images.extend(
            found
                .iter()
                .map(|(alias, image)| (Arc::clone(alias), Arc::clone(image))),
        );
    }
    images
}

fn of_folder(run: &mut Run<'_>, folder: &VirtualPath, env: Option<&Environment>) -> Arc<Images> {
    let key = (folder.clone(), cache_key(env));
    if let Some(known) = run.images.get(&key) {
        return Arc::clone(known);
    }
    let mut images = Images::new();
    for path in run.files.kdef_files(folder).iter() {
        let skipped = path.file_name() == Some(ROOT_FILE_NAME) || run.imported.contains(path);
        let Some(file) = (!skipped).then(|| run.files.load(path, None)).flatten() else {
            continue;
        };
        let sound = |block: &&kdef_syntax::ast::Block| {
            block.kind.as_str() == IMAGES.kind && !file.is_broken_in(block.span)
        };
        for block in file.body.blocks().filter(sound) {
            images.extend(variables::images(run, block, env));
        }
    }
    let images = Arc::new(images);
    run.images.insert(key, Arc::clone(&images));
    images
}

/// Warns of `images` inside `if` and `for`, which are looked for before anything is evaluated.
pub(crate) fn warn_misplaced(body: &Body, diagnostics: &mut Vec<Diagnostic>) {
    let inside = body
        .blocks()
        .filter(|block| control::is_control(block.kind.as_str()));
    for block in inside {
        for images in block
            .body
            .blocks()
            .filter(|block| block.kind.as_str() == IMAGES.kind)
        {
            diagnostics.push(
                Diagnostic::warning(
                    Code::NoEffect,
                    images.header,
                    format!("`images` has no effect inside `{}`", block.kind),
                )
                .with_hint("put it beside the other blocks of the file"),
            );
        }
        warn_misplaced(&block.body, diagnostics);
    }
}
