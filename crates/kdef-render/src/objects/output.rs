//! Where rendered objects are collected.

use kdef_lang::Block;
use kdef_source::{Code, Diagnostic, SourceMap, has_errors};

use crate::{Object, overlay};

/// Collects objects, and what was wrong with them, up to a bound.
pub(crate) struct Output<'a> {
    sources: &'a SourceMap,
    limit: usize,
    pub(crate) objects: Vec<Object>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    full: bool,
}

impl<'a> Output<'a> {
    /// Starts without objects; at most `limit` are taken.
    pub(crate) fn new(sources: &'a SourceMap, limit: usize) -> Self {
        Self {
            sources,
            limit,
            objects: Vec::new(),
            diagnostics: Vec::new(),
            full: false,
        }
    }

    /// Adds an object. The first one past the bound is an error, and the rest is dropped.
    pub(crate) fn add(&mut self, object: Object) {
        if self.objects.len() < self.limit {
            self.objects.push(object);
        } else if !self.full {
            self.full = true;
            let message = format!("the project renders more than {} objects", self.limit);
            let place = object.provenance.block();
            self.diagnostics.push(
                Diagnostic::error(Code::LimitReached, place, message)
                    .with_hint("split the project into several releases"),
            );
        }
    }

    /// Adds an object after merging the `raw` of its block into it.
    pub(crate) fn add_with_raw(&mut self, mut object: Object, block: &Block) {
        let takes_raw = block.schema().attribute("raw").is_some();
        if let Some(raw) = takes_raw.then(|| block.text("raw")).flatten() {
            let problems = overlay::merge(&mut object, raw, block.span_of("raw"), self.sources);
            let broken = has_errors(&problems);
            self.diagnostics.extend(problems);
            if broken {
                return;
            }
        }
        self.add(object);
    }
}
