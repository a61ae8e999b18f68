//! Where our answers are others on purpose.

use std::collections::BTreeMap;

use crate::read_json;

/// What a case gives us, by the case; collected problems are reported together.
pub(crate) struct Deviations {
    expected: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Deviations {
    /// Reads the deviations of one section of the file.
    pub(crate) fn read(section: &str) -> Self {
        let file = read_json("deviations.json");
        let mut expected = BTreeMap::new();
        for deviation in file[section].as_array().unwrap() {
            let text = |field: &str| {
                deviation[field]
                    .as_str()
                    .expect("a deviation has this field")
                    .to_owned()
            };
            assert!(
                text("reason").len() > 10,
                "a deviation needs a reason: {}",
                text("case")
            );
            let before = expected.insert(text("case"), text("ours"));
            assert!(before.is_none(), "listed twice: {}", text("case"));
        }
        Self {
            expected,
            problems: Vec::new(),
        }
    }

    /// Judges a case: both answers agree, or ours is the one that the deviation has.
    pub(crate) fn judge(&mut self, case: &str, agrees: bool, recorded: &str, ours: &str) {
        match (agrees, self.expected.remove(case)) {
            (true, None) => {}
            (false, Some(expected)) if expected == ours => {}
            (true, Some(_)) => self.problems.push(format!("no longer deviates: {case:?}")),
            (false, _) => {
                self.problems.push(format!(
                    "{case:?}\n  hashicorp/hcl: {recorded}\n  kdef:          {ours}"
                ));
            }
        }
    }

    /// Fails when a case was judged wrong, or a deviation belongs to no case.
    pub(crate) fn finish(mut self) {
        let unused = self.expected.keys().map(|case| format!("is no case: {case:?}"));
        self.problems.extend(unused);
        assert!(
            self.problems.is_empty(),
            "{} differences:\n{}",
            self.problems.len(),
            self.problems.join("\n")
        );
    }
}
