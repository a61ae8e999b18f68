//! `root.kdef`: what it says, and the sub-projects that it leads to.

use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned, VirtualPath, WorldError, nearest};
use kdef_syntax::ast::{Body, Item};

use super::entries::{self, EntryPlan};
use super::files::File;
use super::root_objects;
use super::run::Run;
use super::settings::SetLayer;
use crate::Block;
use crate::expand::structure::{self, Mode};
use crate::schema::files::ROOT_FILE;
use crate::value::Value;

/// The name of the file.
pub(crate) const ROOT_FILE_NAME: &str = "root.kdef";

/// The name of an environment, and where it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The name; never empty.
    pub(crate) name: Arc<str>,
    /// Where it was chosen; `None` for what the run was given.
    pub(crate) span: Option<Span>,
}

/// A folder whose definitions are evaluated, and what is given to it from above.
#[derive(Debug, Clone)]
pub(crate) struct Mount {
    /// The folder.
    pub(crate) dir: VirtualPath,
    /// The folder that the walk for variables and images begins at.
    pub(crate) top: VirtualPath,
    /// The folders of the `root.kdef` files above, the outermost first; its own folder is among them when the definitions
    /// beside a `root.kdef` are meant.
    pub(crate) roots: Vec<VirtualPath>,
    /// Whether the definitions beside a `root.kdef` are meant.
    pub(crate) beside_root: bool,
    /// The environment.
    pub(crate) env: Option<Environment>,
    /// The namespace of blocks that name none.
    pub(crate) namespace: Option<Spanned<Arc<str>>>,
    /// The service account of workloads that name none.
    pub(crate) service_account: Option<Spanned<Arc<str>>>,
    /// What of these an entry gives, but wrongly, so that nothing can be said about its being there.
    pub(crate) lost: Vec<&'static str>,
    /// What entries and roots set, the highest rank first.
    pub(crate) set: Vec<Arc<SetLayer>>,
    /// The ingress defaults of roots, the nearest first.
    pub(crate) ingress_defaults: Vec<Arc<Block>>,
    /// The entry of the outermost root that leads here.
    pub(crate) entry: Option<Arc<str>>,
    /// Whether it is to be rendered.
    pub(crate) selected: bool,
}

/// What a project consists of.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The folders to evaluate, in order.
    pub(crate) mounts: Vec<Mount>,
    /// Whether there is a `root.kdef`.
    pub(crate) has_root: bool,
    /// The namespaces that roots list, each as a block.
    pub(crate) namespaces: Vec<Block>,
    /// The `service_account` blocks of roots.
    pub(crate) accounts: Vec<Block>,
    /// The `external` blocks of roots.
    pub(crate) external: Vec<Block>,
}

/// Finds out what a project consists of.
pub(crate) fn plan(run: &mut Run<'_>) -> Plan {
    let inputs = run.inputs;
    let mut plan = Plan::default();
    let mount = Mount {
        dir: inputs.dir.clone(),
        top: inputs.dir.clone(),
        roots: Vec::new(),
        beside_root: false,
        env: given_environment(run),
        namespace: None,
        service_account: None,
        lost: Vec::new(),
        set: Vec::new(),
        ingress_defaults: Vec::new(),
        entry: None,
        selected: true,
    };
    if has_root(run, &inputs.dir) {
        plan.has_root = true;
        add_root(run, mount, &mut plan);
    } else if inputs.only.is_empty() {
        plan.mounts.push(mount);
    } else {
        run.files.report(
            Diagnostic::error(
                Code::InvalidEntry,
                None,
                format!(
                    "there is no entry `{}`: the folder has no root.kdef",
                    inputs.only.join("`, `")
                ),
            )
            .with_hint("render the folder that holds root.kdef"),
        );
    }
    plan
}

fn has_root(run: &Run<'_>, dir: &VirtualPath) -> bool {
    dir.join(ROOT_FILE_NAME).is_ok_and(|path| run.files.exists(&path))
}

fn given_environment(run: &mut Run<'_>) -> Option<Environment> {
    let name = run.inputs.env.as_deref().filter(|name| !name.is_empty())?;
    environment(run, name, None)
}

