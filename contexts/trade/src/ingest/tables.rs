//! The ministry's code tables: countries, products, states, ways, customs units, units, blocs.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::table_text::{TableRow, decode, rows};
use crate::domain::code::{CountryCode, Ncm};

/// Most bytes of one table, decompressed.
const MAX_TABLE_BYTES: u64 = 64 << 20;
/// A table with more than one bad row in a hundred is another table, or damaged.
const BAD_ROWS_PER_CENT: usize = 1;

/// A row of `PAIS.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryRow {
    /// `CO_PAIS`.
    pub code: CountryCode,
    /// `CO_PAIS_ISON3`.
    pub iso_numeric: Option<u16>,
    /// `CO_PAIS_ISOA3`; `None` for the placeholder `ZZZ` and where the table has none.
    pub iso3: Option<String>,
    /// Portuguese name.
    pub name_pt: String,
    /// English name.
    pub name_en: Option<String>,
    /// Spanish name.
    pub name_es: Option<String>,
}

/// A row of `NCM.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// `CO_NCM`.
    pub ncm: Ncm,
    /// `CO_UNID`.
    pub unit: Option<u8>,
    /// `CO_SH6`.
    pub sh6: Option<u32>,
    /// `CO_ISIC_CLASSE` (`CO_ISIC4` in copies of 2020): class of ISIC Rev. 4, four digits. The sector follows from it.
    pub isic_class: Option<String>,
    /// Portuguese description.
    pub name_pt: String,
    /// Spanish description.
    pub name_es: Option<String>,
    /// English description.
    pub name_en: Option<String>,
}

/// A row of `NCM_SH.csv`: a subheading with its heading, chapter and section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HarmonizedRow {
    /// `CO_SH6`.
    pub sh6: u32,
    /// Subheading in Portuguese.
    pub sh6_name_pt: String,
    /// Subheading in English.
    pub sh6_name_en: Option<String>,
    /// `CO_SH4`.
    pub sh4: u16,
    /// Heading in Portuguese.
    pub sh4_name_pt: String,
    /// Heading in English.
    pub sh4_name_en: Option<String>,
    /// `CO_SH2`.
    pub sh2: u8,
    /// Chapter in Portuguese.
    pub sh2_name_pt: String,
    /// Chapter in English.
    pub sh2_name_en: Option<String>,
    /// `CO_NCM_SECROM`: section in Roman numerals.
    pub section: Option<String>,
    /// Section in Portuguese.
    pub section_name_pt: Option<String>,
}

/// A row of `UF.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateRow {
    /// `SG_UF`.
    pub letters: String,
    /// `CO_UF`, the ministry's own code and not the one of IBGE.
    pub code: u8,
    /// Name.
    pub name: String,
    /// `NO_REGIAO`.
    pub region: Option<String>,
}

/// A code and its name: `VIA.csv`, `URF.csv`, `NCM_UNIDADE.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// The code.
    pub code: u32,
    /// The name.
    pub name: String,
    /// The abbreviation, where the table has one (`SG_UNID`).
    pub abbreviation: Option<String>,
}

/// A row of `PAIS_BLOCO.csv`. A country is in several blocs: sums over blocs count double.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlocRow {
    /// `CO_PAIS`.
    pub country: CountryCode,
    /// `CO_BLOCO`.
    pub bloc: u16,
    /// Portuguese name.
    pub name_pt: String,
    /// English name.
    pub name_en: Option<String>,
}

/// A table file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    /// `PAIS`, `NCM`, …
    pub table: &'static str,
    /// The file.
    pub path: PathBuf,
    /// Rows taken.
    pub rows: usize,
    /// SHA-256 of the decompressed bytes, in hexadecimal.
    pub sha256: String,
}

/// Every table that the directory has; the others are empty. Codes are unique, the first row wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// `PAIS`.
    pub countries: Vec<CountryRow>,
    /// `NCM`.
    pub products: Vec<ProductRow>,
    /// `NCM_SH`.
    pub harmonized: Vec<HarmonizedRow>,
    /// `UF`.
    pub states: Vec<StateRow>,
    /// `VIA`.
    pub ways: Vec<CodeRow>,
    /// `URF`.
    pub customs_units: Vec<CodeRow>,
    /// `NCM_UNIDADE`.
    pub units: Vec<CodeRow>,
    /// `PAIS_BLOCO`.
    pub blocs: Vec<BlocRow>,
    /// Where it all came from.
    pub files: Vec<TableFile>,
    /// Things worth telling: tables that are not there, rows left out, in English.
    pub notices: Vec<String>,
}

/// Why tables cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// The directory or a file cannot be read.
    #[error("{}: cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Neither of the tables that matter is there.
    #[error("{}: has neither PAIS.csv nor NCM.csv: name the directory with the ministry's tables", .0.display())]
    NoTables(PathBuf),
    /// A file beyond the bound.
    #[error("{}: has more than 64 MiB: not one of the ministry's tables", .0.display())]
    TooLarge(PathBuf),
    /// A column that the table must have.
    #[error("{}: line 1: the header has no column {column}", path.display())]
    ColumnMissing {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// Too many rows that cannot be understood.
    #[error("{}: line {line}: {bad} of {rows} rows cannot be understood, this is the first: download the table again", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// First such line.
        line: u64,
        /// Such rows.
        bad: usize,
        /// All rows.
        rows: usize,
    },
}

