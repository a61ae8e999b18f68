//! Which value each variable has in a mount.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span, nearest};

use super::declaration::{self, Declaration};
use super::environment::EnvironmentFile;
use super::root::Mount;
use super::run::Run;
use super::settings::Setting;
use super::usage::{ROOT as VARIABLES, Usage};
use super::values::Values;
use super::variables::Layer;
use crate::eval::Scope;
use crate::value::{DeclaredType, Value};

/// What messages call an attribute of `var`.
pub(crate) const VARIABLE: &str = "variable";

/// What gives values to the variables of all mounts.
#[derive(Debug)]
pub(crate) struct Given {
    /// Values as text, such as those of `--set`.
    pub(crate) set: Vec<Setting>,
    /// Values files.
    pub(crate) values: Values,
}

/// What gives values to the variables of one mount.
pub(crate) struct Sources<'a> {
    /// The mount.
    pub(crate) mount: &'a Mount,
    /// What its folders declare.
    pub(crate) declared: &'a Layer,
    /// Its environment files, the lowest rank first.
    pub(crate) environments: &'a [Arc<EnvironmentFile>],
    /// What the run was given.
    pub(crate) given: &'a Given,
    /// The variables that it uses.
    pub(crate) usage: &'a Usage,
}

impl Sources<'_> {
    /// Returns what is given to a variable, the highest rank first.
    fn of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Setting> {
        let named = move |setting: &&Setting| *setting.name == *name;
        let set = self.given.set.iter().rev().find(named);
        let values = self.given.values.settings.get(name);
        let use_vars = self
            .environments
            .iter()
            .rev()
            .filter_map(move |file| file.use_vars.iter().rev().find(named));
        let layers = self
            .mount
            .set
            .iter()
            .filter_map(move |layer| layer.settings.iter().find(named));
        set.into_iter().chain(values).chain(use_vars).chain(layers)
    }

    /// Returns what environment files, roots and entries set; what a root says to all its entries only when `shared`.
    fn set_in_files(&self, shared: bool) -> impl Iterator<Item = &Setting> {
        let environments = self.environments.iter();
        let environments = environments.filter(move |file| shared || !file.of_root);
        let layers = self.mount.set.iter();
        let layers = layers.filter(move |layer| shared || !layer.of_root);
        environments
            .flat_map(|file| &file.use_vars)
            .chain(layers.flat_map(|layer| &layer.settings))
    }

    /// Returns the value of `var`: a map of all variables. Every value that is given is held against the declared type,
    /// also those that another one outranks.
    pub(crate) fn resolve(&self, run: &mut Run<'_>) -> Value {
        if self.declared.incomplete || self.given.values.incomplete {
            return Value::UNKNOWN;
        }
        let mut values: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        for declaration in self.declared.declarations.values() {
            let mut given = self
                .of(&declaration.name)
                .map(|setting| convert(run, setting, declaration))
                .collect::<Vec<_>>();
            let value = if given.is_empty() {
                match &declaration.default {
                    Some(default) => default.value.clone(),
                    None => self.missing(run, declaration),
                }
            } else {
                given.swap_remove(0)
            };
            values.insert(Arc::clone(&declaration.name), value);
        }
        for (name, setting) in &self.given.values.settings {
            if !values.contains_key(name) {
                let strongest = self.of(name).next().unwrap_or(setting);
                values.insert(Arc::clone(name), read_as_any(strongest));
            }
        }
        Value::object(values)
    }

    /// Holds the values against the validations of their declarations. `base` is what conditions can use beside
    /// variables.
    pub(crate) fn validate(&self, run: &mut Run<'_>, values: &Value, base: &Scope) {
        let Some(values) = values.as_map() else { return };
        let declarations = self.declared.declarations.values();
        let found = declaration::Found {
            root: VARIABLES,
            noun: VARIABLE,
            declarations: declarations.map(AsRef::as_ref).collect(),
            values,
        };
        found.validate(run, base, |declaration| self.origin(declaration));
    }

    /// Returns the place that the value of a variable comes from, and what messages call it.
    fn origin(&self, declaration: &Declaration) -> (Span, String) {
        let name = &declaration.name;
        match (self.of(name).next(), &declaration.default) {
            (Some(setting), _) => {
                let place = setting.span.unwrap_or(declaration.span);
                (place, format!("the value of {}", setting.describe()))
            }
            (None, Some(default)) => (default.span, format!("the default of `{name}`")),
            (None, None) => (declaration.span, format!("the value of `{name}`")),
        }
    }

    /// Reports a variable without a value. Beside a `root.kdef` one may go without that is not used: the entries may
    /// give it a value for their own.
    fn missing(&self, run: &mut Run<'_>, declaration: &Declaration) -> Value {
        let name = &declaration.name;
        let first = self.usage.first(name);
        if first.is_none() && self.mount.beside_root {
            return Value::UNKNOWN;
        }
        let mut problem = Diagnostic::error(
            Code::MissingVariable,
            declaration.span,
            format!("variable `{name}` has no value"),
        );
        if let Some(first) = first {
            problem = problem.with_related(first, "used here");
        }
        run.files.report(problem.with_hint(format!(
            "give it a `default`, or a value with `--set {name}=...` or in a values file"
        )));
        Value::UNKNOWN
    }
}