/// Makes an environment of a name, which must be good as that of a file.
fn environment(run: &mut Run<'_>, name: &str, span: Option<Span>) -> Option<Environment> {
    let is_plain =
        VirtualPath::new(name).is_ok_and(|path| path.as_str() == name && path.parts().count() == 1);
    if !is_plain {
        run.files.mark_incomplete();
        run.files.report(
            Diagnostic::error(
                Code::UnknownEnvironment,
                span,
                format!("`{name}` cannot be the name of an environment, since it is not that of a file"),
            )
            .with_hint("an environment `live` is described in environments/live.kdef"),
        );
        return None;
    }
    Some(Environment {
        name: name.into(),
        span,
    })
}

/// Adds what a `root.kdef` leads to. `above` says what is given to its folder.
fn add_root(run: &mut Run<'_>, above: Mount, plan: &mut Plan) {
    let Some(file) = above
        .dir
        .join(ROOT_FILE_NAME)
        .ok()
        .and_then(|path| run.files.load(&path, None))
    else {
        return;
    };
    let body = file.sound_body();
    check_structure(run, &file, &body);
    let root = Root::read(run, above, &body);
    root_objects::add_namespaces(run, &root.block, &mut plan.namespaces);
    root_objects::add_accounts(run, &root.block, &mut plan.accounts);
    plan.external.extend(root.block.children("external").cloned());
    plan.mounts.push(Mount {
        beside_root: true,
        // Whoever asks for some entries asks for nothing else.
        selected: root.mount.selected && run.inputs.only.is_empty(),
        namespace: root.mount.namespace.clone(),
        ..root.mount.clone()
    });
    let entries = entries::read(run, &root, &body);
    let is_outermost = root.mount.roots.len() == 1;
    if is_outermost {
        check_only(run, &entries);
    }
    for entry in entries {
        let chosen = !is_outermost || run.inputs.only.is_empty() || run.inputs.only.contains(&entry.name);
        add_entry(run, &root, entry, chosen, plan);
    }
}

fn check_structure(run: &mut Run<'_>, file: &File, body: &Body) {
    let at = file.start();
    let mut problems = Vec::new();
    structure::check(body, &ROOT_FILE, Mode::Plain, at, &mut problems);
    if file.is_broken() {
        problems.retain(|problem| problem.code != Code::MissingAttribute);
    }
    run.files.diagnostics().append(&mut problems);
}

/// A `root.kdef` that was read.
pub(crate) struct Root {
    /// What is given to its entries, as far as they do not say otherwise.
    pub(crate) mount: Mount,
    /// Its attributes and blocks, evaluated.
    pub(crate) block: Block,
    /// Whether the environment is chosen above, so that entries have no say in it.
    pub(crate) env_is_given: bool,
}

impl Root {
    /// Evaluates the file for the environment that is chosen above, or by its own `env`.
    fn read(run: &mut Run<'_>, mut mount: Mount, body: &Body) -> Self {
        mount.roots.push(mount.dir.clone());
        let env_is_given = mount.env.is_some();
        if !env_is_given {
            mount.env = Self::own_environment(run, body);
        }
        let block = run.decode_constants(body, &ROOT_FILE, mount.env.as_ref());
        if let Some(value) = block.value("set") {
            let layer = SetLayer::read(run, value, block.span_of("set"), attribute_value(body, "set"));
            mount.set.push(Arc::new(SetLayer {
                of_root: true,
                ..layer
            }));
        }
        if let Some(defaults) = block.child("ingress_defaults") {
            mount.ingress_defaults.insert(0, Arc::new(defaults.clone()));
        }
        Self {
            mount,
            block,
            env_is_given,
        }
    }

    /// Evaluates `env` by itself, since whatever else the file says may depend on it.
    fn own_environment(run: &mut Run<'_>, body: &Body) -> Option<Environment> {
        let is_env =
            |item: &&Item| matches!(item, Item::Attribute(attribute) if attribute.name.as_str() == "env");
        let alone = Body {
            items: body.items.iter().filter(is_env).cloned().collect(),
            span: body.span,
        };
        let block = run.decode_constants(&alone, &ROOT_FILE, None);
        environment(run, block.text("env")?, Some(block.span_of("env")))
    }
}

/// Returns the expression of an attribute of a body.
pub(super) fn attribute_value<'a>(body: &'a Body, name: &str) -> Option<&'a kdef_syntax::ast::Expr> {
    let mut attributes = body.attributes();
    attributes
        .find(|attribute| attribute.name.as_str() == name)
        .map(|attribute| &attribute.value)
}

