//! Spans of time, as Go writes them or in seconds.

/// The units of Go's durations, and how many nanoseconds each has.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];
const SECOND: i128 = 1_000_000_000;

/// The longest text that is read, in bytes.
const MAX_TEXT: usize = 40;

/// Returns the seconds that a text says: a whole number of them, or one of Go's durations such as `90s`, `10m` or `1h30m`.
///
/// # Errors
///
/// A text that is neither, is no whole number of seconds, or is less than one second. The error is a phrase that follows
/// "`...` ".
pub fn seconds(text: &str) -> Result<i64, String> {
    let malformed =
        || "is neither a number of seconds nor a duration such as `90s`, `10m` or `1h30m`".to_owned();
    let nanoseconds = nanoseconds(text).ok_or_else(malformed)?;
    if nanoseconds % SECOND != 0 {
        return Err("is no whole number of seconds".to_owned());
    }
    match i64::try_from(nanoseconds / SECOND) {
        Ok(seconds @ 1..) => Ok(seconds),
        Ok(_) => Err("is less than one second".to_owned()),
        Err(_) => Err("is too long".to_owned()),
    }
}

fn nanoseconds(text: &str) -> Option<i128> {
    if text.len() > MAX_TEXT {
        return None;
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(i128::from(seconds) * SECOND);
    }
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let number = leading(rest, |c| c.is_ascii_digit() || c == '.');
        let unit = leading(&rest[number.len()..], |c| !c.is_ascii_digit() && c != '.');
        let (_, nanoseconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(scaled(number, *nanoseconds)?)?;
        rest = &rest[number.len() + unit.len()..];
    }
    (!text.is_empty()).then_some(sign * total)
}

/// Returns a decimal number times a unit; digits past the nanosecond are dropped.
fn scaled(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let mut total = match whole {
        "" => 0,
        digits => digits.parse::<i128>().ok()?.checked_mul(unit)?,
    };
    let mut place = unit;
    for digit in fraction.chars() {
        place /= 10;
        total += i128::from(digit.to_digit(10)?) * place;
    }
    Some(total)
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_are_read_as_go_does() {
        for (text, expected) in [
            ("90", Ok(90)),
            ("90s", Ok(90)),
            ("10m", Ok(600)),
            ("1h30m", Ok(5400)),
            ("1.5h", Ok(5400)),
            (".5m", Ok(30)),
            ("500ms500ms", Ok(1)),
            ("+2s", Ok(2)),
            ("0", Err("less than one second")),
            ("-5m", Err("less than one second")),
            ("1500ms", Err("whole number")),
            ("1d", Err("neither")),
            ("h", Err("neither")),
            ("1.2.3s", Err("neither")),
            ("1.5", Err("neither")),
            ("", Err("neither")),
            (" 1s", Err("neither")),
            ("99999999999999999999h", Err("too long")),
            ("99999999999999999999999999999999999999h", Err("neither")),
        ] {
            let found = seconds(text);
            match (&found, expected) {
                (Ok(found), Ok(expected)) if *found == expected => {}
                (Err(fault), Err(part)) if fault.contains(part) => {}
                _ => panic!("{text:?}: {found:?}, not {expected:?}"),
            }
        }
    }
}
