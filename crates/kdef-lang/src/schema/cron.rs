//! The schedule of a cronjob, as the API server reads it: with `robfig/cron`'s standard parser.

use super::text::TextKind;
use crate::duration;
use kdef_source::Code;

/// A schedule, such as `15 2 * * *` or `@daily`.
pub static SCHEDULE: TextKind = TextKind {
    name: "schedule",
    code: Code::NotAllowed,
    check,
};

/// A field of a schedule.
struct Field {
    /// What it is, with its article.
    name: &'static str,
    min: u32,
    max: u32,
    /// Words for the numbers from `min` on.
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field {
        name: "a minute",
        min: 0,
        max: 59,
        words: &[],
    },
    Field {
        name: "an hour",
        min: 0,
        max: 23,
        words: &[],
    },
    Field {
        name: "a day of the month",
        min: 1,
        max: 31,
        words: &[],
    },
    Field {
        name: "a month",
        min: 1,
        max: 12,
        words: &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    },
    Field {
        name: "a day of the week",
        min: 0,
        max: 6,
        words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

const MACROS: [&str; 7] = [
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
];

fn check(text: &str) -> Result<(), String> {
    if text.contains("TZ") {
        return Err("names a time zone, which belongs in `time_zone`".to_owned());
    }
    if let Some(interval) = text.strip_prefix("@every ") {
        return duration::seconds(interval)
            .map(drop)
            .map_err(|fault| format!("has an interval that {fault}"));
    }
    if text.starts_with('@') {
        return if MACROS.contains(&text) {
            Ok(())
        } else {
            Err(format!(
                "is no macro; those are `{}` and `@every 1h`",
                MACROS.join("`, `")
            ))
        };
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!(
            "has {} fields, not the 5 of minute, hour, day of the month, month and day of the week",
            parts.len()
        ));
    }
    for (part, field) in parts.iter().zip(&FIELDS) {
        check_field(part, field).map_err(|fault| format!("has {} that {fault}", field.name))?;
    }
    Ok(())
}

fn check_field(text: &str, field: &Field) -> Result<(), String> {
    text.split(',').try_for_each(|range| check_range(range, field))
}

/// Checks one of a field's ranges: `*`, `5`, `1-5`, each with a step such as `/2`.
fn check_range(text: &str, field: &Field) -> Result<(), String> {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    let is_step = |step: &str| step.parse::<u32>().is_ok_and(|step| step > 0);
    if step.is_some_and(|step| !is_step(step)) {
        return Err("has a step which is no positive number".to_owned());
    }
    if matches!(range, "*" | "?") {
        return Ok(());
    }
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last) = (number(first, field)?, number(last, field)?);
    if first > last {
        return Err("has a range which begins after its end".to_owned());
    }
    Ok(())
}

fn number(text: &str, field: &Field) -> Result<u32, String> {
    let word = text.to_ascii_lowercase();
    if let Some(number) = (field.min..).zip(field.words).find(|(_, known)| **known == word) {
        return Ok(number.0);
    }
    match text.parse::<u32>() {
        Ok(number) if (field.min..=field.max).contains(&number) => Ok(number),
        Ok(_) if field.max == 6 => Err("is not from 0 to 6; Sunday is 0".to_owned()),
        Ok(_) => Err(format!("is not from {} to {}", field.min, field.max)),
        Err(_) if field.words.is_empty() => Err("is no number".to_owned()),
        Err(_) => Err(format!(
            "is neither a number nor a word such as `{}`",
            field.words[0]
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn schedules_are_read_as_kubernetes_does() {
        for (text, expected) in [
            ("15 2 * * *", ""),
            ("*/5 0-6,22,23 1-31/2 JAN-mar mon,WED", ""),
            ("5/15 ? * * ?", ""),
            (" 0  0 1 1 0 ", ""),
            ("@daily", ""),
            ("@every 1h30m", ""),
            (
                "0 0 * * 7",
                "day of the week that is not from 0 to 6; Sunday is 0",
            ),
            ("60 * * * *", "minute that is not from 0 to 59"),
            ("* 24 * * *", "hour that is not from 0 to 23"),
            ("* * 0 * *", "day of the month that is not from 1 to 31"),
            ("* * * 13 *", "month that is not from 1 to 12"),
            ("* * * foo *", "month that is neither a number nor a word"),
            ("* x * * *", "hour that is no number"),
            ("* 5-2 * * *", "begins after its end"),
            ("*/0 * * * *", "a step which is no positive number"),
            ("1,,2 * * * *", "minute that is no number"),
            ("* * * *", "has 4 fields"),
            ("0 0 * * * *", "has 6 fields"),
            ("", "has 0 fields"),
            ("@Daily", "no macro"),
            ("@every day", "an interval that is neither"),
            ("TZ=UTC 0 0 * * *", "belongs in `time_zone`"),
        ] {
            let found = check(text).err().unwrap_or_default();
            assert!(
                found.contains(expected) && found.is_empty() == expected.is_empty(),
                "{text:?}: {found:?}"
            );
        }
    }
}
