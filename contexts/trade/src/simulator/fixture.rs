//! Synthetic segments for the simulator's tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::cube::segment::{self, CubeRow, Segment};
use crate::domain::code::{CountryCode, Month, Ncm, Uf};
use crate::domain::country::{UnlistedCountry, build_countries};
use crate::domain::coverage::{Coverage, YearCoverage};
use crate::domain::reference::{Product, Reference};

/// A row without the dimensions that the simulator does not look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) ncm: u32,
    pub(crate) country: CountryCode,
    pub(crate) month: Month,
    pub(crate) fob_cents: i64,
    pub(crate) weight_g: i64,
}

pub(crate) fn month(year: u16, month: u8) -> Month {
    Month::new(year, month).unwrap()
}

/// The rows as one segment per year.
pub(crate) fn segments(rows: &[Row]) -> Vec<Arc<Segment>> {
    // Several states and ways of transport that say nothing, so that rows with equal keys are not merged.
    let state = |at: u8| if at % 27 == 2 { 27 } else { at % 27 };
    let rows: Vec<_> = rows.iter().zip((0..=229_u8).cycle()).map(|(row, at)| (*row, 20 + at / 27, state(at))).collect();
    segments_by(&rows)
}

/// Rows with way of transport and state as one segment per year. The files are removed at once: a mapping
/// outlives its name.
pub(crate) fn segments_by(rows: &[(Row, u8, u8)]) -> Vec<Arc<Segment>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut years: Vec<u16> = rows.iter().map(|(row, ..)| row.month.year()).collect();
    years.sort_unstable();
    years.dedup();
    let at = NEXT.fetch_add(1, Ordering::Relaxed);
    let root: PathBuf = std::env::temp_dir().join(format!("bgc-simulator-{}-{at}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    let of_year = |year: &u16| {
        let rows = rows.iter().filter(|(row, ..)| row.month.year() == *year);
        let rows = rows.map(|(row, via, uf)| CubeRow {
            fob_cents: row.fob_cents,
            weight_g: row.weight_g,
            ncm: Ncm(row.ncm),
            country: row.country,
            month: row.month.month(),
            uf: Uf(*uf),
            via: *via,
            sector: 0,
            ..CubeRow::BLANK
        });
        let directory = root.join(year.to_string());
        segment::write(&directory, *year, rows.collect()).unwrap();
        Arc::new(Segment::open(&directory).unwrap())
    };
    let opened = years.iter().map(of_year).collect();
    std::fs::remove_dir_all(&root).unwrap();
    opened
}

/// Every year from `first` to `last` covered whole, the last to its month.
pub(crate) fn covered(first: u16, last: Month) -> Coverage {
    let year = |year: u16| {
        let through_month = if year == last.year() { last.month() } else { 12 };
        (year, YearCoverage { source: "comexstat".into(), through_month })
    };
    Coverage { years: (first..=last.year()).map(year).collect(), slices: Default::default() }
}

/// The embedded countries, a name no table knows, and two products.
pub(crate) fn reference() -> Reference {
    let (countries, merged) =
        build_countries(None, &[UnlistedCountry { code: 1000, name: "Atlântida".into(), resolved: None }]);
    let product = |pt: &str, en: &str| Product { name_pt: pt.into(), name_en: Some(en.into()), sector: 2 };
    let products = [
        (Ncm(17_011_400), product("Outros açúcares de cana", "Other cane sugars")),
        (Ncm(12_019_000), product("Soja, mesmo triturada, \"exceto\" para semeadura", "Soya beans")),
    ];
    Reference { countries, merged, products: products.into(), ..Reference::default() }
}
