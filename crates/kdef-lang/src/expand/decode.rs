//! Evaluation of bodies: trees and scopes to checked blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use kdef_source::{Code, Diagnostic, Span, Spanned};
use kdef_syntax::ast::{self, Body, Expr};

use super::control::{self, Branch, Item, Loop, Test};
use super::convert::{self, Outcome};
use super::{describe, structure};
use crate::Block;
use crate::block::{Entry, Places};
use crate::eval::{Evaluator, Scope};
use crate::schema::{BlockSchema, FreeForm, Repeat, TextKind};
use crate::value::{Map, Value};
use crate::written::{self, WrittenMap};

/// How many blocks a run may still expand to.
#[derive(Debug)]
pub(crate) struct BlockBudget {
    limit: usize,
    left: AtomicUsize,
    reached: AtomicBool,
}

impl BlockBudget {
    /// Makes the full budget of a run.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            left: AtomicUsize::new(limit),
            reached: AtomicBool::new(false),
        }
    }

    /// Takes one block; `false` when there is none left, and from then on expansion stops.
    fn take(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    /// Notes that there was none left; `true` the first time.
    fn note_end(&self) -> bool {
        !self.reached.swap(true, Ordering::Relaxed)
    }
}

/// Evaluates bodies.
pub(crate) struct Decoder<'e, 'w> {
    evaluator: &'e mut Evaluator<'w>,
    budget: &'e BlockBudget,
    diagnostics: Vec<Diagnostic>,
    incomplete: bool,
}

impl<'e, 'w> Decoder<'e, 'w> {
    /// Makes a decoder. What expressions have wrong is left in the evaluator.
    pub(crate) fn new(evaluator: &'e mut Evaluator<'w>, budget: &'e BlockBudget) -> Self {
        Self {
            evaluator,
            budget,
            diagnostics: Vec::new(),
            incomplete: false,
        }
    }

    /// Returns what is wrong, and whether there are blocks of which nothing is known.
    pub(crate) fn finish(self) -> (Vec<Diagnostic>, bool) {
        (self.diagnostics, self.incomplete)
    }

    /// Evaluates the blocks of a file, `if` and `for` expanded, in source order; those of some kinds are left out.
    pub(crate) fn file(
        &mut self,
        body: &Body,
        schema: &'static BlockSchema,
        scope: &Scope,
        left_out: &[&str],
    ) -> Vec<Block> {
        let mut blocks = Vec::new();
        let known = self.walk(body, scope, &mut |decoder, tree, scope| {
            let kind = tree.kind.as_str();
            if let Some(child) = schema.child(kind).filter(|_| !left_out.contains(&kind))
                && decoder.spend(tree.header)
            {
                blocks.push(decoder.block(tree, child.schema, scope));
            }
        });
        self.incomplete |= !known;
        blocks
    }

    /// Evaluates one block.
    pub(crate) fn block(&mut self, tree: &ast::Block, schema: &'static BlockSchema, scope: &Scope) -> Block {
        let mut block = Block::new(schema, tree.header);
        for (label, rule) in tree.labels.iter().zip(schema.labels) {
            let text = self.label(label, rule.name, rule.kind, scope);
            if text.is_none() {
                self.incomplete = true;
                block.lose(rule.name);
            }
            // A lost one is empty, so that the labels after it keep their indexes.
            block.push_label(Spanned::new(text.unwrap_or_default(), label.span));
        }
        self.body(&mut block, &tree.body, scope);
        block
    }

    /// Evaluates a body as that of a block without labels. `header` is the place to blame for what is missing.
    pub(crate) fn part(
        &mut self,
        body: &Body,
        header: Span,
        schema: &'static BlockSchema,
        scope: &Scope,
    ) -> Block {
        let mut block = Block::new(schema, header);
        self.body(&mut block, body, scope);
        block
    }

    fn label(&mut self, label: &ast::Label, name: &str, kind: &TextKind, scope: &Scope) -> Option<Arc<str>> {
        let text = self.evaluator.label(label, scope)?;
        let written = label.literal().is_some_and(|text| !text.is_empty());
        match convert::label(name, kind, &text, label.span, written) {
            Ok(()) => Some(text),
            Err(problem) => {
                self.diagnostics.push(problem);
                None
            }
        }
    }

    fn body(&mut self, block: &mut Block, body: &Body, scope: &Scope) {
        let schema = block.schema();
        for attribute in body.attributes() {
            if let Some(form) = schema
                .free_form
                .filter(|_| schema.attribute(attribute.name.as_str()).is_none())
            {
                let value = self.evaluator.evaluate(&attribute.value, scope);
                let name = Spanned::new(attribute.name.as_str().into(), attribute.name.span);
                if form == FreeForm::Json {
                    self.json_entry(block, name, value, &attribute.value);
                } else {
                    self.entry(block, form, name, &value, attribute.value.span);
                }
            } else {
                self.attribute(block, attribute, scope);
            }
        }
        if schema.free_form.is_none() {
            self.children(block, body, scope);
        }
    }

