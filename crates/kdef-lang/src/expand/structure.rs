//! What the schema alone says about a body: which attributes, blocks and labels it may and must have.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Attribute, Block, Body};

use super::control::{self, Item};
use crate::schema::files::{ENVIRONMENT_FILE, FILES, OVERRIDE, VARIABLES_FILE};
use crate::schema::{BlockSchema, ChildSchema, FreeForm, Repeat};

/// How strictly a body is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As a whole block, in which `if` and `for` may stand.
    Whole,
    /// As a block without `if` and `for`.
    Plain,
    /// As a part of a block that is merged into another: nothing is required, and no `if` and `for`.
    Part,
}

/// Judges a body by its schema. `holder` is the place to blame for what is missing.
pub(crate) fn check(
    body: &Body,
    schema: &'static BlockSchema,
    mode: Mode,
    holder: Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut checker = Checker { mode, diagnostics };
    checker.attributes(body, schema);
    if mode != Mode::Part {
        checker.missing(body, schema, holder);
    }
    checker.blocks(body, schema);
}

struct Checker<'d> {
    mode: Mode,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn attributes(&mut self, body: &Body, schema: &'static BlockSchema) {
        for attribute in body.attributes() {
            let name = attribute.name.as_str();
            let merged = schema
                .child(name)
                .is_some_and(|child| child.repeat == Repeat::Merged);
            if schema.free_form.is_none() && schema.attribute(name).is_none() && !merged {
                self.diagnostics.push(unknown_attribute(attribute, schema));
            }
        }
    }

    fn missing(&mut self, body: &Body, schema: &'static BlockSchema, holder: Span) {
        let written = |name| body.attributes().any(|attribute| attribute.name.as_str() == name);
        // What is only misspelt has been reported as that, and is not missing too.
        let misspelt = |name| {
            if schema.free_form.is_some() {
                return false;
            }
            let mut names = body.attributes().map(|attribute| attribute.name.as_str());
            names
                .any(|other| schema.attribute(other).is_none() && schema.meant_attribute(other) == Some(name))
        };
        for attribute in schema.all_attributes() {
            if attribute.required && !written(attribute.name) && !misspelt(attribute.name) {
                let problem = missing_attribute(schema, attribute.name, holder);
                // Where other names are allowed a misspelt one is no mistake by itself.
                let near = body
                    .attributes()
                    .find(|other| schema.meant_attribute(other.name.as_str()) == Some(attribute.name));
                self.diagnostics.push(match near {
                    Some(near) => problem.with_related(near.name.span, "did you mean it here?"),
                    None => problem,
                });
            }
        }
        let present = |kind| {
            body.blocks().any(|block| {
                let other = block.kind.as_str();
                other == kind
                    || control::is_control(other)
                    || (schema.child(other).is_none() && schema.meant_child(other) == Some(kind))
            })
        };
        // What `raw` brings is not known here.
        let children = schema.all_children().filter(|_| !written("raw"));
        for child in children {
            if child.required && !present(child.schema.kind) {
                self.diagnostics.push(missing_block(schema, child, holder));
            }
        }
    }

    /// Judges the blocks of a body, those inside `if` and `for` as if they stood in it.
    fn blocks(&mut self, body: &Body, schema: &'static BlockSchema) {
        let controlled = self.mode == Mode::Whole && schema.free_form.is_none();
        let items = if controlled {
            control::items(body, self.diagnostics)
        } else {
            body.blocks().map(Item::Block).collect()
        };
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for item in items {
            match item {
                Item::Block(block) => self.block(block, schema, &mut first),
                Item::If(branches) => branches
                    .iter()
                    .for_each(|branch| self.controlled(branch.block, schema)),
                Item::For(repeated) => self.controlled(repeated.block, schema),
            }
        }
    }

    fn controlled(&mut self, control: &Block, schema: &'static BlockSchema) {
        let own = control::own_attributes(control);
        for attribute in control.body.attributes() {
            if !own.contains(&attribute.name.as_str()) {
                self.diagnostics.push(foreign_attribute(control, attribute));
            }
        }
        self.blocks(&control.body, schema);
    }

    fn block<'b>(
        &mut self,
        block: &'b Block,
        schema: &'static BlockSchema,
        first: &mut BTreeMap<&'b str, Span>,
    ) {
        let kind = block.kind.as_str();
        let Some(child) = schema.child(kind) else {
            if !kind.is_empty() {
                self.diagnostics.push(unknown_block(block, schema));
            }
            return;
        };
        if child.repeat == Repeat::Single {
            if let Some(earlier) = first.get(kind) {
                self.diagnostics
                    .push(repeated_block(kind, block.header, *earlier));
            }
            first.entry(kind).or_insert(block.header);
        }
        let is_named = || {
            block
                .body
                .attributes()
                .any(|attribute| attribute.name.as_str() == "name")
        };
        if child.repeat == Repeat::Named && !is_named() {
            if let Some(earlier) = first.get(kind) {
                self.diagnostics
                    .push(repeated_unnamed(kind, block.header, *earlier));
            }
            first.entry(kind).or_insert(block.header);
        }
        self.labels(block, child.schema);
        // What an override holds follows the schema of its target, which is not known here.
        if !child.schema.is(&OVERRIDE) {
            check(
                &block.body,
                child.schema,
                self.mode,
                block.header,
                self.diagnostics,
            );
        }
    }

    fn labels(&mut self, block: &Block, schema: &'static BlockSchema) {
        let wrong = match (
            block.labels.get(schema.labels.len()),
            schema.labels.get(block.labels.len()),
        ) {
            (Some(extra), _) => Diagnostic::error(
                Code::WrongLabels,
                extra.span,
                match schema.labels.len() {
                    0 => format!("`{}` takes no label", schema.kind),
                    1 => format!("`{}` takes one label only", schema.kind),
                    count => format!("`{}` takes {count} labels only", schema.kind),
                },
            ),
            (None, Some(missing)) => Diagnostic::error(
                Code::WrongLabels,
                block.header,
                format!("`{}` needs a label for its {}", schema.kind, missing.name),
            ),
            (None, None) => return,
        };
        self.diagnostics
            .push(wrong.with_hint(format!("write {}", form(schema))));
    }
}

