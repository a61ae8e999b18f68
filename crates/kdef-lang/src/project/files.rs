//! Reading and parsing files, each once.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::{
    Code, Diagnostic, Entry, EntryKind, FileId, SourceMap, Span, VirtualPath, World, WorldError,
};
use kdef_syntax::ast::Body;

/// A parsed file.
#[derive(Debug)]
pub(crate) struct File {
    /// What it holds.
    pub(crate) body: Body,
    /// Its id in the source map.
    pub(crate) id: FileId,
    /// The places of its syntax errors.
    errors: Vec<Span>,
}

impl File {
    /// Returns the place to blame for what is missing in the file: its beginning.
    pub(crate) fn start(&self) -> Span {
        Span::new(self.id, 0, 0)
    }

    /// Tells whether the file has syntax errors.
    pub(crate) fn is_broken(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Tells whether a place holds a syntax error, so that what was read of it is not to be relied on.
    pub(crate) fn is_broken_in(&self, span: Span) -> bool {
        self.errors
            .iter()
            .any(|error| error.start <= span.end && span.start <= error.end)
    }

    /// Returns the body without the items that hold syntax errors.
    pub(crate) fn sound_body(&self) -> Body {
        let sound = self
            .body
            .items
            .iter()
            .filter(|item| !self.is_broken_in(item.span()));
        Body {
            items: sound.cloned().collect(),
            span: self.body.span,
        }
    }
}

/// The files of a run.
pub(crate) struct Files<'w> {
    world: &'w dyn World,
    sources: SourceMap,
    parsed: BTreeMap<VirtualPath, Option<Arc<File>>>,
    listed: BTreeMap<VirtualPath, Arc<[VirtualPath]>>,
    folders: BTreeMap<VirtualPath, Result<(), WorldError>>,
    read: usize,
    diagnostics: Vec<Diagnostic>,
    incomplete: bool,
}

impl<'w> Files<'w> {
    /// Starts with no file read.
    pub(crate) fn new(world: &'w dyn World) -> Self {
        Self {
            world,
            sources: SourceMap::default(),
            parsed: BTreeMap::new(),
            listed: BTreeMap::new(),
            folders: BTreeMap::new(),
            read: 0,
            diagnostics: Vec::new(),
            incomplete: false,
        }
    }

