//! The definitions of one folder: evaluated, overridden, completed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, Spanned, VirtualPath, nearest};
use kdef_syntax::ast::Body;

use super::components;
use super::environment::{ANY_WORKLOAD, EnvironmentFile, Override};
use super::files::File;
use super::images;
use super::locals;
use super::resolve::{Sources, VARIABLE};
use super::root::{Mount, ROOT_FILE_NAME, built_ins};
use super::run::{BUILT_IN, Run};
use super::usage::{ROOT as VARIABLES, Usage};
use super::uses::Expansion;
use super::variables::{Layer, VARIABLES_FILE_NAME};
use crate::Block;
use crate::block::Content;
use crate::eval::{Hidden, Place, Scope};
use crate::expand::structure::{self, Mode};
use crate::expand::{decode::Decoder, merge};
use crate::schema::AttributeType;
use crate::schema::blocks::{COMPONENT, IMAGES, SUBJECT, USE, is_service_account};
use crate::schema::files::DEFINITIONS_FILE;

/// The blocks of a mount.
#[derive(Default)]
pub(crate) struct Mounted {
    /// The blocks, with their final content.
    pub(crate) blocks: Vec<Block>,
    /// The names of its `use` blocks, which are not among them.
    pub(crate) uses: Vec<Arc<str>>,
}

/// Returns the variables that a mount uses.
pub(crate) fn usage(
    run: &mut Run<'_>,
    mount: &Mount,
    declared: &Layer,
    environments: &[Arc<EnvironmentFile>],
) -> Usage {
    let mut usage = Usage::default();
    for file in definition_files(run, &mount.dir) {
        usage.add(&file.body);
    }
    for environment in environments {
        for change in &environment.overrides {
            usage.add(&change.tree.body);
        }
    }
    usage.add_through(&declared.locals);
    usage
}

/// Reads the definition files of a folder, in byte order of their names.
fn definition_files(run: &mut Run<'_>, folder: &VirtualPath) -> Vec<Arc<File>> {
    let is_definition = |run: &Run<'_>, path: &VirtualPath| {
        let name = path.file_name();
        name != Some(ROOT_FILE_NAME) && name != Some(VARIABLES_FILE_NAME) && !run.imported.contains(path)
    };
    let paths = run.files.kdef_files(folder);
    let paths = paths
        .iter()
        .filter(|path| is_definition(run, path))
        .cloned()
        .collect::<Vec<_>>();
    paths
        .iter()
        .filter_map(|path| run.files.load(path, None))
        .collect()
}

/// Evaluates a mount. The overrides that found a target are noted in `matched`.
pub(crate) fn evaluate(run: &mut Run<'_>, sources: &Sources<'_>, matched: &mut BTreeSet<Span>) -> Mounted {
    let files = definition_files(run, &sources.mount.dir);
    if files.is_empty() && sources.mount.beside_root {
        return Mounted::default();
    }
    let place = Arc::new(place(run, sources));
    let scope = scope(run, sources, &place);
    let mut blocks = Vec::new();
    for file in files {
        blocks.extend(file_blocks(run, &file, &scope));
    }
    let (changes_of_uses, changes): (Vec<&Override>, Vec<&Override>) = sources
        .environments
        .iter()
        .flat_map(|file| &file.overrides)
        .partition(|change| *change.kind == *USE.kind);
    let components = components::collect(run, sources.mount);
    let mut expansion = Expansion {
        run,
        components: &components,
        place: &place,
        names: Vec::new(),
    };
    let mut blocks = expansion.expand(blocks, &mut |run, block| {
        for change in &changes_of_uses {
            if *change.name.value == *block.name() {
                apply_override(run, change, block, &scope, matched);
            }
        }
    });
    let uses = expansion.names;
    override_blocks(run, &changes, &mut blocks, &scope, matched);
    let defaults = ingress_defaults(sources);
    for block in &mut blocks {
        inject(block, sources.mount);
        fill_ingresses(block, &defaults);
    }
    Mounted { blocks, uses }
}

/// Returns what functions see in a mount.
fn place(run: &mut Run<'_>, sources: &Sources<'_>) -> Place {
    let mount = sources.mount;
    let found = images::collect(run, mount, sources.declared);
    Place {
        folder: mount.dir.clone(),
        images: found.images,
        images_incomplete: found.incomplete,
    }
}