/// Reads the tables of a directory, as published (latin-1 or UTF-8, plain or gzip). `PAIS.csv` is
/// preferred to copies with a year or `_utf8` in the name.
///
/// # Errors
/// When the directory has no tables, or one that is there cannot be understood.
pub fn read_tables(directory: &Path) -> Result<Tables, TablesError> {
    let mut found = Found::list(directory)?;
    let mut tables = Tables {
        countries: found.read("PAIS", &["CO_PAIS", "NO_PAIS"], country, |row| u32::from(row.code))?,
        products: found.read("NCM", &["CO_NCM", "NO_NCM_POR"], product, |row| row.ncm.0)?,
        harmonized: found.read("NCM_SH", &["CO_SH6", "CO_SH4", "CO_SH2"], harmonized, |row| row.sh6)?,
        states: found.read("UF", &["CO_UF", "SG_UF", "NO_UF"], state, |row| u32::from(row.code))?,
        ways: found.read("VIA", &["CO_VIA", "NO_VIA"], |row| code_row(row, "VIA", 99), |row| row.code)?,
        customs_units: found.read(
            "URF",
            &["CO_URF", "NO_URF"],
            |row| code_row(row, "URF", 9_999_999),
            |row| row.code,
        )?,
        units: found.read("NCM_UNIDADE", &["CO_UNID", "NO_UNID"], |row| code_row(row, "UNID", 255), |row| row.code)?,
        blocs: found.read("PAIS_BLOCO", &["CO_PAIS", "CO_BLOCO", "NO_BLOCO"], bloc, |row| {
            u32::from(row.bloc) << 16 | u32::from(row.country)
        })?,
        files: Vec::new(),
        notices: Vec::new(),
    };
    if tables.countries.is_empty() && tables.products.is_empty() {
        return Err(TablesError::NoTables(directory.to_owned()));
    }
    tables.files = found.files;
    tables.notices = found.notices;
    Ok(tables)
}

/// The fields of one row by column name.
struct Row<'a> {
    header: &'a [String],
    fields: &'a [Option<String>],
}

impl Row<'_> {
    fn text(&self, column: &str) -> Option<String> {
        let place = self.header.iter().position(|name| name == column)?;
        self.fields.get(place)?.clone()
    }

    fn number<T: std::str::FromStr>(&self, column: &str) -> Option<T> {
        self.text(column)?.parse().ok()
    }
}

fn country(row: &Row<'_>) -> Option<CountryRow> {
    let iso3 = row.text("CO_PAIS_ISOA3").filter(|iso| iso.len() == 3 && iso != "ZZZ");
    Some(CountryRow {
        code: row.number("CO_PAIS").filter(|code| *code <= 999)?,
        iso_numeric: row.number("CO_PAIS_ISON3"),
        iso3,
        name_pt: row.text("NO_PAIS")?,
        name_en: row.text("NO_PAIS_ING"),
        name_es: row.text("NO_PAIS_ESP"),
    })
}

fn product(row: &Row<'_>) -> Option<ProductRow> {
    Some(ProductRow {
        ncm: Ncm(row.number("CO_NCM").filter(|code| *code <= 99_999_999)?),
        unit: row.number("CO_UNID"),
        sh6: row.number("CO_SH6"),
        isic_class: row.text("CO_ISIC_CLASSE").or_else(|| row.text("CO_ISIC4")),
        name_pt: row.text("NO_NCM_POR")?,
        name_es: row.text("NO_NCM_ESP"),
        name_en: row.text("NO_NCM_ING"),
    })
}

fn harmonized(row: &Row<'_>) -> Option<HarmonizedRow> {
    Some(HarmonizedRow {
        sh6: row.number("CO_SH6").filter(|code| *code <= 999_999)?,
        sh6_name_pt: row.text("NO_SH6_POR")?,
        sh6_name_en: row.text("NO_SH6_ING"),
        sh4: row.number("CO_SH4").filter(|code| *code <= 9_999)?,
        sh4_name_pt: row.text("NO_SH4_POR")?,
        sh4_name_en: row.text("NO_SH4_ING"),
        sh2: row.number("CO_SH2").filter(|code| *code <= 99)?,
        sh2_name_pt: row.text("NO_SH2_POR")?,
        sh2_name_en: row.text("NO_SH2_ING"),
        section: row.text("CO_NCM_SECROM"),
        section_name_pt: row.text("NO_SEC_POR"),
    })
}

fn state(row: &Row<'_>) -> Option<StateRow> {
    Some(StateRow {
        letters: row.text("SG_UF").filter(|letters| letters.len() == 2)?,
        code: row.number("CO_UF")?,
        name: row.text("NO_UF")?,
        region: row.text("NO_REGIAO"),
    })
}

