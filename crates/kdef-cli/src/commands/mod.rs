//! One file for each command, and the way from arguments to it.

mod fmt;
mod render;
mod validate;
mod version;

use std::ffi::OsString;

use anstream::ColorChoice;
use clap::Parser;
use clap::error::ErrorKind;

use crate::args::{Cli, Command};
use crate::error::{CliError, Status};
use crate::ui::Ui;

/// Runs the command that the arguments name, and shows why it stopped if it did.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> Status {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return explain(&error, &mut Ui::new(ColorChoice::Auto)),
    };
    let mut ui = Ui::new(match cli.color {
        clap::ColorChoice::Auto => ColorChoice::Auto,
        clap::ColorChoice::Always => ColorChoice::Always,
        clap::ColorChoice::Never => ColorChoice::Never,
    });
    dispatch(&cli.command, &mut ui).unwrap_or_else(|error| {
        ui.error(&error);
        error.status
    })
}

fn dispatch(command: &Command, ui: &mut Ui) -> Result<Status, CliError> {
    match command {
        Command::Fmt(args) => fmt::run(args, ui),
        Command::Render(args) => render::run(args, ui),
        Command::Validate(args) => validate::run(args, ui),
        Command::Version => version::run(ui),
    }
}

/// Shows what clap has to say instead of arguments: help and version on the standard output, wrong use on the other.
fn explain(error: &clap::Error, ui: &mut Ui) -> Status {
    let text = error.render().ansi().to_string();
    let text = text.trim_end();
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ui.answer(text).map_or_else(
            |error| {
                ui.error(&error);
                error.status
            },
            |()| Status::Done,
        ),
        _ => {
            ui.note(text);
            Status::Usage
        }
    }
}
