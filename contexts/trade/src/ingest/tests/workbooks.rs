//! XLSX workbooks.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::super::error::ReadError;
use super::super::summary::ReadSummary;
use super::super::xlsx::read_xlsx;
use super::{OFFICIAL, Scratch, gzip, lenient, names, read_by_proved_marks, real_data};
use crate::domain::code::Ncm;
use crate::domain::fact::Fact;

const SIMPLE_COLUMNS: [&str; 7] = ["ano", "mes", "pais", "setor", "ncm", "valor_usd", "peso_kg"];

fn read(path: &Path, sheet: Option<&str>) -> Result<(ReadSummary, Vec<Fact>), ReadError> {
    read_by_proved_marks(&lenient(), |options, sink| read_xlsx(path, sheet, options, &mut names(), sink, &|_| {}))
}

/// A workbook with the simple header in row 1 of `Dados`, and what `fill` puts below it.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> (Scratch, std::path::PathBuf) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Dados").unwrap();
    header(sheet, 0);
    fill(sheet);
    save(workbook)
}

fn save(mut workbook: Workbook) -> (Scratch, std::path::PathBuf) {
    let scratch = Scratch::new();
    let path = scratch.path("exportacao.xlsx");
    workbook.save(&path).unwrap();
    (scratch, path)
}

fn header(sheet: &mut Worksheet, row: u32) {
    for (column, name) in (0_u16..).zip(SIMPLE_COLUMNS) {
        sheet.write_string(row, column, name).unwrap();
    }
}

fn row(sheet: &mut Worksheet, row: u32, ncm: f64, value: f64, weight: f64) {
    sheet.write_number(row, 0, 2024).unwrap();
    sheet.write_number(row, 1, 3).unwrap();
    sheet.write_string(row, 2, "China").unwrap();
    sheet.write_string(row, 3, "Agropecuária").unwrap();
    sheet.write_number(row, 4, ncm).unwrap();
    sheet.write_number(row, 5, value).unwrap();
    sheet.write_number(row, 6, weight).unwrap();
}

fn refusal(fill: impl FnOnce(&mut Worksheet)) -> String {
    let (_scratch, path) = workbook(fill);
    let error = read(&path, None).unwrap_err();
    let text = error.to_string();
    format!("{}: {}", error.code(), text.rsplit_once("exportacao.xlsx: ").unwrap().1)
}

#[test]
fn numbers_lost_zeros_and_texts_are_understood() {
    let (_scratch, path) = workbook(|sheet| {
        row(sheet, 1, 9_011_110.0, 0.1 + 0.2, 1_234.567);
        row(sheet, 2, 12_019_000.0, 1.0, 2.0);
        sheet.write_string(2, 5, "\u{a0}1234,56 ").unwrap();
        sheet.write_string(2, 4, "1201.90.00").unwrap();
        row(sheet, 3, 12_019_000.0, 1.0, 2.0);
        sheet.write_formula(3, 5, Formula::new("=1+1").set_result("2.5")).unwrap();
    });
    let (summary, facts) = read(&path, None).unwrap();
    assert_eq!(facts.iter().map(|fact| fact.ncm).collect::<Vec<_>>(), [9_011_110, 12_019_000, 12_019_000].map(Ncm));
    assert_eq!(facts.iter().map(|fact| fact.fob_cents).collect::<Vec<_>>(), [30, 123_456, 250]);
    assert_eq!(facts[0].weight_g, 1_234_567);
    assert_eq!((facts[0].country, facts[0].sector), (160, 0));
    assert_eq!((summary.rows_read, summary.sha256.len()), (3, 64));
}

#[test]
fn titles_above_and_totals_below_are_no_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 1, 0, 7, "Exportações do Brasil", &Format::new()).unwrap();
    sheet.write_string(2, 1, "Fonte: planilha da casa").unwrap();
    for (column, name) in (1_u16..).zip(SIMPLE_COLUMNS) {
        sheet.write_string(4, column, name).unwrap();
    }
    for (column, value) in (1_u16..).zip(["2024", "3", "China", "", "12019000", "10,5", "7"]) {
        sheet.write_string(5, column, value).unwrap();
    }
    sheet.write_string(7, 1, "Total Geral").unwrap();
    sheet.write_number(7, 6, 10.5).unwrap();
    sheet.write_string(8, 1, "Nota: valores em US$ FOB").unwrap();
    let (_scratch, path) = save(book);
    let (summary, facts) = read(&path, None).unwrap();
    assert_eq!((facts.len(), summary.rows_rejected, facts[0].fob_cents), (1, 0, 1_050));
    assert_eq!(summary.notices.len(), 2, "{:?}", summary.notices);
    assert!(summary.notices[0].contains("row 8: skipped as a total or note: Total Geral"), "{:?}", summary.notices);
}

#[test]
fn a_total_in_the_middle_is_a_bad_row() {
    let (_scratch, path) = workbook(|sheet| {
        row(sheet, 1, 12_019_000.0, 1.0, 2.0);
        sheet.write_string(2, 0, "Total").unwrap();
        row(sheet, 3, 12_019_000.0, 1.0, 2.0);
    });
    let (summary, _) = read(&path, None).unwrap();
    assert_eq!((summary.rows_accepted, summary.rows_rejected), (2, 1));
    let place = &summary.first_rejects[0].place;
    assert_eq!(place.to_string(), "sheet \"Dados\", row 3, column A (ano)");
}

