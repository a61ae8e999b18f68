//! What a build tells while it runs.

use std::fmt;
use std::time::Duration;

/// One step of making a program available. `Display` gives one line to print.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The program, or the module whose files are fetched.
    pub name: String,
    /// What happens to it.
    pub step: Step,
    /// The time since the step's beginning.
    pub elapsed: Duration,
}

/// What happens to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Another run builds it; this one waits for that.
    Waiting,
    /// It is being downloaded and compiled; said at the beginning and every 15 s.
    Building {
        /// The Go package or module and its version.
        package: String,
    },
    /// It is in the cache now.
    Built,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs();
        match &self.step {
            Step::Waiting => write!(f, "{}: another run is building it, waiting", self.name),
            Step::Building { package } if seconds == 0 => write!(f, "{}: building {package}", self.name),
            Step::Building { package } => write!(f, "{}: building {package}, {seconds} s", self.name),
            Step::Built => write!(f, "{}: built in {:.1} s", self.name, self.elapsed.as_secs_f32()),
        }
    }
}
