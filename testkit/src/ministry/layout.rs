//! The official layouts, read by a parser of the fake's own: it shares nothing with the one under test.

use std::io::Read;

use bytes::Bytes;

/// Columns of an export file.
pub(super) const COLUMNS: [&str; 11] = [
    "CO_ANO",
    "CO_MES",
    "CO_NCM",
    "CO_UNID",
    "CO_PAIS",
    "SG_UF_NCM",
    "CO_VIA",
    "CO_URF",
    "QT_ESTAT",
    "KG_LIQUIDO",
    "VL_FOB",
];

/// What the ministry publishes of a year in `EXP_TOTAIS_CONFERENCIA.csv`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// `QT_ESTAT`, over all units.
    pub quantity: u128,
    /// `KG_LIQUIDO`.
    pub weight_kg: u128,
    /// `VL_FOB`.
    pub fob_usd: u128,
    /// `NUMERO_LINHAS`.
    pub rows: u64,
}

/// One line of an export file; codes are as written, without their quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub month: &'a str,
    pub ncm: &'a str,
    pub country: &'a str,
    pub state: &'a str,
    pub via: &'a str,
    pub office: &'a str,
    pub quantity: u64,
    pub weight_kg: u64,
    pub fob_usd: u64,
}

/// The lines of an export file behind its header. Lines that are none are passed over: a test may serve anything.
pub(super) fn rows(file: &str) -> impl Iterator<Item = Row<'_>> {
    file.split('\n').skip(1).filter_map(row)
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.trim_end_matches('\r').split(';').map(unquoted);
    let mut next = || cells.next();
    let (_year, month, ncm, _unit) = (next()?, next()?, next()?, next()?);
    let (country, state, via, office) = (next()?, next()?, next()?, next()?);
    let [quantity, weight_kg, fob_usd] = [next()?.parse().ok()?, next()?.parse().ok()?, next()?.parse().ok()?];
    Some(Row { month, ncm, country, state, via, office, quantity, weight_kg, fob_usd })
}

fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell)
}

/// Count and sums of an export file.
pub(super) fn sums(file: &[u8]) -> Sums {
    rows(&String::from_utf8_lossy(file)).fold(Sums::default(), |sums, row| Sums {
        quantity: sums.quantity + u128::from(row.quantity),
        weight_kg: sums.weight_kg + u128::from(row.weight_kg),
        fob_usd: sums.fob_usd + u128::from(row.fob_usd),
        rows: sums.rows + 1,
    })
}

/// A code table, every cell as text.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a table as published: latin-1 or UTF-8, quoted, missing values as a bare `NA`. Lines that do not have the
    /// header's columns (the published NCM table has some) are passed over.
    pub(super) fn read(file: &[u8]) -> Self {
        let text = match std::str::from_utf8(file) {
            Ok(text) => text.to_owned(),
            Err(_) => file.iter().map(|byte| char::from(*byte)).collect(),
        };
        let cells = |line: &str| -> Vec<String> {
            let line = line.trim_end_matches('\r').replace(";NA;", ";\"NA\";");
            line.trim_matches('"').split("\";\"").map(|cell| cell.trim_end().to_owned()).collect()
        };
        let mut lines = text.split('\n').map(cells);
        let columns = lines.next().unwrap_or_default();
        let rows = lines.filter(|row| row.len() == columns.len()).collect();
        Self { columns, rows }
    }

    /// The cells of some columns, row by row; empty where the table has no such column.
    pub(super) fn select<const N: usize>(&self, columns: [&str; N]) -> impl Iterator<Item = [&str; N]> {
        let places = columns.map(|name| self.columns.iter().position(|column| column == name));
        self.rows.iter().map(move |row| places.map(|place| place.map_or("", |place| row[place].as_str())))
    }

    /// The cell `wanted` of the row whose cell `key` is `code`.
    pub(super) fn find(&self, key: &str, code: &str, wanted: &str) -> Option<&str> {
        self.select([key, wanted]).find(|[found, _]| *found == code).map(|[_, value]| value)
    }
}

/// A file of the real data by its name there (`EXP_2025.csv.gz`, `tables/PAIS.csv`), unpacked if it is packed; `None`
/// where that data is absent.
///
/// # Panics
/// If the data is there and the file cannot be read.
#[must_use]
pub fn real_file(name: &str) -> Option<Bytes> {
    let path = crate::shared_data()?.join(name);
    let mut bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    if path.extension().is_some_and(|extension| extension == "gz") {
        let packed = std::mem::take(&mut bytes);
        if let Err(error) = flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes) {
            panic!("{}: {error}", path.display());
        }
    }
    Some(bytes.into())
}