#[test]
fn values_that_cannot_be_taken_reject_their_row() {
    let (_scratch, path) = workbook(|sheet| {
        for index in 1..=5 {
            row(sheet, index, 12_019_000.0, 1.0, 2.0);
        }
        sheet.write_string(1, 6, "1.23.4").unwrap();
        sheet.write_string(2, 6, "12.34,5").unwrap();
        sheet.write_number(3, 5, 1.23456).unwrap();
        sheet.write_number(4, 5, -1).unwrap();
        sheet.write_number(5, 4, 1_201.5).unwrap();
    });
    let (summary, _) = read(&path, None).unwrap();
    let reasons: Vec<_> = summary.first_rejects.iter().map(|reject| reject.reason.code()).collect();
    assert_eq!(reasons, ["thousands_separator", "thousands_separator", "too_many_decimals", "negative", "ncm"]);
}

#[test]
fn errors_dates_and_uncalculated_formulas_name_their_cell() {
    insta::assert_snapshot!(refusal(|sheet| {
        row(sheet, 1, 12_019_000.0, 1.0, 2.0);
        sheet.write_formula(1, 5, Formula::new("=A1/0").set_result("#DIV/0!")).unwrap();
    }), @r#"cell_error: sheet "Dados", row 2, column F (valor_usd): cell holds the error #DIV/0!: repair the formula, then save the workbook"#);
    insta::assert_snapshot!(refusal(|sheet| {
        row(sheet, 1, 12_019_000.0, 1.0, 2.0);
        let date = ExcelDateTime::parse_from_str("2024-03-01").unwrap();
        sheet.write_datetime_with_format(1, 1, &date, &Format::new().set_num_format("mm/yyyy")).unwrap();
    }), @r#"date_cell: sheet "Dados", row 2, column B (mes): cell holds a date where a number is expected: write year and month as plain numbers in columns of their own"#);
}

#[test]
fn a_formula_that_was_never_calculated_is_no_zero() {
    let (scratch, path) = workbook(|sheet| {
        row(sheet, 1, 12_019_000.0, 1.0, 2.0);
        sheet.write_formula(1, 6, Formula::new("=A1").set_result("777")).unwrap();
    });
    // As programs write it that cannot calculate: the formula without a value.
    let bare = scratch.path("bare.xlsx");
    let mut from = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(fs::File::create(&bare).unwrap());
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = String::new();
        part.read_to_string(&mut content).unwrap();
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(content.replace("<v>777</v>", "").as_bytes()).unwrap();
    }
    to.finish().unwrap();
    assert_eq!(read(&path, None).unwrap().1[0].weight_g, 777_000);
    let error = read(&bare, None).unwrap_err();
    assert_eq!(error.code(), "formula_without_value");
    assert_eq!(error.place.to_string(), "sheet \"Dados\", row 2, column G (peso_kg)");
}

#[test]
fn sheets_are_chosen_by_header_or_by_name() {
    let build = || {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Leia-me").unwrap().write_string(0, 0, "sobre").unwrap();
        for name in ["Janeiro", "Fevereiro"] {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            header(sheet, 0);
            row(sheet, 1, 12_019_000.0, 1.0, 2.0);
        }
        save(book)
    };
    let (_scratch, path) = build();
    let (summary, facts) = read(&path, None).unwrap();
    assert_eq!((facts.len(), summary.notices.len()), (2, 1));
    assert_eq!(read(&path, Some("janeiro")).unwrap().1.len(), 1);
    let error = read(&path, Some("Março")).unwrap_err();
    assert_eq!(error.code(), "sheet_unknown");
    assert!(error.to_string().contains("\"Leia-me\", \"Janeiro\", \"Fevereiro\""), "{error}");
    assert_eq!(read(&path, Some("Leia-me")).unwrap_err().code(), "no_sheet_fits");
}

#[test]
fn a_header_with_a_column_too_few_is_refused_not_skipped() {
    let (_scratch, path) = workbook(|sheet| {
        sheet.write_string(0, 4, "produto").unwrap();
    });
    let error = read(&path, None).unwrap_err();
    assert_eq!(
        (error.code(), error.place.sheet.as_deref(), error.place.line),
        ("column_missing", Some("Dados"), Some(1))
    );
}

#[test]
fn what_is_no_workbook_is_told() {
    let scratch = Scratch::new();
    let code = |content: &[u8]| read(&scratch.file("x.xlsx", content), None).unwrap_err().code();
    assert_eq!(code(b""), "file_empty");
    assert_eq!(code(OFFICIAL.as_bytes()), "not_a_workbook");
    assert_eq!(code(&gzip(b"x")), "not_a_workbook");
    assert_eq!(code(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]), "not_a_workbook");
    assert_eq!(code(b"PK\x03\x04garbage"), "workbook_unreadable");
    let (_keep, path) = workbook(|sheet| row(sheet, 1, 12_019_000.0, 1.0, 2.0));
    let whole = fs::read(&path).unwrap();
    assert_eq!(code(&whole[..whole.len() / 2]), "workbook_unreadable");
    assert_eq!(read(&scratch.path(""), None).unwrap_err().code(), "not_a_file");
}

#[test]
fn a_workbook_that_unpacks_to_far_too_much_is_refused() {
    let scratch = Scratch::new();
    let path = scratch.path("bomb.xlsx");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap();
    assert_eq!(read(&path, None).unwrap_err().code(), "workbook_too_large");
}

#[test]
fn a_workbook_of_official_rows_equals_the_text() {
    let Some(path) = real_data("EXP_2021_amostra500.csv") else { return };
    let (_, expected) = super::read_file(&path, &lenient()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0_u32..).zip(text.lines()) {
        for (column, field) in (0_u16..).zip(line.split(';')) {
            // As a spreadsheet program opens a CSV: whatever looks like a number becomes one.
            match field.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, field).unwrap(),
            };
        }
    }
    let (_scratch, path) = save(book);
    assert_eq!(read(&path, None).unwrap().1, expected);
}
