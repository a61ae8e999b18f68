//! `kdef version`

use crate::error::{CliError, Status};
use crate::ui::Ui;

/// Prints the version, and the commit that it was built from where the build says so.
pub(crate) fn run(ui: &mut Ui) -> Result<Status, CliError> {
    let version = env!("CARGO_PKG_VERSION");
    match option_env!("KDEF_COMMIT") {
        Some(commit) => ui.answer(&format!("kdef {version} ({commit})"))?,
        None => ui.answer(&format!("kdef {version}"))?,
    }
    Ok(Status::Done)
}
