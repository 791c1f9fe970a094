//! Numbers of a file as exact integers. No floating point comes near them.

/// Values stay below this many units (cents, grams): 18 digits, what `numeric(18, …)` holds.
const LIMIT: u64 = 1_000_000_000_000_000_000;

/// Why a text is no number that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Below zero.
    Negative,
    /// Something else than digits and one decimal mark.
    NotANumber,
    /// More decimals than the value has.
    TooManyDecimals,
    /// Two marks: thousands separators, or worse.
    Thousands,
    /// More than 18 digits in cents or grams.
    Overflow,
}

/// A decimal number scaled to an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaled {
    /// The number × 10^scale.
    pub value: i64,
    /// The decimal mark it was written with; 0 when none.
    pub mark: u8,
}

/// Reads `field` (trimmed) as a number with at most `scale` decimals after `.` or `,`.
///
/// # Errors
/// Says why the text is not such a number.
#[inline]
pub fn decimal(field: &[u8], scale: u32) -> Result<Scaled, NumberFault> {
    // Nearly every value of an official file is a short run of digits.
    if let Some(value) = digits(field, 15) {
        let value = value.checked_mul(10_u64.pow(scale)).filter(|value| *value < LIMIT);
        return value
            .and_then(|value| i64::try_from(value).ok())
            .map(|value| Scaled { value, mark: 0 })
            .ok_or(NumberFault::Overflow);
    }
    decimal_slow(field, scale)
}

fn decimal_slow(field: &[u8], scale: u32) -> Result<Scaled, NumberFault> {
    if field.first() == Some(&b'-') {
        let rest = &field[1..];
        let looks_numeric =
            rest.iter().any(u8::is_ascii_digit) && rest.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b','));
        return Err(if looks_numeric { NumberFault::Negative } else { NumberFault::NotANumber });
    }
    let mut value = 0_u64;
    let mut mark = 0_u8;
    let mut digits_seen = 0_u32;
    let mut decimals = 0_u32;
    for byte in field {
        match byte {
            b'0'..=b'9' => {
                value = value
                    .checked_mul(10)
                    .and_then(|value| value.checked_add(u64::from(byte - b'0')))
                    .ok_or(NumberFault::Overflow)?;
                digits_seen += 1;
                decimals += u32::from(mark != 0);
            }
            b'.' | b',' if mark == 0 => mark = *byte,
            b'.' | b',' => return Err(NumberFault::Thousands),
            _ => return Err(NumberFault::NotANumber),
        }
    }
    if digits_seen == 0 || (mark != 0 && decimals == 0) {
        return Err(NumberFault::NotANumber);
    }
    if decimals > scale {
        return Err(NumberFault::TooManyDecimals);
    }
    let value =
        value.checked_mul(10_u64.pow(scale - decimals)).filter(|value| *value < LIMIT).ok_or(NumberFault::Overflow)?;
    i64::try_from(value).map(|value| Scaled { value, mark }).map_err(|_| NumberFault::Overflow)
}

/// Reads one to `max_digits` digits; `None` for anything else. `max_digits` is at most 18.
#[inline]
#[must_use]
pub fn digits(field: &[u8], max_digits: usize) -> Option<u64> {
    if field.is_empty() || field.len() > max_digits {
        return None;
    }
    let mut value = 0_u64;
    for byte in field {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(text: &str) -> Result<i64, NumberFault> {
        decimal(text.as_bytes(), 2).map(|scaled| scaled.value)
    }

    #[test]
    fn whole_and_decimal_numbers_are_exact() {
        assert_eq!(cents("0"), Ok(0));
        assert_eq!(cents("48252908258"), Ok(4_825_290_825_800));
        assert_eq!(cents("12.3"), Ok(1_230));
        assert_eq!(cents("12,34"), Ok(1_234));
        assert_eq!(cents(".5"), Ok(50));
        assert_eq!(cents("0000000000000000000012"), Ok(1_200));
        assert_eq!(decimal(b"1.234", 3), Ok(Scaled { value: 1_234, mark: b'.' }));
        assert_eq!(cents("9999999999999999.99"), Ok(999_999_999_999_999_999));
    }

    #[test]
    fn everything_else_says_why() {
        assert_eq!(cents(""), Err(NumberFault::NotANumber));
        assert_eq!(cents("12."), Err(NumberFault::NotANumber));
        assert_eq!(cents("."), Err(NumberFault::NotANumber));
        assert_eq!(cents("1e5"), Err(NumberFault::NotANumber));
        assert_eq!(cents("+1"), Err(NumberFault::NotANumber));
        assert_eq!(cents("NaN"), Err(NumberFault::NotANumber));
        assert_eq!(cents("--1"), Err(NumberFault::NotANumber));
        assert_eq!(cents("-1"), Err(NumberFault::Negative));
        assert_eq!(cents("-1,50"), Err(NumberFault::Negative));
        assert_eq!(cents("1.234"), Err(NumberFault::TooManyDecimals));
        assert_eq!(cents("1.234.567"), Err(NumberFault::Thousands));
        assert_eq!(cents("1.234,56"), Err(NumberFault::Thousands));
        assert_eq!(cents("10000000000000000"), Err(NumberFault::Overflow));
        assert_eq!(cents("99999999999999999999999999"), Err(NumberFault::Overflow));
    }
}
