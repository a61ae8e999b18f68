//! Why a command could not do its work, and the exit status that says so.

use std::io;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// The work is done.
    Done,
    /// Something in the input is wrong.
    Problem,
    /// The command was called wrongly.
    Usage,
    /// A file or the cluster did not answer.
    Io,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Problem => 1,
            Status::Usage => 2,
            Status::Io => 3,
        })
    }
}

/// A reason to stop that has no place in any `.kdef` file; what has one is a diagnostic.
#[derive(Debug)]
pub(crate) struct CliError {
    /// The exit status that the error leads to.
    pub(crate) status: Status,
    /// What is wrong, in one sentence without a full stop.
    pub(crate) message: String,
    /// What to do.
    pub(crate) tips: Vec<String>,
}

impl CliError {
    /// Makes an error about what a file holds.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(Status::Problem, message)
    }

    /// Makes an error about how the command was called.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Status::Usage, message)
    }

    /// Makes an error from a refusal of the operating system: `cannot read k8s: permission denied`.
    pub(crate) fn io(doing: impl AsRef<str>, error: &io::Error) -> Self {
        Self::new(
            Status::Io,
            format!("cannot {}: {}", doing.as_ref(), reason(error)),
        )
    }

    fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            tips: Vec::new(),
        }
    }

    /// Adds advice.
    #[must_use]
    pub(crate) fn with_tip(mut self, tip: impl Into<String>) -> Self {
        self.tips.push(tip.into());
        self
    }
}

/// Returns the words of an operating system's error, without its number and in lower case.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_as_the_end_of_a_sentence() {
        for (error, expected) in [
            (io::Error::from_raw_os_error(13), "permission denied"),
            (io::Error::other("disk on fire"), "disk on fire"),
            (io::Error::other(""), ""),
        ] {
            assert_eq!(reason(&error), expected);
        }
    }
}
