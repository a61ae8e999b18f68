//! Kubernetes quantities, such as `500m` or `1.5Gi`, and ranges of them, such as `200m..1`.
//!
//! Reading, rounding and the canonical text follow `k8s.io/apimachinery`'s `resource.Quantity`, so that what is rendered
//! is what the API server would store. All arithmetic is exact.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigUint;

/// The longest text that is read as a quantity, in bytes.
const MAX_TEXT: usize = 100;

/// The decimal exponent of the smallest amount that Kubernetes keeps: one billionth.
const NANO: i32 = -9;

/// An amount that is not negative and at most 2^63-1.
///
/// Two quantities compare by amount: `1000m` and `1` are equal.
#[derive(Debug, Clone)]
pub struct Quantity {
    nanos: BigUint,
    canonical: String,
}

/// What a range such as `200m..1` asks for: a request, a limit, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityRange {
    /// The amount before the `..`, or the only one.
    pub request: Option<Quantity>,
    /// The amount after the `..`, or the only one.
    pub limit: Option<Quantity>,
}

/// Why a text is no quantity, or no range of quantities. Its text is a phrase that follows "`...` ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuantityError {
    /// It is not a number with an optional unit.
    Malformed,
    /// The number is followed by something that is not one of Kubernetes' units.
    UnknownUnit,
    /// It is less than zero.
    Negative,
    /// It is more than 2^63-1.
    TooLarge,
    /// There is nothing on either side of the `..`.
    EmptyRange,
    /// The request is greater than the limit.
    RequestAboveLimit,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "is no quantity; write it as `500m`, `0.5`, `256Mi` or `1Gi`",
            Self::UnknownUnit => "has an unknown unit; units are n u m k M G T P E and Ki Mi Gi Ti Pi Ei",
            Self::Negative => "is negative",
            Self::TooLarge => "is larger than 2^63-1, the greatest quantity",
            Self::EmptyRange => "sets neither a request nor a limit",
            Self::RequestAboveLimit => "has a request that is greater than its limit",
        })
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    /// Reads a quantity; white space around it is ignored. More than nine decimal places are rounded up.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let parts = Parts::split(text)?;
        let unit = Unit::parse(parts.suffix).ok_or_else(|| parts.suffix_error())?;
        let nanos = parts.nanos(unit).ok_or(QuantityError::TooLarge)?;
        if nanos > BigUint::from(u64::MAX >> 1) * BigUint::from(10_u32).pow(NANO.unsigned_abs()) {
            return Err(QuantityError::TooLarge);
        }
        if parts.negative && nanos != BigUint::ZERO {
            return Err(QuantityError::Negative);
        }
        let canonical = if parts.is_canonical(unit) {
            text.to_owned()
        } else {
            canonical(&nanos, unit.format)
        };
        Ok(Self { nanos, canonical })
    }

    /// Returns the text in Kubernetes' canonical form: no fraction, the largest unit that loses nothing.
    pub fn as_str(&self) -> &str {
        &self.canonical
    }

    /// Tells whether the amount is zero.
    pub fn is_zero(&self) -> bool {
        self.nanos == BigUint::ZERO
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl QuantityRange {
    /// Reads `REQUEST..LIMIT`, where either may be empty; without `..` the one amount is both. An empty text sets
    /// neither.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if text.trim().is_empty() {
            return Ok(Self {
                request: None,
                limit: None,
            });
        }
        let Some((request, limit)) = text.split_once("..") else {
            let both = Quantity::parse(text)?;
            return Ok(Self {
                request: Some(both.clone()),
                limit: Some(both),
            });
        };
        let side = |text: &str| match text.trim() {
            "" => Ok(None),
            text => Quantity::parse(text).map(Some),
        };
        let range = Self {
            request: side(request)?,
            limit: side(limit)?,
        };
        match (&range.request, &range.limit) {
            (None, None) => Err(QuantityError::EmptyRange),
            (Some(request), Some(limit)) if request > limit => Err(QuantityError::RequestAboveLimit),
            _ => Ok(range),
        }
    }
}

/// Which family of suffixes a quantity was written with; the canonical form stays in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Decimal,
    Binary,
    Exponent,
}

/// What a suffix multiplies by: 10 or 2 to the power of `exponent`, as `format` says.
#[derive(Debug, Clone, Copy)]
struct Unit {
    format: Format,
    exponent: i32,
}

const DECIMAL_SUFFIXES: [(i32, &str); 10] = [
    (-9, "n"),
    (-6, "u"),
    (-3, "m"),
    (0, ""),
    (3, "k"),
    (6, "M"),
    (9, "G"),
    (12, "T"),
    (15, "P"),
    (18, "E"),
];
const BINARY_SUFFIXES: [(i32, &str); 7] = [
    (0, ""),
    (10, "Ki"),
    (20, "Mi"),
    (30, "Gi"),
    (40, "Ti"),
    (50, "Pi"),
    (60, "Ei"),
];

