use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;

use super::build::{order_by_ncm, sort_and_merge_customs};
use super::segment::{CubeRow, Segment, clear_unfinished, merge, write};
use crate::cube::CubeError;
use crate::domain::code::{Ncm, Uf};

/// A directory of its own, removed with the value.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bgc-cube-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

prop_compose! {
    pub(crate) fn any_row()(
        ncm in prop::sample::select(vec![1_012_100_u32, 12_019_000, 12_019_001, 12_020_000, 17_011_400, 27_090_010, 99_980_101]),
        country in prop::sample::select(vec![23_u16, 63, 160, 249, 999, 1000, 1001]),
        month in 1_u8..=12,
        uf in 0_u8..34,
        via in 0_u8..4,
        sector in 0_u8..3,
        fob_cents in 0_i64..1_000_000_000,
        weight_g in prop_oneof![Just(0_i64), 0_i64..1_000_000_000],
        urf in prop::sample::select(vec![817_800_u32, 927_700, u32::MAX]),
        unit in 0_u8..3,
        quantity in 0_i64..1_000_000_000,
    ) -> CubeRow {
        let row = CubeRow { fob_cents, weight_g, ncm: Ncm(ncm), country, month, uf: Uf(uf), via, sector, urf, ..CubeRow::BLANK };
        row.with_quantity(quantity, unit)
    }
}

fn summed(rows: &[CubeRow]) -> BTreeMap<u128, (i64, i64)> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let cell: &mut (i64, i64) = sums.entry(order_by_ncm(row)).or_default();
        cell.0 += row.fob_cents;
        cell.1 += row.weight_g;
    }
    sums
}

/// Every row of the order by NCM, read back.
fn read_back(segment: &Segment) -> Vec<CubeRow> {
    let mut rows = Vec::new();
    for (ncm, range) in segment.ncms() {
        let slice = segment.slice(range);
        rows.extend((0..slice.month.len()).map(|at| CubeRow {
            fob_cents: slice.fob_cents[at],
            weight_g: slice.weight_g[at],
            ncm,
            country: slice.country[at],
            month: slice.month[at],
            uf: Uf(slice.uf[at]),
            via: slice.via[at],
            sector: slice.sector[at],
            ..CubeRow::BLANK
        }));
    }
    rows
}

fn row(ncm: u32, month: u8, country: u16, fob_cents: i64) -> CubeRow {
    CubeRow { fob_cents, weight_g: 10, ncm: Ncm(ncm), country, month, uf: Uf(25), via: 1, sector: 0, ..CubeRow::BLANK }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_segment_holds_what_was_written(rows in prop::collection::vec(any_row(), 0..300)) {
        let scratch = Scratch::new();
        let directory = scratch.join("2024-1");
        let totals = write(&directory, 2024, rows.clone()).unwrap();
        let segment = Segment::open(&directory).unwrap();
        segment.verify().unwrap();
        prop_assert_eq!(segment.totals(), totals);
        prop_assert_eq!(segment.year(), 2024);
        let expected = summed(&rows);
        let found = read_back(&segment);
        prop_assert!(found.is_sorted_by(|a, b| order_by_ncm(a) < order_by_ncm(b)), "keys are unique and ascending");
        prop_assert_eq!(summed(&found), expected);
        prop_assert_eq!(totals.fob_cents, rows.iter().map(|row| row.fob_cents).sum::<i64>());
        for country in segment.countries() {
            let range = segment.range_of_country(*country);
            let of_country: i64 = rows.iter().filter(|row| row.country == *country).map(|row| row.fob_cents).sum();
            prop_assert_eq!(segment.by_country().fob_cents[range].iter().sum::<i64>(), of_country);
        }
    }

    #[test]
    fn merging_equals_writing_what_remains(
        rows in prop::collection::vec(any_row(), 0..200),
        added in prop::collection::vec(any_row(), 0..100),
        month in 1_u8..=12,
    ) {
        let scratch = Scratch::new();
        write(&scratch.join("a"), 2024, rows.clone()).unwrap();
        let old = Segment::open(&scratch.join("a")).unwrap();
        let gone = |row: &CubeRow| row.ncm == Ncm(12_019_000) && row.month <= month;
        merge(&old, gone, added.clone(), &scratch.join("b")).unwrap();
        let merged = Segment::open(&scratch.join("b")).unwrap();
        let expected: Vec<CubeRow> = rows.into_iter().filter(|row| !gone(row)).chain(added).collect();
        prop_assert_eq!(summed(&read_back(&merged)), summed(&expected));
        let mut kept = expected;
        sort_and_merge_customs(&mut kept);
        prop_assert_eq!(merged.export_rows().collect::<Vec<_>>(), kept, "customs units and quantities too");
    }

    /// Whatever a file is cut to, or whichever byte is changed, opening and reading says so or reads on; it never panics.
    #[test]
    fn damage_is_an_error_and_never_a_panic(seed in any::<u64>(), cut in any::<bool>(), file in 0_usize..12) {
        let scratch = Scratch::new();
        let directory = scratch.join("s");
        write(&directory, 2024, (1..=12).map(|month| row(12_019_000, month, 160, i64::from(month))).collect()).unwrap();
        let mut files: Vec<PathBuf> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut bytes = fs::read(&files[file]).unwrap();
        let at = usize::try_from(seed % bytes.len() as u64).unwrap();
        if cut { bytes.truncate(at) } else { bytes[at] ^= u8::try_from(seed >> 56).unwrap() | 1 }
        fs::write(&files[file], &bytes).unwrap();
        match Segment::open(&directory) {
            Ok(segment) => {
                segment.verify().ok();
                prop_assert!(!cut, "a file that was cut short was opened");
                prop_assert_eq!(read_back(&segment).len(), 12);
            }
            Err(error) => prop_assert!(matches!(error, CubeError::Damaged { .. }), "{error}"),
        }
    }
}

