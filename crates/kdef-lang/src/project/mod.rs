//! Projects: folders of files to finished blocks.
//!
//! ```text
//! root.kdef ------------> mounts           which folders, in which environment, with which namespace   root, entries
//! vars.kdef, imports ---> declarations     per mount, from the top of the walk to its own folder        variables
//! environments/*.kdef --> settings, overrides                                                           environment
//! --set, values --------> settings                                                                      settings, values
//! all of these ---------> scopes           what `var`, `kdef`, `env`, `image()` mean                    resolve, images
//! definition files -----> blocks           evaluated                                                   mount
//! components -----------> blocks           those that `use` asks for, in its place                     components, uses
//! all of these ---------> final blocks     overridden, injected, defaults filled in                    mount
//! all blocks -----------> checks           across mounts                                                crate::checks
//! ```
//!
//! What could not be read or evaluated has been reported; from then on the run counts as incomplete, and says nothing
//! about what seems to be missing.

mod alone;
mod components;
mod declaration;
mod entries;
mod environment;
mod files;
mod images;
mod imports;
mod locals;
mod mount;
mod resolve;
mod root;
mod root_objects;
mod run;
mod settings;
mod usage;
mod uses;
mod values;
mod variables;

use std::collections::BTreeSet;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Severity, Span, World};

use self::environment::EnvironmentFile;
use self::mount::Mounted;
use self::resolve::{Given, Sources};
use self::root::{Mount, Plan};
use self::run::Run;
use self::usage::Usage;
use self::variables::Layer;
use crate::eval::Budget;
use crate::expand::decode::BlockBudget;
use crate::schema::blocks::EXTERNAL;
use crate::{Block, Compiled, Inputs, Project, checks};

/// Reads, evaluates and checks a project.
pub(crate) fn compile(world: &dyn World, inputs: &Inputs) -> Compiled {
    let budget = Budget::new(world.limits());
    let blocks = BlockBudget::new(world.limits().blocks);
    let mut run = Run::new(world, inputs, &budget, &blocks);
    let plan = root::plan(&mut run);
    let mounted = evaluate(&mut run, &plan);
    let project = finish(&mut run, &plan, mounted);
    let sensitive = run.sensitive.finish();
    let (sources, mut diagnostics) = run.files.finish();
    diagnostics.extend(budget.take_diagnostic());
    for diagnostic in &mut diagnostics {
        sensitive.mask_diagnostic(diagnostic);
    }
    let mut diagnostics = tidy(diagnostics);
    alone::add_hint(world, inputs, &mut diagnostics);
    Compiled {
        sources,
        diagnostics,
        project,
        sensitive,
    }
}

/// Returns the names of the environments that the folders of a project describe.
pub(crate) fn environments(world: &dyn World, inputs: &Inputs) -> Vec<String> {
    let (budget, blocks) = (
        Budget::new(world.limits()),
        BlockBudget::new(world.limits().blocks),
    );
    let mut run = Run::new(world, inputs, &budget, &blocks);
    let plan = root::plan(&mut run);
    environment::described(&run, &plan.mounts).into_iter().collect()
}

/// What was read for a mount before anything in it is evaluated.
struct Prepared<'p> {
    mount: &'p Mount,
    declared: Layer,
    environments: Vec<Arc<EnvironmentFile>>,
    usage: Usage,
}

/// Evaluates the mounts that are to be rendered.
fn evaluate(run: &mut Run<'_>, plan: &Plan) -> Vec<Mounted> {
    environment::check_names(run, &plan.mounts);
    let selected: Vec<&Mount> = plan.mounts.iter().filter(|mount| mount.selected).collect();
    let mut prepared: Vec<Prepared<'_>> = Vec::new();
    for mount in selected {
        let declared = variables::declared(run, mount);
        run.imported.extend(declared.imported.iter().cloned());
        prepared.push(Prepared {
            mount,
            declared,
            environments: environment::read(run, mount),
            usage: Usage::default(),
        });
    }
    for mount in &mut prepared {
        mount.usage = mount::usage(run, mount.mount, &mount.declared, &mount.environments);
    }
    let given = Given {
        set: settings::given(run),
        values: values::read(run),
    };
    let sources: Vec<Sources<'_>> = prepared
        .iter()
        .map(|prepared| Sources {
            mount: prepared.mount,
            declared: &prepared.declared,
            environments: &prepared.environments,
            given: &given,
            usage: &prepared.usage,
        })
        .collect();
    resolve::check_undeclared(run, &sources, &given);
    let mut matched = BTreeSet::new();
    let mounted: Vec<Mounted> = sources
        .iter()
        .map(|source| mount::evaluate(run, source, &mut matched))
        .collect();
    mount::check_targets(run, &sources, &mounted, &matched);
    mounted
}

/// Checks the blocks against each other, and puts together what is rendered.
fn finish(run: &mut Run<'_>, plan: &Plan, mounted: Vec<Mounted>) -> Project {
    let blocks = mounted.into_iter().flat_map(|mounted| mounted.blocks);
    let (mut external, blocks): (Vec<Block>, Vec<Block>) =
        blocks.partition(|block| block.schema().is(&EXTERNAL));
    external.extend(plan.external.iter().cloned());
    let context = checks::Context {
        has_root: plan.has_root,
        is_whole: run.inputs.only.is_empty() && !run.files.is_incomplete(),
        namespaces: &plan.namespaces,
        accounts: &plan.accounts,
        external: &external,
    };
    checks::run(&blocks, &context, run.files.diagnostics());
    let mut namespaces = plan.namespaces.clone();
    if !run.inputs.only.is_empty() {
        let used: BTreeSet<&str> = blocks.iter().filter_map(Block::namespace).collect();
        namespaces.retain(|namespace| used.contains(namespace.name()));
    }
    Project {
        namespaces,
        service_accounts: checks::used_accounts(&blocks, &plan.accounts),
        blocks,
    }
}

/// Sorts the problems by file and line and drops repetitions, as a file evaluated for several mounts brings.
fn tidy(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|problem| problem.span.map(|span| (span.file, span.start)));
    let mut seen: BTreeSet<(Code, Severity, Option<Span>, String)> = BTreeSet::new();
    diagnostics.retain(|problem| {
        seen.insert((
            problem.code,
            problem.severity,
            problem.span,
            problem.message.clone(),
        ))
    });
    diagnostics
}
