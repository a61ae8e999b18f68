//! Timestamps as RFC 3339 has them.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::DateTime;

/// A date and time, and by how much the clock is ahead of UTC.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Timestamp {
    /// What the clock shows.
    pub(super) clock: DateTime,
    /// Seconds that the clock is ahead of UTC.
    pub(super) offset: i32,
}

/// How strictly a timestamp must be written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// As RFC 3339 says.
    Strict,
    /// As YAML has it: months, days and times of one digit, a small `t`, no time, or a blank and no offset.
    Yaml,
}

impl Timestamp {
    /// Reads a timestamp; an error is a phrase that says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        Reader {
            rest: text,
            form: Form::Strict,
        }
        .timestamp()
    }

    /// Reads what YAML takes for a timestamp.
    pub(in super::super) fn parse_yaml(text: &str) -> Option<Self> {
        Reader {
            rest: text,
            form: Form::Yaml,
        }
        .timestamp()
        .ok()
    }

    /// Adds a duration; `None` where the year would be beyond 9999, or negative.
    pub(super) fn add(self, duration: SignedDuration) -> Option<Self> {
        let clock = self.clock.checked_add(duration).ok()?;
        (clock.year() >= 0).then_some(Self { clock, ..self })
    }

    /// Returns what is the same for all timestamps of one moment, and greater for later ones.
    pub(super) fn instant(self) -> SignedDuration {
        let epoch = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
        self.clock.duration_since(epoch) - SignedDuration::from_secs(i64::from(self.offset))
    }
}

/// Writes the timestamp in whole seconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = self.clock;
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            clock.year(),
            clock.month(),
            clock.day(),
            clock.hour(),
            clock.minute(),
            clock.second()
        )?;
        if self.offset == 0 {
            f.write_str("Z")
        } else {
            f.write_str(&offset_text(self.offset, ":"))
        }
    }
}

/// Writes an offset such as `+02:00`.
pub(super) fn offset_text(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

struct Reader<'t> {
    rest: &'t str,
    form: Form,
}

impl Reader<'_> {
    fn timestamp(mut self) -> Result<Timestamp, &'static str> {
        let year = self.number(4, 4, "the year must have four digits")?;
        self.take('-', "a dash must follow the year")?;
        let month = self.short("the month must have two digits")?;
        self.take('-', "a dash must follow the month")?;
        let day = self.short("the day must have two digits")?;
        let mut time = (0, 0, 0, 0);
        let mut offset = 0;
        let yaml = self.form == Form::Yaml;
        if !(yaml && self.rest.is_empty()) {
            let blank = yaml && self.rest.starts_with(' ');
            if blank || (yaml && self.rest.starts_with('t')) {
                self.rest = &self.rest[1..];
            } else {
                self.take('T', "a `T` must stand between date and time")?;
            }
            time = self.time()?;
            if !blank {
                offset = self.offset()?;
            }
        }
        if !self.rest.is_empty() {
            return Err("something stands after its end");
        }
        let (hour, minute, second, nanosecond) = time;
        let small = |number: i32| i8::try_from(number).unwrap_or(i8::MAX);
        let clock = DateTime::new(
            i16::try_from(year).unwrap_or(i16::MAX),
            small(month),
            small(day),
            small(hour),
            small(minute),
            small(second),
            nanosecond,
        );
        match clock {
            Ok(clock) => Ok(Timestamp { clock, offset }),
            Err(_) => Err("there is no such date or time"),
        }
    }

    fn time(&mut self) -> Result<(i32, i32, i32, i32), &'static str> {
        let hour = self.short("the hour must have two digits")?;
        self.take(':', "a colon must follow the hour")?;
        let minute = self.short("the minute must have two digits")?;
        self.take(':', "a colon must follow the minute")?;
        let second = self.short("the second must have two digits")?;
        let mut nanosecond = 0;
        if let Some(fraction) = self.rest.strip_prefix('.') {
            let end = fraction
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(fraction.len());
            let (digits, rest) = fraction.split_at(end);
            if digits.is_empty() {
                return Err("digits must follow the point");
            }
            let nine: String = digits.chars().chain("00000000".chars()).take(9).collect();
            nanosecond = nine.parse().unwrap_or(0);
            self.rest = rest;
        }
        Ok((hour, minute, second, nanosecond))
    }

    fn offset(&mut self) -> Result<i32, &'static str> {
        let needed = "it must end with `Z` or an offset such as `+02:00`";
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(0);
        }
        let sign = match self.rest.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(needed),
        };
        self.rest = &self.rest[1..];
        let hours = self.number(2, 2, needed)?;
        self.take(':', needed)?;
        let minutes = self.number(2, 2, needed)?;
        if hours > 23 || minutes > 59 {
            return Err("there is no such offset");
        }
        Ok(sign * (hours * 60 + minutes) * 60)
    }

    /// Reads a number of two digits, or of one where the form allows it.
    fn short(&mut self, problem: &'static str) -> Result<i32, &'static str> {
        let least = if self.form == Form::Yaml { 1 } else { 2 };
        self.number(least, 2, problem)
    }

    fn number(&mut self, least: usize, most: usize, problem: &'static str) -> Result<i32, &'static str> {
        let digits = self
            .rest
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let (number, rest) = self.rest.split_at(digits);
        if digits < least {
            return Err(problem);
        }
        self.rest = rest;
        number.parse().map_err(|_| problem)
    }

    fn take(&mut self, wanted: char, problem: &'static str) -> Result<(), &'static str> {
        self.rest = self.rest.strip_prefix(wanted).ok_or(problem)?;
        Ok(())
    }
}