#[test]
fn rows_of_an_ncm_are_its_own() {
    let scratch = Scratch::new();
    let rows = vec![
        row(17_011_400, 2, 249, 5),
        row(12_019_000, 1, 160, 7),
        row(17_011_400, 2, 249, 6),
        row(17_011_400, 1, 63, 1),
    ];
    write(&scratch.join("s"), 2025, rows).unwrap();
    let segment = Segment::open(&scratch.join("s")).unwrap();
    let sugar = segment.rows_of(Ncm(17_011_400));
    assert_eq!(
        (sugar.month, sugar.country, sugar.fob_cents, sugar.weight_g),
        (&[1, 2][..], &[63, 249][..], &[1, 11][..], &[10, 20][..])
    );
    assert!(segment.rows_of(Ncm(17_011_401)).month.is_empty());
    assert_eq!(segment.ncms().collect::<Vec<_>>(), [(Ncm(12_019_000), 0..1), (Ncm(17_011_400), 1..3)]);
    assert_eq!(segment.range_of(Ncm(17_000_000), Ncm(17_999_999)), 1..3);
    assert_eq!(segment.range_of(Ncm(0), Ncm(11_999_999)), 0..0);
}

#[test]
fn an_existing_segment_is_never_overwritten() {
    let scratch = Scratch::new();
    let directory = scratch.join("2025-1");
    write(&directory, 2025, vec![row(12_019_000, 1, 160, 7)]).unwrap();
    let again = write(&directory, 2025, vec![row(12_019_000, 1, 160, 8)]);
    assert!(matches!(again, Err(CubeError::Io { .. })));
    assert_eq!(Segment::open(&directory).unwrap().totals().fob_cents, 7);
    assert!(!scratch.join(".2025-1.partial").exists());
}

#[test]
fn what_an_interrupted_write_left_is_cleared() {
    let scratch = Scratch::new();
    write(&scratch.join("2025-1"), 2025, vec![row(12_019_000, 1, 160, 7)]).unwrap();
    fs::create_dir(scratch.join(".2025-2.partial")).unwrap();
    fs::write(scratch.join(".2025-2.partial").join("by_ncm.arrow"), "half").unwrap();
    assert_eq!(clear_unfinished(&scratch.0).unwrap(), 1);
    assert!(!scratch.join(".2025-2.partial").exists() && Segment::open(&scratch.join("2025-1")).is_ok());
}

#[test]
fn rows_out_of_bounds_are_refused() {
    let scratch = Scratch::new();
    let refused = |year, row: CubeRow| {
        matches!(write(Path::new(&scratch.join("x")), year, vec![row]), Err(CubeError::Unfit { .. }))
    };
    assert!(refused(2025, row(12_019_000, 13, 160, 7)));
    assert!(refused(2025, row(12_019_000, 1, 160, -1)));
    assert!(refused(2025, row(12_019_000, 1, 160, i64::MAX)));
    assert!(refused(1970, row(12_019_000, 1, 160, 7)));
    assert!(!scratch.join("x").exists());
}

/// The published file of January and February 2025: its totals to the dollar, and what a row of the cube costs on disk.
#[test]
fn the_real_file_adds_up_and_fits_the_budget() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/comexstat/EXP_2025.csv.gz");
    let Ok(file) = fs::File::open(path) else {
        println!("skipped: {path} is not here");
        return;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let rows: Vec<CubeRow> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(';').map(|field| field.trim_matches('"')).collect();
            CubeRow {
                fob_cents: fields[10].parse::<i64>().unwrap() * 100,
                weight_g: fields[9].parse::<i64>().unwrap() * 1000,
                ncm: Ncm::parse(fields[2]).unwrap(),
                country: fields[4].parse().unwrap(),
                month: fields[1].parse().unwrap(),
                uf: Uf::parse(fields[5].as_bytes()).unwrap(),
                via: fields[6].parse().unwrap(),
                sector: 0,
                urf: fields[7].parse().unwrap(),
                ..CubeRow::BLANK
            }
            .with_quantity(fields[8].parse().unwrap(), fields[3].parse().unwrap())
        })
        .collect();
    assert_eq!(rows.len(), 249_681);
    let scratch = Scratch::new();
    let totals = write(&scratch.join("2025"), 2025, rows).unwrap();
    assert_eq!((totals.fob_cents, totals.weight_g), (4_825_290_825_800, 114_016_770_061_000));
    let segment = Segment::open(&scratch.join("2025")).unwrap();
    segment.verify().unwrap();
    let customs = ["customs.arrow", "customs_index.arrow", "customs_units.arrow"];
    let customs: u64 = customs.map(|name| fs::metadata(scratch.join("2025").join(name)).unwrap().len()).iter().sum();
    let bytes = segment.disk_bytes().unwrap() - customs;
    assert!(bytes <= 56 * totals.rows, "{bytes} bytes for {} rows", totals.rows);
    assert!(customs <= 44 * totals.rows, "{customs} bytes of customs for {} rows", totals.rows);
    assert_eq!(segment.customs().urfs().len(), 75);
    println!("{bytes} and {customs} bytes for {} rows, {} of customs", totals.rows, segment.customs().rows());
}
