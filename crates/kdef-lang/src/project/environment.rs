//! `environments/<env>.kdef`: what differs in one environment.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, EntryKind, Span, Spanned, VirtualPath, nearest};
use kdef_syntax::ast::{self, Body};

use super::root::{Environment, Mount};
use super::run::{Run, constants};
use super::settings::Setting;
use crate::expand::structure::{self, Mode};
use crate::schema::blocks::COMPONENT;
use crate::schema::files::{DEFINITIONS_FILE, ENVIRONMENT_FILE};

/// The folder that environment files lie in.
const FOLDER: &str = "environments";

/// The kind that stands for every workload in `override`.
pub(crate) const ANY_WORKLOAD: &str = "app";

/// What an environment file says.
#[derive(Debug)]
pub(crate) struct EnvironmentFile {
    /// The values for variables, in source order; of equal names the last counts.
    pub(crate) use_vars: Vec<Setting>,
    /// The overrides, in source order.
    pub(crate) overrides: Vec<Override>,
    /// Whether it is that of a root, which speaks to all its sub-projects.
    pub(crate) of_root: bool,
}

/// An `override` whose target is known in name.
#[derive(Debug)]
pub(crate) struct Override {
    /// The kind of block.
    pub(crate) kind: Arc<str>,
    /// The effective name of the block.
    pub(crate) name: Spanned<Arc<str>>,
    /// The whole block.
    pub(crate) tree: ast::Block,
}

/// Reads the environment files of a mount: those of the roots above, the outermost first, then that of its own folder.
pub(crate) fn read(run: &mut Run<'_>, mount: &Mount) -> Vec<Arc<EnvironmentFile>> {
    let Some(env) = &mount.env else { return Vec::new() };
    let files = paths(mount, &env.name)
        .into_iter()
        .filter_map(|path| of_path(run, mount, &path, env));
    files.collect()
}

/// Returns where the environment files of a mount may be.
fn paths(mount: &Mount, name: &str) -> Vec<VirtualPath> {
    let mut paths: Vec<VirtualPath> = Vec::new();
    for folder in mount.roots.iter().chain([&mount.dir]) {
        let path = folder
            .join(FOLDER)
            .and_then(|folder| folder.join(&format!("{name}.kdef")));
        if let Ok(path) = path
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    paths
}

fn of_path(
    run: &mut Run<'_>,
    mount: &Mount,
    path: &VirtualPath,
    env: &Environment,
) -> Option<Arc<EnvironmentFile>> {
    if let Some(known) = run.environment_files.get(path) {
        return known.clone();
    }
    let of_root = mount
        .roots
        .iter()
        .any(|root| path.parent().and_then(|folder| folder.parent()).as_ref() == Some(root));
    let read = run.files.load_if_there(path).map(|file| {
        let body = file.sound_body();
        let start = file.start();
        structure::check(
            &body,
            &ENVIRONMENT_FILE,
            Mode::Plain,
            start,
            run.files.diagnostics(),
        );
        Arc::new(EnvironmentFile {
            use_vars: use_vars(run, &body, env),
            overrides: overrides(run, &body),
            of_root,
        })
    });
    run.environment_files.insert(path.clone(), read.clone());
    read
}

fn use_vars(run: &mut Run<'_>, body: &Body, env: &Environment) -> Vec<Setting> {
    let scope = constants(Some(env));
    let mut settings = Vec::new();
    for block in body.blocks().filter(|block| block.kind.as_str() == "use_vars") {
        for attribute in block.body.attributes() {
            let value = run.evaluate_in(&attribute.value, &scope);
            if !value.is_null() {
                settings.push(Setting {
                    name: attribute.name.as_str().into(),
                    span: Some(attribute.name.span.to(attribute.value.span)),
                    source: None,
                    value,
                    as_text: false,
                });
            }
        }
    }
    settings
}

fn overrides(run: &mut Run<'_>, body: &Body) -> Vec<Override> {
    let blocks = body.blocks().filter(|block| block.kind.as_str() == "override");
    blocks.filter_map(|block| read_override(run, block)).collect()
}

fn read_override(run: &mut Run<'_>, tree: &ast::Block) -> Option<Override> {
    let [kind, name] = tree.labels.as_slice() else {
        return None;
    };
    let texts = kind
        .literal()
        .map(Cow::into_owned)
        .zip(name.literal().map(Cow::into_owned));
    let Some((kind_text, name_text)) = texts else {
        run.files.report(Diagnostic::error(
            Code::WrongLabels,
            tree.header,
            "the kind and the name in `override` are written out",
        ));
        return None;
    };
    if !target_kinds().any(|known| known == kind_text) {
        let problem = Diagnostic::error(
            Code::UnknownOverrideTarget,
            kind.span,
            format!("there is no kind of block `{kind_text}` to override"),
        );
        run.files.report(match nearest(&kind_text, target_kinds()) {
            Some(meant) => problem.with_suggestion(Some(meant)),
            None => problem.with_hint(format!(
                "name a block of a definition file, such as `deployment`, or `{ANY_WORKLOAD}` for any workload"
            )),
        });
        return None;
    }
    Some(Override {
        kind: kind_text.into(),
        name: Spanned::new(name_text.into(), name.span),
        tree: tree.clone(),
    })
}

/// Returns the kinds that `override` takes: `app`, and every block that has a name.
fn target_kinds() -> impl Iterator<Item = &'static str> {
    let named = DEFINITIONS_FILE
        .all_children()
        .filter(|child| !child.schema.labels.is_empty() && !child.schema.is(&COMPONENT));
    std::iter::once(ANY_WORKLOAD).chain(named.map(|child| child.schema.kind))
}

