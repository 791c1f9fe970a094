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
    /// Marks that separate no groups of three digits, or against the column's decimal mark.
    Thousands,
    /// More than 18 digits in cents or grams.
    Overflow,
}

/// The mark between the whole part and the fraction of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `1250.5`, thousands as in `1,250.5`.
    Point,
    /// `1250,5`, thousands as in `1.250,5`.
    Comma,
}

impl Mark {
    const fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }

    const fn of(byte: u8) -> Self {
        if byte == b'.' { Self::Point } else { Self::Comma }
    }

    /// The other mark, which separates thousands.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }

    /// As `--decimal` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }
}

/// What one number shows of the mark that its column is written with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Evidence {
    /// Nothing: it has no mark.
    #[default]
    None,
    /// The decimal mark: a fraction of other than three digits, four or more digits before it, a leading zero,
    /// or thousands separated by the other mark.
    Proves(Mark),
    /// A fraction of three digits after one to three: `1.250` may be one and a quarter or a thousand.
    ThreeDigits(Mark),
}

/// Reads `field` (trimmed) as a number with at most `scale` decimals, scaled to the integer number × 10^scale. `mark` is the
/// decimal mark of the column where it is known; thousands are then separated by the other. Where it is not known a
/// single mark is read as the decimal one, and the evidence says whether that is sure.
#[inline]
pub fn decimal(field: &[u8], scale: u32, mark: Option<Mark>) -> (Result<i64, NumberFault>, Evidence) {
    // Nearly every value of an official file is a short run of digits.
    if let Some(value) = digits(field, 15) {
        return (scaled(value, scale), Evidence::None);
    }
    decimal_slow(field, scale, mark)
}

fn scaled(value: u64, decimals: u32) -> Result<i64, NumberFault> {
    let value = value.checked_mul(10_u64.pow(decimals)).filter(|value| *value < LIMIT);
    value.and_then(|value| i64::try_from(value).ok()).ok_or(NumberFault::Overflow)
}

fn decimal_slow(field: &[u8], scale: u32, mark: Option<Mark>) -> (Result<i64, NumberFault>, Evidence) {
    let is_numeric = |text: &[u8]| {
        text.iter().any(u8::is_ascii_digit) && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b','))
    };
    if let Some(rest) = field.strip_prefix(b"-") {
        let fault = if is_numeric(rest) { NumberFault::Negative } else { NumberFault::NotANumber };
        return (Err(fault), Evidence::None);
    }
    if !is_numeric(field) {
        return (Err(NumberFault::NotANumber), Evidence::None);
    }
    let (decimal_at, evidence) = match decimal_place(field, mark) {
        Ok(found) => found,
        Err(fault) => return (Err(fault), Evidence::None),
    };
    (value_of(field, decimal_at, scale), evidence)
}

/// Where the decimal mark stands, if the number has one, and what the number shows of its column.
fn decimal_place(field: &[u8], known: Option<Mark>) -> Result<(Option<usize>, Evidence), NumberFault> {
    let mut marks = field.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_digit());
    let Some((last_at, last)) = marks.next_back() else { return Ok((None, Evidence::None)) };
    let last = Mark::of(*last);
    let Some((_, before)) = marks.next_back() else {
        return single_mark(field, last_at, last, known);
    };
    // Several marks: all but the last separate thousands, the last too when it is the same one.
    let (decimal_at, decimal) = if Mark::of(*before) == last { (None, last.other()) } else { (Some(last_at), last) };
    let whole = &field[..decimal_at.unwrap_or(field.len())];
    let in_groups = grouped_by(whole, decimal.other());
    if !in_groups || known.is_some_and(|known| known != decimal) {
        return Err(NumberFault::Thousands);
    }
    Ok((decimal_at, if known.is_some() { Evidence::None } else { Evidence::Proves(decimal) }))
}

fn single_mark(
    field: &[u8],
    at: usize,
    mark: Mark,
    known: Option<Mark>,
) -> Result<(Option<usize>, Evidence), NumberFault> {
    match known {
        Some(known) if known == mark => Ok((Some(at), Evidence::None)),
        Some(_) if grouped_by(field, mark) => Ok((None, Evidence::None)),
        Some(_) => Err(NumberFault::Thousands),
        None if grouped_by(field, mark) => Ok((Some(at), Evidence::ThreeDigits(mark))),
        None => Ok((Some(at), Evidence::Proves(mark))),
    }
}

/// Whether `whole` is one to three digits, not beginning with zero, and then groups of three after `mark`.
fn grouped_by(whole: &[u8], mark: Mark) -> bool {
    let mut groups = whole.split(|byte| *byte == mark.byte());
    let first = groups.next().unwrap_or_default();
    let digits = |group: &[u8]| group.iter().all(u8::is_ascii_digit);
    (1..=3).contains(&first.len())
        && first[0] != b'0'
        && digits(first)
        && groups.all(|group| group.len() == 3 && digits(group))
}

