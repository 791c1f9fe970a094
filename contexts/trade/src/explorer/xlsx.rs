//! The table as a workbook: the rows with typed numbers, and a sheet that says what they are.
//!
//! Numbers of a workbook are 64-bit floats: a value in cents is exact to US$ 90 trillion and a weight in grams to
//! 9 billion tonnes, beyond all the exports of Brazil since 1989.

use chrono::{Datelike, NaiveDate};
use platform::http::language::Language;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError};

use super::about::{Asked, Line, Said, lines, meaning};
use super::render::{Cell, Column, Filler, file_columns};
use super::request::{Dimension, Measure};
use super::rows::{Answer, Questions};

/// Most characters of a cell.
const CELL_CHARACTERS_MAX: usize = 32_767;

/// How the cells of the first sheet look.
struct Looks {
    header: Format,
    whole: Format,
    cents: Format,
    grams: Format,
    percent: Format,
    price: Format,
    index: Format,
}

impl Looks {
    fn new() -> Self {
        let number = |pattern: &str| Format::new().set_num_format(pattern);
        Self {
            header: Format::new().set_bold(),
            whole: number("#,##0"),
            cents: number("#,##0.00"),
            grams: number("#,##0.000"),
            percent: number("0.00%"),
            price: number("#,##0.0000"),
            index: number("0.0000"),
        }
    }
}

/// The workbook as bytes: the same for the same snapshot, question, language and day.
///
/// # Errors
/// Where the format cannot hold the table, which its bounds exclude.
pub(super) fn workbook(questions: &Questions<'_>, answer: &Answer, asked: &Asked) -> Result<Vec<u8>, XlsxError> {
    let portuguese = questions.request.language == Language::PtBr;
    let mut workbook = Workbook::new();
    let title = if portuguese { "Exportações do Brasil" } else { "Exports of Brazil" };
    // Without it the moment would be in the file, and no two files the same.
    let created = day_of(asked.day)?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
    let data = workbook.add_worksheet().set_name(if portuguese { "Dados" } else { "Data" })?;
    let columns = file_columns(questions);
    fill(data, &columns, questions, answer)?;
    let about = workbook.add_worksheet().set_name(if portuguese { "Sobre" } else { "About" })?;
    let names: Vec<&'static str> = columns.iter().map(|(name, _)| *name).collect();
    tell(about, &lines(questions, answer, asked), &names, questions.request.language)?;
    workbook.save_to_buffer()
}

fn day_of(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, day.month().to_le_bytes()[0], day.day().to_le_bytes()[0])
}

/// Columns and rows are within the bounds of the format: 50,000 rows, some twenty columns.
fn fill(
    sheet: &mut Worksheet,
    columns: &[(&'static str, Column)],
    questions: &Questions<'_>,
    answer: &Answer,
) -> Result<(), XlsxError> {
    let looks = Looks::new();
    for (at, (name, _)) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, at, *name, &looks.header)?;
        sheet.set_column_width(at, width(name))?;
    }
    let filler = Filler::new(questions, answer);
    for (line, row) in (1_u32..).zip(&answer.rows) {
        for (at, (_, column)) in (0_u16..).zip(columns) {
            write(sheet, (line, at), *column, &filler.cell(*column, row), &looks)?;
        }
    }
    let last_row = u32::try_from(answer.rows.len()).unwrap_or_default();
    let last_column = u16::try_from(columns.len().saturating_sub(1)).unwrap_or_default();
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last_row, last_column)?;
    // Codes are texts of digits on purpose.
    sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (line, at): (u32, u16),
    column: Column,
    cell: &Cell<'_>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Null => return Ok(()),
        Cell::Bool(value) => sheet.write_boolean(line, at, *value)?,
        Cell::Text(text) => sheet.write_string(line, at, fitting(text))?,
        // A code counts nothing.
        Cell::Int(value) if matches!(column, Column::Code(dimension) if dimension != Dimension::Year) => {
            sheet.write_string(line, at, value.to_string())?
        }
        Cell::Int(value) => match column {
            Column::Measure(_) => {
                sheet.write_number_with_format(line, at, float(i128::from(*value), 1), &looks.whole)?
            }
            _ => sheet.write_number(line, at, float(i128::from(*value), 1))?,
        },
        Cell::Usd(cents) => {
            let look = if cents % 100 == 0 { &looks.whole } else { &looks.cents };
            sheet.write_number_with_format(line, at, float(i128::from(*cents), 100), look)?
        }
        Cell::Kg(grams) => {
            let look = if grams % 1000 == 0 { &looks.whole } else { &looks.grams };
            sheet.write_number_with_format(line, at, float(i128::from(*grams), 1000), look)?
        }
        Cell::Ratio(millionths) => {
            let look = match column {
                Column::Measure(Measure::Share | Measure::Growth) => &looks.percent,
                Column::Measure(Measure::Price) => &looks.price,
                _ => &looks.index,
            };
            sheet.write_number_with_format(line, at, float(*millionths, 1_000_000), look)?
        }
    };
    Ok(())
}

/// The float nearest to `value` / `unit`, which is a power of ten.
#[expect(clippy::cast_precision_loss, reason = "the format has no other numbers; see the top of this file")]
fn float(value: i128, unit: i128) -> f64 {
    value as f64 / unit as f64
}

fn fitting(text: &str) -> &str {
    text.char_indices().nth(CELL_CHARACTERS_MAX).map_or(text, |(end, _)| &text[..end])
}

fn width(column: &str) -> f64 {
    if column.ends_with("_description") {
        60.0
    } else if column.ends_with("_name") {
        28.0
    } else if matches!(column, "fob" | "kg" | "qt") {
        20.0
    } else if matches!(column, "sector" | "bloc" | "region") {
        26.0
    } else {
        15.0
    }
}

/// Fills the sheet that says what the rows are.
fn tell(sheet: &mut Worksheet, lines: &[Line], columns: &[&'static str], language: Language) -> Result<(), XlsxError> {
    let (name, value) = (Format::new().set_bold().set_align(FormatAlign::Top), Format::new().set_text_wrap());
    let left = Format::new().set_align(FormatAlign::Left);
    sheet.set_column_width(0, 28)?;
    sheet.set_column_width(1, 100)?;
    let mut at = 0;
    for (about, said) in lines {
        sheet.write_string_with_format(at, 0, *about, &name)?;
        match said {
            Said::Text(text) => sheet.write_string_with_format(at, 1, fitting(text), &value)?,
            #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
            Said::Number(number) => {
                sheet.write_number_with_format(at, 1, *number as f64, &left.clone().set_num_format("#,##0"))?
            }
            Said::Day(day) => {
                let pattern = if language == Language::PtBr { "dd/mm/yyyy" } else { "yyyy-mm-dd" };
                sheet.write_date_with_format(at, 1, day_of(*day)?, &left.clone().set_num_format(pattern))?
            }
        };
        at += 1;
    }
    at += 1;
    sheet.write_string_with_format(at, 0, if language == Language::PtBr { "Colunas" } else { "Columns" }, &name)?;
    for column in columns {
        let meaning = meaning(column, language);
        if !meaning.is_empty() {
            at += 1;
            sheet.write_string(at, 0, *column)?;
            sheet.write_string_with_format(at, 1, meaning, &value)?;
        }
    }
    Ok(())
}
