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
    /// It is being fetched and compiled; said at the beginning and every 30 s.
    Working {
        /// What is done, such as `building helm.sh/helm/v4/cmd/helm v4.3.1`.
        what: String,
    },
    /// It is in the cache now.
    Done,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs();
        match &self.step {
            Step::Waiting => write!(f, "{}: another run is building it, waiting", self.name),
            Step::Working { what } if seconds == 0 => write!(f, "{}: {what}", self.name),
            Step::Working { what } => write!(f, "{}: {what}, {seconds} s", self.name),
            Step::Done => write!(f, "{}: done in {:.1} s", self.name, self.elapsed.as_secs_f32()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_line() {
        let what = "building helm.sh/helm/v4/cmd/helm v4.3.1".to_owned();
        let cases = [
            (Step::Waiting, 0, "helm: another run is building it, waiting"),
            (
                Step::Working { what: what.clone() },
                0,
                "helm: building helm.sh/helm/v4/cmd/helm v4.3.1",
            ),
            (
                Step::Working { what },
                30,
                "helm: building helm.sh/helm/v4/cmd/helm v4.3.1, 30 s",
            ),
            (Step::Done, 61, "helm: done in 61.0 s"),
        ];
        for (step, seconds, line) in cases {
            let progress = Progress {
                name: "helm".to_owned(),
                step,
                elapsed: Duration::from_secs(seconds),
            };
            assert_eq!(progress.to_string(), line);
        }
    }
}
