//! The real files, and what a file may look like from outside.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use super::super::csv::read_csv;
use super::super::layout::LayoutKind;
use super::super::summary::Batch;
use super::{OFFICIAL, ROW, Scratch, gzip, lenient, names, read_file, read_text, real_data, strict};
use crate::domain::code::Month;

#[test]
fn two_months_of_all_exports_agree_with_the_ministry() {
    let Some(path) = real_data("EXP_2025.csv.gz") else { return };
    let (summary, facts) = read_file(&path, &strict()).unwrap();
    assert_eq!((summary.layout, summary.rows_read, summary.rows_rejected), (LayoutKind::Official, 249_681, 0));
    assert_eq!(facts.len(), 249_681);
    let total = summary.total();
    assert_eq!(total.fob_cents, 48_252_908_258 * 100);
    assert_eq!(total.weight_g, 114_016_770_061 * 1_000);
    let month = |month| summary.months[&Month::new(2025, month).unwrap()].fob_cents / 100;
    assert_eq!((month(1), month(2)), (25_324_039_635, 22_928_868_623));
    let year = summary.years()[&2025];
    assert_eq!((year.first_month, year.last_month), (1, 2));
    assert_eq!(summary.notices, Vec::<String>::new());
}

#[test]
fn grain_files_and_the_unquoted_sample_are_read() {
    for (name, rows) in [
        ("EXP_2023_graos.csv.gz", 19_816),
        ("EXP_2024_graos.csv.gz", 20_325),
        ("EXP_2025_graos.csv.gz", 9_803),
        ("EXP_2021_amostra500.csv", 500),
    ] {
        let Some(path) = real_data(name) else { return };
        let (summary, _) = read_file(&path, &strict()).unwrap();
        assert_eq!((summary.rows_read, summary.rows_rejected), (rows, 0), "{name}");
    }
}

#[test]
fn many_blocks_keep_file_order_whatever_the_threads_do() {
    let mut content = OFFICIAL.to_owned();
    let rows = 200_000;
    for row in 0..rows {
        content.push_str(&format!("2025;01;73079100;10;580;SP;01;0217800;{row};64;1489\n"));
    }
    let (summary, facts) = read_text(&content).unwrap();
    assert_eq!(summary.rows_accepted, rows);
    assert!(facts.iter().enumerate().all(|(row, fact)| fact.quantity == i64::try_from(row).unwrap()));
    let bad = content.replacen("SP;01;0217800;150000;64;1489", "SP;01;0217800;150000;64", 1);
    let error = read_text(&bad).unwrap_err();
    assert_eq!((error.code(), error.place.line), ("field_count", Some(150_002)));
}

#[test]
fn gzip_is_told_by_content_and_may_have_members() {
    let scratch = Scratch::new();
    let mut members = gzip(OFFICIAL.as_bytes());
    members.extend(gzip(ROW.as_bytes()));
    members.extend(gzip(ROW.as_bytes()));
    let (packed, facts) = read_file(&scratch.file("EXP_2025.csv", members), &lenient()).unwrap();
    let plain = read_file(&scratch.file("EXP.csv.gz", format!("{OFFICIAL}{ROW}{ROW}")), &lenient()).unwrap();
    assert_eq!(facts, plain.1);
    assert_eq!(packed.sha256, plain.0.sha256);
    assert_eq!(packed.sha256.len(), 64);
}

#[test]
fn hash_is_that_of_the_decompressed_bytes() {
    let (summary, _) = read_text(format!("{OFFICIAL}{ROW}")).unwrap();
    // printf of the same two lines through sha256sum.
    insta::assert_snapshot!(summary.sha256, @"9b3c3a9b875b4f6456f6fea935fe84bbfc537386e6660615b4663ccb4ad90aeb");
}

#[test]
fn byte_order_mark_line_ends_and_blank_lines_do_not_matter() {
    let plain = read_text(format!("{OFFICIAL}{ROW}{ROW}")).unwrap();
    let other = format!("\u{feff}{OFFICIAL}{ROW}\n{}", ROW.trim_end()).replace('\n', "\r\n");
    let (summary, facts) = read_text(other).unwrap();
    assert_eq!(facts, plain.1);
    assert_eq!(summary.notices.len(), 1, "{:?}", summary.notices);
}

#[test]
fn progress_ends_with_everything_read() {
    let scratch = Scratch::new();
    let path = scratch.file("EXP.csv", format!("{OFFICIAL}{}", ROW.repeat(100_000)));
    let last = std::cell::Cell::new(None);
    read_csv(&path, &lenient(), &mut names(), &mut |_| Ok(()), &|progress| last.set(Some(progress))).unwrap();
    let last = last.get().unwrap();
    assert_eq!((last.bytes_read, last.rows), (last.bytes_total, 100_000));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    type Change = fn(&std::path::Path);
    let changes: [(&str, Change); 4] = [
        ("it grew", |path| {
            OpenOptions::new().append(true).open(path).unwrap().write_all(ROW.as_bytes()).unwrap();
        }),
        ("it shrank", |path| OpenOptions::new().write(true).open(path).unwrap().set_len(100).unwrap()),
        ("another file took its place", |path| {
            let other = path.with_extension("new");
            fs::copy(path, &other).unwrap();
            fs::rename(&other, path).unwrap();
        }),
        ("it was moved or deleted", |path| fs::remove_file(path).unwrap()),
    ];
    for (expected, change) in changes {
        let scratch = Scratch::new();
        let path = scratch.file("EXP.csv", format!("{OFFICIAL}{}", ROW.repeat(100_000)));
        let mut changed = false;
        let mut sink = |_: Batch| {
            if !std::mem::replace(&mut changed, true) {
                change(&path);
            }
            Ok(())
        };
        let error = read_csv(&path, &lenient(), &mut names(), &mut sink, &|_| {}).unwrap_err();
        assert_eq!(error.code(), "changed_while_read", "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn a_rewrite_of_equal_length_is_noticed() {
    let scratch = Scratch::new();
    let content = format!("{OFFICIAL}{}", ROW.repeat(10));
    let path = scratch.file("EXP.csv", &content);
    let mut sink = |_: Batch| {
        // Time stamps move in steps of a few milliseconds.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, content.replace("1489", "1490"))?;
        Ok(())
    };
    let error = read_csv(&path, &lenient(), &mut names(), &mut sink, &|_| {}).unwrap_err();
    assert_eq!(error.code(), "changed_while_read", "{error}");
}

#[test]
fn a_sink_that_fails_ends_the_reading_with_its_own_error() {
    let scratch = Scratch::new();
    let path = scratch.file("EXP.csv", format!("{OFFICIAL}{}", ROW.repeat(300_000)));
    let mut sink = |_: Batch| Err("the database went away".into());
    let error = read_csv(&path, &lenient(), &mut names(), &mut sink, &|_| {}).unwrap_err();
    assert_eq!(error.code(), "sink_failed");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the database went away");
}
