//! The problems of several environments as one list.

use std::collections::BTreeMap;

use kdef_source::{Diagnostic, SourceMap, Span, report};

use crate::project::Project;

/// Puts the problems of a project in each of its environments together: each once, with the environments that have it
/// unless all do.
pub(crate) fn merge(projects: &[Project]) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for project in projects {
        let moved = sources.append(&project.rendered.sources);
        for problem in &project.rendered.diagnostics {
            let text = format!(
                "{} {:?}",
                report::short(problem, &project.rendered.sources),
                problem.hints
            );
            let at = *known.entry(text).or_insert_with(|| {
                found.push(Found {
                    problem: relocate(problem, &moved),
                    environments: Vec::new(),
                });
                found.len() - 1
            });
            found[at].environments.extend(project.env());
        }
    }
    let diagnostics = found
        .into_iter()
        .map(|found| found.explain(projects.len()))
        .collect();
    (sources, diagnostics)
}

/// A problem and the environments that have it.
struct Found<'a> {
    problem: Diagnostic,
    environments: Vec<&'a str>,
}

impl Found<'_> {
    fn explain(self, all: usize) -> Diagnostic {
        match self.environments.as_slice() {
            some if some.len() == all => self.problem,
            [one] => self
                .problem
                .with_hint(format!("this is so in the environment `{one}`")),
            some => self
                .problem
                .with_hint(format!("this is so in the environments `{}`", some.join("`, `"))),
        }
    }
}

fn relocate(problem: &Diagnostic, moved: &impl Fn(Span) -> Span) -> Diagnostic {
    let mut problem = problem.clone();
    problem.span = problem.span.map(moved);
    for related in &mut problem.related {
        related.span = moved(related.span);
    }
    problem
}
