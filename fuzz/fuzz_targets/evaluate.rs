//! Every value of a file evaluates to something, within the limits.
#![no_main]

use std::sync::Arc;

use kdef_lang::eval::{Budget, Evaluator, Place, Scope};
use kdef_lang::value::{Type, Value, convert};
use kdef_source::{MemoryWorld, SourceMap, World, report};
use kdef_syntax::ast::{Body, Item};
use libfuzzer_sys::fuzz_target;

/// The names that values may use, as `variables.json` of the conformance cases has them.
const VARIABLES: &str = include_str!("../../crates/kdef-lang/tests/conformance/variables.json");

fuzz_target!(|text: &str| {
    let world = MemoryWorld::new([("words.txt", "some words\n")]).with_limits(kdef_fuzz::limits());
    let budget = Budget::new(world.limits());
    let mut evaluator = Evaluator::new(&world, &budget);
    let mut sources = SourceMap::default();
    let file = sources.add("app.kdef", text);
    values(&kdef_syntax::parse(file, text).body, &mut evaluator, &scope());
    for diagnostic in evaluator.into_diagnostics() {
        report::terminal(&diagnostic, &sources, report::Style::Plain);
    }
});

fn scope() -> Scope {
    let variables: serde_json::Value = serde_json::from_str(VARIABLES).expect("the file is JSON");
    let variables = variables.as_object().expect("it holds a map");
    let value = |value: &serde_json::Value| Value::from_json(&value["value"]).expect("it fits");
    let scope = Scope::new(Arc::new(Place::default())).with_environment();
    let members = Value::object(
        variables
            .iter()
            .map(|(name, variable)| (name.as_str(), value(variable))),
    );
    let bare = variables.iter().fold(scope, |scope, (name, variable)| {
        scope.with(name.as_str(), value(variable))
    });
    bare.with_members("var", "variable", members)
}

fn values(body: &Body, evaluator: &mut Evaluator<'_>, scope: &Scope) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                let value = evaluator.evaluate(&attribute.value, scope);
                evaluator.condition(&attribute.value, scope);
                evaluator.elements(&attribute.value, scope);
                for ty in [
                    Type::String,
                    Type::Number,
                    Type::list(Type::String),
                    Type::map(Type::Any),
                ] {
                    convert(&value, &ty).ok();
                }
                value.to_json().ok();
            }
            Item::Block(block) => {
                for label in &block.labels {
                    evaluator.label(label, scope);
                }
                values(&block.body, evaluator, scope);
            }
        }
    }
}
