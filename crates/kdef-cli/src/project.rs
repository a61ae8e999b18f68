//! From arguments to a rendered project.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use kdef_lang::{Inputs, ValuesFormat, ValuesSource, VarsFile};
use kdef_render::{Object, Rendered};
use kdef_source::{Code, Diagnostic, Severity, SourceMap, World, has_errors};

use crate::args::{Format, ProjectArgs};
use crate::error::{CliError, Status};
use crate::report::{self, Stream};
use crate::set;
use crate::ui::Ui;
use crate::world::{OsWorld, is_standard_input, read_named, same_folder};

/// A project that the arguments name, before it is rendered.
pub(crate) struct Opened<'a> {
    args: &'a ProjectArgs,
    world: OsWorld,
    inputs: Inputs,
    /// What is wrong with `--set`.
    refused_settings: Vec<Diagnostic>,
}

impl<'a> Opened<'a> {
    /// Reads what is given to a project from outside.
    pub(crate) fn open(args: &'a ProjectArgs) -> Result<Self, CliError> {
        read_standard_input_once(args)?;
        let (world, dir) = OsWorld::open(folder(args)?)?;
        let (set, refused_settings) = match set::parse(&args.set) {
            Ok(set) => (set, Vec::new()),
            Err(problems) => (Vec::new(), problems),
        };
        let inputs = Inputs {
            dir,
            env: args.env.clone(),
            set,
            values: values(args)?,
            vars_from: vars_from(args)?,
            only: args.only.clone(),
            ..Inputs::default()
        };
        Ok(Self {
            args,
            world,
            inputs,
            refused_settings,
        })
    }

    /// Returns the names of the environments that the project describes.
    pub(crate) fn environments(&self) -> Vec<String> {
        kdef_lang::environments(&self.world, &self.inputs)
    }

    /// Renders the project for the environment that the arguments name.
    pub(crate) fn render(&self) -> Project {
        self.render_inputs(&self.inputs)
    }

    /// Renders the project for an environment.
    pub(crate) fn render_for(&self, env: &str) -> Project {
        self.render_inputs(&Inputs {
            env: Some(env.to_owned()),
            ..self.inputs.clone()
        })
    }

    fn render_inputs(&self, inputs: &Inputs) -> Project {
        let rendered = if self.refused_settings.is_empty() {
            kdef_render::build(&self.world, inputs)
        } else {
            Rendered {
                diagnostics: self.refused_settings.clone(),
                ..Rendered::default()
            }
        };
        Project {
            folder: self.world.display(&inputs.dir),
            env: inputs.env.clone().filter(|env| !env.is_empty()),
            rendered,
            format: self.args.format,
            strict: self.args.strict,
            refused: self.world.refused(),
        }
    }
}

/// A project as it was rendered, with everything that was found wrong with it.
pub(crate) struct Project {
    folder: String,
    /// The environment that it was rendered for.
    env: Option<String>,
    /// Sources, diagnostics and objects.
    pub(crate) rendered: Rendered,
    format: Format,
    strict: bool,
    refused: bool,
}

impl Project {
    /// Reads and renders the project that the arguments name.
    pub(crate) fn render(args: &ProjectArgs) -> Result<Self, CliError> {
        Ok(Opened::open(args)?.render())
    }

    /// Returns the environment that it was rendered for.
    pub(crate) fn env(&self) -> Option<&str> {
        self.env.as_deref()
    }

