//! How `format` writes numbers.

use num_bigint::BigInt;

use super::format::Verb;
use crate::value::{Digits, Number};

/// Writes a whole number in base 2, 8, 10 or 16. The precision is the least number of digits.
pub(super) fn integer(verb: &Verb, number: &BigInt) -> String {
    let (base, prefix) = match verb.mode {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = number.magnitude().to_str_radix(base);
    if verb.mode == 'X' {
        digits.make_ascii_uppercase();
    }
    if verb.precision == Some(0) && digits == "0" {
        return String::new();
    }
    let zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
    digits.insert_str(0, &"0".repeat(zeros));
    let sign = sign(verb, number.sign() == num_bigint::Sign::Minus);
    let prefix = if verb.sharp { prefix } else { "" };
    pad(
        verb,
        verb.precision.is_none(),
        &format!("{sign}{prefix}"),
        &digits,
    )
}

/// Writes a number with a point or an exponent.
pub(super) fn float(verb: &Verb, number: &Number) -> String {
    let text = match verb.mode {
        'e' | 'E' => {
            let precision = verb.precision.unwrap_or(6);
            let mut digits = number.exact_digits();
            digits.round(count(precision).saturating_add(1));
            scientific(&digits, precision)
        }
        'f' => {
            let precision = verb.precision.unwrap_or(6);
            let mut digits = number.exact_digits();
            digits.round(digits.point.saturating_add(count(precision)));
            positional(&digits, precision)
        }
        _ => general(number, verb.precision),
    };
    let text = if verb.mode.is_ascii_uppercase() {
        text.to_ascii_uppercase()
    } else {
        text
    };
    pad(verb, true, sign(verb, number.is_negative()), &text)
}

/// Writes a number in the shorter of both ways, without its sign.
fn general(number: &Number, precision: Option<usize>) -> String {
    let (digits, precision, limit) = match precision {
        None => {
            let digits = number.shortest_digits();
            let length = digits.significand.len();
            (digits, length, 6)
        }
        Some(precision) => {
            let precision = precision.max(1);
            let mut digits = number.exact_digits();
            digits.round(count(precision));
            let length = digits.significand.len();
            let all = precision > length && count(length) >= digits.point;
            (
                digits,
                precision,
                if all { count(length) } else { count(precision) },
            )
        }
    };
    let length = digits.significand.len();
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= limit {
        return scientific(&digits, precision.min(length).saturating_sub(1));
    }
    let shown = if count(precision) > digits.point {
        count(length)
    } else {
        count(precision)
    };
    let places = usize::try_from(shown - digits.point).unwrap_or(0);
    positional(&digits, places)
}

/// Returns the shortest text of a number, with an exponent where it is large or small.
pub(super) fn shortest(number: &Number) -> String {
    let sign = if number.is_negative() { "-" } else { "" };
    format!("{sign}{}", general(number, None))
}

fn scientific(digits: &Digits, precision: usize) -> String {
    let exponent = if digits.significand.is_empty() {
        0
    } else {
        digits.point - 1
    };
    let first = digits.significand.get(..1).unwrap_or("0");
    let rest = digits.significand.get(1..).unwrap_or_default();
    let point = if precision > 0 { "." } else { "" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest:0<precision$}e{sign}{:02}", exponent.abs())
}

fn positional(digits: &Digits, precision: usize) -> String {
    let text = &digits.significand;
    let point = usize::try_from(digits.point).unwrap_or(0);
    let whole = text.get(..point.min(text.len())).unwrap_or_default();
    let whole = if point == 0 {
        "0".to_owned()
    } else {
        format!("{whole:0<point$}")
    };
    if precision == 0 {
        return whole;
    }
    let zeros = usize::try_from(digits.point.min(0).unsigned_abs())
        .unwrap_or(0)
        .min(precision);
    let fraction = format!("{}{}", "0".repeat(zeros), text.get(point..).unwrap_or_default());
    format!("{whole}.{fraction:0<precision$}")
}

fn sign(verb: &Verb, negative: bool) -> &'static str {
    match (negative, verb.plus, verb.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    }
}

/// Fills the width, with zeros between sign and digits where those are asked for and `zeros` allows them.
fn pad(verb: &Verb, zeros: bool, sign: &str, digits: &str) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
    if verb.minus {
        format!("{sign}{digits}{}", " ".repeat(missing))
    } else if verb.zero && zeros {
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{sign}{digits}", " ".repeat(missing))
    }
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
