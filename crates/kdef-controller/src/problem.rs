//! Why a pass failed: what the condition says, what the event says, and when to try again.

use kdef_api::Reason;

use crate::artifact::ArtifactError;
use crate::mask::Mask;
use crate::text::bounded;
use crate::values::ValuesError;

/// The longest line of a message, in bytes. Some API servers quote whole objects.
const LINE_BYTES: usize = 2048;

/// When a failed pass is tried again. Whatever it is, a change of the release or its source comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// Only a change can help.
    Never,
    /// At the retry interval: the same inputs fail again.
    AtInterval,
    /// Soon, with growing waits up to the retry interval: what is missing or in the way may go by itself.
    Soon,
    /// After the waits for downloads, so many times; then at the retry interval.
    Download,
    /// After the wait for sources and their artifacts.
    Dependency,
}

/// Why a pass failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The reason that the condition gives.
    pub(crate) reason: Reason,
    /// The message of the condition.
    pub(crate) message: String,
    /// The text of the event, where it says more than the condition.
    pub(crate) detail: Option<String>,
    /// When to try again.
    pub(crate) retry: Retry,
}

impl Problem {
    /// Makes a problem whose event says what the condition says.
    pub(crate) fn new(reason: Reason, message: impl Into<String>, retry: Retry) -> Self {
        Self {
            reason,
            message: message.into(),
            detail: None,
            retry,
        }
    }

    /// Makes a problem of an API request that the release's own objects have no part in.
    pub(crate) fn api(what: &str, error: &kube::Error) -> Self {
        let text = match error {
            kube::Error::Api(status) => status.message.clone(),
            other => other.to_string(),
        };
        Self::new(
            Reason::ReconciliationFailed,
            format!("{what}: {text}"),
            Retry::Soon,
        )
    }

    /// Makes the problem of a pass that was stopped for no reason of its own.
    pub(crate) fn interrupted() -> Self {
        Self::new(
            Reason::ReconciliationFailed,
            "the pass was interrupted",
            Retry::Soon,
        )
    }

    /// Hides what must not be shown.
    #[must_use]
    pub(crate) fn masked(self, mask: &Mask) -> Self {
        Self {
            message: mask.apply(&self.message),
            detail: self.detail.map(|detail| mask.apply(&detail)),
            ..self
        }
    }

    /// Cuts every line that is longer than people read. What must not be shown is hidden before: half of it would not be
    /// found.
    #[must_use]
    pub(crate) fn shortened(self) -> Self {
        let shorten = |text: &str| {
            let lines: Vec<String> = text.lines().map(|line| bounded(line, LINE_BYTES)).collect();
            lines.join("\n")
        };
        Self {
            message: shorten(&self.message),
            detail: self.detail.as_deref().map(shorten),
            ..self
        }
    }

    /// Returns the text of the event.
    pub(crate) fn event(&self) -> &str {
        self.detail.as_deref().unwrap_or(&self.message)
    }
}

impl From<ArtifactError> for Problem {
    fn from(error: ArtifactError) -> Self {
        let retry = match &error {
            ArtifactError::NotFound { .. } => Retry::Dependency,
            ArtifactError::Status { redirect: false, .. } | ArtifactError::Transfer { .. } => Retry::Download,
            ArtifactError::Internal(_) => Retry::Soon,
            ArtifactError::Status { .. }
            | ArtifactError::Url(_)
            | ArtifactError::TooLarge(_)
            | ArtifactError::DigestMismatch { .. }
            | ArtifactError::Digest(_)
            | ArtifactError::Archive(_) => Retry::AtInterval,
        };
        Self::new(Reason::ArtifactFailed, error.to_string(), retry)
    }
}

impl From<ValuesError> for Problem {
    fn from(error: ValuesError) -> Self {
        Self::new(Reason::ValuesFailed, error.to_string(), Retry::Soon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_each_by_itself() {
        let long = format!("a: {}\nb: no", "x".repeat(3000));
        let problem = Problem {
            detail: Some(long.clone()),
            ..Problem::new(Reason::ReconciliationFailed, long, Retry::Soon)
        };
        let shortened = problem.shortened();
        let lines: Vec<&str> = shortened.message.lines().collect();
        assert_eq!((lines[0].len(), lines[1]), (LINE_BYTES, "b: no"));
        assert_eq!(shortened.event(), shortened.message);
    }
}
