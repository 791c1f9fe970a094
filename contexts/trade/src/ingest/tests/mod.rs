//! Tests of whole files: what is read, what is rejected, what is refused.

mod cases;
mod code_tables;
mod files;
mod format;
mod properties;
mod refused;
mod rows;
mod workbooks;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::csv::{ReadOptions, Sink, read_csv};
use super::error::{Fault, ReadError};
use super::marks::Decimals;
use super::names::{KnownCountry, Names};
use super::number::Mark;
use super::row::Rules;
use super::summary::{Batch, ReadSummary};
use crate::domain::code::{Month, SECTORS};
use crate::domain::fact::Fact;

pub(super) const OFFICIAL: &str =
    "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB\n";
pub(super) const SIMPLE: &str = "ano,mes,pais,setor,ncm,valor_usd,peso_kg\n";
pub(super) const ROW: &str = "2025;01;73079100;10;580;SP;01;0217800;64;64;1489\n";

/// A directory of its own that goes away with the value.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("trade-ingest-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn names() -> Names {
    let country = |code, iso2: &str, iso3: &str, names: &[&str]| KnownCountry {
        code,
        iso2: Some(iso2.to_owned()),
        iso3: Some(iso3.to_owned()),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let countries = [
        country(63, "AR", "ARG", &["Argentina"]),
        country(160, "CN", "CHN", &["China"]),
        country(249, "US", "USA", &["Estados Unidos", "United States"]),
        country(507, "NA", "NAM", &["Namíbia", "Namibia"]),
        country(1000, "", "ZZZ", &["Terra do Nunca"]),
    ];
    Names::new(&countries, &SECTORS.map(str::to_owned))
}

/// Options that reject nothing for having too many rejects.
pub(super) fn lenient() -> ReadOptions {
    ReadOptions { max_rejects_ppm: 1_000_000, workers: 2, ..strict() }
}

/// The product's own options, in December 2025.
pub(super) fn strict() -> ReadOptions {
    ReadOptions::new(Rules { present: Month::new(2025, 12).unwrap(), decimals: Decimals::default() })
}

/// The same with a decimal mark that the user says.
pub(super) fn with_decimal(mark: Mark) -> ReadOptions {
    let rules = Rules { decimals: Decimals::all(Some(mark)), ..strict().rules };
    ReadOptions { rules, ..lenient() }
}

pub(super) fn read_file(path: &Path, options: &ReadOptions) -> Result<(ReadSummary, Vec<Fact>), ReadError> {
    read_by_proved_marks(options, |options, sink| read_csv(path, options, &mut names(), sink, &|_| {}))
}

/// Reads as a load does: once more where late numbers prove the marks of earlier ones.
pub(super) fn read_by_proved_marks(
    options: &ReadOptions,
    read: impl Fn(&ReadOptions, &mut Sink<'_>) -> Result<ReadSummary, ReadError>,
) -> Result<(ReadSummary, Vec<Fact>), ReadError> {
    let once = |options: &ReadOptions| {
        let mut facts = Vec::new();
        let mut sink = |batch: Batch| {
            facts.extend(batch.facts);
            Ok(())
        };
        read(options, &mut sink).map(|summary| (summary, facts))
    };
    match once(options) {
        Err(ReadError { fault: Fault::DecimalProved(decimals), .. }) => {
            once(&ReadOptions { rules: Rules { decimals, ..options.rules }, ..options.clone() })
        }
        read => read,
    }
}

/// A file of the shared cases, or `None` with a message where it is absent.
pub(super) fn case(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/trade").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

pub(super) fn read_text(content: impl AsRef<[u8]>) -> Result<(ReadSummary, Vec<Fact>), ReadError> {
    let scratch = Scratch::new();
    read_file(&scratch.file("EXP.csv", content), &lenient())
}

/// The shared real data, or `None` with a message where it is absent.
pub(super) fn real_data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/comexstat").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}
