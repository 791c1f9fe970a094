//! The ministry's own totals by year (`EXP_TOTAIS_CONFERENCIA.csv`), and whether a file agrees with them.
//! Everything that is not plain agreement is a difference or an error: the check fails closed.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::number::decimal;
use super::summary::{ReadSummary, Sums};
use super::table_text::{TableRow, decode, rows};
use crate::domain::code::{YEAR_BOUND, YEAR_MIN};

/// Most bytes of a totals file: the real one has a few kilobytes.
const MAX_BYTES: u64 = 4 << 20;

/// Count and sums by year, as the ministry publishes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// By year. `quantity` is the sum of `QT_ESTAT` over all units.
    pub years: BTreeMap<u16, Sums>,
}

/// Why a totals file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TotalsError {
    /// It cannot be read.
    #[error("{}: cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no totals file.
    #[error("{}: line {line}: {what}; expected the columns ARQUIVO;CO_ANO;QT_ESTAT;KG_LIQUIDO;VL_FOB;NUMERO_LINHAS", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// What is wrong there.
        what: String,
    },
}

/// One disagreement between a file and the totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The year.
    pub year: u16,
    /// What differs.
    pub kind: DifferenceKind,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The totals do not speak of the year.
    YearMissing,
    /// A count or sum is another.
    Value {
        /// `NUMERO_LINHAS`, `VL_FOB`, `KG_LIQUIDO` or `QT_ESTAT`.
        field: &'static str,
        /// What the ministry says, in hundredths for `VL_FOB` and thousandths for `KG_LIQUIDO`.
        published: i128,
        /// What the file holds, likewise.
        found: i128,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            DifferenceKind::YearMissing => write!(f, "{}: the totals file has no such year", self.year),
            DifferenceKind::Value { field, published, found } => {
                let scale = match field {
                    "VL_FOB" => 100,
                    "KG_LIQUIDO" => 1_000,
                    _ => 1,
                };
                let text = |value: i128| decimal_text(value, scale);
                write!(
                    f,
                    "{}: {field} published {}, found {} ({} off)",
                    self.year,
                    text(published),
                    text(found),
                    text(found - published)
                )
            }
        }
    }
}

/// A scaled integer as a number without needless decimals.
fn decimal_text(value: i128, scale: i128) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / scale, value.abs() % scale);
    let digits = scale.ilog10() as usize;
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0digits$}") }
}

