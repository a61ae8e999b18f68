//! Exact integer arithmetic, rounded to 512 bits at the end.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};

use super::{Float, MAX_EXPONENT, Number, NumberError, PRECISION, Repr};

impl Number {
    /// Adds.
    pub fn add(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(left), Repr::Int(right)) = (&self.0, &other.0)
            && let Some(sum) = left.checked_add(*right)
        {
            return Ok(sum.into());
        }
        let (left, right, exponent) = aligned(self, other);
        rounded(left + right, exponent)
    }

    /// Subtracts.
    pub fn subtract(&self, other: &Self) -> Result<Self, NumberError> {
        self.add(&other.negate())
    }

    /// Multiplies.
    pub fn multiply(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(left), Repr::Int(right)) = (&self.0, &other.0)
            && let Some(product) = left.checked_mul(*right)
        {
            return Ok(product.into());
        }
        let ((left, left_exponent), (right, right_exponent)) = (self.parts(), other.parts());
        rounded(left * right, left_exponent + right_exponent)
    }

    /// Divides, without rounding to whole numbers.
    pub fn divide(&self, other: &Self) -> Result<Self, NumberError> {
        if *other == Self::ZERO {
            return Err(NumberError::DivisionByZero);
        }
        let ((left, left_exponent), (right, right_exponent)) = (self.parts(), other.parts());
        quotient(&left, &right, left_exponent - right_exponent)
    }

    /// Returns what is left of `self` after taking `other` as many whole times as it goes in; the sign is that of
    /// `self`, as in cty.
    pub fn modulo(&self, other: &Self) -> Result<Self, NumberError> {
        if let (Repr::Int(left), Repr::Int(right)) = (&self.0, &other.0)
            && *right != 0
        {
            return Ok(left.wrapping_rem(*right).into());
        }
        let times = self.divide(other)?.truncate();
        self.subtract(&other.multiply(&times)?)
    }

    /// Changes the sign.
    #[must_use]
    pub fn negate(&self) -> Self {
        if let Repr::Int(value) = &self.0
            && let Some(negative) = value.checked_neg()
        {
            return negative.into();
        }
        let (mantissa, exponent) = self.parts();
        normalised(-mantissa, exponent)
    }

    /// Drops the fraction.
    fn truncate(&self) -> Self {
        match &self.0 {
            Repr::Float(float) if float.exponent < 0 => {
                let (sign, magnitude) = (float.mantissa.sign(), float.mantissa.magnitude());
                normalised(
                    BigInt::from_biguint(sign, magnitude >> float.exponent.unsigned_abs()),
                    0,
                )
            }
            _ => self.clone(),
        }
    }

    /// Raises a whole number to a whole power; `None` for other numbers, and where the result does not fit 512 bits.
    pub(crate) fn exact_power(&self, power: &Self) -> Option<Self> {
        let power = u32::try_from(power.to_i64().ok()?).ok()?;
        let base = self.to_integer()?;
        if base.bits().saturating_mul(u64::from(power)) > PRECISION {
            return None;
        }
        rounded(base.pow(power), 0).ok()
    }

    /// Returns the greatest whole number that is not greater.
    pub(crate) fn floor(&self) -> Self {
        let whole = self.truncate();
        if whole == *self || !self.is_negative() {
            return whole;
        }
        whole.subtract(&1.into()).unwrap_or(whole)
    }

    /// Returns the smallest whole number that is not less.
    pub(crate) fn ceil(&self) -> Self {
        self.negate().floor().negate()
    }

    /// Compares by value.
    pub fn compare(&self, other: &Self) -> Ordering {
        if let (Repr::Int(left), Repr::Int(right)) = (&self.0, &other.0) {
            return left.cmp(right);
        }
        let (left, right, _) = aligned(self, other);
        left.cmp(&right)
    }
}

/// Returns both mantissas at one exponent, the smaller of the two.
fn aligned(left: &Number, right: &Number) -> (BigInt, BigInt, i64) {
    let ((left, left_exponent), (right, right_exponent)) = (left.parts(), right.parts());
    let exponent = left_exponent.min(right_exponent);
    (
        left << (left_exponent - exponent).unsigned_abs(),
        right << (right_exponent - exponent).unsigned_abs(),
        exponent,
    )
}

/// Returns `left / right * 2^exponent`, rounded once. `right` is not zero.
pub(super) fn quotient(left: &BigInt, right: &BigInt, exponent: i64) -> Result<Number, NumberError> {
    // Two bits more than are kept, and one that says whether anything is left, make the rounding exact.
    let shift = (PRECISION + 2 + right.bits()).saturating_sub(left.bits());
    let shifted = left.magnitude() << shift;
    let whole = &shifted / right.magnitude();
    let inexact = &whole * right.magnitude() != shifted;
    let magnitude = (whole << 1_u32) | BigUint::from(u32::from(inexact));
    let sign = if left.sign() == right.sign() {
        Sign::Plus
    } else {
        Sign::Minus
    };
    let shift = i64::try_from(shift).map_err(|_| NumberError::OutOfRange)?;
    rounded(BigInt::from_biguint(sign, magnitude), exponent - shift - 1)
}

/// Returns `mantissa * 2^exponent`, rounded to the nearest number, ties to even.
pub(super) fn rounded(mantissa: BigInt, exponent: i64) -> Result<Number, NumberError> {
    let excess = mantissa.bits().saturating_sub(PRECISION);
    let (mantissa, exponent) = if excess == 0 {
        (mantissa, exponent)
    } else {
        let (sign, magnitude) = (mantissa.sign(), mantissa.magnitude());
        let mut kept = magnitude >> excess;
        let half = magnitude.bit(excess - 1);
        let above_half = magnitude.trailing_zeros().is_some_and(|zeros| zeros < excess - 1);
        if half && (above_half || kept.bit(0)) {
            kept += 1_u32;
        }
        let shift = i64::try_from(excess).map_err(|_| NumberError::OutOfRange)?;
        (BigInt::from_biguint(sign, kept), exponent + shift)
    };
    let top = i64::try_from(mantissa.bits()).map_err(|_| NumberError::OutOfRange)? + exponent;
    if mantissa.sign() != Sign::NoSign && top.abs() > MAX_EXPONENT {
        return Err(NumberError::OutOfRange);
    }
    Ok(normalised(mantissa, exponent))
}

/// Brings `mantissa * 2^exponent` to the one form in which equal numbers look equal.
fn normalised(mantissa: BigInt, exponent: i64) -> Number {
    let Some(zeros) = mantissa.trailing_zeros() else {
        return Number::ZERO;
    };
    let mantissa = mantissa >> zeros;
    let exponent = exponent.saturating_add_unsigned(zeros);
    if (0..64).contains(&exponent)
        && let Ok(value) = i64::try_from(&mantissa << exponent.unsigned_abs())
    {
        return value.into();
    }
    Number(Repr::Float(Float { mantissa, exponent }.into()))
}
