//! Durations as Flux writes them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A duration in Flux's form: numbers with units `ms`, `s`, `m`, `h`, such as `5m`, `1h30m` or `1.5h`.
///
/// Never negative. It is printed in Go's form (`1h30m0s`), so that messages read as Flux's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FluxDuration(Duration);

/// Why a text is no [`FluxDuration`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationError {
    text: String,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a duration; write numbers with the units ms, s, m or h, for example 5m or 1h30m",
            self.text
        )
    }
}

impl std::error::Error for DurationError {}

impl From<Duration> for FluxDuration {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl From<FluxDuration> for Duration {
    fn from(duration: FluxDuration) -> Self {
        duration.0
    }
}

impl FromStr for FluxDuration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map(Self).ok_or_else(|| DurationError {
            text: text.chars().take(64).collect(),
        })
    }
}

fn parse(text: &str) -> Option<Duration> {
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(number_end);
        let unit_end = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        total = total.checked_add(part(number, unit)?)?;
        rest = tail;
    }
    Some(total)
}

/// Returns one number with its unit; the fraction needs digits on both sides of the point.
fn part(number: &str, unit: &str) -> Option<Duration> {
    let unit_ms: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (number, "0"),
    };
    let whole: u64 = whole.parse().ok()?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: f64 = format!("0.{fraction}").parse().ok()?;
    let whole = Duration::from_millis(whole.checked_mul(unit_ms)?);
    whole.checked_add(Duration::from_millis(unit_ms).mul_f64(fraction))
}

impl fmt::Display for FluxDuration {
    /// Writes Go's form: leading zero units are left out, and sub-second durations use `ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let millis = self.0.subsec_millis();
        if seconds == 0 && millis > 0 {
            return write!(f, "{millis}ms");
        }
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        if millis == 0 {
            write!(f, "{seconds}s")
        } else {
            let fraction = format!("{millis:03}");
            write!(f, "{seconds}.{}s", fraction.trim_end_matches('0'))
        }
    }
}

impl Serialize for FluxDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FluxDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flux_forms_are_read_and_printed_as_go_prints_them() {
        let cases = [
            ("5m", 300_000, "5m0s"),
            ("1h", 3_600_000, "1h0m0s"),
            ("1h30m", 5_400_000, "1h30m0s"),
            ("1.5h", 5_400_000, "1h30m0s"),
            ("750ms", 750, "750ms"),
            ("1.25s", 1_250, "1.25s"),
            ("0s", 0, "0s"),
            ("2h0m10s", 7_210_000, "2h0m10s"),
            ("90s", 90_000, "1m30s"),
        ];
        for (text, millis, printed) in cases {
            let duration: FluxDuration = text.parse().unwrap();
            assert_eq!(Duration::from(duration), Duration::from_millis(millis), "{text}");
            assert_eq!(duration.to_string(), printed, "{text}");
        }
    }

    #[test]
    fn what_the_schema_refuses_is_refused_here_too() {
        for text in [
            "",
            "5",
            "m",
            "-5m",
            "5 m",
            "1.h",
            ".5h",
            "1..5h",
            "5d",
            "5us",
            "1e3s",
            "5m30",
            "99999999999999999999h",
            "18446744073709551615h",
        ] {
            assert!(text.parse::<FluxDuration>().is_err(), "{text:?}");
        }
    }
}