/// What conditions of variables cannot see.
const HIDDEN: Hidden = Hidden {
    reason: "cannot be used in a validation, which sees variables only",
    hint: "name the variables that it depends on",
};

fn scope(run: &mut Run<'_>, sources: &Sources<'_>, place: &Arc<Place>) -> Scope {
    let variables = sources.resolve(run);
    let base =
        Scope::new(Arc::clone(place)).with_members("kdef", BUILT_IN, built_ins(sources.mount.env.as_ref()));
    let for_conditions = base.without("env", HIDDEN).without("local", HIDDEN);
    sources.validate(run, &variables, &for_conditions);
    let scope = base
        .with_environment()
        .with_members(VARIABLES, VARIABLE, variables);
    let declared = sources.declared;
    let values = locals::evaluate(run, &declared.locals, &scope, declared.incomplete);
    scope.with_members(locals::ROOT, locals::ROOT, values)
}

fn file_blocks(run: &mut Run<'_>, file: &File, scope: &Scope) -> Vec<Block> {
    let sound;
    let body: &Body = if file.is_broken() {
        sound = file.sound_body();
        &sound
    } else {
        &file.body
    };
    let start = file.start();
    structure::check(
        body,
        &DEFINITIONS_FILE,
        Mode::Whole,
        start,
        run.files.diagnostics(),
    );
    images::warn_misplaced(body, run.files.diagnostics());
    let found_by_walk = [IMAGES.kind, COMPONENT.kind];
    run.with_decoder(|decoder| decoder.file(body, &DEFINITIONS_FILE, scope, &found_by_walk))
}

/// Where the blocks of each name stand.
#[derive(Default)]
struct Targets(BTreeMap<String, BTreeSet<usize>>);

impl Targets {
    fn of(blocks: &[Block]) -> Self {
        let mut targets = Self::default();
        for (index, block) in blocks.iter().enumerate() {
            targets.add(index, block.name());
        }
        targets
    }

    fn add(&mut self, index: usize, name: &str) {
        self.0.entry(name.to_owned()).or_default().insert(index);
    }

    fn named(&self, name: &str) -> Vec<usize> {
        self.0.get(name).into_iter().flatten().copied().collect()
    }

    fn rename(&mut self, index: usize, from: &str, to: &str) {
        if let Some(named) = self.0.get_mut(from).filter(|_| from != to) {
            named.remove(&index);
            self.add(index, to);
        }
    }
}

/// Applies the overrides, in their order, to the blocks that each names.
fn override_blocks(
    run: &mut Run<'_>,
    changes: &[&Override],
    blocks: &mut [Block],
    scope: &Scope,
    matched: &mut BTreeSet<Span>,
) {
    if changes.is_empty() {
        return;
    }
    let mut targets = Targets::of(blocks);
    for change in changes {
        for index in targets.named(&change.name.value) {
            let target = &mut blocks[index];
            if is_kind(change, target) && target.has_name() {
                apply_override(run, change, target, scope, matched);
                targets.rename(index, &change.name.value, target.name());
            }
        }
    }
}

fn apply_override(
    run: &mut Run<'_>,
    change: &Override,
    target: &mut Block,
    scope: &Scope,
    matched: &mut BTreeSet<Span>,
) {
    let schema = target.schema();
    let (body, header) = (&change.tree.body, change.tree.header);
    if matched.insert(change.tree.span) {
        structure::check(body, schema, Mode::Part, header, run.files.diagnostics());
    }
    let part = run.with_decoder(|decoder: &mut Decoder<'_, '_>| decoder.part(body, header, schema, scope));
    merge::merge(target, part);
}

fn is_kind(change: &Override, block: &Block) -> bool {
    *change.kind == *block.kind() || (*change.kind == *ANY_WORKLOAD && block.schema().workload)
}

/// Gives a block the namespace and the service account of its entry, where it may have one and names none.
fn inject(block: &mut Block, mount: &Mount) {
    let gifts = [
        ("namespace", &mount.namespace),
        ("service_account", &mount.service_account),
    ];
    for name in &mount.lost {
        if block.schema().attribute(name).is_some() && !block.is_set(name) {
            block.lose(name);
        }
    }
    for (name, text) in gifts {
        let takes = name != "namespace" || block.is_namespaced();
        if let Some(text) = text.as_ref().filter(|_| takes) {
            block.set_default_text(name, text);
        }
    }
    inject_subjects(block, mount);
}

