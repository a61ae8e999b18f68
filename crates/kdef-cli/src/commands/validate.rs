//! `kdef validate`

use indexmap::IndexMap;
use kdef_source::Severity;

use crate::args::ValidateArgs;
use crate::environments;
use crate::error::{CliError, Status};
use crate::project::{Opened, Project};
use crate::report::{Stream, counted};
use crate::ui::{SUCCESS, Ui};

/// Renders a project for its diagnostics, and sums up what it holds.
pub(crate) fn run(args: &ValidateArgs, ui: &mut Ui) -> Result<Status, CliError> {
    let opened = Opened::open(&args.project)?;
    let environments = if args.all_envs {
        opened.environments()
    } else {
        Vec::new()
    };
    let mut projects: Vec<Project> = match environments.as_slice() {
        [] => vec![opened.render()],
        some => some.iter().map(|env| opened.render_for(env)).collect(),
    };
    for project in &mut projects {
        project.expect_objects(Severity::Warning);
    }
    let status = report(&mut projects, ui)?;
    let people = projects.iter().filter(|project| project.is_for_people());
    for project in people.filter(|_| status == Status::Done) {
        ui.answer(&format!("{SUCCESS}valid:{SUCCESS:#} {}", summary(project)))?;
    }
    Ok(status)
}

/// Shows the problems of all environments as one list.
fn report(projects: &mut [Project], ui: &mut Ui) -> Result<Status, CliError> {
    if let [project] = projects {
        return project.report(Stream::Output, ui);
    }
    let (sources, diagnostics) = environments::merge(projects);
    match projects.first() {
        Some(first) => first
            .with_findings(sources, diagnostics)
            .report(Stream::Output, ui),
        None => Ok(Status::Done),
    }
}

/// Returns "2 Deployments, 1 Service in `shop`".
fn summary(project: &Project) -> String {
    let mut kinds: IndexMap<&str, usize> = IndexMap::new();
    for object in &project.rendered.objects {
        *kinds.entry(&object.kind).or_default() += 1;
    }
    let counts: Vec<String> = kinds.iter().map(|(kind, count)| counted(*count, kind)).collect();
    let counts = if counts.is_empty() {
        "no objects".to_owned()
    } else {
        counts.join(", ")
    };
    format!("{counts} in {}", project.place())
}
