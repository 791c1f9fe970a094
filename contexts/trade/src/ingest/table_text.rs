//! The ministry's code tables as text: quoted, but not always well.
//!
//! Published files hold line breaks inside quotes, quotes inside quotes that nobody doubled (`940 mm (37"),
//! para`), and `NA` without quotes for a missing value. A strict parser fails on them and a lenient one
//! drops the inch marks, so this one decides what a quote means by what stands around it.

use encoding_rs::WINDOWS_1252;

/// A table row: its line in the file, from 1, and its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Line where the row begins.
    pub line: u64,
    /// Values; line breaks and runs of spaces made one space. `None` for an unquoted `NA` or nothing.
    pub fields: Vec<Option<String>>,
}

/// The bytes as text: UTF-8 if they are, else Windows-1252, which holds all of latin-1 and the control
/// bytes that some copies carry.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Splits a table into rows. Never fails: rows that came out with another number of fields than the
/// header are the caller's to judge.
#[must_use]
pub fn rows(text: &str) -> Vec<TableRow> {
    let bytes = text.as_bytes();
    let delimiter = delimiter_of(text);
    let mut rows: Vec<TableRow> = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while at < bytes.len() {
        let (mut fields, mut end) = record(text, at, delimiter, Pairs::ByContext);
        if let Some(expected) = rows.first().map(|header| header.fields.len())
            && fields.len() != expected
        {
            // Too clever: a row whose quotes are wrong in another way may still add up when every
            // doubled quote is a pair (subheading 870895 as published).
            let (plain, plain_end) = record(text, at, delimiter, Pairs::Always);
            if plain.len() == expected {
                (fields, end) = (plain, plain_end);
            }
        }
        if fields.iter().any(Option::is_some) {
            rows.push(TableRow { line, fields });
        }
        // To the next line; nothing else stands here, since records end at line ends.
        while matches!(bytes.get(end), Some(b'\r' | b'\n')) {
            end += 1;
        }
        line += memchr::memchr_iter(b'\n', &bytes[at..end]).count() as u64;
        at = end;
    }
    rows
}

/// What two quotes in a row mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pairs {
    /// One quote, always.
    Always,
    /// One quote, unless the second ends the field.
    ByContext,
}

/// The fields of the record that begins at `from`, and where it ends.
fn record(text: &str, from: usize, delimiter: u8, pairs: Pairs) -> (Vec<Option<String>>, usize) {
    let bytes = text.as_bytes();
    let mut fields = Vec::new();
    let mut at = from;
    loop {
        let (value, end) = if bytes.get(at) == Some(&b'"') {
            let end = closing_quote(bytes, at + 1, delimiter, pairs);
            let value = fold_spaces(&text[at + 1..end].replace("\"\"", "\""));
            // A delimiter between quotes is no text: two fields were glued, and the first is this one.
            let glued = ['"', char::from(delimiter), '"'].iter().collect::<String>();
            let value = value.split(&glued).next().unwrap_or_default().to_owned();
            ((!value.is_empty()).then_some(value), (end + 1).min(bytes.len()))
        } else {
            let length = bytes[at..].iter().position(|byte| *byte == delimiter || matches!(byte, b'\r' | b'\n'));
            let end = length.map_or(bytes.len(), |length| at + length);
            let value = fold_spaces(&text[at..end]);
            ((!value.is_empty() && value != "NA").then_some(value), end)
        };
        fields.push(value);
        at = end;
        if bytes.get(at) != Some(&delimiter) {
            return (fields, at);
        }
        at += 1;
    }
}

fn delimiter_of(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    if header.contains(';') || !header.contains(',') { b';' } else { b',' }
}

/// Where the field that opened before `from` ends: the index of its closing quote, or of the end.
fn closing_quote(bytes: &[u8], from: usize, delimiter: u8, pairs: Pairs) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memchr(b'"', &bytes[at..]) {
        let quote = at + found;
        let doubled = bytes.get(quote + 1) == Some(&b'"');
        if closes(bytes, quote, delimiter) && !(doubled && pairs == Pairs::Always) {
            return quote;
        }
        // A doubled quote is passed as a pair, unless its second half is what closes the field: then
        // the first is an inch mark that nobody doubled.
        let pair = doubled && (pairs == Pairs::Always || !closes(bytes, quote + 1, delimiter));
        at = quote + if pair { 2 } else { 1 };
    }
    bytes.len()
}

/// Whether a quote ends its field: after it comes a delimiter and the beginning of another field, or a
/// line end.
fn closes(bytes: &[u8], quote: usize, delimiter: u8) -> bool {
    match bytes.get(quote + 1) {
        Some(byte) if *byte == delimiter => {
            let rest = &bytes[quote + 2..];
            matches!(rest.first(), None | Some(b'"' | b'\r' | b'\n' | b'0'..=b'9'))
                || rest.first() == Some(&delimiter)
                || rest.starts_with(b"NA")
        }
        None | Some(b'\r' | b'\n') => true,
        Some(_) => false,
    }
}

/// One space for every run of spaces and line breaks, none at the ends.
fn fold_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<Vec<String>> {
        rows(text)
            .into_iter()
            .map(|row| row.fields.into_iter().map(|field| field.unwrap_or_else(|| "-".to_owned())).collect())
            .collect()
    }

    #[test]
    fn malformed_rows_keep_every_character_that_means_something() {
        let text = "\"A\";\"B\";\"C\"\r\n\"1\";\"940 mm (37\"), para (57\")\";\"940 mm (37\"\"), (57\"\")\"\r\n\
                    \"2\";NA;\"one \r\r\ntwo\"\r\n\"3\";\"ends with 37\"\";\"\"\r\n\"4\";\"ends 37\"\"\";NA\r\n";
        assert_eq!(
            fields(text),
            [
                ["A", "B", "C"],
                ["1", "940 mm (37\"), para (57\")", "940 mm (37\"), (57\")"],
                ["2", "-", "one two"],
                ["3", "ends with 37\"", "-"],
                ["4", "ends 37\"", "-"],
            ]
        );
    }

    #[test]
    fn a_row_with_glued_fields_still_has_the_right_number() {
        let text = "\"A\";\"B\";\"C\"\n\"x (\"\"y\"\"\"\"), z\"\";\"\" zz\";\"w\"\"\";\"e\"\n";
        assert_eq!(fields(text)[1], ["x (\"y\"\"), z", "w\"", "e"]);
    }

    #[test]
    fn line_numbers_survive_line_breaks_in_fields() {
        let lines: Vec<u64> = rows("a;b\n\"1\";\"x\ny\"\n\n2;3\n").iter().map(|row| row.line).collect();
        assert_eq!(lines, [1, 2, 5]);
    }

    #[test]
    fn a_quoted_na_is_a_value() {
        assert_eq!(fields("\"NA\";NA;n\n"), [["NA", "-", "n"]]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[a\";\r\nNA1é]{0,200}") {
            let _rows = rows(&text);
        }

        #[test]
        fn well_formed_tables_come_back(table in proptest::collection::vec(proptest::collection::vec("[a-zA-Zé\"]{1,8}", 3), 1..6)) {
            let text: String = table.iter().map(|row| {
                let quoted: Vec<String> = row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
                quoted.join(";") + "\r\n"
            }).collect();
            proptest::prop_assert_eq!(fields(&text), table);
        }
    }
}
