//! Files that are refused, each with its place.

use std::fs;

use super::super::csv::ReadOptions;
use super::{OFFICIAL, ROW, SIMPLE, Scratch, gzip, lenient, read_file, read_text, strict};

/// The code and message of the refusal, without the directory.
fn refusal(content: impl AsRef<[u8]>) -> (&'static str, String) {
    let error = read_text(content).unwrap_err();
    let text = error.to_string();
    let text = text.rsplit_once("/EXP.csv: ").map(|(_, message)| message.to_owned()).unwrap_or(text);
    (error.code(), text)
}

#[test]
fn not_a_file_at_all() {
    let scratch = Scratch::new();
    let code = |path: &str| read_file(&scratch.path(path), &lenient()).unwrap_err();
    assert_eq!(code("absent.csv").code(), "file_unreadable");
    assert_eq!(code("").code(), "not_a_file");
    assert!(code("").to_string().ends_with("is a directory, not a file: name one file"), "{}", code(""));
    assert_eq!(read_file("/dev/null".as_ref(), &lenient()).unwrap_err().code(), "not_a_file");
}

#[test]
fn empty_and_headless_files() {
    assert_eq!(refusal("").0, "file_empty");
    assert_eq!(refusal(gzip(b"")).0, "file_empty");
    assert_eq!(refusal(OFFICIAL).0, "no_rows");
    assert_eq!(refusal(OFFICIAL.trim_end()).0, "no_rows");
    assert_eq!(refusal(ROW).0, "header_unknown");
}

#[test]
fn other_kinds_of_file_say_what_they_are() {
    assert!(refusal(b"PK\x03\x04\x14\x00[Content_Types].xml").1.contains("load-xlsx"));
    assert_eq!(refusal(b"PK\x03\x04\x14\x00EXP_COMPLETA.csv").0, "zip_unfit");
    assert!(refusal(gzip(&gzip(OFFICIAL.as_bytes()))).1.contains("twice"));
    assert!(refusal(b"\xff\xfeC\x00O\x00").1.contains("UTF-16"));
    assert!(refusal("\n<!DOCTYPE html><html>").1.contains("web page"));
    assert_eq!(refusal([0x28, 0xb5, 0x2f, 0xfd, 0, 1]).0, "not_text");
}

#[test]
fn truncated_and_corrupt_gzip() {
    // Rows that do not compress away, so that cuts fall into the data.
    let rows: String = (0..50_000).map(|row| ROW.replace("1489", &(row * 7919 % 1_000_003).to_string())).collect();
    let whole = gzip(format!("{OFFICIAL}{rows}").as_bytes());
    for cut in [12, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        let (code, message) = refusal(&whole[..cut]);
        assert_eq!(code, "gzip_truncated", "cut at {cut}: {message}");
        assert!(message.starts_with("line "), "{message}");
    }
    let mut bad_check = whole.clone();
    let at = bad_check.len() - 6;
    bad_check[at] ^= 1;
    assert_eq!(refusal(&bad_check).0, "gzip_corrupt");
    let mut bad_data = whole;
    let middle = bad_data.len() / 2;
    bad_data[middle..middle + 64].fill(0xff);
    assert_eq!(refusal(&bad_data).0, "gzip_corrupt");
}