/// Gives the ServiceAccounts that a binding names the namespace of the binding, else that of the entry.
fn inject_subjects(binding: &mut Block, mount: &Mount) {
    let own = binding.namespace().map(|namespace| {
        let place = binding.span_of("namespace");
        Spanned::new(Arc::from(namespace), place)
    });
    let namespace = own.or_else(|| mount.namespace.clone());
    let subjects = binding
        .blocks_mut()
        .iter_mut()
        .filter(|inner| inner.schema().is(&SUBJECT));
    for subject in subjects.filter(|subject| is_service_account(subject)) {
        match &namespace {
            Some(namespace) => subject.set_default_text("namespace", namespace),
            None if mount.lost.contains(&"namespace") => subject.lose("namespace"),
            None => {}
        }
    }
}

/// Returns the ingress defaults of a mount, the nearest first. Those of variable files are for sub-projects, not for what
/// stands beside `root.kdef`.
fn ingress_defaults<'a>(sources: &'a Sources<'_>) -> Vec<&'a Block> {
    let own = sources
        .declared
        .ingress_defaults
        .iter()
        .filter(|_| !sources.mount.beside_root);
    own.chain(&sources.mount.ingress_defaults)
        .map(AsRef::as_ref)
        .collect()
}

/// Fills what ingresses leave open from the defaults.
fn fill_ingresses(block: &mut Block, defaults: &[&Block]) {
    if block.kind() == "ingress" {
        for defaults in defaults {
            fill(block, defaults);
        }
    }
    for inner in block.blocks_mut() {
        fill_ingresses(inner, defaults);
    }
}

fn fill(ingress: &mut Block, defaults: &Block) {
    for (rule, content, span) in defaults.set_attributes() {
        let Some(own) = ingress.schema().attribute(rule.name) else {
            continue;
        };
        match (own.ty, content) {
            (AttributeType::Annotations, Content::Map(annotations)) => {
                let place = if ingress.is_set(rule.name) {
                    ingress.span_of(rule.name)
                } else {
                    span
                };
                let mut merged = annotations.clone();
                merged.append(&mut ingress.take_map(rule.name));
                ingress.set(own, Content::Map(merged), place);
            }
            _ if ingress.is_set(rule.name) || ingress.is_lost(rule.name) => {}
            _ => ingress.set(own, content.clone(), span),
        }
    }
}

/// Reports overrides that found no target in any mount.
pub(crate) fn check_targets(
    run: &mut Run<'_>,
    sources: &[Sources<'_>],
    mounted: &[Mounted],
    matched: &BTreeSet<Span>,
) {
    let whole = run.inputs.only.is_empty();
    if run.files.is_incomplete() {
        return;
    }
    let mut judged = BTreeSet::new();
    let names = names_by_kind(mounted);
    let environments = sources.iter().flat_map(|source| source.environments);
    for environment in environments.filter(|environment| whole || !environment.of_root) {
        for change in &environment.overrides {
            if !matched.contains(&change.tree.span) && judged.insert(change.tree.span) {
                report_untargeted(run, change, &names);
            }
        }
    }
}

/// Returns the names of the blocks of each kind that `override` knows.
fn names_by_kind(mounted: &[Mounted]) -> BTreeMap<&str, Vec<&str>> {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for block in mounted.iter().flat_map(|mounted| &mounted.blocks) {
        names.entry(block.kind()).or_default().push(block.name());
        if block.schema().workload {
            names.entry(ANY_WORKLOAD).or_default().push(block.name());
        }
    }
    let uses = mounted.iter().flat_map(|mounted| &mounted.uses);
    names.insert(USE.kind, uses.map(|name| &**name).collect());
    names
}

fn report_untargeted(run: &mut Run<'_>, change: &Override, names: &BTreeMap<&str, Vec<&str>>) {
    let of_kind = names.get(&*change.kind).into_iter().flatten().copied();
    let what = if *change.kind == *ANY_WORKLOAD {
        "workload"
    } else {
        &change.kind
    };
    run.files.report(
        Diagnostic::error(
            Code::UnknownOverrideTarget,
            change.name.span,
            format!("there is no {what} `{}` to override", change.name.value),
        )
        .with_suggestion(nearest(&change.name.value, of_kind)),
    );
    if let Some(child) = DEFINITIONS_FILE.child(&change.kind) {
        let (body, header) = (&change.tree.body, change.tree.header);
        structure::check(body, child.schema, Mode::Part, header, run.files.diagnostics());
    }
}
