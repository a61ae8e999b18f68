//! `use`: the blocks of components, each time with inputs of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, nearest};

use super::components::{Component, Found};
use super::declaration::{self, Declaration, Given};
use super::locals;
use super::run::Run;
use crate::Block;
use crate::block::{Entry, Use};
use crate::eval::{Hidden, Place, Scope};
use crate::schema::blocks::{COMPONENT, INPUT, LOCALS, USE};
use crate::value::{Type, Value};

/// How many components may use each other in a row.
const MAX_USES: usize = 64;

/// What a component cannot see, so that it means the same wherever it is used.
const OUTSIDE: [&str; 3] = ["var", "env", "kdef"];

const HIDDEN: Hidden = Hidden {
    reason: "cannot be used in a component, which sees its inputs only",
    hint: "declare an `input` for it, and give that a value in `use`",
};

/// Puts the blocks of components in the place of the `use` blocks that ask for them.
pub(crate) struct Expansion<'a, 'w> {
    /// The run.
    pub(crate) run: &'a mut Run<'w>,
    /// The components that can be used.
    pub(crate) components: &'a Found,
    /// What functions see.
    pub(crate) place: &'a Arc<Place>,
    /// The names of the `use` blocks that were met.
    pub(crate) names: Vec<Arc<str>>,
}