fn code_row(row: &Row<'_>, table: &str, max: u32) -> Option<CodeRow> {
    Some(CodeRow {
        code: row.number(&format!("CO_{table}")).filter(|code| *code <= max)?,
        name: row.text(&format!("NO_{table}"))?,
        abbreviation: row.text(&format!("SG_{table}")),
    })
}

fn bloc(row: &Row<'_>) -> Option<BlocRow> {
    Some(BlocRow {
        country: row.number("CO_PAIS").filter(|code| *code <= 999)?,
        bloc: row.number("CO_BLOCO")?,
        name_pt: row.text("NO_BLOCO")?,
        name_en: row.text("NO_BLOCO_ING"),
    })
}

/// The files of a directory, and what was read of them.
struct Found {
    paths: Vec<PathBuf>,
    files: Vec<TableFile>,
    notices: Vec<String>,
}

impl Found {
    fn list(directory: &Path) -> Result<Self, TablesError> {
        let unreadable = |source| TablesError::Unreadable { path: directory.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            paths.push(entry.map_err(unreadable)?.path());
        }
        Ok(Self { paths, files: Vec::new(), notices: Vec::new() })
    }

    /// The best file of a table: the plain name, else the newest year, UTF-8 and uncompressed copies first.
    fn file_of(&self, table: &str) -> Option<PathBuf> {
        let of_table = self.paths.iter().filter(|path| path.is_file() && table_of(path).as_deref() == Some(table));
        let rank = |path: &&PathBuf| {
            let name = file_name(path);
            let stem = name.split('.').next().unwrap_or_default().to_owned();
            (stem != table, std::cmp::Reverse(stem), name.len())
        };
        of_table.min_by_key(rank).cloned()
    }

    fn read<T>(
        &mut self,
        table: &'static str,
        required: &[&'static str],
        parse: impl Fn(&Row<'_>) -> Option<T>,
        key: impl Fn(&T) -> u32,
    ) -> Result<Vec<T>, TablesError> {
        let Some(path) = self.file_of(table) else {
            self.notices.push(format!("{table}.csv is not there: its names stay as they are"));
            return Ok(Vec::new());
        };
        let bytes = read_bytes(&path)?;
        let rows = rows(&decode(&bytes));
        let empty = TableRow { line: 1, fields: Vec::new() };
        let (header, body) = rows.split_first().unwrap_or((&empty, &[]));
        let header: Vec<String> =
            header.fields.iter().map(|name| name.as_deref().unwrap_or_default().to_ascii_uppercase()).collect();
        if let Some(column) = required.iter().find(|column| !header.iter().any(|name| name == *column)) {
            return Err(TablesError::ColumnMissing { path, column });
        }
        let mut taken = Vec::with_capacity(body.len());
        let mut seen = HashSet::with_capacity(body.len());
        let mut bad = Vec::new();
        for row in body {
            let parsed = (row.fields.len() == header.len())
                .then(|| parse(&Row { header: &header, fields: &row.fields }))
                .flatten();
            match parsed {
                Some(parsed) if seen.insert(key(&parsed)) => taken.push(parsed),
                Some(_) => self.notices.push(format!(
                    "{}: line {}: code given twice, the first counts",
                    path.display(),
                    row.line
                )),
                None => bad.push(row.line),
            }
        }
        if let Some(line) = bad.first() {
            if bad.len() * 100 > body.len() * BAD_ROWS_PER_CENT {
                return Err(TablesError::Malformed { path, line: *line, bad: bad.len(), rows: body.len() });
            }
            self.notices.push(format!("{}: {} rows left out, the first at line {line}", path.display(), bad.len()));
        }
        self.files.push(TableFile {
            table,
            path,
            rows: taken.len(),
            sha256: platform::random::hex(&Sha256::digest(&bytes)),
        });
        Ok(taken)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_ascii_uppercase()).unwrap_or_default()
}

/// The table that a file name stands for: `PAIS_2026_utf8.csv` → `PAIS`.
fn table_of(path: &Path) -> Option<String> {
    let name = file_name(path);
    let stem = name.strip_suffix(".GZ").unwrap_or(&name).strip_suffix(".CSV")?.to_owned();
    let is_decoration =
        |word: &str| word == "UTF8" || (word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let words: Vec<&str> = stem.split('_').filter(|word| !is_decoration(word)).collect();
    Some(words.join("_"))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, TablesError> {
    let unreadable = |source| TablesError::Unreadable { path: path.to_owned(), source };
    let too_large = || TablesError::TooLarge(path.to_owned());
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_TABLE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes.as_slice())
            .take(MAX_TABLE_BYTES + 1)
            .read_to_end(&mut unpacked)
            .map_err(unreadable)?;
        bytes = unpacked;
    }
    if bytes.len() as u64 > MAX_TABLE_BYTES { Err(too_large()) } else { Ok(bytes) }
}
