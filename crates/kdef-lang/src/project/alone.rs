//! A sub-project that is rendered by itself: what it misses, and how to render it as a part of its project.

use kdef_source::{Code, Diagnostic, VirtualPath, World};

use super::root::{self, ROOT_FILE_NAME};
use super::run::Run;
use crate::Inputs;
use crate::eval::Budget;
use crate::expand::decode::BlockBudget;

/// Adds a hint to the first problem that may come from rendering a sub-project without its project.
pub(super) fn add_hint(world: &dyn World, inputs: &Inputs, diagnostics: &mut [Diagnostic]) {
    let from_missing_project = |problem: &&mut Diagnostic| {
        matches!(
            problem.code,
            Code::UnknownVariable
                | Code::FunctionCall
                | Code::MissingVariable
                | Code::UndeclaredVariable
                | Code::UnknownEnvironment
                | Code::UndefinedReference
        )
    };
    let Some(problem) = diagnostics.iter_mut().find(from_missing_project) else {
        return;
    };
    let Some(project) = project_above(world, &inputs.dir) else {
        return;
    };
    let name = entry_name(world, inputs, &project).unwrap_or_else(|| "NAME".to_owned());
    let hint = format!(
        "this folder is rendered by itself, without what `{}` gives it: render that folder with `--only {name}`",
        world.display(&project)
    );
    problem.hints.insert(0, hint);
}

/// Returns the nearest folder above that holds a `root.kdef`, unless the folder itself does.
fn project_above(world: &dyn World, dir: &VirtualPath) -> Option<VirtualPath> {
    let has_root = |dir: &VirtualPath| {
        dir.join(ROOT_FILE_NAME)
            .is_ok_and(|path| world.read(&path).is_ok())
    };
    if has_root(dir) {
        return None;
    }
    std::iter::successors(dir.parent(), VirtualPath::parent).find(has_root)
}

/// Returns the entry of a project that leads to the folder.
fn entry_name(world: &dyn World, inputs: &Inputs, project: &VirtualPath) -> Option<String> {
    let of_project = Inputs {
        dir: project.clone(),
        env: inputs.env.clone(),
        ..Inputs::default()
    };
    let (budget, blocks) = (
        Budget::new(world.limits()),
        BlockBudget::new(world.limits().blocks),
    );
    let plan = root::plan(&mut Run::new(world, &of_project, &budget, &blocks));
    let mount = plan.mounts.into_iter().find(|mount| mount.dir == inputs.dir)?;
    mount.entry.map(|name| name.to_string())
}