/// Says that a required attribute is not there.
pub(crate) fn missing_attribute(schema: &BlockSchema, name: &str, holder: Span) -> Diagnostic {
    Diagnostic::error(
        Code::MissingAttribute,
        holder,
        format!("`{}` needs the attribute `{name}`", schema.kind),
    )
}

/// Says that a required block is not there.
pub(crate) fn missing_block(schema: &BlockSchema, child: &ChildSchema, holder: Span) -> Diagnostic {
    Diagnostic::error(
        Code::MissingBlock,
        holder,
        format!(
            "`{}` needs at least one block `{}`",
            schema.kind, child.schema.kind
        ),
    )
    .with_hint(format!("add {}", form(child.schema)))
}

/// Says that a block stands twice where one may.
pub(crate) fn repeated_block(kind: &str, span: Span, earlier: Span) -> Diagnostic {
    Diagnostic::error(
        Code::DuplicateBlock,
        span,
        format!("there is a block `{kind}` already; it may stand once"),
    )
    .with_related(earlier, "the first one")
    .with_hint("merge the two")
}

/// Says that two blocks lack the name that tells them apart.
pub(crate) fn repeated_unnamed(kind: &str, span: Span, earlier: Span) -> Diagnostic {
    Diagnostic::error(
        Code::DuplicateBlock,
        span,
        format!("there is a `{kind}` without a `name` already"),
    )
    .with_related(earlier, "the first one")
    .with_hint("give this one a `name`, or merge the two")
}

fn unknown_attribute(attribute: &Attribute, schema: &'static BlockSchema) -> Diagnostic {
    let name = attribute.name.as_str();
    let problem = Diagnostic::error(
        Code::UnknownAttributeName,
        attribute.name.span,
        format!("{} has no attribute `{name}`", subject(schema)),
    );
    if let Some(child) = schema.child(name) {
        return problem.with_hint(format!("`{name}` is a block: write {}", form(child.schema)));
    }
    let suggestion = schema.meant_attribute(name);
    if suggestion.is_some() {
        return problem.with_suggestion(suggestion);
    }
    let holders = schema
        .all_children()
        .filter(|child| child.schema.attribute(name).is_some());
    let holders = most_used_first(holders.map(|child| child.schema.kind));
    match holders.as_slice() {
        [] => {}
        [kind] => return problem.with_hint(format!("`{name}` stands in the block `{kind}`")),
        [kind, ..] if is_file(schema) => {
            return problem.with_hint(format!("attributes stand inside of blocks, such as `{kind}`"));
        }
        kinds => {
            return problem.with_hint(format!("`{name}` stands in the blocks `{}`", kinds.join("`, `")));
        }
    }
    match FILES.iter().find(|file| file.attribute(name).is_some()) {
        Some(file) if is_file(schema) => problem.with_hint(format!("`{name}` belongs in {}", home(file))),
        _ => problem,
    }
}

