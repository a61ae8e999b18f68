//! What texts of workloads must look like.

use kdef_source::Code;

use super::text::TextKind;

/// A number of pods, or a percentage of them such as `25%`.
pub static COUNT_OR_PERCENTAGE: TextKind = TextKind {
    name: "number or percentage",
    code: Code::OutOfRange,
    check: |text| {
        let number = text.strip_suffix('%').unwrap_or(text);
        if number.is_empty() || number.chars().any(|c| !c.is_ascii_digit()) {
            return Err("is neither a whole number nor a percentage such as `25%`".to_owned());
        }
        if number.parse::<i32>().is_err() {
            return Err(format!("is greater than {}", i32::MAX));
        }
        Ok(())
    },
};