    /// Returns the same project with the texts and problems of several runs, and no objects.
    pub(crate) fn with_findings(&self, sources: SourceMap, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            folder: self.folder.clone(),
            env: None,
            rendered: Rendered {
                sources,
                diagnostics,
                ..Rendered::default()
            },
            ..*self
        }
    }

    /// Adds a diagnostic when the project holds nothing but Namespaces and ServiceAccounts.
    pub(crate) fn expect_objects(&mut self, severity: Severity) {
        let counts = |object: &Object| !matches!(object.kind.as_str(), "Namespace" | "ServiceAccount");
        if has_errors(&self.rendered.diagnostics) || self.rendered.objects.iter().any(counts) {
            return;
        }
        let problem = Diagnostic {
            severity,
            ..Diagnostic::error(
                Code::NothingToRender,
                None,
                format!("there is nothing to render in {}", self.place()),
            )
        };
        self.rendered.diagnostics.push(problem.with_hint(
            "kdef reads the `.kdef` files of the folder itself, and of those that `deployments` in its `root.kdef` lists",
        ));
    }

    /// Returns where the project lies and what it was rendered for, to follow the word "in".
    pub(crate) fn place(&self) -> String {
        match &self.env {
            Some(env) => format!("{} for the environment `{env}`", self.shown_folder()),
            None => self.shown_folder(),
        }
    }

    fn shown_folder(&self) -> String {
        if self.folder == "." {
            "this folder".to_owned()
        } else {
            format!("`{}`", self.folder)
        }
    }

    /// Shows what was found wrong and returns the status that it leads to.
    pub(crate) fn report(&mut self, stream: Stream, ui: &mut Ui) -> Result<Status, CliError> {
        let raised = if self.strict {
            raise_warnings(&mut self.rendered.diagnostics)
        } else {
            0
        };
        let Rendered {
            diagnostics, sources, ..
        } = &self.rendered;
        report::show(diagnostics, sources, self.format, stream, ui)?;
        if self.is_for_people() && !diagnostics.is_empty() {
            ui.note(&report::summary(diagnostics, raised));
        }
        Ok(match (has_errors(diagnostics), self.refused) {
            (false, _) => Status::Done,
            (true, false) => Status::Problem,
            (true, true) => Status::Io,
        })
    }

    /// Tells whether lines for people may stand beside the diagnostics.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format != Format::Json
    }
}

/// Makes errors of warnings, and returns how many there were.
fn raise_warnings(diagnostics: &mut [Diagnostic]) -> usize {
    let warnings = diagnostics
        .iter_mut()
        .filter(|diagnostic| diagnostic.severity == Severity::Warning);
    warnings.map(|warning| warning.severity = Severity::Error).count()
}

/// Returns the project's folder, given by position or by flag.
fn folder(args: &ProjectArgs) -> Result<&Path, CliError> {
    match (&args.folder, &args.dir) {
        (Some(folder), Some(dir)) if !same_folder(folder, dir) => Err(CliError::usage(format!(
            "two folders are given, `{}` and `--dir {}`",
            folder.display(),
            dir.display()
        ))
        .with_tip("leave one of them out")),
        (Some(folder), _) | (None, Some(folder)) => Ok(folder),
        (None, None) => Ok(Path::new(".")),
    }
}

fn read_standard_input_once(args: &ProjectArgs) -> Result<(), CliError> {
    let files = args.values.iter().chain(&args.vars_from);
    if files.filter(|path| is_standard_input(path)).count() > 1 {
        return Err(CliError::usage("`-`, the standard input, is given for two files")
            .with_tip("it can be read once; give the other one as a file"));
    }
    Ok(())
}

fn values(args: &ProjectArgs) -> Result<Vec<ValuesSource>, CliError> {
    let read = |path: &PathBuf| {
        let text = read_named(path)?;
        Ok(ValuesSource {
            name: shown_name(path),
            format: values_format(path, &text),
            text,
            sensitive: false,
        })
    };
    args.values.iter().map(read).collect()
}

fn vars_from(args: &ProjectArgs) -> Result<Vec<VarsFile>, CliError> {
    let read = |path: &PathBuf| {
        Ok(VarsFile {
            name: shown_name(path),
            text: read_named(path)?,
        })
    };
    args.vars_from.iter().map(read).collect()
}

/// Returns the name of a file in messages.
fn shown_name(path: &Path) -> String {
    if is_standard_input(path) {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Tells JSON from YAML by the file's ending, else by what the text begins with.
fn values_format(path: &Path, text: &str) -> ValuesFormat {
    let ending = path
        .extension()
        .and_then(OsStr::to_str)
        .map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("json") => ValuesFormat::Json,
        Some("yaml" | "yml") => ValuesFormat::Yaml,
        _ => {
            let start = text.trim_start_matches('\u{feff}').trim_start();
            if start.starts_with('{') {
                ValuesFormat::Json
            } else {
                ValuesFormat::Yaml
            }
        }
    }
}
