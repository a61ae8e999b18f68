//! `kdef render`

use std::path::Path;

use kdef_render::yaml;
use kdef_source::Severity;

use crate::args::RenderArgs;
use crate::error::{CliError, Status};
use crate::project::Project;
use crate::report::Stream;
use crate::ui::Ui;
use crate::world::{make_folder, write_file};

/// Renders a project and prints or writes its objects, unless anything is wrong.
pub(crate) fn run(args: &RenderArgs, ui: &mut Ui) -> Result<Status, CliError> {
    let mut project = Project::render(&args.project)?;
    project.expect_objects(Severity::Error);
    let status = project.report(Stream::Error, ui)?;
    if status != Status::Done {
        return Ok(status);
    }
    match &args.output_dir {
        Some(folder) => write(&project, folder, ui)?,
        None => ui.data(&yaml::stream(&project.rendered.objects))?,
    }
    Ok(Status::Done)
}

/// Writes the objects of each top-level block into a file.
fn write(project: &Project, folder: &Path, ui: &mut Ui) -> Result<(), CliError> {
    make_folder(folder)?;
    for file in kdef_render::files(&project.rendered.objects) {
        let path = folder.join(&file.name);
        write_file(&path, &file.text)?;
        if project.is_for_people() {
            ui.note(&format!("wrote {}", path.display()));
        }
    }
    Ok(())
}