/// Reports environments that are described nowhere.
pub(crate) fn check_names(run: &mut Run<'_>, mounts: &[Mount]) {
    if run.files.is_incomplete() {
        return;
    }
    let chosen: BTreeSet<(Arc<str>, Option<Span>)> = mounts
        .iter()
        .filter_map(|mount| mount.env.as_ref())
        .map(|env| (Arc::clone(&env.name), env.span))
        .collect();
    let mut reported: BTreeSet<Arc<str>> = BTreeSet::new();
    for (name, span) in chosen {
        let is_described = mounts
            .iter()
            .any(|mount| paths(mount, &name).iter().any(|path| run.files.exists(path)));
        if is_described || !reported.insert(Arc::clone(&name)) {
            continue;
        }
        let known = described(run, mounts);
        let problem = Diagnostic::error(
            Code::UnknownEnvironment,
            span,
            format!("there is no environment `{name}`"),
        );
        let listed = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        // One hint, since a condition has room for one.
        let hint = match nearest(&name, known.iter().map(String::as_str)) {
            _ if known.is_empty() => format!("describe it in {FOLDER}/{name}.kdef"),
            Some(meant) => format!("did you mean `{meant}`? environments are {listed}"),
            None => format!("environments are {listed}"),
        };
        run.files.report(problem.with_hint(hint));
    }
}

/// Returns the names of all environments that are described somewhere.
pub(crate) fn described(run: &Run<'_>, mounts: &[Mount]) -> BTreeSet<String> {
    let folders: BTreeSet<&VirtualPath> = mounts
        .iter()
        .flat_map(|mount| mount.roots.iter().chain([&mount.dir]))
        .collect();
    let mut names = BTreeSet::new();
    for folder in folders {
        let entries = folder
            .join(FOLDER)
            .ok()
            .and_then(|folder| run.files.world().list(&folder).ok());
        for entry in entries
            .into_iter()
            .flatten()
            .filter(|entry| entry.kind == EntryKind::File)
        {
            names.extend(entry.name.strip_suffix(".kdef").map(str::to_owned));
        }
    }
    names
}