    fn attribute(&mut self, block: &mut Block, attribute: &ast::Attribute, scope: &Scope) {
        let schema = block.schema();
        let name = attribute.name.as_str();
        if let Some(rule) = schema.attribute(name) {
            let value = self.evaluator.evaluate(&attribute.value, scope);
            match convert::attribute(rule, &attribute.value, &value, &mut self.diagnostics) {
                Outcome::Set(content) => block.set(rule, content, attribute.value.span),
                Outcome::Unset => {}
                Outcome::Lost => block.lose(rule.name),
            }
        } else if let Some(child) = schema.child(name).filter(|child| child.repeat == Repeat::Merged) {
            let mut part = Block::new(child.schema, attribute.name.span);
            self.entries_of_map(&mut part, attribute, scope);
            add_merged(block, part);
        } else if let Some(meant) = schema.meant_attribute(name) {
            block.lose(meant);
        }
    }

    /// Reads the attribute form of a free-form block: `env = { ... }`.
    fn entries_of_map(&mut self, block: &mut Block, attribute: &ast::Attribute, scope: &Scope) {
        let Some(form) = block.schema().free_form else {
            return;
        };
        let expr = &attribute.value;
        let value = self.evaluator.evaluate(expr, scope);
        match &value {
            Value::Unknown(_) => block.lose(block.schema().kind),
            Value::Null(_) => {}
            Value::Map(map) => {
                let written = WrittenMap::of(expr);
                for (key, value) in map.sorted() {
                    let span = written.span(key);
                    let name_span = written.key_span(key).unwrap_or(attribute.name.span);
                    if self.is_entry_name(key, name_span) {
                        self.entry(block, form, Spanned::new(Arc::clone(key), name_span), value, span);
                    }
                }
            }
            other => self.diagnostics.push(Diagnostic::error(
                Code::WrongType,
                expr.span,
                format!("`{}`: a map is required, not {}", attribute.name, describe(other)),
            )),
        }
    }

    fn is_entry_name(&mut self, name: &str, span: Span) -> bool {
        let valid = !name.is_empty() && !name.contains(['=', '\0']);
        if !valid {
            self.diagnostics.push(Diagnostic::error(
                Code::InvalidName,
                span,
                "the name of an environment variable can neither be empty nor hold `=`",
            ));
        }
        valid
    }

    fn entry(
        &mut self,
        block: &mut Block,
        form: FreeForm,
        name: Spanned<Arc<str>>,
        value: &Value,
        span: Span,
    ) {
        let is_null = value.is_null();
        let value = match form {
            FreeForm::Text => {
                convert::text(&name.value, value, span, &mut self.diagnostics).map(Value::String)
            }
            FreeForm::TextOrReference => {
                convert::text_or_reference(&name.value, value, span, &mut self.diagnostics)
            }
            FreeForm::Any | FreeForm::Json => Some(value.clone()),
        };
        match value {
            Some(value) => {
                let entry = Entry {
                    name_span: name.span,
                    value: Spanned::new(value, span),
                    places: Places::default(),
                };
                block.set_entry(name.value, entry);
            }
            None if is_null => {}
            None => block.lose(block.schema().kind),
        }
    }

    /// Takes a value that becomes a part of an object as it is.
    fn json_entry(&mut self, block: &mut Block, name: Spanned<Arc<str>>, value: Value, expr: &Expr) {
        if value.is_null() {
            return;
        }
        let places = written::places(expr);
        if convert::check_json(&name, &value, &places, &mut self.diagnostics) {
            let entry = Entry {
                name_span: name.span,
                value: Spanned::new(value, expr.span),
                places,
            };
            block.set_entry(name.value, entry);
        } else {
            block.lose(block.schema().kind);
        }
    }

    fn children(&mut self, block: &mut Block, body: &Body, scope: &Scope) {
        let schema = block.schema();
        let known = self.walk(body, scope, &mut |decoder, tree, scope| {
            let kind = tree.kind.as_str();
            let Some(child) = schema.child(kind) else {
                if let Some(meant) = schema.meant_child(kind) {
                    block.lose(meant);
                }
                return;
            };
            if decoder.spend(tree.header) {
                let inner = decoder.block(tree, child.schema, scope);
                decoder.add(block, inner, child.repeat);
            }
        });
        if !known {
            schema
                .all_children()
                .for_each(|child| block.lose(child.schema.kind));
        }
    }

