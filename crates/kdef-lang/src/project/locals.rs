//! `locals`: names for values that are computed, once for each mount.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kdef_source::{Code, Diagnostic, Span};
use kdef_syntax::ast::{Block, Expr};

use super::run::Run;
use super::usage::Usage;
use super::variables::report_repeated;
use crate::eval::{Scope, Slots};
use crate::value::Value;

/// What locals are reached by, and what messages call one.
pub(crate) const ROOT: &str = "local";

/// A local.
#[derive(Debug)]
pub(crate) struct Local {
    /// The name.
    pub(crate) name: Arc<str>,
    /// Where the name stands.
    pub(crate) span: Span,
    /// What it stands for.
    expr: Expr,
    /// What that uses.
    pub(crate) uses: Usage,
}

/// Locals by name.
pub(crate) type Locals = BTreeMap<Arc<str>, Arc<Local>>;

/// Adds what a `locals` block holds to the locals of its place.
pub(crate) fn read(run: &mut Run<'_>, block: &Block, locals: &mut Locals) {
    for attribute in block.body.attributes() {
        let (name, span) = (attribute.name.as_str(), attribute.name.span);
        let mut uses = Usage::default();
        uses.add_expr(&attribute.value);
        let local = Local {
            name: name.into(),
            span,
            expr: attribute.value.clone(),
            uses,
        };
        if let Some(earlier) = locals.insert(name.into(), Arc::new(local)) {
            report_repeated(run, &format!("local `{name}`"), earlier.span, span);
        }
    }
}

/// Computes all locals, each after those that it uses, and returns the value of `local`. `scope` is what they see beside
/// each other; where the locals are `incomplete`, nothing is said about those that are not there.
pub(crate) fn evaluate(run: &mut Run<'_>, locals: &Locals, scope: &Scope, incomplete: bool) -> Value {
    let slots = Arc::new(Slots::new(ROOT, locals.keys().cloned(), !incomplete));
    let scope = scope.with_slots(ROOT, Arc::clone(&slots));
    let order = Order::of(locals);
    for ring in &order.rings {
        run.files.report(cycle(ring));
    }
    for local in order.sorted {
        let value = if order.in_rings.contains(&*local.name) {
            Value::UNKNOWN
        } else {
            run.evaluate_in(&local.expr, &scope)
        };
        slots.set(&local.name, value);
    }
    if incomplete {
        Value::UNKNOWN
    } else {
        slots.to_value()
    }
}

fn cycle(ring: &[&Local]) -> Diagnostic {
    let first = ring.first().map_or("", |local| &*local.name);
    let names = ring.iter().map(|local| &*local.name).chain([first]);
    let names: Vec<String> = names.map(|name| format!("{ROOT}.{name}")).collect();
    let span = ring.first().map(|local| local.span);
    Diagnostic::error(
        Code::LocalCycle,
        span,
        format!("`{ROOT}.{first}` depends on itself"),
    )
    .with_hint(format!("the way back is {}", names.join(" -> ")))
}

/// In which order locals can be computed.
#[derive(Default)]
struct Order<'a> {
    /// Each after those that it uses, as far as there are no rings.
    sorted: Vec<&'a Local>,
    /// Those that lead back to themselves.
    rings: Vec<Vec<&'a Local>>,
    in_rings: BTreeSet<&'a str>,
    /// Those that were come to, the sorted ones among them.
    seen: BTreeSet<&'a str>,
}

/// A local whose dependencies are being looked at.
struct Visit<'a> {
    local: &'a Local,
    waiting: Vec<&'a Local>,
}

impl<'a> Visit<'a> {
    fn of(local: &'a Local, locals: &'a Locals) -> Self {
        let mut waiting: Vec<&Local> = local
            .uses
            .locals()
            .filter_map(|name| locals.get(name).map(AsRef::as_ref))
            .collect();
        waiting.reverse();
        Self { local, waiting }
    }
}

impl<'a> Order<'a> {
    fn of(locals: &'a Locals) -> Self {
        let mut order = Self::default();
        for local in locals.values() {
            if order.seen.insert(&local.name) {
                order.follow(Visit::of(local, locals), locals);
            }
        }
        order
    }

    /// Follows dependencies with a stack of its own, since they may be as long as there are locals.
    fn follow(&mut self, start: Visit<'a>, locals: &'a Locals) {
        let mut open: BTreeMap<&str, usize> = BTreeMap::from([(&*start.local.name, 0)]);
        let mut stack = vec![start];
        while let Some(visit) = stack.last_mut() {
            let Some(next) = visit.waiting.pop() else {
                open.remove(&*visit.local.name);
                self.sorted.push(visit.local);
                stack.pop();
                continue;
            };
            if let Some(at) = open.get(&*next.name) {
                let ring: Vec<&Local> = stack[*at..].iter().map(|visit| visit.local).collect();
                self.add_ring(ring);
            } else if self.seen.insert(&next.name) {
                open.insert(&next.name, stack.len());
                stack.push(Visit::of(next, locals));
            }
        }
    }

    /// Notes a ring, unless all of it lies in others.
    fn add_ring(&mut self, ring: Vec<&'a Local>) {
        let known = self.in_rings.len();
        self.in_rings.extend(ring.iter().map(|local| &*local.name));
        if known < self.in_rings.len() {
            self.rings.push(ring);
        }
    }
}