impl Totals {
    /// Reads a totals file: `;` or `,`, quoted or not, columns by name. The year stands in `CO_ANO`, or in
    /// the file name of `ARQUIVO`; rows of import, municipality or combined files are passed over.
    ///
    /// # Errors
    /// When anything in it cannot be understood.
    pub fn read(path: &Path) -> Result<Self, TotalsError> {
        let unreadable = |source| TotalsError::Unreadable { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
        let malformed = |(line, what)| TotalsError::Malformed { path: path.to_owned(), line, what };
        if bytes.len() as u64 > MAX_BYTES {
            return Err(malformed((1, "the file has more than 4 MiB".to_owned())));
        }
        parse(&decode(&bytes)).map_err(malformed)
    }

    /// Compares every year of a file with the published one.
    ///
    /// # Errors
    /// The list of differences, by year.
    pub fn compare(&self, summary: &ReadSummary) -> Result<(), Vec<Difference>> {
        let mut differences = Vec::new();
        for (year, found) in summary.years() {
            let Some(published) = self.years.get(&year) else {
                differences.push(Difference { year, kind: DifferenceKind::YearMissing });
                continue;
            };
            let found = found.sums;
            for (field, published, found) in [
                ("NUMERO_LINHAS", i128::from(published.rows), i128::from(found.rows)),
                ("VL_FOB", published.fob_cents, found.fob_cents),
                ("KG_LIQUIDO", published.weight_g, found.weight_g),
                ("QT_ESTAT", published.quantity, found.quantity),
            ] {
                if published != found {
                    differences.push(Difference { year, kind: DifferenceKind::Value { field, published, found } });
                }
            }
        }
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    }
}

type Bad = (u64, String);

fn parse(text: &str) -> Result<Totals, Bad> {
    let rows = rows(text);
    let Some((header, body)) = rows.split_first() else { return Err((1, "the file is empty".to_owned())) };
    let names: Vec<String> =
        header.fields.iter().map(|name| name.as_deref().unwrap_or_default().to_ascii_uppercase()).collect();
    let column = |name: &str| names.iter().position(|column| column == name);
    let required = |name: &str| column(name).ok_or_else(|| (1, format!("the header has no column {name}")));
    let places = [required("NUMERO_LINHAS")?, required("VL_FOB")?, required("KG_LIQUIDO")?, required("QT_ESTAT")?];
    let (year_place, file_place) = (column("CO_ANO"), column("ARQUIVO"));
    if year_place.or(file_place).is_none() {
        return Err((1, "the header has neither CO_ANO nor ARQUIVO".to_owned()));
    }
    let mut totals = Totals::default();
    for row in body {
        if row.fields.len() != names.len() {
            return Err((row.line, format!("row has {} fields, the header has {}", row.fields.len(), names.len())));
        }
        let year_of_file = match file_place.and_then(|place| row.fields[place].as_deref()) {
            None => None,
            Some(file) => match year_of_file(file) {
                FileYear::Of(year) => Some(year),
                FileYear::Unknown => None,
                FileYear::OtherFile => continue,
            },
        };
        let year_of_column = year_place.map(|place| year_of_column(row, place)).transpose()?;
        let year = match (year_of_column, year_of_file) {
            (Some(column), Some(file)) if column != file => {
                return Err((row.line, format!("CO_ANO says {column}, ARQUIVO {file}")));
            }
            (Some(year), _) | (None, Some(year)) => year,
            (None, None) => return Err((row.line, "row names no year".to_owned())),
        };
        let [rows, value, weight, quantity] = places;
        let sums = Sums {
            rows: u64::try_from(number(row, rows, 0, "NUMERO_LINHAS")?).unwrap_or_default(),
            fob_cents: number(row, value, 2, "VL_FOB")?,
            weight_g: number(row, weight, 3, "KG_LIQUIDO")?,
            quantity: number(row, quantity, 3, "QT_ESTAT")? / 1_000,
        };
        if totals.years.insert(year, sums).is_some_and(|before| before != sums) {
            return Err((row.line, format!("year {year} is given twice, with different sums")));
        }
    }
    if totals.years.is_empty() {
        return Err((1, "no row speaks of an export file by NCM".to_owned()));
    }
    Ok(totals)
}

fn year_of_column(row: &TableRow, place: usize) -> Result<u16, Bad> {
    let text = row.fields[place].as_deref().unwrap_or_default();
    let year = text.parse().ok().filter(|year| (YEAR_MIN..=YEAR_BOUND).contains(year));
    year.ok_or_else(|| (row.line, format!("CO_ANO is no year: {text:?}")))
}

/// What a file name of the ministry says about the year.
enum FileYear {
    Of(u16),
    /// An export file, but no year in its name.
    Unknown,
    /// Imports, municipalities or all years together.
    OtherFile,
}

fn year_of_file(name: &str) -> FileYear {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_uppercase();
    let stem = name.split('.').next().unwrap_or_default();
    let words: Vec<&str> = stem.split('_').collect();
    if words.iter().any(|word| matches!(*word, "IMP" | "MUN" | "COMPLETA")) {
        return FileYear::OtherFile;
    }
    let year = words.iter().find_map(|word| word.parse().ok().filter(|year| (YEAR_MIN..=YEAR_BOUND).contains(year)));
    year.map_or(FileYear::Unknown, FileYear::Of)
}

fn number(row: &TableRow, place: usize, scale: u32, column: &str) -> Result<i128, Bad> {
    let text = row.fields[place].as_deref().unwrap_or_default();
    let value = decimal(text.as_bytes(), scale, None).0.map(i128::from);
    value.map_err(|fault| (row.line, format!("{column} is no number that can be taken ({fault:?}): {text:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "\"ARQUIVO\";\"CO_ANO\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\";\"NUMERO_LINHAS\"\r\n";

    fn bad(text: &str) -> String {
        let (line, what) = parse(text).unwrap_err();
        format!("{line}: {what}")
    }

    #[test]
    fn years_are_found_by_column_or_file_name() {
        let expected = Sums { rows: 5, fob_cents: 400, weight_g: 3_000, quantity: 2 };
        for text in [
            format!("{HEADER}\"EXP_2024.csv\";\"2024\";2;3;4;5\r\n"),
            format!("{HEADER}\"EXP_2024.csv\";2024;\"2\";\"3\";\"4\";\"5\"\r\n\"EXP_COMPLETA\";2024;9;9;9;9\r\n"),
            "CO_ANO,VL_FOB,KG_LIQUIDO,QT_ESTAT,NUMERO_LINHAS\n2024,4,3,2,5\n".to_owned(),
            "arquivo;vl_fob;kg_liquido;qt_estat;numero_linhas\nncm/EXP_2024;4,00;3;2;5\nIMP_2024;1;1;1;1\n".to_owned(),
        ] {
            assert_eq!(parse(&text).unwrap().years, BTreeMap::from([(2024, expected)]), "{text}");
        }
    }

    #[test]
    fn whatever_is_doubtful_is_an_error() {
        assert_eq!(bad(""), "1: the file is empty");
        assert_eq!(bad("<html>"), "1: the header has no column NUMERO_LINHAS");
        assert_eq!(bad(HEADER), "1: no row speaks of an export file by NCM");
        assert_eq!(bad(&format!("{HEADER}EXP_2024.csv;2024;1;1;1\n")), "2: row has 5 fields, the header has 6");
        assert_eq!(bad(&format!("{HEADER}EXP_2024.csv;2023;1;1;1;1\n")), "2: CO_ANO says 2023, ARQUIVO 2024");
        assert_eq!(bad(&format!("{HEADER}x;1;1;1;1;1\n")), "2: CO_ANO is no year: \"1\"");
        assert!(bad(&format!("{HEADER}x;2024;1;1;1E9;1\n")).starts_with("2: VL_FOB is no number"));
        assert!(bad(&format!("{HEADER}x;2024;1;1;;1\n")).starts_with("2: VL_FOB is no number"));
        assert_eq!(
            bad(&format!("{HEADER}x;2024;1;1;1;1\nx;2024;1;1;1;2\n")),
            "3: year 2024 is given twice, with different sums"
        );
    }

    #[test]
    fn differences_are_readable() {
        let kind = DifferenceKind::Value { field: "VL_FOB", published: 12_300, found: 12_250 };
        assert_eq!(Difference { year: 2024, kind }.to_string(), "2024: VL_FOB published 123, found 122.50 (-0.50 off)");
    }
}