impl Unit {
    fn parse(suffix: &str) -> Option<Self> {
        let find = |table: &[(i32, &str)]| table.iter().find(|(_, name)| *name == suffix).map(|(at, _)| *at);
        if let Some(exponent) = find(&DECIMAL_SUFFIXES) {
            return Some(Self {
                format: Format::Decimal,
                exponent,
            });
        }
        if let Some(exponent) = find(&BINARY_SUFFIXES) {
            return Some(Self {
                format: Format::Binary,
                exponent,
            });
        }
        let exponent = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
        Some(Self {
            format: Format::Exponent,
            exponent,
        })
    }
}

/// A quantity's text, cut up.
struct Parts<'a> {
    negative: bool,
    /// The digits before the point, without leading zeros but never empty.
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, QuantityError> {
        if text.len() > MAX_TEXT {
            return Err(QuantityError::Malformed);
        }
        let digits_of = |text: &'a str| {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            text.split_at(end)
        };
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, rest) = digits_of(unsigned);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits_of);
        if whole.is_empty() && fraction.is_empty() {
            return Err(QuantityError::Malformed);
        }
        let trimmed = whole.trim_start_matches('0');
        Ok(Self {
            negative: text.starts_with('-'),
            whole: if trimmed.is_empty() { "0" } else { trimmed },
            fraction,
            suffix,
        })
    }

    /// Says what is wrong with a suffix that is no unit.
    fn suffix_error(&self) -> QuantityError {
        if self.suffix.chars().all(char::is_alphabetic) {
            QuantityError::UnknownUnit
        } else {
            QuantityError::Malformed
        }
    }

    /// Returns the amount in billionths, rounded up; `None` when it is absurdly large.
    fn nanos(&self, unit: Unit) -> Option<BigUint> {
        let mut amount: BigUint = format!("{}{}", self.whole, self.fraction).parse().ok()?;
        if amount == BigUint::ZERO {
            return Some(amount);
        }
        let places = i32::try_from(self.fraction.len()).ok()?;
        let mut power = -NANO - places;
        match unit.format {
            Format::Binary => amount <<= unit.exponent.unsigned_abs(),
            Format::Decimal | Format::Exponent => power = power.saturating_add(unit.exponent),
        }
        // Outside these bounds every amount is too large, or less than one billionth.
        let ten = BigUint::from(10_u32);
        match power {
            101.. => None,
            0..=100 => Some(amount * ten.pow(power.unsigned_abs())),
            _ => {
                let divisor = ten.pow(power.unsigned_abs().min(300));
                Some((amount + &divisor - 1_u32) / divisor)
            }
        }
    }

    /// Tells whether Kubernetes keeps the text as it is, because it counts as canonical already. A few odd spellings do,
    /// such as `+1` and `1.500`.
    fn is_canonical(&self, unit: Unit) -> bool {
        let digits = format!("{}{}", self.whole, self.fraction);
        let (length, places) = (digits.len(), self.fraction.len());
        match unit.format {
            Format::Binary => {
                let room = 14_usize.saturating_sub(unit.exponent.unsigned_abs() as usize * 3 / 10);
                let odd_bits = digits.parse::<u64>().is_ok_and(|value| value % 8 != 0);
                places == 0 && length <= room && odd_bits
            }
            Format::Decimal | Format::Exponent => {
                let scale = i64::from(unit.exponent) - i64::try_from(places).unwrap_or(i64::MAX);
                let shortest = !digits.ends_with("000") && !digits.starts_with('0');
                length <= 18 && scale >= i64::from(NANO) && scale % 3 == 0 && shortest
            }
        }
    }
}

/// Writes an amount in canonical form.
fn canonical(nanos: &BigUint, format: Format) -> String {
    if *nanos == BigUint::ZERO {
        return "0".to_owned();
    }
    let one = BigUint::from(10_u32).pow(NANO.unsigned_abs());
    let whole = nanos / &one;
    // A binary suffix cannot say a fraction, and below 1Ki it says nothing.
    if format == Format::Binary && &whole * &one == *nanos && whole >= BigUint::from(1024_u32) {
        let (amount, times) = without_factor(whole, 1024, 6);
        let suffix = BINARY_SUFFIXES[times].1;
        return format!("{amount}{suffix}");
    }
    let (amount, thousands) = without_factor(nanos.clone(), 1000, 9);
    let (exponent, suffix) = DECIMAL_SUFFIXES[thousands];
    match format {
        Format::Exponent if exponent != 0 => format!("{amount}e{exponent}"),
        _ => format!("{amount}{suffix}"),
    }
}

/// Divides by a factor as long as nothing is lost, at most `most` times; returns what remains and how often it went.
fn without_factor(mut amount: BigUint, factor: u32, most: usize) -> (BigUint, usize) {
    let mut times = 0;
    while times < most && &amount % factor == BigUint::ZERO {
        amount /= factor;
        times += 1;
    }
    (amount, times)
}

#[cfg(test)]
mod tests;