fn value_of(field: &[u8], decimal_at: Option<usize>, scale: u32) -> Result<i64, NumberFault> {
    let (whole, fraction) = match decimal_at {
        Some(at) => (&field[..at], &field[at + 1..]),
        None => (field, &field[..0]),
    };
    if decimal_at.is_some() && fraction.is_empty() {
        return Err(NumberFault::NotANumber);
    }
    // Zeros at the end of a fraction say nothing: `1489.000` is whole.
    let zeros = fraction.iter().rev().take_while(|byte| **byte == b'0').count();
    let fraction = &fraction[..fraction.len() - zeros];
    let decimals = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    if decimals > scale {
        return Err(NumberFault::TooManyDecimals);
    }
    let mut value = 0_u64;
    for digit in whole.iter().chain(fraction).filter(|byte| byte.is_ascii_digit()) {
        let grown = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0')));
        value = grown.ok_or(NumberFault::Overflow)?;
    }
    scaled(value, scale - decimals)
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
        decimal(text.as_bytes(), 2, None).0
    }

    fn grams(text: &str, mark: Option<Mark>) -> (Result<i64, NumberFault>, Evidence) {
        decimal(text.as_bytes(), 3, mark)
    }

    #[test]
    fn whole_and_decimal_numbers_are_exact() {
        assert_eq!(cents("0"), Ok(0));
        assert_eq!(cents("48252908258"), Ok(4_825_290_825_800));
        assert_eq!(cents("12.3"), Ok(1_230));
        assert_eq!(cents("12,34"), Ok(1_234));
        assert_eq!(cents(".5"), Ok(50));
        assert_eq!(cents("1489.000"), Ok(148_900));
        assert_eq!(cents("0000000000000000000012"), Ok(1_200));
        assert_eq!(cents("9999999999999999.99"), Ok(999_999_999_999_999_999));
        assert_eq!(cents("1.234.567"), Ok(123_456_700));
        assert_eq!(cents("1.234,56"), Ok(123_456));
        assert_eq!(cents("1,234,567.8"), Ok(123_456_780));
    }

    #[test]
    fn everything_else_says_why() {
        for text in ["", "12.", ".", ",", "1e5", "+1", "NaN", "--1"] {
            assert_eq!(cents(text), Err(NumberFault::NotANumber), "{text}");
        }
        assert_eq!(cents("-1"), Err(NumberFault::Negative));
        assert_eq!(cents("-1,50"), Err(NumberFault::Negative));
        assert_eq!(cents("1.234"), Err(NumberFault::TooManyDecimals));
        for text in ["1.23.456", "0.234.567", "1.234,567,8", "1,2.3,4", "12..5", "1.2345,6"] {
            assert_eq!(cents(text), Err(NumberFault::Thousands), "{text}");
        }
        assert_eq!(cents("10000000000000000"), Err(NumberFault::Overflow));
        assert_eq!(cents("99999999999999999999999999"), Err(NumberFault::Overflow));
    }

    #[test]
    fn a_number_shows_what_its_mark_is() {
        let evidence = |text: &str| grams(text, None).1;
        for text in ["850000.125", "0.125", "1250.5", "12.50", "1,250.5", "1,234,567", ".125", "1234.567"] {
            assert_eq!(evidence(text), Evidence::Proves(Mark::Point), "{text}");
        }
        for text in ["850000,125", "0,125", "1.250,5", "1.234.567", "1.234,567"] {
            assert_eq!(evidence(text), Evidence::Proves(Mark::Comma), "{text}");
        }
        assert_eq!(evidence("1.250"), Evidence::ThreeDigits(Mark::Point));
        assert_eq!(evidence("850,125"), Evidence::ThreeDigits(Mark::Comma));
        assert_eq!(evidence("1250"), Evidence::None);
    }

    #[test]
    fn a_known_mark_decides() {
        assert_eq!(grams("1.250", Some(Mark::Point)), (Ok(1_250), Evidence::None));
        assert_eq!(grams("1.250", Some(Mark::Comma)), (Ok(1_250_000), Evidence::None));
        assert_eq!(grams("1.250,5", Some(Mark::Comma)), (Ok(1_250_500), Evidence::None));
        assert_eq!(grams("1,250.5", Some(Mark::Point)), (Ok(1_250_500), Evidence::None));
        assert_eq!(grams("1.250,5", Some(Mark::Point)).0, Err(NumberFault::Thousands));
        assert_eq!(grams("12.5", Some(Mark::Comma)).0, Err(NumberFault::Thousands));
        assert_eq!(grams("1234.567", Some(Mark::Comma)).0, Err(NumberFault::Thousands));
    }
}