    /// Returns the world that files come from.
    pub(crate) fn world(&self) -> &'w dyn World {
        self.world
    }

    /// Adds a text from outside the world that may be secret.
    pub(crate) fn add_secret(&mut self, name: &str, text: &str) -> FileId {
        self.sources.add_secret(name, text)
    }

    /// Lets no excerpt show a place.
    pub(crate) fn hide(&mut self, span: Span) {
        self.sources.hide(span);
    }

    /// Reports a problem.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns the list of problems, to add to it.
    pub(crate) fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.diagnostics
    }

    /// Tells whether a part of the project could not be read, so that nothing can be said about what is missing.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Notes that a part of the project could not be read.
    pub(crate) fn mark_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Gives the texts and the problems away.
    pub(crate) fn finish(self) -> (SourceMap, Vec<Diagnostic>) {
        (self.sources, self.diagnostics)
    }

    /// Tells whether there is a file of that path.
    pub(crate) fn exists(&self, path: &VirtualPath) -> bool {
        !matches!(
            self.world.read(path),
            Err(WorldError::NotFound | WorldError::NotAFile | WorldError::NotAFolder)
        )
    }

    /// Tells why there is no folder of that path, if there is none.
    pub(crate) fn check_folder(&mut self, path: &VirtualPath) -> Result<(), WorldError> {
        if let Some(known) = self.folders.get(path) {
            return known.clone();
        }
        let answer = self.world.list(path).map(|_| ());
        self.folders.insert(path.clone(), answer.clone());
        answer
    }

    /// Reads a file that need not be there.
    pub(crate) fn load_if_there(&mut self, path: &VirtualPath) -> Option<Arc<File>> {
        self.load_as(path, None, true)
    }

    /// Reads a file that must be there. `wanted` is the place that asks for it.
    pub(crate) fn load(&mut self, path: &VirtualPath, wanted: Option<Span>) -> Option<Arc<File>> {
        self.load_as(path, wanted, false)
    }

    fn load_as(&mut self, path: &VirtualPath, wanted: Option<Span>, optional: bool) -> Option<Arc<File>> {
        if let Some(known) = self.parsed.get(path) {
            return known.clone();
        }
        if self.read >= self.world.limits().files {
            self.report_limit();
            return None;
        }
        let file = match self.world.read(path) {
            Ok(bytes) => {
                self.read += 1;
                Some(self.parse(self.world.display(path), &bytes))
            }
            Err(WorldError::NotFound) if optional => None,
            Err(error) => {
                self.report_unreadable(path, wanted, &error);
                // Whoever else asks for it is told as well.
                return None;
            }
        };
        self.parsed.insert(path.clone(), file.clone());
        file
    }

    fn report_limit(&mut self) {
        let limit = self.world.limits().files;
        self.incomplete = true;
        self.report(Diagnostic::error(
            Code::LimitReached,
            None,
            format!("the project has more than {limit} files, the limit of one run"),
        ));
    }

    fn report_unreadable(&mut self, path: &VirtualPath, wanted: Option<Span>, error: &WorldError) {
        let code = match error {
            WorldError::TooLarge { .. } => Code::LimitReached,
            _ => Code::Unreadable,
        };
        let name = self.world.display(path);
        self.incomplete = true;
        self.report(Diagnostic::error(
            code,
            wanted,
            format!("`{name}` cannot be read: {error}"),
        ));
    }

    /// Parses a text that has been read, or was given from outside the world.
    pub(crate) fn parse(&mut self, name: String, bytes: &[u8]) -> Arc<File> {
        let text = String::from_utf8_lossy(bytes);
        let id = self.sources.add(name, &*text);
        if let Err(error) = std::str::from_utf8(bytes) {
            let at = Span::new(id, error.valid_up_to(), error.valid_up_to());
            self.incomplete = true;
            let message = match bytes {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file is UTF-16 text, not UTF-8",
                _ => "the file is not UTF-8 text from here on",
            };
            let problem = Diagnostic::error(Code::NotUtf8, at, message);
            self.report(problem.with_hint("save it as UTF-8"));
            let body = Body {
                items: Vec::new(),
                span: at,
            };
            return Arc::new(File {
                body,
                id,
                errors: vec![at],
            });
        }
        let parse = kdef_syntax::parse(id, &text);
        let errors: Vec<Span> = parse
            .diagnostics
            .iter()
            .filter_map(|problem| problem.span)
            .collect();
        self.incomplete |= !errors.is_empty();
        self.diagnostics.extend(parse.diagnostics);
        Arc::new(File {
            body: parse.body,
            id,
            errors,
        })
    }

    /// Returns the `.kdef` files that lie directly in a folder, in byte order of their names.
    pub(crate) fn kdef_files(&mut self, folder: &VirtualPath) -> Arc<[VirtualPath]> {
        if let Some(known) = self.listed.get(folder) {
            return Arc::clone(known);
        }
        let entries = self.world.list(folder).unwrap_or_else(|error| {
            self.report_unreadable(folder, None, &error);
            Vec::new()
        });
        let is_kdef =
            |entry: &&Entry| entry.kind != EntryKind::Folder && entry.name.strip_suffix(".kdef").is_some();
        let paths: Arc<[VirtualPath]> = entries
            .iter()
            .filter(is_kdef)
            .filter_map(|entry| folder.join(&entry.name).ok())
            .collect();
        self.listed.insert(folder.clone(), Arc::clone(&paths));
        paths
    }
}
