//! Files that are refused: exit code 1, the file, the line and the column named, nothing changed.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use testkit::TempDir;

use crate::files::{HEADER, ROW, file, gzip, large, official};
use crate::harness::{refused, shared};

/// Loads a file into the shared server's store; the refusal after the file's name.
#[track_caller]
fn refusal(command: &str, path: &str) -> String {
    let server = shared();
    let before = server.get("/metrics/resumo").body;
    let message = refused(&server.data_dir, &["ingest", command, path]);
    assert_eq!(server.get("/metrics/resumo").body, before, "nothing changed");
    let message = message.trim_end();
    let told = message.strip_prefix(&format!("error: {path}: "));
    told.unwrap_or_else(|| panic!("the file is not named: {message}")).to_owned()
}

#[test]
fn files_that_are_none() {
    let dir = TempDir::new("none");
    let told = |path: &str| refusal("load-csv", path);
    let absent = dir.join("absent.csv");
    insta::assert_snapshot!(told(absent.to_str().unwrap()), @"cannot be read: No such file or directory (os error 2)");
    insta::assert_snapshot!(told(dir.path().to_str().unwrap()), @"is a directory, not a file: name one file");
    insta::assert_snapshot!(told(&file(dir.path(), "empty.csv", "")), @"is empty: download it again");
    insta::assert_snapshot!(told(&file(dir.path(), "only-header.csv", HEADER)), @"has a header and no rows: nothing to load");
    insta::assert_snapshot!(told(&file(dir.path(), "random.csv", [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 9])), @"line 1: NUL byte: the file is damaged or not a text file");
    insta::assert_snapshot!(told(&file(dir.path(), "book.csv", b"PK\x03\x04\x14\x00[Content_Types].xml")), @"is an XLSX workbook, not a text file: use load-xlsx");
}

#[test]
fn damaged_text_names_its_line_and_column() {
    let dir = TempDir::new("damaged");
    let text = |name: &str, content: String| refusal("load-csv", &file(dir.path(), name, content));
    let whole: String = (0..20_000_u64).map(|row| ROW.replace("1489", &(row * 7919 % 1_000_003).to_string())).collect();
    let packed = gzip(&format!("{HEADER}{whole}"));
    let cut = refusal("load-csv", &file(dir.path(), "cut.csv.gz", &packed[..packed.len() / 2]));
    assert!(cut.starts_with("line ") && cut.contains("gzip stream ends too early: the file is truncated"), "{cut}");
    insta::assert_snapshot!(text("tabs.csv", official(3, 0).replace(';', "\t")), @"line 1: columns are separated by tabs: write them with ; or ,");
    insta::assert_snapshot!(text("mixed.csv", format!("{HEADER}{ROW}{}", ROW.replace(';', ","))), @"line 3: row has 1 fields, the header has 11: the row is separated by commas, the header by semicolons");
    insta::assert_snapshot!(text("missing.csv", official(3, 0).replace("CO_PAIS;", "")), @"line 1: the header has no column CO_PAIS");
    insta::assert_snapshot!(text("nul.csv", format!("{HEADER}{ROW}{}", ROW.replace("160", "1\u{0}0"))), @"line 3, column 5 (CO_PAIS): NUL byte: the file is damaged or not a text file");
    insta::assert_snapshot!(text("long.csv", format!("{HEADER}{ROW}{}\n", "7".repeat(10 << 20))), @"line 3: line is longer than 65536 bytes: the file is damaged or not an export file");
    insta::assert_snapshot!(text("imports.csv", official(3, 0).replace("VL_FOB", "VL_FOB;VL_FRETE")), @"line 1: column VL_FRETE belongs to import files: this command loads exports (EXP_<year>.csv)");
}

#[test]
fn too_many_bad_rows_are_listed_beside_the_data() {
    let dir = TempDir::new("rejected");
    let bad = format!("{HEADER}{}{}", ROW.repeat(99), ROW.replace("1489", "-5"));
    let message = refusal("load-csv", &file(dir.path(), "EXP_bad.csv", bad));
    let list = shared().data_dir.join("rejected-EXP_bad.csv");
    assert!(
        message.contains("1 of 100 rows rejected, more than 0.1 %; first: line 101, column 11 (VL_FOB)"),
        "{message}"
    );
    assert!(message.contains(list.to_str().unwrap()), "{message}");
    let listed = std::fs::read_to_string(list).unwrap();
    assert!(listed.contains("\"101\"") && listed.contains("-5"), "{listed}");
}

/// A workbook of one sheet with a header and one good row, changed by `change`.
fn workbook(dir: &TempDir, name: &str, change: impl FnOnce(&mut Worksheet)) -> String {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Dados").unwrap();
    for (column, title) in (0_u16..).zip(["ano", "mes", "pais", "setor", "ncm", "valor_usd", "peso_kg"]) {
        sheet.write_string(0, column, title).unwrap();
    }
    for (column, value) in [(0, 2025.0), (1, 1.0), (4, 17_011_400.0), (5, 10.5), (6, 2.0)] {
        sheet.write_number(1, column, value).unwrap();
    }
    sheet.write_string(1, 2, "China").unwrap();
    change(sheet);
    let path = dir.join(name);
    book.save(&path).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn workbooks_name_their_sheet_row_and_column() {
    let dir = TempDir::new("workbooks");
    let told = |path: String| refusal("load-xlsx", &path);
    let formula = workbook(&dir, "formula.xlsx", |sheet| {
        sheet.write_formula(1, 5, Formula::new("=A1/0").set_result("#DIV/0!")).unwrap();
    });
    insta::assert_snapshot!(told(formula), @r#"sheet "Dados", row 2, column F (valor_usd): cell holds the error #DIV/0!: repair the formula, then save the workbook"#);
    let date = workbook(&dir, "date.xlsx", |sheet| {
        let date = ExcelDateTime::parse_from_str("2025-03-01").unwrap();
        sheet.write_datetime_with_format(1, 1, &date, &Format::new().set_num_format("mm/yyyy")).unwrap();
    });
    insta::assert_snapshot!(told(date), @r#"sheet "Dados", row 2, column B (mes): cell holds a date where a number is expected: write year and month as plain numbers in columns of their own"#);
    let text = file(dir.path(), "text.xlsx", official(3, 0));
    insta::assert_snapshot!(told(text), @"is another kind of file, not an XLSX workbook: use load-csv for CSV files");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let dir = TempDir::new("changing");
    let path = file(dir.path(), "EXP_growing.csv", std::fs::read(large()).unwrap());
    let ended = AtomicBool::new(false);
    let message = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut growing = std::fs::File::options().append(true).open(&path).unwrap();
            while !ended.load(Ordering::Relaxed) {
                growing.write_all(ROW.as_bytes()).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        });
        let outcome = std::panic::catch_unwind(|| refusal("load-csv", &path));
        ended.store(true, Ordering::Relaxed);
        outcome.unwrap()
    });
    assert!(message.contains("changed while it was read (it grew)"), "{message}");
}
