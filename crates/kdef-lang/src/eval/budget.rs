//! The bounds of evaluation.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kdef_source::{Code, Diagnostic, FileId, Limits, Span};

use crate::value::{MAX_DEPTH, Value};

/// Texts of the greatest length that one run may build.
const TEXTS_PER_RUN: u64 = 64;

/// What a run may still spend on evaluation, shared by all evaluators of the run.
///
/// The first bound that is reached becomes one diagnostic, and everything after it is unknown.
#[derive(Debug)]
pub struct Budget {
    steps: u64,
    steps_left: AtomicU64,
    text_bytes: usize,
    text_left: AtomicU64,
    exhausted: AtomicBool,
    diagnostic: Mutex<Option<Diagnostic>>,
}

impl Budget {
    /// Makes the full budget of a run.
    pub fn new(limits: &Limits) -> Self {
        Self {
            steps: limits.steps,
            steps_left: AtomicU64::new(limits.steps),
            text_bytes: limits.text_bytes,
            text_left: AtomicU64::new((limits.text_bytes as u64).saturating_mul(TEXTS_PER_RUN)),
            exhausted: AtomicBool::new(false),
            diagnostic: Mutex::new(None),
        }
    }

    /// Takes steps; `false` when there are not enough left, now or before.
    pub(crate) fn spend_steps(&self, steps: u64, span: Span) -> bool {
        if self.exhausted.load(Ordering::Relaxed) {
            return false;
        }
        if take(&self.steps_left, steps) {
            return true;
        }
        self.exhaust(span, || {
            format!(
                "evaluating the project takes more than the limit of {} steps",
                self.steps
            )
        })
    }

    /// Takes room for a text that is `length` bytes long now and of which `added` are new.
    pub(crate) fn spend_text(&self, length: usize, added: usize, span: Span) -> bool {
        if self.exhausted.load(Ordering::Relaxed) {
            return false;
        }
        if length > self.text_bytes {
            return self.exhaust(span, || {
                format!("the text is longer than the limit of {} bytes", self.text_bytes)
            });
        }
        if take(&self.text_left, added as u64) {
            return true;
        }
        self.exhaust(span, || {
            let limit = (self.text_bytes as u64).saturating_mul(TEXTS_PER_RUN);
            format!("the texts of the project are longer than the limit of {limit} bytes")
        })
    }

    /// Tells whether a value is small enough: in weight as the longest text is in bytes, and not too deep.
    pub(super) fn admits(&self, value: &Value, span: Span) -> bool {
        if value.weight() > self.text_bytes as u64 {
            return self.exhaust(span, || {
                format!(
                    "the value has more than the limit of {} elements",
                    self.text_bytes
                )
            });
        }
        if value.depth() > MAX_DEPTH {
            return self.exhaust(span, || {
                format!("lists and maps are nested deeper than the limit of {MAX_DEPTH} levels")
            });
        }
        true
    }

    /// Ends the evaluation because the run's time is up.
    pub(super) fn cancel(&self, span: Span) {
        self.exhaust(span, || "the time for evaluating the project is up".to_owned());
    }

    /// Moves the diagnostic of a bound that was reached in a file that nobody else knows to a place that is known.
    pub(super) fn blame(&self, file: FileId, span: Span) {
        if let Ok(mut diagnostic) = self.diagnostic.lock()
            && let Some(diagnostic) = diagnostic.as_mut()
            && diagnostic.span.is_some_and(|span| span.file == file)
        {
            diagnostic.span = Some(span);
        }
    }

    /// Returns the diagnostic of the bound that was reached, once.
    pub(crate) fn take_diagnostic(&self) -> Option<Diagnostic> {
        if !self.exhausted.load(Ordering::Relaxed) {
            return None;
        }
        self.diagnostic.lock().ok()?.take()
    }

    /// Always returns `false`, for the caller to pass on.
    fn exhaust(&self, span: Span, message: impl FnOnce() -> String) -> bool {
        if let Ok(mut diagnostic) = self.diagnostic.lock()
            && !self.exhausted.swap(true, Ordering::Relaxed)
        {
            *diagnostic = Some(Diagnostic::error(Code::LimitReached, span, message()));
        }
        false
    }
}

fn take(left: &AtomicU64, amount: u64) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(amount)
    })
    .is_ok()
}