/// Reports names that were asked for and do not exist.
fn check_only(run: &mut Run<'_>, entries: &[EntryPlan]) {
    let names = || entries.iter().map(|entry| entry.name.as_str());
    if run.files.is_incomplete() {
        return;
    }
    let unknown: Vec<String> = run
        .inputs
        .only
        .iter()
        .filter(|name| !names().any(|known| known == *name))
        .cloned()
        .collect();
    let known: Vec<&str> = names().collect();
    for name in unknown {
        let message = format!("there is no entry `{name}` in root.kdef");
        let problem = Diagnostic::error(Code::InvalidEntry, None, message);
        let problem = problem.with_suggestion(nearest(&name, names()));
        run.files.report(if known.is_empty() {
            problem
        } else {
            problem.with_hint(format!("the entries are {}", known.join(", ")))
        });
    }
}

fn add_entry(run: &mut Run<'_>, root: &Root, entry: EntryPlan, chosen: bool, plan: &mut Plan) {
    let Some((dir, span)) = entry_folder(run, root, &entry) else {
        run.files.mark_incomplete();
        return;
    };
    let limits = run.files.world().limits();
    if plan.mounts.len() >= limits.files {
        let message = format!(
            "the project has more than {} sub-projects, the limit of one run",
            limits.files
        );
        run.files
            .report(Diagnostic::error(Code::LimitReached, None, message));
        return;
    }
    let mount = entry_mount(run, root, entry, dir, chosen);
    if !has_root(run, &mount.dir) {
        plan.mounts.push(mount);
    } else if mount.roots.len() < limits.project_depth {
        add_root(run, mount, plan);
    } else {
        let message = format!(
            "projects are nested more than {} levels deep",
            limits.project_depth
        );
        run.files
            .report(Diagnostic::error(Code::LimitReached, span, message));
    }
}

/// Returns the folder of an entry, if it can be one, and the place that names it.
fn entry_folder(run: &mut Run<'_>, root: &Root, entry: &EntryPlan) -> Option<(VirtualPath, Span)> {
    let path = entry.path.as_ref()?;
    let wrong = |code, message: String| {
        Diagnostic::error(code, path.span, format!("entry `{}`: {message}", entry.name))
    };
    // A leading slash means the folder of root.kdef, which is where every path begins.
    let dir = match root.mount.dir.join(path.value.trim_start_matches('/')) {
        Ok(dir) => dir,
        Err(error) => {
            run.files.report(wrong(Code::InvalidPath, error.to_string()));
            return None;
        }
    };
    if root.mount.roots.contains(&dir) {
        run.files.report(
            wrong(
                Code::InvalidPath,
                "the path leads to the project itself".to_owned(),
            )
            .with_hint("definitions beside root.kdef are rendered without an entry"),
        );
        return None;
    }
    let shown = run.files.world().display(&dir);
    let problem = match run.files.check_folder(&dir) {
        Ok(()) => return Some((dir, path.span)),
        Err(WorldError::NotFound) => wrong(Code::InvalidEntry, format!("there is no folder `{shown}`"))
            .with_hint("`path` is relative to the folder of root.kdef"),
        Err(error) => wrong(Code::Unreadable, format!("`{shown}` cannot be read: {error}")),
    };
    run.files.report(problem);
    None
}

fn entry_mount(run: &mut Run<'_>, root: &Root, entry: EntryPlan, dir: VirtualPath, chosen: bool) -> Mount {
    let above = &root.mount;
    let env = match entry.env.filter(|_| !root.env_is_given) {
        Some(name) => environment(run, &name.value, Some(name.span)),
        None => above.env.clone(),
    };
    // What is set above beats what is set below, and an entry the root that lists it.
    let (own, outer) = match above.set.split_last() {
        Some((last, outer)) if root.block.is_set("set") => (Some(last), outer),
        _ => (None, above.set.as_slice()),
    };
    let set = outer
        .iter()
        .cloned()
        .chain(entry.set.map(Arc::new))
        .chain(own.cloned())
        .collect();
    Mount {
        dir,
        top: above.top.clone(),
        roots: above.roots.clone(),
        beside_root: false,
        env,
        namespace: entry.namespace.or_else(|| above.namespace.clone()),
        service_account: entry.service_account.or_else(|| above.service_account.clone()),
        lost: entry.lost,
        set,
        ingress_defaults: above.ingress_defaults.clone(),
        entry: above.entry.clone().or_else(|| Some(entry.name.into())),
        selected: above.selected && chosen,
    }
}

/// Returns the value of `kdef`: what is built in.
pub(crate) fn built_ins(env: Option<&Environment>) -> Value {
    let name = env.map_or("", |env| &*env.name);
    Value::object([("env", Value::from(name))])
}
