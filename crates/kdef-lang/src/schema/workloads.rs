//! What texts of workloads must look like.

use kdef_source::Code;

use super::text::TextKind;
use crate::duration;

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

/// A span of time: whole seconds, or a duration such as `10m`.
pub static DURATION: TextKind = TextKind {
    name: "seconds or duration",
    code: Code::OutOfRange,
    check: |text| duration::seconds(text).map(drop),
};

/// The name of a time zone in IANA's database, such as `Europe/Berlin`.
pub static TIME_ZONE: TextKind = TextKind {
    name: "time zone",
    code: Code::InvalidName,
    check: |text| {
        if text.eq_ignore_ascii_case("local") {
            return Err(
                "depends on where it is asked; name a zone, such as `Europe/Berlin` or `Etc/UTC`".to_owned(),
            );
        }
        let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
        let is_part = |part: &str| {
            !part.is_empty()
                && !matches!(part, "." | "..")
                && !part.starts_with('-')
                && part.chars().all(is_known)
        };
        if text.split('/').all(is_part) {
            Ok(())
        } else {
            Err("is no time zone such as `Europe/Berlin`".to_owned())
        }
    },
};
