//! Finds objects that two blocks render.

use std::collections::BTreeMap;

use kdef_source::{Code, Diagnostic};

use crate::Object;

/// Reports every object that was rendered before, naming both places. Two objects are the same when group, kind,
/// namespace and name are.
pub(crate) fn check(objects: &[Object]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<_, &Object> = BTreeMap::new();
    let mut problems = Vec::new();
    for object in objects {
        let identity = (object.group(), &object.kind, &object.namespace, &object.name);
        if let Some(known) = first.get(&identity) {
            problems.push(duplicate(object, known));
        } else {
            first.insert(identity, object);
        }
    }
    problems
}

fn duplicate(object: &Object, first: &Object) -> Diagnostic {
    let message = match &object.namespace {
        Some(namespace) => format!(
            "{} `{}` in namespace `{namespace}` is rendered twice",
            object.kind, object.name
        ),
        None => format!("{} `{}` is rendered twice", object.kind, object.name),
    };
    let (place, earlier) = (object.provenance.block(), first.provenance.block());
    let problem = Diagnostic::error(Code::DuplicateObject, place, message);
    let problem = object.provenance.explain(problem);
    if place == earlier {
        let advice = "this block comes out several times: make its name or namespace differ each time";
        return first.provenance.explain(problem).with_hint(advice);
    }
    let problem = problem.with_related(earlier, "rendered here first");
    let problem = first.provenance.explain(problem);
    problem.with_hint("give one of them another name or namespace")
}
