//! Expressions and calls of functions, each as the value of an attribute.

use kdef_lang::eval::Scope;
use kdef_lang::functions::{ALL, Group};
use kdef_lang::value::Value;
use kdef_source::SourceMap;

use crate::deviations::Deviations;
use crate::outcome::Outcome;
use crate::{read_json, scope, with_evaluator};

#[test]
fn expressions_have_the_recorded_values() {
    compare("expressions", 500);
}

#[test]
fn functions_have_the_recorded_values() {
    compare("functions", 700);
}

fn compare(section: &str, least: usize) {
    let recorded = read_json(&format!("{section}.recorded.json"));
    let scope = scope();
    let mut deviations = Deviations::read(section);
    let mut count = 0;
    for entry in recorded
        .as_object()
        .unwrap()
        .values()
        .flat_map(|group| group.as_array().unwrap())
    {
        let expression = entry["expression"].as_str().unwrap();
        let recorded = Outcome::recorded(&entry["result"]);
        let ours = evaluate(expression, &scope);
        deviations.judge(
            expression,
            recorded.agrees(&ours),
            &recorded.to_string(),
            &ours.to_string(),
        );
        count += 1;
    }
    deviations.finish();
    assert!(count >= least, "only {count} {section}");
}

#[test]
fn every_case_is_recorded() {
    for section in ["expressions", "functions"] {
        let cases = read_json(&format!("{section}.json"));
        let recorded = read_json(&format!("{section}.recorded.json"));
        for (group, expressions) in cases.as_object().unwrap() {
            let recorded: Vec<_> = recorded[group]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["expression"].clone())
                .collect();
            assert_eq!(
                expressions.as_array().unwrap(),
                &recorded,
                "{group}: record the cases again"
            );
        }
    }
}

#[test]
fn every_function_has_cases() {
    let cases = read_json("functions.json");
    let groups: Vec<&str> = cases.as_object().unwrap().keys().map(String::as_str).collect();
    for function in ALL.iter().filter(|function| function.group != Group::Kubernetes) {
        let count = cases[function.name].as_array().map_or(0, Vec::len);
        assert!(count >= 6, "{} has {count} cases, of {groups:?}", function.name);
    }
}

#[test]
fn no_part_of_a_case_panics() {
    let scope = scope();
    for section in ["expressions", "functions"] {
        let cases = read_json(&format!("{section}.json"));
        for expression in cases
            .as_object()
            .unwrap()
            .values()
            .flat_map(|group| group.as_array().unwrap())
        {
            let expression = expression.as_str().unwrap();
            for (at, _) in expression.char_indices() {
                evaluate(&expression[..at], &scope);
                evaluate(&expression[at..], &scope);
            }
        }
    }
}

fn evaluate(expression: &str, scope: &Scope) -> Outcome {
    let mut sources = SourceMap::default();
    let text = format!("value = {expression}\n");
    let file = sources.add("case.kdef", text.as_str());
    let parse = kdef_syntax::parse(file, &text);
    let mut diagnostics = parse.diagnostics;
    let mut value = Value::UNKNOWN;
    with_evaluator(|evaluator| {
        if let Some(attribute) = parse.body.attributes().next() {
            value = evaluator.evaluate(&attribute.value, scope);
        }
        // What is wrong with the syntax comes first, wherever it stands: the values are only for whoever fixes it.
        if diagnostics.is_empty() {
            diagnostics.extend_from_slice(evaluator.diagnostics());
        }
    });
    Outcome::ours(&value, &diagnostics, &sources)
}
