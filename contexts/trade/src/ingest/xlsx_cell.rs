//! A cell as the text that a CSV file would have there.

use calamine::DataRef;

use super::error::Fault;
use super::layout::Role;
use super::split::trim;

/// The cell's value as text. `formula` tells that it is the stored result of one.
///
/// # Errors
/// Cells that hold no value to take: errors, dates, formulas never calculated.
pub fn text_of(value: &DataRef<'_>, formula: bool, role: Role) -> Result<String, Fault> {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number, decimals(role)),
        DataRef::String(text) => clean(text),
        DataRef::SharedString(text) => clean(text),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => return Err(Fault::DateCell),
        DataRef::Error(error) => return Err(Fault::CellError(error.to_string())),
    };
    if formula && text.is_empty() {
        return Err(Fault::FormulaWithoutValue);
    }
    Ok(text)
}

/// Decimals that a column of this role keeps.
const fn decimals(role: Role) -> usize {
    match role {
        Role::Value => 2,
        Role::Weight => 3,
        _ => 0,
    }
}

/// Without the blanks, also unbreakable ones, that spreadsheets carry around.
fn clean(text: &str) -> String {
    String::from_utf8_lossy(trim(text.as_bytes())).into_owned()
}

/// Excel stores numbers as binary fractions, so `0.1 + 0.2` arrives as `0.30000000000000004`. A number
/// that is within a millionth (or two units of its last binary place, where numbers are so large that
/// those are wider) of a decimal with `decimals` places is that decimal. Any other is written out in
/// full, and the row is rejected for its many decimals.
fn number_text(number: f64, decimals: usize) -> String {
    let shortest = number.to_string();
    let fraction = shortest.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    // Beyond 2^53 neighbouring integers share a number: what was meant is lost.
    if number.abs() > 9_007_199_254_740_992.0 {
        return format!("{number:e}");
    }
    if fraction <= decimals {
        return shortest;
    }
    let rounded = format!("{number:.decimals$}");
    let tolerance = 1e-6_f64.max(number.abs() * 2.0 * f64::EPSILON);
    let near = rounded.parse::<f64>().is_ok_and(|back| (back - number).abs() <= tolerance);
    if near { rounded } else { shortest }
}

/// `C` for the column with index 2.
#[must_use]
pub fn column_letters(index: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_decimals_they_stand_for() {
        assert_eq!(number_text(1_489.0, 2), "1489");
        assert_eq!(number_text(0.1 + 0.2, 2), "0.30");
        assert_eq!(number_text(48_252_908_258.55, 2), "48252908258.55");
        assert_eq!(number_text(1_234.567, 3), "1234.567");
        assert_eq!(number_text(9_011_110.0, 0), "9011110");
        assert_eq!(number_text(-5.0, 2), "-5");
        // Not a rounding error of anything: rejected later, for its decimals.
        assert_eq!(number_text(1.23456, 2), "1.23456");
        assert_eq!(number_text(0.005, 2), "0.005");
        assert_eq!(number_text(1e17, 2), "1e17");
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 2, 25, 26, 701, 702].map(column_letters), ["A", "C", "Z", "AA", "ZZ", "AAA"]);
    }
}
