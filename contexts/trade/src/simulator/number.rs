//! Numbers as they are printed: exact money, fixed decimals, and the way people write them in Brazil.

use platform::http::language::Language;

use crate::domain::code::Month;

pub use platform::http::language::pick;

/// Appends an integer.
pub fn push_integer(out: &mut String, value: i64) {
    out.push_str(itoa::Buffer::new().format(value));
}

fn push_digit(out: &mut String, digit: i64) {
    out.push(char::from(b'0' + u8::try_from(digit.unsigned_abs() % 10).unwrap_or(0)));
}

/// Appends a number rounded to `decimals` (0–6), trailing zeros trimmed: `4.2`, `-0.07`, `17599`.
/// What is no number, or too large to round exactly, is `null`.
pub fn push_decimal(out: &mut String, value: f64, decimals: u32) {
    match rounded(value, decimals) {
        Some(scaled) => push_scaled(out, scaled, decimals, '.', true),
        None => out.push_str("null"),
    }
}

/// `value` in units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ, rounded half away from zero.
#[expect(clippy::cast_possible_truncation, reason = "checked against 2⁵³ just before")]
fn rounded(value: f64, decimals: u32) -> Option<i64> {
    let scaled = (value * POWERS[decimals.min(6) as usize]).round();
    (scaled.abs() < 9e15).then_some(scaled as i64)
}

const POWERS: [f64; 7] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];

fn push_scaled(out: &mut String, scaled: i64, decimals: u32, point: char, trim: bool) {
    let unit = 10_i64.pow(decimals);
    if scaled < 0 {
        out.push('-');
    }
    let (whole, rest) = (scaled.abs() / unit, scaled.abs() % unit);
    if point == ',' {
        push_grouped(out, whole, '.')
    } else {
        push_integer(out, whole)
    }
    if decimals == 0 || (trim && rest == 0) {
        return;
    }
    out.push(point);
    let (mut place, mut rest) = (unit / 10, rest);
    while place > 0 {
        push_digit(out, rest / place);
        rest %= place;
        place /= 10;
        if trim && rest == 0 {
            break;
        }
    }
}

fn push_grouped(out: &mut String, whole: i64, separator: char) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(whole);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
}

/// A number with `decimals` as people of the language write it: `1.234,5` or `1,234.5`.
#[must_use]
pub fn human(value: f64, decimals: u32, language: Language) -> String {
    let mut out = String::with_capacity(16);
    push_human(&mut out, value, decimals, language);
    out
}

/// Appends what [`human`] gives; `–` for what is no number.
pub fn push_human(out: &mut String, value: f64, decimals: u32, language: Language) {
    let Some(scaled) = rounded(value, decimals) else {
        out.push('–');
        return;
    };
    if language == Language::PtBr {
        push_scaled(out, scaled, decimals, ',', false);
        return;
    }
    if scaled < 0 {
        out.push('-');
    }
    let unit = 10_i64.pow(decimals);
    push_grouped(out, scaled.abs() / unit, ',');
    if decimals > 0 {
        let mut fraction = String::with_capacity(8);
        push_scaled(&mut fraction, scaled.abs() % unit, decimals, '.', false);
        out.push_str(fraction.trim_start_matches('0'));
    }
}

/// Appends dollars in short: `US$ 31,5 bi`, `US$ 820 mil`, `US$ 95`.
#[expect(clippy::cast_precision_loss, reason = "rounded to two digits anyway")]
pub fn push_usd_short(out: &mut String, cents: i64, language: Language) {
    let usd = cents as f64 / 100.0;
    out.push_str("US$ ");
    // The bounds are where rounding would show a thousand of the smaller unit.
    let (divisor, decimals, portuguese, english) = match usd.abs() {
        usd if usd < 999.5 => (1.0, 0, "", ""),
        usd if usd < 999_500.0 => (1e3, u32::from(usd < 9_950.0), " mil", " thousand"),
        usd if usd < 999_950_000.0 => (1e6, 1, " mi", " million"),
        _ => (1e9, 1, " bi", " billion"),
    };
    push_human(out, usd / divisor, decimals, language);
    out.push_str(pick(language, portuguese, english));
}

/// Appends a month as people write it: `fev/2025`, `Feb 2025`.
pub fn push_month(out: &mut String, month: Month, language: Language) {
    let at = usize::from(month.month() - 1);
    let (name, gap) = match language {
        Language::PtBr => (MONTHS_PT[at], '/'),
        Language::En => (MONTHS_EN[at], ' '),
    };
    out.push_str(name);
    out.push(gap);
    push_integer(out, i64::from(month.year()));
}

const MONTHS_PT: [&str; 12] = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"];
const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(push: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        push(&mut out);
        out
    }

    #[test]
    fn decimals_are_rounded_and_trimmed() {
        for (value, decimals, expected) in [
            (4.196, 2, "4.2"),
            (-0.074, 2, "-0.07"),
            (17_599.04, 1, "17599"),
            (0.5, 4, "0.5"),
            (1.005_06, 4, "1.0051"),
            (0.000_01, 4, "0"),
            (-0.000_01, 4, "0"),
            (10.0, 2, "10"),
            (f64::NAN, 2, "null"),
            (f64::INFINITY, 2, "null"),
        ] {
            assert_eq!(text(|out| push_decimal(out, value, decimals)), expected);
        }
    }

    #[test]
    fn people_read_their_own_numbers() {
        assert_eq!(human(1_234_567.891, 2, Language::PtBr), "1.234.567,89");
        assert_eq!(human(1_234_567.891, 2, Language::En), "1,234,567.89");
        assert_eq!(human(-12.3, 1, Language::PtBr), "-12,3");
        assert_eq!(human(-0.05, 1, Language::En), "-0.1");
        assert_eq!(human(17_599.0, 0, Language::En), "17,599");
        let short = |cents, language| text(|out| push_usd_short(out, cents, language));
        assert_eq!(short(3_148_969_919_900, Language::PtBr), "US$ 31,5 bi");
        assert_eq!(short(3_148_969_919_900, Language::En), "US$ 31.5 billion");
        assert_eq!(short(99_994_999_999, Language::PtBr), "US$ 999,9 mi");
        assert_eq!(short(82_012_300, Language::PtBr), "US$ 820 mil");
        assert_eq!(short(123_400, Language::PtBr), "US$ 1,2 mil");
        assert_eq!(short(9_500, Language::PtBr), "US$ 95");
    }

    proptest! {
        #[test]
        fn a_printed_decimal_reads_back(value in -1e9..1e9_f64, decimals in 0..6_u32) {
            let printed: f64 = text(|out| push_decimal(out, value, decimals)).parse().unwrap();
            prop_assert!((printed - value).abs() <= 0.5 / 10_f64.powi(decimals as i32) + 1e-6);
        }
    }
}
