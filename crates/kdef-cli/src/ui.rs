//! The terminal: everything that a command prints goes through [`Ui`].

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::error::CliError;

/// How the word `error` looks, here and in excerpts.
pub(crate) const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// How the word `warning` looks.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// How good news look.
pub(crate) const SUCCESS: Style = AnsiColor::BrightGreen.on_default().bold();
/// How advice is introduced.
const TIP: Style = AnsiColor::BrightCyan.on_default().bold();

/// The two output streams, with the decision for or against colour taken once for each.
///
/// A reader that closes its end early, such as `head`, has what it wanted: that is no error, and nothing is said.
pub(crate) struct Ui {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
}

impl Ui {
    /// Takes the streams of the process. `Auto` colours on terminals only, and follows `NO_COLOR` and `CLICOLOR_FORCE`.
    pub(crate) fn new(colour: ColorChoice) -> Self {
        Self {
            out: AutoStream::new(io::stdout(), colour),
            err: AutoStream::new(io::stderr(), colour),
        }
    }

    /// Writes data to the standard output, byte for byte.
    pub(crate) fn data(&mut self, text: &str) -> Result<(), CliError> {
        let mut out = self.out.as_inner();
        written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Tells whether the standard output takes colours.
    pub(crate) fn has_colours(&self) -> bool {
        self.out.current_choice() != ColorChoice::Never
    }

    /// Writes styled text for people to the standard output, and ends the line.
    pub(crate) fn answer(&mut self, text: &str) -> Result<(), CliError> {
        written(writeln!(self.out, "{text}").and_then(|()| self.out.flush()))
    }

    /// Writes styled text for people to the standard error, and ends the line.
    ///
    /// A failure to do so is ignored: there is no place left to report it at.
    pub(crate) fn note(&mut self, text: &str) {
        writeln!(self.err, "{text}").ok();
    }

    /// Shows why a command stopped, in the form of clap's own errors.
    pub(crate) fn error(&mut self, error: &CliError) {
        self.note(&format!("{ERROR}error:{ERROR:#} {}", error.message));
        for tip in &error.tips {
            self.tip(tip);
        }
    }

    /// Gives advice on what was said before.
    pub(crate) fn tip(&mut self, tip: &str) {
        self.note(&format!("\n  {TIP}tip:{TIP:#} {tip}"));
    }
}

fn written(result: io::Result<()>) -> Result<(), CliError> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::io("write to the standard output", &error))
        }
        _ => Ok(()),
    }
}