    fn add(&mut self, block: &mut Block, inner: Block, repeat: Repeat) {
        match repeat {
            Repeat::Many | Repeat::Named => block.push_block(inner),
            Repeat::Merged => add_merged(block, inner),
            Repeat::Single => match block.child(inner.kind()) {
                Some(first) => {
                    self.diagnostics.push(structure::repeated_block(
                        inner.kind(),
                        inner.span(),
                        first.span(),
                    ));
                }
                None => block.push_block(inner),
            },
        }
    }

    fn spend(&mut self, span: Span) -> bool {
        let left = self.budget.take();
        if !left {
            self.incomplete = true;
            if self.budget.note_end() {
                let limit = self.budget.limit;
                let message =
                    format!("the project expands to more than {limit} blocks, the limit of one run");
                self.diagnostics
                    .push(Diagnostic::error(Code::LimitReached, span, message));
            }
        }
        left
    }

    /// Calls `see` for each block that `if` and `for` leave. Returns whether all of them could be told.
    fn walk(&mut self, body: &Body, scope: &Scope, see: &mut See<'_, 'e, 'w>) -> bool {
        let mut known = true;
        for item in control::items(body, &mut Vec::new()) {
            known &= match item {
                Item::Block(block) => {
                    see(self, block, scope);
                    true
                }
                Item::If(branches) => self.branch(&branches, scope, see),
                Item::For(repeated) => self.repeat(&repeated, scope, see),
            };
        }
        known
    }

    fn branch(&mut self, branches: &[Branch<'_>], scope: &Scope, see: &mut See<'_, 'e, 'w>) -> bool {
        for branch in branches {
            let taken = match branch.test {
                Test::When(condition) => self.evaluator.condition(condition, scope),
                Test::Otherwise => Some(true),
                Test::Missing => None,
            };
            match taken {
                Some(true) => return self.walk(&branch.block.body, scope, see),
                Some(false) => {}
                None => return false,
            }
        }
        true
    }

    fn repeat(&mut self, repeated: &Loop<'_>, scope: &Scope, see: &mut See<'_, 'e, 'w>) -> bool {
        let Some(elements) = self.evaluator.elements(&repeated.collection, scope) else {
            return false;
        };
        let mut known = true;
        for (key, value) in elements {
            if self.budget.reached.load(Ordering::Relaxed) {
                return false;
            }
            let mut inner = scope.with(&*repeated.value, value);
            if let Some(name) = &repeated.key {
                inner = inner.with(&**name, key);
            }
            known &= self.walk(&repeated.block.body, &inner, see);
        }
        known
    }
}

/// Makes a block of a map whose keys are the attributes of a schema, as in the entries of `deployments`. `expr` is what
/// the map was computed from.
pub(crate) fn block_of_map(
    schema: &'static BlockSchema,
    map: &Map,
    expr: &Expr,
    diagnostics: &mut Vec<Diagnostic>,
) -> Block {
    let mut block = Block::new(schema, expr.span);
    let written = WrittenMap::of(expr);
    for (key, value) in map {
        let element = written.get(key).unwrap_or(expr);
        let Some(rule) = schema.attribute(key) else {
            let meant = schema.meant_attribute(key);
            diagnostics.push(
                Diagnostic::error(
                    Code::InvalidEntry,
                    written.key_span(key).unwrap_or(expr.span),
                    format!("there is no field `{key}`"),
                )
                .with_suggestion(meant),
            );
            if let Some(name) = meant {
                block.lose(name);
            }
            continue;
        };
        match convert::attribute(rule, element, value, diagnostics) {
            Outcome::Set(content) => block.set(rule, content, element.span),
            Outcome::Unset => {}
            Outcome::Lost => block.lose(rule.name),
        }
    }
    block
}

/// What is done with a block that `if` and `for` leave.
type See<'s, 'e, 'w> = dyn FnMut(&mut Decoder<'e, 'w>, &ast::Block, &Scope) + 's;

/// Adds the entries of a free-form block to the one that stands there; of equal names the one written later wins.
fn add_merged(block: &mut Block, mut part: Block) {
    let kind = part.kind();
    if part.is_lost(kind) {
        block.lose(kind);
    }
    let Some(known) = block.blocks_mut().iter_mut().find(|inner| inner.kind() == kind) else {
        block.push_block(part);
        return;
    };
    for (name, entry) in part.take_entries() {
        let later = known
            .entries()
            .get(&name)
            .is_none_or(|earlier| earlier.name_span <= entry.name_span);
        if later {
            known.set_entry(name, entry);
        }
    }
}
