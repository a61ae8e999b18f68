//! The formats of `formatdate`.

use jiff::civil::Weekday;

use super::timestamp::{Timestamp, offset_text};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes a timestamp as a format says; an error is a phrase that says what is wrong with the format.
pub(super) fn write(format: &str, timestamp: &Timestamp) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => quoted(rest, &mut out)?,
            'a'..='z' | 'A'..='Z' => {
                let length = rest.chars().take_while(|c| *c == first).count();
                out.push_str(&part(first, length, timestamp)?);
                length
            }
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(out)
}

/// Copies what stands between single quotes, and returns its length with them. Two quotes stand for one.
fn quoted(text: &str, out: &mut String) -> Result<usize, String> {
    if text.starts_with("''") {
        out.push('\'');
        return Ok(2);
    }
    let mut rest = &text[1..];
    loop {
        let Some(end) = rest.find('\'') else {
            return Err("has a single quote that is never closed".to_owned());
        };
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        let Some(after) = rest.strip_prefix('\'') else {
            return Ok(text.len() - rest.len());
        };
        out.push('\'');
        rest = after;
    }
}

fn part(letter: char, length: usize, timestamp: &Timestamp) -> Result<String, String> {
    let clock = timestamp.clock;
    let number = |value: i8| match length {
        1 => Some(value.to_string()),
        2 => Some(format!("{value:02}")),
        _ => None,
    };
    let text = match (letter, length) {
        ('Y', 2) => Some(format!("{:02}", clock.year() % 100)),
        ('Y', 4) => Some(format!("{:04}", clock.year())),
        ('M', 3 | 4) => {
            let name = usize::try_from(clock.month() - 1)
                .ok()
                .and_then(|index| MONTHS.get(index));
            name.map(|name| {
                if length == 3 {
                    name[..3].to_owned()
                } else {
                    (*name).to_owned()
                }
            })
        }
        ('M', _) => number(clock.month()),
        ('D', _) => number(clock.day()),
        ('E', 3) => Some(weekday(clock.weekday())[..3].to_owned()),
        ('E', 4) => Some(weekday(clock.weekday()).to_owned()),
        ('h', _) => number(clock.hour()),
        ('H', _) => number((clock.hour() + 11) % 12 + 1),
        ('A', 2) => Some(if clock.hour() < 12 { "AM" } else { "PM" }.to_owned()),
        ('a', 2) => Some(if clock.hour() < 12 { "am" } else { "pm" }.to_owned()),
        ('m', _) => number(clock.minute()),
        ('s', _) => number(clock.second()),
        ('Z', 1) if timestamp.offset == 0 => Some("Z".to_owned()),
        ('Z', 3) if timestamp.offset == 0 => Some("UTC".to_owned()),
        ('Z', 3 | 4) => Some(offset_text(timestamp.offset, "")),
        ('Z', 1 | 5) => Some(offset_text(timestamp.offset, ":")),
        _ => None,
    };
    text.ok_or_else(|| wrong_part(letter, length))
}

/// Says what a letter can be written as.
fn wrong_part(letter: char, length: usize) -> String {
    let written: String = std::iter::repeat_n(letter, length.min(8)).collect();
    let known = match letter {
        'Y' => "`YY` or `YYYY`",
        'M' => "`M`, `MM`, `MMM` or `MMMM`",
        'E' => "`EEE` or `EEEE`",
        'D' => "`D` or `DD`",
        'h' => "`h` or `hh`",
        'H' => "`H` or `HH`",
        'm' => "`m` or `mm`",
        's' => "`s` or `ss`",
        'A' => "`AA`",
        'a' => "`aa`",
        'Z' => "`Z`, `ZZZ`, `ZZZZ` or `ZZZZZ`",
        _ => return format!("has `{written}`, which stands for nothing; put letters between single quotes"),
    };
    format!("has `{written}`; write {known}")
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
