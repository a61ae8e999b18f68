//! A project in memory, and what is asserted of it.

use kdef_lang::{Inputs, ValuesFormat, ValuesSource, VarsFile};
use kdef_render::{build, yaml};
use kdef_source::{MemoryWorld, has_errors, report};

/// A deployment that nothing is wrong with, to be changed.
pub(crate) const WEB: &str = r#"
deployment "web" {
  container "web" {
    image = "web:1"
    port "80" "http" {}
  }
}
"#;

/// A project and what it is rendered with.
pub(crate) struct Case {
    files: String,
    inputs: Inputs,
}

/// Starts a case from files, each after a line `--- path`; what stands before the first such line is `app.kdef`.
pub(crate) fn project(files: &str) -> Case {
    Case {
        files: files.to_owned(),
        inputs: Inputs::default(),
    }
}

/// What came out of a case.
pub(crate) struct Outcome {
    yaml: String,
    problems: Vec<String>,
    failed: bool,
}

impl Case {
    pub(crate) fn env(mut self, name: &str) -> Self {
        self.inputs.env = Some(name.to_owned());
        self
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.inputs.set.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn values(mut self, json: &str) -> Self {
        self.inputs.values.push(ValuesSource {
            name: "values.json".to_owned(),
            text: json.to_owned(),
            format: ValuesFormat::Json,
            sensitive: false,
        });
        self
    }

    pub(crate) fn vars_from(mut self, text: &str) -> Self {
        self.inputs.vars_from.push(VarsFile {
            name: "given.kdef".to_owned(),
            text: text.to_owned(),
        });
        self
    }

    fn run(&self) -> Outcome {
        let mut files: Vec<(&str, String)> = Vec::new();
        for line in self.files.trim_start_matches('\n').lines() {
            if let Some(path) = line.strip_prefix("--- ") {
                files.push((path, String::new()));
                continue;
            }
            if files.is_empty() {
                files.push(("app.kdef", String::new()));
            }
            let (_, text) = files.last_mut().unwrap();
            text.push_str(line);
            text.push('\n');
        }
        let world = MemoryWorld::new(files.iter().map(|(path, text)| (*path, text.as_str())));
        let rendered = build(&world, &self.inputs);
        let problems = rendered.diagnostics.iter();
        Outcome {
            yaml: yaml::stream(&rendered.objects),
            problems: problems
                .map(|problem| report::short(problem, &rendered.sources))
                .collect(),
            failed: has_errors(&rendered.diagnostics),
        }
    }

    /// Asserts that the project renders, and that the output has these parts.
    #[track_caller]
    pub(crate) fn renders(&self, parts: &[&str]) -> Outcome {
        let outcome = self.run();
        assert!(!outcome.failed, "{:#?}\n{}", outcome.problems, self.files);
        for part in parts {
            assert!(outcome.yaml.contains(part), "no\n{part}\nin\n{}", outcome.yaml);
        }
        outcome
    }

    /// Asserts the problems, each by how it begins, in order.
    #[track_caller]
    pub(crate) fn says(&self, expected: &[&str]) {
        let outcome = self.run();
        let fits = outcome.problems.len() == expected.len()
            && outcome
                .problems
                .iter()
                .zip(expected)
                .all(|(problem, start)| problem.starts_with(start));
        assert!(fits, "expected {expected:#?}\ngot {:#?}", outcome.problems);
    }
}

impl Outcome {
    /// Asserts that the output lacks a text.
    #[track_caller]
    pub(crate) fn without(self, part: &str) -> Self {
        assert!(!self.yaml.contains(part), "{part} in\n{}", self.yaml);
        self
    }

    /// Asserts how often the output has a text.
    #[track_caller]
    pub(crate) fn times(self, part: &str, count: usize) -> Self {
        let found = self.yaml.matches(part).count();
        assert_eq!(found, count, "{part} in\n{}", self.yaml);
        self
    }
}
