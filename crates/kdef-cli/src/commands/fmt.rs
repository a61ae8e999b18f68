//! `kdef fmt`

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use kdef_source::{Code, Diagnostic, EntryKind, SourceMap, Span, VirtualPath, World, WorldError, has_errors};

use crate::args::{FmtArgs, Format};
use crate::error::{CliError, Status};
use crate::report::{self, Stream, counted};
use crate::ui::{ERROR, Ui, WARNING};
use crate::unified;
use crate::world::{OsWorld, is_standard_input, read_named};

/// Formats files, or with `--check` and `--diff` only says what is to change.
pub(crate) fn run(args: &FmtArgs, ui: &mut Ui) -> Result<Status, CliError> {
    let mut run = Run {
        args,
        ui,
        sources: SourceMap::default(),
        diagnostics: Vec::new(),
        seen: BTreeSet::new(),
        changed: 0,
        refused: false,
    };
    match args.paths.as_slice() {
        [] => run.path(Path::new("."))?,
        [path] if is_standard_input(path) => run.standard_input()?,
        paths => {
            if paths.iter().any(|path| is_standard_input(path)) {
                return Err(CliError::usage(
                    "`-`, the standard input, is given together with other paths",
                ));
            }
            paths.iter().try_for_each(|path| run.path(path))?;
        }
    }
    run.finish()
}

struct Run<'a> {
    args: &'a FmtArgs,
    ui: &'a mut Ui,
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
    /// The files that were formatted, which may be named twice.
    seen: BTreeSet<PathBuf>,
    /// How many files are not in their canonical form, or were not.
    changed: usize,
    /// Whether the operating system refused to read something.
    refused: bool,
}

