//! Dates and times. None of them depends on a clock or a time zone: a timestamp says what its offset is.

mod duration;
mod pattern;
mod timestamp;

pub(super) use timestamp::Timestamp;

use super::{Answer, CallContext, Function, Group, Parameter, Stop};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Dates, parameters, call).returns_text()
}

pub(super) const FORMATDATE: Function = function(
    "formatdate",
    &[Parameter::text("format"), Parameter::text("time")],
    formatdate,
)
.doc("Writes a timestamp in another format.")
.notes(
    "Letters stand for parts of the timestamp: `YYYY` or `YY` for the year, `MMMM`, `MMM`, `MM` or `M` for the month, \
     `DD` or `D` for the day, `EEEE` or `EEE` for the day of the week, `hh` or `h` for the hour of 24 and `HH` or `H` of \
     12, `AA` or `aa` for AM or PM, `mm` or `m` for the minute, `ss` or `s` for the second, and `ZZZZZ`, `ZZZZ`, `ZZZ` or \
     `Z` for the offset. Letters between single quotes stand for themselves.",
)
.examples(&[
    (r#"formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")"#, r#""02 Jan 2018 23:12 UTC""#),
    (r#"formatdate("h'h'mm", "2018-01-02T09:12:01Z")"#, r#""9h12""#),
]);

pub(super) const TIMEADD: Function = function(
    "timeadd",
    &[Parameter::text("timestamp"), Parameter::text("duration")],
    timeadd,
)
.doc("Adds a duration to a timestamp.")
.notes(
    "A duration is numbers with their units, such as `1h30m`; units are `h`, `m`, `s`, `ms`, `us` and `ns`.",
)
.examples(&[
    (
        r#"timeadd("2017-11-22T00:00:00Z", "10m")"#,
        r#""2017-11-22T00:10:00Z""#,
    ),
    (
        r#"timeadd("2017-11-22T00:00:00Z", "-1h")"#,
        r#""2017-11-21T23:00:00Z""#,
    ),
]);

pub(super) const TIMECMP: Function = function(
    "timecmp",
    &[Parameter::text("timestamp_a"), Parameter::text("timestamp_b")],
    timecmp,
)
.returns_number()
.doc("Returns -1, 0 or 1 as a timestamp is before, the same as or after another.")
.examples(&[(
    r#"timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")"#,
    "0",
)]);

fn timestamp(call: &CallContext<'_>, index: usize) -> Result<Timestamp, Stop> {
    Timestamp::parse(call.text(index)?).map_err(|problem| {
        call.mistake(index, format!("is not a timestamp: {problem}"))
            .with_hint("timestamps are those of RFC 3339, such as \"2017-11-22T00:00:00Z\"")
            .into()
    })
}

fn formatdate(call: &CallContext<'_>) -> Answer {
    let timestamp = timestamp(call, 1)?;
    match pattern::write(call.text(0)?, &timestamp) {
        Ok(text) => Ok(text.into()),
        Err(problem) => Err(call.error(0, problem)),
    }
}

fn timeadd(call: &CallContext<'_>) -> Answer {
    let timestamp = timestamp(call, 0)?;
    let Some(duration) = duration::parse(call.text(1)?) else {
        return Err(call
            .mistake(1, "is not a duration")
            .with_hint("durations are numbers with units, such as \"1h30m\" or \"-90s\"")
            .into());
    };
    match timestamp.add(duration) {
        Some(sum) => Ok(sum.to_string().into()),
        None => Err(call.fail("the year of the result is beyond 9999")),
    }
}

fn timecmp(call: &CallContext<'_>) -> Answer {
    let (left, right) = (timestamp(call, 0)?, timestamp(call, 1)?);
    Ok(match left.instant().cmp(&right.instant()) {
        std::cmp::Ordering::Less => (-1).into(),
        std::cmp::Ordering::Equal => 0.into(),
        std::cmp::Ordering::Greater => 1.into(),
    })
}
