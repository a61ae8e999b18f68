//! Whole files: their blocks, labels and attributes, or the line of the first error.

use kdef_lang::eval::{Evaluator, Scope};
use kdef_source::SourceMap;
use kdef_syntax::ast::{Block, Body};
use serde_json::{Value as Json, json};

use crate::deviations::Deviations;
use crate::outcome::Outcome;
use crate::{folder, read_json, scope, with_evaluator};

#[test]
fn documents_have_the_recorded_content() {
    let recorded = read_json("documents.recorded.json");
    let scope = scope();
    let mut deviations = Deviations::read("documents");
    let documents = recorded.as_object().unwrap();
    for (name, recorded) in documents {
        let (agrees, recorded, ours) = compare(name, recorded, &scope);
        deviations.judge(name, agrees, &recorded, &ours);
    }
    deviations.finish();
    assert!(documents.len() >= 40, "only {} documents", documents.len());
}

#[test]
fn every_document_is_recorded() {
    let recorded = read_json("documents.recorded.json");
    let mut names: Vec<String> = std::fs::read_dir(folder().join("documents"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".gitattributes")
        .collect();
    names.sort();
    let recorded: Vec<&String> = recorded.as_object().unwrap().keys().collect();
    assert_eq!(
        names.iter().collect::<Vec<_>>(),
        recorded,
        "record the cases again"
    );
}

fn compare(name: &str, recorded: &Json, scope: &Scope) -> (bool, String, String) {
    let text = std::fs::read_to_string(folder().join("documents").join(name)).unwrap();
    let mut sources = SourceMap::default();
    let file = sources.add(name, text.as_str());
    let parse = kdef_syntax::parse(file, &text);
    let our_error = Outcome::our_error(&parse.diagnostics, &sources);
    match (recorded.get("error"), our_error) {
        (Some(error), ours) => {
            let recorded = Outcome::recorded_error(error);
            let agrees = ours.as_ref().is_some_and(|ours| recorded.agrees(ours));
            let ours = ours.map_or_else(|| "no error".to_owned(), |ours| ours.to_string());
            (agrees, recorded.to_string(), ours)
        }
        (None, Some(ours)) => (false, "no error".to_owned(), ours.to_string()),
        (None, None) => {
            let recorded = normal_body(&recorded["body"]);
            let ours = our_body(&parse.body, &sources, scope);
            (recorded == ours, recorded.to_string(), ours.to_string())
        }
    }
}

/// The recorded body with the results written as both sides can be compared.
fn normal_body(body: &Json) -> Json {
    let attributes = body["attributes"].as_array().unwrap().iter().map(|attribute| {
        json!([
            attribute["name"],
            comparable(&Outcome::recorded(&attribute["result"]))
        ])
    });
    let blocks = body["blocks"].as_array().unwrap().iter().map(|block| {
        json!({ "kind": block["kind"], "labels": block["labels"], "body": normal_body(&block["body"]) })
    });
    json!({ "attributes": attributes.collect::<Vec<_>>(), "blocks": blocks.collect::<Vec<_>>() })
}

fn our_body(body: &Body, sources: &SourceMap, scope: &Scope) -> Json {
    let attributes = body.attributes().map(|attribute| {
        let outcome = with_evaluator(|evaluator| {
            let value = evaluator.evaluate(&attribute.value, scope);
            Outcome::ours(&value, evaluator.diagnostics(), sources)
        });
        json!([attribute.name.as_str(), comparable(&outcome)])
    });
    let blocks = body.blocks().map(|block| {
        json!({
            "kind": block.kind.as_str(),
            "labels": with_evaluator(|evaluator| labels(block, evaluator, scope)),
            "body": our_body(&block.body, sources, scope),
        })
    });
    json!({ "attributes": attributes.collect::<Vec<_>>(), "blocks": blocks.collect::<Vec<_>>() })
}

fn labels(block: &Block, evaluator: &mut Evaluator<'_>, scope: &Scope) -> Vec<Option<String>> {
    block
        .labels
        .iter()
        .map(|label| evaluator.label(label, scope).map(|text| text.to_string()))
        .collect()
}

fn comparable(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Error { line, .. } => format!("error on line {line}"),
        value @ Outcome::Value { .. } => value.to_string(),
    }
}
