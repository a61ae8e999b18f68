//! Numbers with 512 bits of precision.

mod arithmetic;
mod decimal;
mod digits;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use num_bigint::{BigInt, Sign};

pub(crate) use digits::Digits;

/// Bits in the fraction of a [`Number`], as in cty.
const PRECISION: u64 = 512;

/// The greatest binary exponent: numbers lie within ±2^16384, about 1.19e4932, the range of IEEE 754's binary128.
const MAX_EXPONENT: i64 = 16_384;

/// A number, as cty has them: a binary floating point number of 512 bits, rounded to the nearest, ties to even.
///
/// Integers up to 512 bits are exact. Decimals are printed with as few digits as tell them apart, so that `0.1 + 0.2`
/// prints as `0.3`. There are no infinities, no NaN and no negative zero.
#[derive(Clone, PartialEq)]
pub struct Number(Repr);

/// Integers that fit are always [`Repr::Int`], and mantissas are always odd, so that equal numbers look equal.
#[derive(Clone, PartialEq)]
enum Repr {
    Int(i64),
    Float(Arc<Float>),
}

/// `mantissa * 2^exponent`
#[derive(Clone, PartialEq)]
struct Float {
    mantissa: BigInt,
    exponent: i64,
}

/// Why there is no such [`Number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// The text is not a decimal number.
    Invalid,
    /// It is beyond about 1.19e4932, or so close to zero that its inverse is.
    OutOfRange,
    /// It has more than 5,000 digits.
    TooLong,
    /// It is divided by zero.
    DivisionByZero,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "is not a number",
            Self::OutOfRange => "is outside the range of numbers, which ends at about 1.19e4932",
            Self::TooLong => "has more than 5000 digits",
            Self::DivisionByZero => "is divided by zero",
        })
    }
}

/// Why a [`Number`] is no machine integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntegerError {
    /// It has a fraction.
    Fraction,
    /// It does not fit.
    OutOfRange,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Int(0));

    /// Reads a decimal number: digits with an optional sign, point and exponent, such as `1.50` or `2e9`.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        decimal::parse(text)
    }

    /// Reads a whole number in a base from 2 to 62, with an optional sign.
    ///
    /// Digits beyond 9 are letters: of either case up to base 36, above it first the lower and then the upper case.
    pub(crate) fn parse_integer(text: &str, base: u32) -> Result<Self, NumberError> {
        digits::parse_integer(text, base)
    }

    /// Converts a 64-bit floating point number, as the decimal that it is printed as; `None` for what is no number.
    pub(crate) fn from_f64(value: f64) -> Option<Self> {
        value
            .is_finite()
            .then(|| Self::parse(&value.to_string()).ok())
            .flatten()
    }

    /// Returns the nearest 64-bit floating point number, which may be infinite.
    pub(crate) fn to_f64(&self) -> f64 {
        match &self.0 {
            #[expect(clippy::cast_precision_loss, reason = "the nearest is wanted")]
            Repr::Int(value) => *value as f64,
            Repr::Float(_) => self.to_string().parse().unwrap_or(f64::INFINITY),
        }
    }

    /// Returns the number as an integer; `None` when it has a fraction.
    pub(crate) fn to_integer(&self) -> Option<BigInt> {
        let (mantissa, exponent) = self.parts();
        u64::try_from(exponent).ok().map(|shift| mantissa << shift)
    }

    /// Tells whether the number has no fraction.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Int(_) => true,
            Repr::Float(float) => float.exponent >= 0,
        }
    }

    /// Tells whether the number is less than zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Int(value) => *value < 0,
            Repr::Float(float) => float.mantissa.sign() == Sign::Minus,
        }
    }

    /// Returns the number as a 64-bit integer, exactly.
    pub fn to_i64(&self) -> Result<i64, IntegerError> {
        match &self.0 {
            Repr::Int(value) => Ok(*value),
            Repr::Float(float) if float.exponent < 0 => Err(IntegerError::Fraction),
            Repr::Float(_) => Err(IntegerError::OutOfRange),
        }
    }

    /// Returns the number as a 32-bit integer, exactly.
    pub fn to_i32(&self) -> Result<i32, IntegerError> {
        i32::try_from(self.to_i64()?).map_err(|_| IntegerError::OutOfRange)
    }

    /// Converts a number of JSON: integers exactly, others by their shortest decimal text.
    pub fn from_json(number: &serde_json::Number) -> Result<Self, NumberError> {
        match number.as_i64() {
            Some(value) => Ok(value.into()),
            None => Self::parse(&number.to_string()),
        }
    }

    /// Converts to a number of JSON: integers of 64 bits exactly, others to the nearest 64-bit floating point number;
    /// `None` where that is infinite.
    pub fn to_json(&self) -> Option<serde_json::Number> {
        if let Repr::Int(value) = &self.0 {
            return Some((*value).into());
        }
        let text = self.to_string();
        match text.parse::<u64>() {
            Ok(value) => Some(value.into()),
            Err(_) => serde_json::Number::from_f64(text.parse().ok()?),
        }
    }

    /// Returns 1, and one more for about every 16 digits that it is printed with.
    pub(super) fn weight(&self) -> u64 {
        match &self.0 {
            Repr::Int(_) => 1,
            // A bit is about three tenths of a digit.
            Repr::Float(float) => 1 + (float.mantissa.bits() + float.exponent.unsigned_abs()) / 53,
        }
    }

    /// Returns `mantissa` and `exponent` of `mantissa * 2^exponent`.
    fn parts(&self) -> (BigInt, i64) {
        match &self.0 {
            Repr::Int(value) => ((*value).into(), 0),
            Repr::Float(float) => (float.mantissa.clone(), float.exponent),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.compare(other))
    }
}

/// Writes all digits, never an exponent: as few digits as tell the number from its neighbours.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(value) => value.fmt(f),
            Repr::Float(float) => decimal::write(float, f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
