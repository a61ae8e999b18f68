//! `import`: variable files that variable files build on.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned, VirtualPath};
use kdef_syntax::ast::{Body, Expr};

use super::root::{Environment, attribute_value};
use super::run::Run;
use super::variables::{FileLayers, Layer, read_file};
use crate::expand::describe;
use crate::value::Value;
use crate::written::span_of_index;

/// How many files may import each other in a row.
const MAX_IMPORTS: usize = 64;

/// Reads what a variable file imports; later imports win.
pub(super) fn read(
    run: &mut Run<'_>,
    path: &VirtualPath,
    body: &Body,
    env: Option<&Environment>,
    importers: &mut Vec<VirtualPath>,
) -> Layer {
    let mut layer = Layer::default();
    let Some(expr) = attribute_value(body, "import") else {
        return layer;
    };
    let folder = path.parent().unwrap_or_default();
    for import in import_paths(run, expr, env, &mut layer.incomplete) {
        match import_file(run, &folder, &import, env, importers) {
            Some((target, file)) => {
                layer.add(&file.imported, run.budget);
                layer.add(&file.own, run.budget);
                layer.imported.insert(target);
            }
            None => layer.incomplete = true,
        }
    }
    layer
}

/// Evaluates `import`: a path, or a list of paths.
fn import_paths(
    run: &mut Run<'_>,
    expr: &Expr,
    env: Option<&Environment>,
    incomplete: &mut bool,
) -> Vec<Spanned<Arc<str>>> {
    let value = run.evaluate_constant(expr, env);
    let items = match &value {
        Value::List(list) => {
            let items = list.iter().enumerate();
            items
                .map(|(index, item)| (item.clone(), span_of_index(expr, index)))
                .collect()
        }
        Value::Null(_) => Vec::new(),
        other => vec![(other.clone(), expr.span)],
    };
    let mut paths = Vec::new();
    for (item, span) in items {
        match item {
            Value::String(path) => paths.push(Spanned::new(path, span)),
            Value::Unknown(_) => *incomplete = true,
            other => {
                *incomplete = true;
                run.files.report(
                    Diagnostic::error(
                        Code::InvalidImport,
                        span,
                        format!("`import` takes paths, not {}", describe(&other)),
                    )
                    .with_hint("write `import = \"../shared/vars.kdef\"`, or a list of paths"),
                );
            }
        }
    }
    paths
}

/// Reads one import, and returns it with its path.
fn import_file(
    run: &mut Run<'_>,
    folder: &VirtualPath,
    import: &Spanned<Arc<str>>,
    env: Option<&Environment>,
    importers: &mut Vec<VirtualPath>,
) -> Option<(VirtualPath, Arc<FileLayers>)> {
    let target = match folder.join(&import.value) {
        Ok(target) => target,
        Err(error) => {
            run.files.report(
                Diagnostic::error(Code::InvalidPath, import.span, format!("`import`: {error}"))
                    .with_hint("paths are relative to the file that imports, and stay inside the project"),
            );
            return None;
        }
    };
    check_chain(run, &target, import.span, importers)?;
    run.files.load(&target, Some(import.span))?;
    let layers = read_file(run, &target, env, importers);
    Some((target, layers))
}

/// Refuses an import that leads back to itself, or too far.
fn check_chain(run: &mut Run<'_>, target: &VirtualPath, span: Span, importers: &[VirtualPath]) -> Option<()> {
    let problem = if importers.contains(target) {
        let shown = run.files.world().display(target);
        Diagnostic::error(Code::InvalidImport, span, format!("`{shown}` imports itself"))
            .with_hint(cycle(run, target, importers))
    } else if importers.len() >= MAX_IMPORTS {
        let message = format!("more than {MAX_IMPORTS} files import each other in a row");
        Diagnostic::error(Code::LimitReached, span, message)
    } else {
        return Some(());
    };
    run.files.report(problem);
    None
}

/// Describes the way from a file back to itself.
fn cycle(run: &Run<'_>, target: &VirtualPath, importers: &[VirtualPath]) -> String {
    let ring = importers
        .iter()
        .skip_while(|path| *path != target)
        .chain(std::iter::once(target));
    let names: Vec<String> = ring.map(|path| run.files.world().display(path)).collect();
    format!("the imports lead in a circle: {}", names.join(" -> "))
}