impl Expansion<'_, '_> {
    /// Expands the `use` blocks among those of a file. `change` is called with each before it is expanded.
    pub(crate) fn expand(
        &mut self,
        blocks: Vec<Block>,
        change: &mut dyn FnMut(&mut Run<'_>, &mut Block),
    ) -> Vec<Block> {
        self.expand_inside(blocks, change, &mut Vec::new(), None)
    }

    /// `around` are the components that the blocks stand in, the outermost first.
    fn expand_inside(
        &mut self,
        blocks: Vec<Block>,
        change: &mut dyn FnMut(&mut Run<'_>, &mut Block),
        around: &mut Vec<Arc<Component>>,
        outer: Option<&Arc<Use>>,
    ) -> Vec<Block> {
        let mut expanded = Vec::new();
        for mut block in blocks {
            if block.kind() != USE.kind {
                block.set_used_by(outer.cloned());
                expanded.push(block);
                continue;
            }
            change(self.run, &mut block);
            self.names.push(block.name().into());
            let Some(component) = self.find(&block, around) else {
                continue;
            };
            let site = Arc::new(Use {
                span: block.span(),
                outer: outer.cloned(),
            });
            let blocks = self.blocks_of(&component, &block, &site);
            around.push(component);
            expanded.extend(self.expand_inside(blocks, change, around, Some(&site)));
            around.pop();
        }
        expanded
    }

    /// Finds the component that a block uses, which must not be one that the block stands in.
    fn find(&mut self, block: &Block, around: &[Arc<Component>]) -> Option<Arc<Component>> {
        let name = block.label(0);
        if name.is_empty() {
            self.run.files.mark_incomplete();
            return None;
        }
        let Some(component) = self.components.components.get(name) else {
            self.run.files.mark_incomplete();
            if !self.components.incomplete {
                let problem = unknown_component(block, self.components);
                self.run.files.report(problem);
            }
            return None;
        };
        let problem = match around.iter().position(|outer| outer.name == component.name) {
            Some(at) => cycle(block, &around[at..]),
            None if around.len() >= MAX_USES => too_deep(block),
            None => return Some(Arc::clone(component)),
        };
        self.run.files.mark_incomplete();
        self.run.files.report(problem);
        None
    }

    /// Evaluates a component with the inputs that a `use` gives.
    fn blocks_of(&mut self, component: &Component, block: &Block, site: &Use) -> Vec<Block> {
        let inputs = self.inputs(component, block);
        let base = OUTSIDE
            .iter()
            .fold(Scope::new(Arc::clone(self.place)), |scope, name| {
                scope.without(name, HIDDEN)
            })
            .with("self", Value::object([("name", own_name(block))]));
        self.validate(component, block, &inputs, &base);
        let scope = base.with_members(INPUT.kind, INPUT.kind, inputs);
        let known = self.run.files.diagnostics().len();
        let locals = locals::evaluate(self.run, &component.locals, &scope, component.incomplete);
        let scope = scope.with_members(locals::ROOT, locals::ROOT, locals);
        let declarations = [INPUT.kind, LOCALS.kind];
        let blocks = self
            .run
            .with_decoder(|decoder| decoder.file(&component.body, &COMPONENT, &scope, &declarations));
        let found = self.run.files.diagnostics().iter_mut().skip(known);
        found.for_each(|problem| site.explain(problem));
        blocks
    }

    /// Returns the value of `input`: a map of all inputs.
    fn inputs(&mut self, component: &Component, block: &Block) -> Value {
        let unknown: Vec<Diagnostic> = block
            .entries()
            .iter()
            .filter(|(name, _)| !component.inputs.contains_key(*name) && !component.incomplete)
            .map(|(name, entry)| unknown_input(component, name, entry))
            .collect();
        // An input that is only misspelt has been reported as that, and is not missing too.
        let misspelt: Vec<String> = block
            .entries()
            .keys()
            .filter(|name| !component.inputs.contains_key(*name))
            .filter_map(|name| nearest(name, component.inputs.keys().map(|known| &**known)))
            .map(str::to_owned)
            .collect();
        self.run.files.diagnostics().extend(unknown);
        let mut values: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        for input in component.inputs.values() {
            let given = block.entries().get(&input.name);
            let value = match given.filter(|entry| !entry.value.value.is_null()) {
                Some(entry) => self.convert(component, input, entry),
                None if misspelt.iter().any(|name| **name == *input.name) => Value::UNKNOWN,
                None => self.default(component, input, block),
            };
            values.insert(Arc::clone(&input.name), value);
        }
        if component.incomplete {
            return Value::UNKNOWN;
        }
        Value::object(values)
    }

    /// Holds the values of the inputs against their validations.
    fn validate(&mut self, component: &Component, block: &Block, inputs: &Value, base: &Scope) {
        let Some(values) = inputs.as_map() else { return };
        let found = declaration::Found {
            root: INPUT.kind,
            noun: INPUT.kind,
            declarations: component.inputs.values().collect(),
            values,
        };
        found.validate(self.run, base, |input| {
            let entry = block.entries().get(&input.name);
            let place = entry.map_or(block.span(), |entry| entry.value.span);
            (place, subject(component, input))
        });
    }

    fn convert(&mut self, component: &Component, input: &Declaration, entry: &Entry) -> Value {
        let given = Given {
            value: &entry.value.value,
            as_text: false,
            span: entry.value.span,
            subject: subject(component, input),
        };
        input.accept(self.run, &given)
    }

    fn default(&mut self, component: &Component, input: &Declaration, block: &Block) -> Value {
        if let Some(default) = &input.default {
            return default.value.clone();
        }
        let name = &input.name;
        let message = format!("component `{}` needs the input `{name}`", component.name);
        self.run.files.report(
            Diagnostic::error(Code::InvalidInput, block.span(), message)
                .with_related(input.span, "declared here")
                .with_hint(format!("write `{name} = ...` in this block")),
        );
        Value::UNKNOWN
    }
}

/// Returns the value of `self.name`; unknown where the label has been reported.
fn own_name(block: &Block) -> Value {
    match block.name() {
        "" => Value::Unknown(Type::String),
        _ if block.labels().len() < USE.labels.len() => Value::Unknown(Type::String),
        name => name.into(),
    }
}

/// Returns what messages call the value of an input.
fn subject(component: &Component, input: &Declaration) -> String {
    format!("the input `{}` of component `{}`", input.name, component.name)
}

fn unknown_component(block: &Block, found: &Found) -> Diagnostic {
    let name = block.label(0);
    let known = found.components.keys().map(|known| &**known);
    let problem = Diagnostic::error(
        Code::UnknownComponent,
        block.label_span(0),
        format!("there is no component `{name}`"),
    );
    match nearest(name, known) {
        Some(meant) => problem.with_suggestion(Some(meant)),
        None => problem.with_hint(
            "components stand in the `.kdef` files and the `components` folders of this folder and of those above",
        ),
    }
}

fn unknown_input(component: &Component, name: &str, entry: &Entry) -> Diagnostic {
    let known: Vec<&str> = component.inputs.keys().map(|known| &**known).collect();
    let problem = Diagnostic::error(
        Code::InvalidInput,
        entry.name_span,
        format!("component `{}` has no input `{name}`", component.name),
    )
    .with_related(component.span, "the component");
    match nearest(name, known.iter().copied()) {
        Some(meant) => problem.with_suggestion(Some(meant)),
        None if known.is_empty() => problem,
        None => problem.with_hint(format!("its inputs are {}", known.join(", "))),
    }
}

fn too_deep(block: &Block) -> Diagnostic {
    let message = format!("more than {MAX_USES} components use each other in a row");
    Diagnostic::error(Code::LimitReached, block.span(), message)
}

/// Says that a component leads back to itself. `ring` begins with that component.
fn cycle(block: &Block, ring: &[Arc<Component>]) -> Diagnostic {
    let names: Vec<&str> = ring
        .iter()
        .map(|component| &*component.name)
        .chain([block.label(0)])
        .collect();
    Diagnostic::error(
        Code::ComponentCycle,
        block.label_span(0),
        format!("component `{}` uses itself", block.label(0)),
    )
    .with_hint(format!("the way back is {}", names.join(" -> ")))
}
