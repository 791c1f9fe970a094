//! The table as CSV: RFC 4180, or as spreadsheets in Brazil open it.

use super::render::{Cell, Filler, file_columns, push_plain};
use super::request::Dialect;
use super::rows::{Answer, Questions};

/// What a dialect writes between and inside of the fields.
struct Marks {
    opening: &'static str,
    separator: char,
    decimal: char,
}

impl Marks {
    const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Plain => Self { opening: "", separator: ',', decimal: '.' },
            // With the byte order mark Excel reads UTF-8.
            Dialect::Br => Self { opening: "\u{feff}", separator: ';', decimal: ',' },
        }
    }
}

/// The rows of the answer, and what is covered in each.
pub(super) fn csv(questions: &Questions<'_>, answer: &Answer) -> String {
    let marks = Marks::of(questions.request.dialect);
    let columns = file_columns(questions);
    let filler = Filler::new(questions, answer);
    let mut out = String::with_capacity(64 + answer.rows.len() * columns.len() * 12);
    out.push_str(marks.opening);
    for (at, (name, _)) in columns.iter().enumerate() {
        if at > 0 {
            out.push(marks.separator);
        }
        out.push_str(name);
    }
    out.push_str("\r\n");
    let mut number = String::new();
    for row in &answer.rows {
        for (at, (_, column)) in columns.iter().enumerate() {
            if at > 0 {
                out.push(marks.separator);
            }
            match filler.cell(*column, row) {
                Cell::Null => {}
                Cell::Text(text) => push_text(&mut out, &text, marks.separator),
                other => {
                    number.clear();
                    push_plain(&mut number, &other);
                    out.extend(number.chars().map(|letter| if letter == '.' { marks.decimal } else { letter }));
                }
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// Quoted where RFC 4180 wants it. A text that a spreadsheet would run as a formula gets an apostrophe first.
fn push_text(out: &mut String, text: &str, separator: char) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = text.contains([separator, '"', '\r', '\n']);
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    for letter in text.chars() {
        if letter == '"' {
            out.push('"');
        }
        out.push(letter);
    }
    if quoted {
        out.push('"');
    }
}
