//! Numbers.

use std::cmp::Ordering;

use super::{Answer, CallContext, Function, Group, Parameter};
use crate::value::{Number, NumberError, Value};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Numbers, parameters, call).returns_number()
}

const NUM: Parameter = Parameter::number("num");

pub(super) const ABS: Function = function("abs", &[NUM], abs)
    .doc("Returns a number without its sign.")
    .examples(&[("abs(-12.4)", "12.4"), ("abs(0)", "0")]);

pub(super) const CEIL: Function = function("ceil", &[NUM], |call| Ok(call.number(0)?.ceil().into()))
    .doc("Returns the smallest whole number that is not less than a number.")
    .examples(&[("ceil(5.1)", "6"), ("ceil(-5.1)", "-5")]);

pub(super) const FLOOR: Function = function("floor", &[NUM], |call| Ok(call.number(0)?.floor().into()))
    .doc("Returns the greatest whole number that is not greater than a number.")
    .examples(&[("floor(4.9)", "4"), ("floor(-4.9)", "-5")]);

pub(super) const LOG: Function = function("log", &[NUM, Parameter::number("base")], log)
    .doc("Returns the logarithm of a number in a base.")
    .notes("It is computed with the 64 bits of a floating point number; round it where a whole number is wanted.")
    .examples(&[("log(16, 2)", "4"), ("ceil(log(15, 2))", "4")]);

pub(super) const MAX: Function = function("max", &[Parameter::number("number")], |call| {
    extreme(call, Ordering::Greater)
})
.variadic(Parameter::number("numbers"))
.doc("Returns the greatest of some numbers.")
.examples(&[("max(12, 54, 3)", "54"), ("max([1, 2]...)", "2")]);

pub(super) const MIN: Function = function("min", &[Parameter::number("number")], |call| {
    extreme(call, Ordering::Less)
})
.variadic(Parameter::number("numbers"))
.doc("Returns the smallest of some numbers.")
.examples(&[("min(12, 54, 3)", "3")]);

pub(super) const PARSEINT: Function = function(
    "parseint",
    &[Parameter::any("number"), Parameter::number("base")],
    parseint,
)
.doc("Reads a whole number that is written in a base from 2 to 62.")
.notes(
    "Beyond 9 the digits are the letters, in either case up to base 36; above it the lower case comes first.",
)
.examples(&[
    (r#"parseint("100", 10)"#, "100"),
    (r#"parseint("ff", 16)"#, "255"),
    (r#"parseint("-101", 2)"#, "-5"),
]);

pub(super) const POW: Function = function("pow", &[NUM, Parameter::number("power")], pow)
    .doc("Returns a number raised to a power.")
    .notes("Whole numbers are exact up to 512 bits; others are computed with the 64 bits of a floating point number.")
    .examples(&[("pow(3, 2)", "9"), ("pow(4, 0.5)", "2")]);

pub(super) const SIGNUM: Function = function("signum", &[NUM], |call| {
    Ok(match call.number(0)?.compare(&Number::ZERO) {
        Ordering::Less => (-1).into(),
        Ordering::Equal => 0.into(),
        Ordering::Greater => 1.into(),
    })
})
.doc("Returns -1, 0 or 1 as a number is negative, zero or positive.")
.examples(&[("signum(-13)", "-1"), ("signum(0)", "0"), ("signum(344)", "1")]);

fn abs(call: &CallContext<'_>) -> Answer {
    let number = call.number(0)?;
    Ok(if number.is_negative() {
        number.negate().into()
    } else {
        number.clone().into()
    })
}

fn log(call: &CallContext<'_>) -> Answer {
    let (number, base) = (call.number(0)?.to_f64(), call.number(1)?.to_f64());
    if number <= 0.0 {
        return Err(call.error(0, "must be greater than 0"));
    }
    if base <= 0.0 || (base - 1.0).abs() < f64::EPSILON {
        return Err(call.error(1, "must be greater than 0, and not 1"));
    }
    float(call, number.ln() / base.ln())
}

fn pow(call: &CallContext<'_>) -> Answer {
    if let Some(exact) = call.number(0)?.exact_power(call.number(1)?) {
        return Ok(exact.into());
    }
    let (number, power) = (call.number(0)?.to_f64(), call.number(1)?.to_f64());
    if number < 0.0 && power.fract() != 0.0 {
        return Err(call.error(
            1,
            "must be a whole number where a negative number is raised to it",
        ));
    }
    float(call, number.powf(power))
}

fn float(call: &CallContext<'_>, result: f64) -> Answer {
    match Number::from_f64(result) {
        Some(number) => Ok(number.into()),
        None => Err(call.fail("the result is beyond about 1.8e308")),
    }
}

fn extreme(call: &CallContext<'_>, wanted: Ordering) -> Answer {
    let mut best = call.number(0)?;
    for value in call.values_from(1) {
        if let Value::Number(number) = value
            && number.compare(best) == wanted
        {
            best = number;
        }
    }
    Ok(best.clone().into())
}

fn parseint(call: &CallContext<'_>) -> Answer {
    let Value::String(text) = call.value(0)? else {
        return Err(call.error(0, "must be a string"));
    };
    let base = u32::try_from(call.integer(1)?).ok();
    let Some(base) = base.filter(|base| (2..=62).contains(base)) else {
        return Err(call.error(1, "must be a whole number from 2 to 62"));
    };
    // Reading takes time by the square of the length.
    call.steps((text.len() as u64).pow(2) / 1024)?;
    match Number::parse_integer(text, base) {
        Ok(number) => Ok(number.into()),
        Err(NumberError::Invalid) => Err(call.error(0, format!("is not a whole number in base {base}"))),
        Err(error) => Err(call.error(0, error)),
    }
}
