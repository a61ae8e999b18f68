//! The digits of numbers, for those who write them otherwise.

use num_bigint::{BigInt, BigUint, Sign};

use super::arithmetic::rounded;
use super::{Number, NumberError, Repr};

/// Digits of a whole number in any base; more are out of the range of numbers in all of them.
const MAX_DIGITS: usize = 17_000;

/// A decimal number taken apart: `0.significand * 10^point`, without zeros at the end; zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digits {
    pub(crate) negative: bool,
    pub(crate) significand: String,
    pub(crate) point: i64,
}

impl Number {
    /// Returns as few digits as tell the number from its neighbours.
    pub(crate) fn shortest_digits(&self) -> Digits {
        let text = self.to_string();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Digits::new(negative, &format!("{whole}{fraction}"), whole.len())
    }

    /// Returns all digits of the number.
    pub(crate) fn exact_digits(&self) -> Digits {
        let Repr::Float(float) = &self.0 else {
            return self.shortest_digits();
        };
        let negative = float.mantissa.sign() == Sign::Minus;
        let magnitude = float.mantissa.magnitude();
        if float.exponent >= 0 {
            let digits = (magnitude << float.exponent.unsigned_abs()).to_string();
            return Digits::new(negative, &digits, digits.len());
        }
        // `x * 2^-n` is `x * 5^n` over `10^n`.
        let places = usize::try_from(float.exponent.unsigned_abs()).unwrap_or(usize::MAX);
        let power = BigUint::from(5_u32).pow(u32::try_from(places).unwrap_or(u32::MAX));
        let digits = (magnitude * power).to_string();
        let digits = format!("{}{digits}", "0".repeat(places.saturating_sub(digits.len())));
        let whole = digits.len() - places;
        Digits::new(negative, &digits, whole)
    }
}

impl Digits {
    /// Takes digits of which the first `whole` stand before the point.
    fn new(negative: bool, digits: &str, whole: usize) -> Self {
        let trimmed = digits.trim_start_matches('0');
        let leading = digits.len() - trimmed.len();
        let point = i64::try_from(whole).unwrap_or(i64::MAX) - i64::try_from(leading).unwrap_or(i64::MAX);
        let significand = trimmed.trim_end_matches('0').to_owned();
        let point = if significand.is_empty() { 0 } else { point };
        Self {
            negative,
            significand,
            point,
        }
    }

    /// Rounds to so many digits, ties to even.
    pub(crate) fn round(&mut self, count: i64) {
        let Ok(count) = usize::try_from(count) else {
            self.significand.clear();
            self.point = 0;
            return;
        };
        if count >= self.significand.len() {
            return;
        }
        let dropped = self.significand.split_off(count);
        let odd = self
            .significand
            .bytes()
            .last()
            .is_some_and(|digit| digit % 2 == 1);
        let up = match dropped.as_bytes() {
            [b'5'] => odd,
            [first, ..] => *first >= b'5',
            [] => false,
        };
        if up {
            let mut digits: Vec<u8> = self.significand.bytes().collect();
            while digits.pop_if(|digit| *digit == b'9').is_some() {}
            if let Some(last) = digits.last_mut() {
                *last += 1;
            } else {
                digits.push(b'1');
                self.point += 1;
            }
            self.significand = digits.into_iter().map(char::from).collect();
        }
        let kept = self.significand.trim_end_matches('0').len();
        self.significand.truncate(kept);
        if self.significand.is_empty() {
            self.point = 0;
        }
    }
}

pub(super) fn parse_integer(text: &str, base: u32) -> Result<Number, NumberError> {
    let (sign, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (Sign::Minus, rest),
        [b'+', rest @ ..] => (Sign::Plus, rest),
        all => (Sign::Plus, all),
    };
    let values: Option<Vec<u32>> = digits.iter().map(|digit| digit_value(*digit, base)).collect();
    let values = values
        .filter(|values| !values.is_empty())
        .ok_or(NumberError::Invalid)?;
    if values.len() > MAX_DIGITS {
        return Err(NumberError::OutOfRange);
    }
    let magnitude = values
        .into_iter()
        .fold(BigUint::ZERO, |sum, digit| sum * base + digit);
    rounded(BigInt::from_biguint(sign, magnitude), 0)
}

fn digit_value(digit: u8, base: u32) -> Option<u32> {
    let value = match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'z' => digit - b'a' + 10,
        b'A'..=b'Z' if base <= 36 => digit - b'A' + 10,
        b'A'..=b'Z' => digit - b'A' + 36,
        _ => return None,
    };
    Some(u32::from(value)).filter(|value| *value < base)
}