#[test]
fn wrong_structure_names_line_and_column() {
    let row = |bad: &str| refusal(format!("{OFFICIAL}{ROW}{bad}{ROW}"));
    insta::assert_snapshot!(refusal(format!("{}{ROW}", OFFICIAL.replace(';', "\t"))).1, @"line 1: columns are separated by tabs: write them with ; or ,");
    insta::assert_snapshot!(refusal(format!("{}{ROW}", OFFICIAL.replace("CO_URF;", ""))).1, @"line 1: the header has no column CO_URF");
    insta::assert_snapshot!(row("2025;01;73079100;10;580\n").1, @"line 3: row has 5 fields, the header has 11: is the file truncated or edited?");
    insta::assert_snapshot!(row(&ROW.replace(';', ",")).1, @"line 3: row has 1 fields, the header has 11: the row is separated by commas, the header by semicolons");
    insta::assert_snapshot!(row(&ROW.replace("580", "5\080")).1, @"line 3, column 5 (CO_PAIS): NUL byte: the file is damaged or not a text file");
    insta::assert_snapshot!(row(&ROW.replace("580", "\"580")).1, @"line 3, column 5 (CO_PAIS): a quoted field is not closed on its line: trade files have no line breaks inside fields");
    insta::assert_snapshot!(row(&ROW.replace("580", "\"5\"80")).1, @"line 3, column 5 (CO_PAIS): text after a closing quote: write quotes inside a field twice");
    insta::assert_snapshot!(refusal(format!("{SIMPLE}2025,1,\"Esta\ndos\",,01012100,1,1\n")).1, @"line 2, column 3 (pais): a quoted field is not closed on its line: trade files have no line breaks inside fields");
}

#[test]
fn endless_lines_are_refused_in_bounded_memory() {
    let long = "7".repeat(10 << 20);
    for content in [long.clone(), format!("{OFFICIAL}{ROW}{long}"), format!("{OFFICIAL}{ROW}{long}\n{ROW}")] {
        let (code, message) = refusal(content);
        assert_eq!(code, "line_too_long");
        assert!(message.starts_with("line "), "{message}");
    }
    let (_, message) = refusal(format!("{OFFICIAL}{ROW}{}\n", "7".repeat(70_000)));
    assert!(message.starts_with("line 3: "), "{message}");
}

#[test]
fn mixed_decimal_marks_are_refused_because_one_of_them_is_a_thousand() {
    let rows = "2025;1;Argentina;;01012100;1,50;2\n2025;1;Argentina;;01012100;15;1234.5\n";
    let (code, message) = refusal(format!("{}{rows}", SIMPLE.replace(',', ";")));
    assert_eq!(code, "mixed_decimal_marks");
    assert!(message.contains("\"1234.5\" in line 3") && message.contains("\"1,50\" in line 2"), "{message}");
}

#[test]
fn rejected_rows_are_bounded_and_written_down() {
    let scratch = Scratch::new();
    let content = format!("{OFFICIAL}{}{}", ROW.repeat(999), ROW.replace("1489", "-1"));
    let path = scratch.file("EXP.csv", &content);
    let rejects_path = scratch.path("rejects.csv");
    let options = ReadOptions { rejects_path: Some(rejects_path.clone()), ..strict() };
    let (summary, _) = read_file(&path, &options).unwrap();
    assert_eq!((summary.rows_read, summary.rows_accepted, summary.rows_rejected), (1_000, 999, 1));
    assert_eq!(summary.rejects_path.as_deref(), Some(rejects_path.as_path()));
    insta::assert_snapshot!(fs::read_to_string(&rejects_path).unwrap(), @r#"
        ﻿linha;coluna;encontrado;motivo;codigo;conteudo
        "1001";"11 (VL_FOB)";"'-1";"valor negativo";"negative";"2025;01;73079100;10;580;SP;01;0217800;64;64;-1"
    "#);

    let path = scratch.file("EXP.csv", content + &ROW.replace("1489", "=cmd()"));
    let error = read_file(&path, &options).unwrap_err();
    assert_eq!(error.code(), "too_many_rejects");
    assert!(
        error.to_string().contains(
            "2 of 1001 rows rejected, more than 0.1 %; first: line 1001, column 11 (VL_FOB): \"-1\": a negative value"
        ),
        "{error}"
    );
}

#[test]
fn a_reject_file_that_cannot_be_written_refuses_the_load() {
    let scratch = Scratch::new();
    let path = scratch.file("EXP.csv", format!("{OFFICIAL}{}", ROW.replace("1489", "x")));
    let options = ReadOptions { rejects_path: Some(scratch.path("no/such/directory")), ..lenient() };
    assert_eq!(read_file(&path, &options).unwrap_err().code(), "rejects_unwritable");
}