fn unknown_block(block: &Block, schema: &'static BlockSchema) -> Diagnostic {
    let kind = block.kind.as_str();
    let error = |message| Diagnostic::error(Code::UnknownBlock, block.kind.span, message);
    if control::is_control(kind) {
        return error(format!("`{kind}` cannot stand here")).with_hint(
            "`if` and `for` stand in definition files, and in the blocks of those that hold other blocks",
        );
    }
    let problem = error(match schema.free_form {
        Some(_) => format!("`{}` holds attributes only, and no block `{kind}`", schema.kind),
        None => format!("{} has no block `{kind}`", subject(schema)),
    });
    if schema.free_form == Some(FreeForm::Json) {
        return problem.with_hint(format!("maps are written as values: `{kind} = {{ ... }}`"));
    }
    if schema.attribute(kind).is_some() {
        return problem.with_hint(format!("`{kind}` is an attribute: write `{kind} = ...`"));
    }
    let suggestion = schema.meant_child(kind);
    if suggestion.is_some() {
        return problem.with_suggestion(suggestion);
    }
    if let Some(file) = FILES.iter().find(|file| file.child(kind).is_some()) {
        return problem.with_hint(format!("`{kind}` belongs in {}", home(file)));
    }
    match holders(schema, kind).as_slice() {
        [] => problem,
        [holder] => problem.with_hint(format!("`{kind}` belongs in `{holder}`")),
        [holder, ..] => problem.with_hint(format!("`{kind}` belongs in a block such as `{holder}`")),
    }
}

/// Returns the nearest blocks that may hold one of a kind: blocks in this one, else any.
fn holders(schema: &'static BlockSchema, kind: &str) -> Vec<&'static str> {
    let mut near: Vec<&'static BlockSchema> = schema.all_children().map(|child| child.schema).collect();
    let mut seen: Vec<&'static BlockSchema> = Vec::new();
    let mut next = 0;
    near.extend(FILES);
    while let Some(candidate) = near.get(next).copied() {
        next += 1;
        if !seen.iter().any(|known| known.is(candidate)) {
            seen.push(candidate);
            near.extend(candidate.all_children().map(|child| child.schema));
        }
    }
    let holds = |candidate: &&'static BlockSchema| candidate.child(kind).is_some();
    let inside = schema.all_children().map(|child| child.schema).filter(holds);
    let inside = most_used_first(inside.map(|holder| holder.kind));
    if !inside.is_empty() {
        return inside;
    }
    most_used_first(seen.into_iter().filter(holds).map(|holder| holder.kind))
}

/// Puts `deployment` first where it is among some kinds, since it is the likeliest.
fn most_used_first(kinds: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = kinds.collect();
    kinds.sort_by_key(|kind| *kind != "deployment");
    kinds
}

fn foreign_attribute(control: &Block, attribute: &Attribute) -> Diagnostic {
    Diagnostic::error(
        Code::InvalidControl,
        attribute.name.span,
        format!(
            "`{}` holds blocks, and no attribute `{}`",
            control.kind, attribute.name
        ),
    )
    .with_hint(match control.kind.as_str() {
        "else" if attribute.name.as_str() == "condition" => "write `else if { condition = ... }`",
        "for" => "`for` itself takes the attribute `in` only",
        _ => "for an attribute that depends on something, write `name = condition ? value : null`",
    })
}

/// Returns how a block is written, such as `port "number" "name" { ... }`.
fn form(schema: &BlockSchema) -> String {
    let labels: Vec<String> = schema
        .labels
        .iter()
        .map(|label| format!("\"{}\" ", label.name))
        .collect();
    format!("`{} {}{{ ... }}`", schema.kind, labels.concat())
}

/// Returns where files of a kind are.
fn home(file: &'static BlockSchema) -> &'static str {
    if file.is(&VARIABLES_FILE) {
        "vars.kdef"
    } else if file.is(&ENVIRONMENT_FILE) {
        "environments/<env>.kdef"
    } else {
        file.kind
    }
}

fn is_file(schema: &'static BlockSchema) -> bool {
    FILES.iter().any(|file| file.is(schema))
}

/// Returns how messages speak of a block or file.
fn subject(schema: &'static BlockSchema) -> String {
    if is_file(schema) {
        schema.kind.to_owned()
    } else {
        format!("`{}`", schema.kind)
    }
}
