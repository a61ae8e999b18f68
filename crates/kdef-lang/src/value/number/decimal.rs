//! Numbers from and to decimal text.

use std::fmt::{self, Write as _};

use num_bigint::{BigInt, BigUint, Sign};

use super::arithmetic::{quotient, rounded};
use super::{Float, Number, NumberError, PRECISION};

/// Digits in the text of a number, and the greatest decimal exponent; a little more than the range of numbers needs.
const MAX_DIGITS: usize = 5_000;

/// A decimal number, taken apart: `digits * 10^exponent`.
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

pub(super) fn parse(text: &str) -> Result<Number, NumberError> {
    // Most numbers are small integers, which any 18 digits are.
    if text.len() <= 18
        && let Ok(value) = text.parse::<i64>()
    {
        return Ok(value.into());
    }
    let decimal = scan(text)?;
    if decimal.digits.is_empty() {
        return Ok(Number::ZERO);
    }
    if decimal.digits.len() > MAX_DIGITS {
        return Err(NumberError::TooLong);
    }
    let limit = i64::try_from(MAX_DIGITS).unwrap_or(i64::MAX);
    let magnitude = BigUint::parse_bytes(decimal.digits.as_bytes(), 10).ok_or(NumberError::Invalid)?;
    let sign = if decimal.negative { Sign::Minus } else { Sign::Plus };
    let mantissa = BigInt::from_biguint(sign, magnitude);
    if decimal.exponent.abs() > 2 * limit {
        return Err(NumberError::OutOfRange);
    }
    let power = BigInt::from(5).pow(u32::try_from(decimal.exponent.abs()).unwrap_or(u32::MAX));
    if decimal.exponent < 0 {
        quotient(&mantissa, &power, decimal.exponent)
    } else {
        rounded(mantissa * power, decimal.exponent)
    }
}

/// Reads sign, digits, point and exponent. Zeros before the first digit and after the last are not kept.
fn scan(text: &str) -> Result<Decimal, NumberError> {
    let (negative, rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (number, exponent) = match rest.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, scan_exponent(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
        return Err(NumberError::Invalid);
    }
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let zeros = i64::try_from(digits.len() - kept.len()).unwrap_or(i64::MAX);
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    Ok(Decimal {
        negative,
        digits: kept.trim_start_matches('0').to_owned(),
        exponent: exponent.saturating_sub(places).saturating_add(zeros),
    })
}

/// Reads the digits after `e`. Exponents beyond `i64` become its ends, which are out of range as well.
fn scan_exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::Invalid);
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX);
    Ok(if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    })
}

/// Writes the shortest decimal number between `float`'s neighbours, nearest to it.
///
/// All numbers in `[low, high]`, half a unit in the last of 512 places to each side, round to `float`; the ends do so
/// only for an even mantissa.
pub(super) fn write(float: &Float, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let magnitude = float.mantissa.magnitude();
    let shift = PRECISION + 1 - magnitude.bits();
    let inclusive = shift > 1;
    let middle = magnitude << shift;
    let exponent = float.exponent.saturating_sub_unsigned(shift);
    // As integers over 10^places: `x * 2^-n` is `x * 5^n` over `10^n`.
    let (scale, places) = if exponent < 0 {
        let places = exponent.unsigned_abs();
        (
            BigUint::from(5_u32).pow(u32::try_from(places).unwrap_or(u32::MAX)),
            places,
        )
    } else {
        (BigUint::from(1_u32) << exponent.unsigned_abs(), 0)
    };
    let (low, high) = ((&middle - 1_u32) * &scale, (&middle + 1_u32) * &scale);
    let (digits, dropped) = shortest(&low, &(middle * scale), &high, inclusive);
    if float.mantissa.sign() == Sign::Minus {
        f.write_char('-')?;
    }
    write_digits(&digits.to_string(), dropped, places, f)
}

/// Returns the multiple of the greatest power of ten that lies in the range, nearest to `middle`, and that power.
fn shortest(low: &BigUint, middle: &BigUint, high: &BigUint, inclusive: bool) -> (BigUint, u64) {
    let within = |candidate: &BigUint| {
        if inclusive {
            low <= candidate && candidate <= high
        } else {
            low < candidate && candidate < high
        }
    };
    let width = (high - low).to_string().len();
    for power in (1..=width).rev() {
        let unit = BigUint::from(10_u32).pow(u32::try_from(power).unwrap_or(u32::MAX));
        let below = middle / &unit;
        let above = &below + 1_u32;
        let (lower, upper) = (&below * &unit, &above * &unit);
        let down = within(&lower);
        let up = within(&upper);
        let nearer_above = &upper - middle < middle - &lower;
        if up && (!down || nearer_above) {
            return (above, power as u64);
        }
        if down {
            return (below, power as u64);
        }
    }
    (middle.clone(), 0)
}

/// Writes `digits * 10^dropped / 10^places` without an exponent.
fn write_digits(digits: &str, dropped: u64, places: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let digits_end = digits.trim_end_matches('0');
    let dropped = dropped + (digits.len() - digits_end.len()) as u64;
    let zeros = |f: &mut fmt::Formatter<'_>, count: u64| (0..count).try_for_each(|_| f.write_char('0'));
    if dropped >= places {
        f.write_str(digits_end)?;
        return zeros(f, dropped - places);
    }
    let fraction = places - dropped;
    let length = digits_end.len() as u64;
    if length <= fraction {
        f.write_str("0.")?;
        zeros(f, fraction - length)?;
        return f.write_str(digits_end);
    }
    let point = digits_end.len() - usize::try_from(fraction).unwrap_or(digits_end.len());
    write!(f, "{}.{}", &digits_end[..point], &digits_end[point..])
}
