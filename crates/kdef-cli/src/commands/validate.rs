//! `kdef validate`

use indexmap::IndexMap;
use kdef_source::Severity;

use crate::args::ValidateArgs;
use crate::error::{CliError, Status};
use crate::project::Project;
use crate::report::{Stream, counted};
use crate::ui::{SUCCESS, Ui};

/// Renders a project for its diagnostics, and sums up what it holds.
pub(crate) fn run(args: &ValidateArgs, ui: &mut Ui) -> Result<Status, CliError> {
    let mut project = Project::render(&args.project)?;
    project.expect_objects(Severity::Warning);
    let status = project.report(Stream::Output, ui)?;
    if status == Status::Done && project.is_for_people() {
        ui.answer(&format!("{SUCCESS}valid:{SUCCESS:#} {}", summary(&project)))?;
    }
    Ok(status)
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
