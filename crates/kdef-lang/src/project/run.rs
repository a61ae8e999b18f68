//! What the steps of one run share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{VirtualPath, World};
use kdef_syntax::ast::{self, Body, Expr};

use super::components;
use super::environment::EnvironmentFile;
use super::files::{File, Files};
use super::images::Found;
use super::root::{Environment, built_ins};
use super::variables::{FileLayers, Layer};
use crate::eval::{Budget, Evaluator, Scope};
use crate::expand::decode::{BlockBudget, Decoder, block_of_map};
use crate::schema::BlockSchema;
use crate::schema::files::ENTRY;
use crate::sensitive::SensitiveTexts;
use crate::value::{Map, Value};
use crate::{Block, Inputs};

/// A folder or file, as it is in an environment.
type InEnvironment = (VirtualPath, Arc<str>);

/// What the steps of one run share.
pub(crate) struct Run<'w> {
    /// What the run was given.
    pub(crate) inputs: &'w Inputs,
    /// The files.
    pub(crate) files: Files<'w>,
    /// What evaluation may still spend.
    pub(crate) budget: &'w Budget,
    /// How many blocks there may still be.
    pub(crate) blocks: &'w BlockBudget,
    /// The values of sensitive variables.
    pub(crate) sensitive: SensitiveTexts,
    /// The variable files from outside the project.
    pub(crate) vars_from_files: Vec<Arc<File>>,
    /// The files that some variable file imports, which are not read as definitions.
    pub(crate) imported: BTreeSet<VirtualPath>,
    /// What the variable files from outside declare, by environment.
    pub(crate) vars_from: BTreeMap<Arc<str>, Arc<Layer>>,
    /// The variable files that were read.
    pub(crate) variable_files: BTreeMap<InEnvironment, Arc<FileLayers>>,
    /// The images of folders.
    pub(crate) images: BTreeMap<InEnvironment, Arc<Found>>,
    /// The components of folders.
    pub(crate) components: BTreeMap<VirtualPath, Arc<components::Found>>,
    /// The environment files that were looked for, by path.
    pub(crate) environment_files: BTreeMap<VirtualPath, Option<Arc<EnvironmentFile>>>,
}

impl<'w> Run<'w> {
    /// Starts a run in which nothing has been read but the inputs.
    pub(crate) fn new(
        world: &'w dyn World,
        inputs: &'w Inputs,
        budget: &'w Budget,
        blocks: &'w BlockBudget,
    ) -> Self {
        let mut files = Files::new(world);
        let vars_from = inputs.vars_from.iter();
        let vars_from_files = vars_from
            .map(|file| files.parse(file.name.clone(), file.text.as_bytes()))
            .collect();
        Self {
            inputs,
            files,
            budget,
            blocks,
            sensitive: SensitiveTexts::default(),
            vars_from_files,
            imported: BTreeSet::new(),
            vars_from: BTreeMap::new(),
            variable_files: BTreeMap::new(),
            images: BTreeMap::new(),
            components: BTreeMap::new(),
            environment_files: BTreeMap::new(),
        }
    }

    /// Evaluates something, and keeps what is wrong with it.
    pub(crate) fn with_decoder<T>(&mut self, work: impl FnOnce(&mut Decoder<'_, '_>) -> T) -> T {
        let mut evaluator = Evaluator::new(self.files.world(), self.budget);
        let mut decoder = Decoder::new(&mut evaluator, self.blocks);
        let result = work(&mut decoder);
        let (problems, incomplete) = decoder.finish();
        self.files.diagnostics().extend(evaluator.into_diagnostics());
        self.files.diagnostics().extend(problems);
        if incomplete {
            self.files.mark_incomplete();
        }
        result
    }

    /// Evaluates the body of a file that holds constants.
    pub(crate) fn decode_constants(
        &mut self,
        body: &Body,
        schema: &'static BlockSchema,
        env: Option<&Environment>,
    ) -> Block {
        let scope = constants(env);
        let header = body.span.at_start();
        self.with_decoder(|decoder| decoder.part(body, header, schema, &scope))
    }

    /// Evaluates a block that holds constants.
    pub(crate) fn decode_constant_block(
        &mut self,
        tree: &ast::Block,
        schema: &'static BlockSchema,
        env: Option<&Environment>,
    ) -> Block {
        let scope = constants(env);
        self.with_decoder(|decoder| decoder.block(tree, schema, &scope))
    }

    /// Evaluates a constant.
    pub(crate) fn evaluate_constant(&mut self, expr: &Expr, env: Option<&Environment>) -> Value {
        self.evaluate_in(expr, &constants(env))
    }

    /// Evaluates an expression.
    pub(crate) fn evaluate_in(&mut self, expr: &Expr, scope: &Scope) -> Value {
        self.with_evaluator(|evaluator| evaluator.evaluate(expr, scope))
    }

    /// Evaluates a condition; `None` when it is not known, or an error says that it is none.
    pub(crate) fn evaluate_condition(&mut self, expr: &Expr, scope: &Scope) -> Option<bool> {
        self.with_evaluator(|evaluator| evaluator.condition(expr, scope))
    }

    fn with_evaluator<T>(&mut self, work: impl FnOnce(&mut Evaluator<'_>) -> T) -> T {
        let mut evaluator = Evaluator::new(self.files.world(), self.budget);
        let result = work(&mut evaluator);
        self.files.diagnostics().extend(evaluator.into_diagnostics());
        result
    }

    /// Checks the fields of an entry of `deployments`.
    pub(crate) fn decode_entry(&mut self, name: &str, fields: &Map, expr: &Expr) -> Block {
        let mut problems = Vec::new();
        let block = block_of_map(&ENTRY, fields, expr, &mut problems);
        for problem in &mut problems {
            problem.message = format!("entry `{name}`: {}", problem.message);
        }
        self.files.diagnostics().append(&mut problems);
        block
    }
}

/// Returns the scope of constants: nothing but what is built in.
pub(crate) fn constants(env: Option<&Environment>) -> Scope {
    Scope::constants().with_members("kdef", BUILT_IN, built_ins(env))
}

/// What messages call an attribute of `kdef`.
pub(crate) const BUILT_IN: &str = "built-in value";

/// Returns the key that caches use for an environment.
pub(crate) fn cache_key(env: Option<&Environment>) -> Arc<str> {
    env.map_or_else(|| "".into(), |env| Arc::clone(&env.name))
}