fn read_as_any(setting: &Setting) -> Value {
    match setting.value.as_str().filter(|_| setting.as_text) {
        Some(text) => DeclaredType::Any
            .parse_text(text)
            .unwrap_or_else(|_| setting.value.clone()),
        None => setting.value.clone(),
    }
}

/// Converts a value to the type of its variable, and reports one that does not fit.
fn convert(run: &mut Run<'_>, setting: &Setting, declaration: &Declaration) -> Value {
    let given = declaration::Given {
        value: &setting.value,
        as_text: setting.as_text,
        span: setting.span.unwrap_or(declaration.span),
        subject: format!("the value of {}", setting.describe()),
    };
    declaration.accept(run, &given)
}

/// Reports values that are given to variables which nothing in the run declares.
pub(crate) fn check_undeclared(run: &mut Run<'_>, sources: &[Sources<'_>], given: &Given) {
    let unsure = |source: &Sources<'_>| source.declared.incomplete;
    if run.files.is_incomplete() || given.values.incomplete || sources.iter().any(unsure) {
        return;
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for source in sources {
        known.extend(source.declared.declarations.keys().map(|name| &**name));
    }
    let is_used = |name: &str| {
        sources.iter().any(|source| {
            let mut locals = source.declared.locals.values();
            source.usage.first(name).is_some() || locals.any(|local| local.uses.first(name).is_some())
        })
    };
    known.extend(
        given
            .values
            .settings
            .keys()
            .map(|name| &**name)
            .filter(|name| is_used(name)),
    );
    let shared = run.inputs.only.is_empty();
    let set_in_files = sources.iter().flat_map(|source| source.set_in_files(shared));
    let settings = given.set.iter();
    let settings = settings.chain(given.values.settings.values()).chain(set_in_files);
    let unknown = settings
        .filter(|setting| !known.contains(&*setting.name))
        .map(|setting| undeclared(setting, &known));
    run.files.diagnostics().extend(unknown);
}

fn undeclared(setting: &Setting, known: &BTreeSet<&str>) -> Diagnostic {
    let name = &setting.name;
    let suggestion = nearest(name, known.iter().copied());
    let problem = Diagnostic::error(
        Code::UndeclaredVariable,
        setting.span,
        match &setting.source {
            Some(source) => format!("`{source}` gives a value to variable `{name}`, which nothing declares"),
            None => format!("a value is given to variable `{name}`, which nothing declares"),
        },
    );
    match suggestion {
        Some(_) => problem.with_suggestion(suggestion),
        None => problem.with_hint(format!(
            "declare it in vars.kdef: `variable \"{name}\" {{ type = ... }}`"
        )),
    }
}