impl Run<'_> {
    fn standard_input(&mut self) -> Result<(), CliError> {
        let text = read_named(Path::new("-"))?;
        let Some(formatted) = self.format("<stdin>", &text) else {
            return Ok(());
        };
        if self.args.check || self.args.diff {
            return self.compare("<stdin>", &text, &formatted);
        }
        self.ui.data(&formatted)
    }

    /// Formats what a path leads to: a file, or a folder with all below.
    fn path(&mut self, path: &Path) -> Result<(), CliError> {
        let is_kdef = path.extension() == Some(OsStr::new("kdef"));
        if path.is_dir() {
            let (world, folder) = OsWorld::open(path)?;
            let before = self.seen.len();
            self.walk(&world, folder)?;
            if self.seen.len() == before && self.diagnostics.is_empty() {
                self.nothing_found(path);
            }
            self.refused |= world.refused();
            return Ok(());
        }
        if path.exists() && !is_kdef {
            let message = format!("`{}` is neither a folder nor a .kdef file", path.display());
            return Err(CliError::usage(message));
        }
        if !is_kdef {
            // There is no such folder, which is said there.
            return OsWorld::open(path).map(drop);
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let (world, folder) = OsWorld::open(parent.unwrap_or(Path::new(".")))?;
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let file = folder.join(name).ok();
        let there = path.symlink_metadata().is_ok();
        let Some(file) = file.filter(|_| there) else {
            return Err(CliError::usage(format!("there is no file `{}`", path.display())));
        };
        self.file(&world, &file)?;
        self.refused |= world.refused();
        Ok(())
    }

    fn nothing_found(&mut self, path: &Path) {
        if self.is_for_people() {
            let path = path.display();
            self.ui.note(&format!(
                "{WARNING}warning:{WARNING:#} there are no .kdef files in `{path}`"
            ));
        }
    }

    /// Formats all files in a folder and below, hidden folders left out, in byte order.
    fn walk(&mut self, world: &OsWorld, folder: VirtualPath) -> Result<(), CliError> {
        let mut todo = vec![(folder, EntryKind::Folder)];
        while let Some((path, kind)) = todo.pop() {
            if kind != EntryKind::Folder {
                self.file(world, &path)?;
                continue;
            }
            let entries = match world.list(&path) {
                Ok(entries) => entries,
                Err(error) => {
                    self.unreadable(world, &path, &error);
                    continue;
                }
            };
            let wanted = entries.into_iter().rev().filter(|entry| match entry.kind {
                EntryKind::Folder => !entry.name.starts_with('.'),
                _ => entry.name.strip_suffix(".kdef").is_some(),
            });
            todo.extend(wanted.filter_map(|entry| Some((path.join(&entry.name).ok()?, entry.kind))));
        }
        Ok(())
    }

    fn file(&mut self, world: &OsWorld, path: &VirtualPath) -> Result<(), CliError> {
        if !self.is_next(world, path) {
            return Ok(());
        }
        let name = world.display(path);
        let Some(text) = self.read(world, path, &name) else {
            return Ok(());
        };
        let Some(formatted) = self.format(&name, &text) else {
            return Ok(());
        };
        if formatted != text && !self.args.check && !self.args.diff {
            world.replace(path, &formatted)?;
        }
        self.compare(&name, &text, &formatted)
    }

    /// Tells whether a file has not been formatted yet, and is not one too many.
    fn is_next(&mut self, world: &OsWorld, path: &VirtualPath) -> bool {
        let limit = world.limits().files;
        if self.seen.len() > limit || !self.seen.insert(world.real(path)) {
            return false;
        }
        if self.seen.len() > limit {
            let message = format!("there are more than {limit} files, the limit of one run");
            let problem = Diagnostic::error(Code::LimitReached, None, message);
            self.diagnostics
                .push(problem.with_hint("format the folders one by one"));
            return false;
        }
        true
    }

    /// Reads a file, or keeps the reason why it cannot be formatted.
    fn read(&mut self, world: &OsWorld, path: &VirtualPath, name: &str) -> Option<String> {
        let bytes = match world.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unreadable(world, path, &error);
                return None;
            }
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(error) => {
                self.not_text(name, &bytes, error.valid_up_to());
                None
            }
        }
    }

    /// Formats a text, or keeps its errors.
    fn format(&mut self, name: &str, text: &str) -> Option<String> {
        let file = self.sources.add(name, text);
        let formatted = kdef_syntax::format(file, text);
        formatted.map_err(|errors| self.diagnostics.extend(errors)).ok()
    }

    /// Tells that a file changes, if it does.
    fn compare(&mut self, name: &str, before: &str, after: &str) -> Result<(), CliError> {
        if before == after {
            return Ok(());
        }
        self.changed += 1;
        if self.args.diff {
            let diff = unified::diff(name, before, after, self.ui.has_colours());
            return self.ui.data(&diff);
        }
        self.ui.data(&format!("{name}\n"))
    }

    fn unreadable(&mut self, world: &OsWorld, path: &VirtualPath, error: &WorldError) {
        let code = match error {
            WorldError::TooLarge { .. } => Code::LimitReached,
            _ => Code::Unreadable,
        };
        let message = format!("`{}` cannot be read: {error}", world.display(path));
        self.diagnostics.push(Diagnostic::error(code, None, message));
    }

    fn not_text(&mut self, name: &str, bytes: &[u8], valid: usize) {
        let file = self.sources.add(name, String::from_utf8_lossy(bytes));
        let at = Span::new(file, valid, valid);
        let message = "the file is not UTF-8 text from here on";
        self.diagnostics
            .push(Diagnostic::error(Code::NotUtf8, at, message).with_hint("save it as UTF-8"));
    }

    fn is_for_people(&self) -> bool {
        self.args.format != Format::Json
    }

    /// Shows what is wrong and returns the status that it leads to.
    fn finish(self) -> Result<Status, CliError> {
        report::show(
            &self.diagnostics,
            &self.sources,
            self.args.format,
            Stream::Error,
            self.ui,
        )?;
        if self.is_for_people() && !self.diagnostics.is_empty() {
            self.ui.note(&report::summary(&self.diagnostics, 0));
        }
        let unformatted = self.args.check && self.changed > 0;
        if unformatted && self.is_for_people() {
            let verb = if self.changed == 1 { "is" } else { "are" };
            self.ui.note(&format!(
                "{ERROR}error:{ERROR:#} {} {verb} not formatted",
                counted(self.changed, "file")
            ));
            self.ui.tip("`kdef fmt` with the same paths formats them");
        }
        Ok(match (has_errors(&self.diagnostics), self.refused) {
            (true, true) => Status::Io,
            (true, false) => Status::Problem,
            (false, _) if unformatted => Status::Problem,
            (false, _) => Status::Done,
        })
    }
}
