//! Diagnostics as the command line shows them to people.

use kdef_render::Rendered;
use kdef_source::report::{Style, terminal};

/// Returns everything that was found wrong, without colour and with an empty line between diagnostics.
pub(crate) fn report(rendered: &Rendered) -> String {
    let found = rendered.diagnostics.iter();
    let shown: Vec<String> = found
        .map(|diagnostic| terminal(diagnostic, &rendered.sources, Style::Plain) + "\n")
        .collect();
    shown.join("\n")
}
