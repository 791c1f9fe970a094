//! One line into its fields.

use super::error::Fault;

/// Most columns that a file may have.
pub const MAX_COLUMNS: usize = 64;

/// A field as a piece of its line, quotes taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
    /// Whether it holds doubled quotes that [`Span::text`] leaves as they are.
    pub escaped: bool,
}

impl Span {
    /// The bytes, without surrounding spaces.
    #[inline]
    #[must_use]
    pub fn text<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        trim(&line[self.start as usize..self.end as usize])
    }
}

/// Without the blanks at both ends that programs leave there: spaces, tabs, CR, unbreakable and thin spaces.
#[inline]
#[must_use]
pub fn trim(field: &[u8]) -> &[u8] {
    // Nearly every field begins and ends with a visible ASCII character.
    let visible = |byte: &u8| (0x21..0x7f).contains(byte);
    if field.first().is_none_or(visible) && field.last().is_none_or(visible) { field } else { trim_blanks(field) }
}

fn trim_blanks(mut field: &[u8]) -> &[u8] {
    loop {
        field = match field {
            [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] => rest,
            // U+00A0 and the spaces, marks and zero widths of U+2000 to U+200D, U+202F, U+3000, U+FEFF in UTF-8.
            [0xc2, 0xa0, rest @ ..] => rest,
            [0xe2, 0x80, 0x80..=0x8d | 0xaf, rest @ ..] => rest,
            [0xe3, 0x80, 0x80, rest @ ..] | [0xef, 0xbb, 0xbf, rest @ ..] => rest,
            // An unbreakable space of latin-1: no character of UTF-8 begins with this byte.
            [0xa0, rest @ ..] => rest,
            _ => break,
        };
    }
    loop {
        field = match field {
            [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] => rest,
            [rest @ .., 0xc2, 0xa0] => rest,
            [rest @ .., 0xe2, 0x80, 0x80..=0x8d | 0xaf] => rest,
            [rest @ .., 0xe3, 0x80, 0x80] | [rest @ .., 0xef, 0xbb, 0xbf] => rest,
            // After an ASCII character it belongs to no character of UTF-8.
            [rest @ .., 0x00..=0x7f, 0xa0] => &field[..=rest.len()],
            [0xa0] => &[],
            _ => return field,
        };
    }
}

/// Doubled quotes made single.
#[must_use]
pub fn unescape(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut bytes = field.iter();
    while let Some(byte) = bytes.next() {
        out.push(*byte);
        if *byte == b'"' {
            // The pair's second half: the splitter let no lone quote through.
            bytes.next();
        }
    }
    out
}

/// Splits `line` (no line end in it) into `spans`, which it clears first. A field that begins with a
/// quote ends at the next quote that is not doubled; delimiters inside count as text.
///
/// # Errors
/// The fault and the column, from 0, it is in.
#[inline]
pub fn split(line: &[u8], delimiter: u8, spans: &mut Vec<Span>) -> Result<(), (Fault, usize)> {
    spans.clear();
    let mut at = 0_usize;
    loop {
        if spans.len() == MAX_COLUMNS {
            let found = MAX_COLUMNS + 1;
            return Err((
                Fault::FieldCount { found, expected: MAX_COLUMNS, hint: ": that is the most a file may have" },
                MAX_COLUMNS,
            ));
        }
        let (start, end, escaped) = if line.get(at) == Some(&b'"') {
            let (end, escaped) = closing_quote(line, at + 1).map_err(|fault| (fault, spans.len()))?;
            let start = at + 1;
            at = end + 1;
            if at < line.len() && line[at] != delimiter {
                return Err((
                    Fault::Quote("text after a closing quote: write quotes inside a field twice"),
                    spans.len(),
                ));
            }
            (start, end, escaped)
        } else {
            let start = at;
            while at < line.len() && line[at] != delimiter {
                at += 1;
            }
            (start, at, false)
        };
        // A line is at most 64 KiB long: both fit.
        spans.push(Span { start: start as u32, end: end as u32, escaped });
        if at >= line.len() {
            return Ok(());
        }
        at += 1;
    }
}

fn closing_quote(line: &[u8], from: usize) -> Result<(usize, bool), Fault> {
    let mut at = from;
    let mut escaped = false;
    while at < line.len() {
        if line[at] == b'"' {
            if line.get(at + 1) != Some(&b'"') {
                return Ok((at, escaped));
            }
            escaped = true;
            at += 1;
        }
        at += 1;
    }
    Err(Fault::Quote("a quoted field is not closed on its line: trade files have no line breaks inside fields"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str, delimiter: u8) -> Result<Vec<String>, &'static str> {
        let mut spans = Vec::new();
        split(line.as_bytes(), delimiter, &mut spans).map_err(|(fault, _)| fault.code())?;
        Ok(spans
            .iter()
            .map(|span| {
                let text = span.text(line.as_bytes());
                let text = if span.escaped { unescape(text) } else { text.to_vec() };
                String::from_utf8(text).unwrap()
            })
            .collect())
    }

    #[test]
    fn quoted_and_plain_fields_split_alike() {
        assert_eq!(fields("a;b;c", b';').unwrap(), ["a", "b", "c"]);
        assert_eq!(fields("\"a\";\"b\";c", b';').unwrap(), ["a", "b", "c"]);
        assert_eq!(fields(" a ;\"b \";", b';').unwrap(), ["a", "b", ""]);
        assert_eq!(fields("\"Bolívia, Estado\",1", b',').unwrap(), ["Bolívia, Estado", "1"]);
        assert_eq!(fields("\"a \"\"b\"\" c\"\"\",\"\"", b',').unwrap(), ["a \"b\" c\"", ""]);
        assert_eq!(fields("", b';').unwrap(), [""]);
    }

    #[test]
    fn broken_quotes_and_endless_columns_are_faults() {
        assert_eq!(fields("a;\"b", b';').unwrap_err(), "quote_malformed");
        assert_eq!(fields("\"a\"b;c", b';').unwrap_err(), "quote_malformed");
        assert_eq!(fields(&";".repeat(100), b';').unwrap_err(), "field_count");
    }
}
