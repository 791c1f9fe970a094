//! Export files of any size made from the real ones: the real months repeated with jitter.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

const HEADER: &[u8] = b"\"CO_ANO\";\"CO_MES\";\"CO_NCM\";\"CO_UNID\";\"CO_PAIS\";\"SG_UF_NCM\";\"CO_VIA\";\"CO_URF\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\"\n";

/// The rows of January and February 2025, as they stand between the month and the quantities.
pub struct RealMonths {
    months: [Vec<Row>; 2],
}

struct Row {
    /// `"73079100";"10";"580";"SP";"01";"0217800";64;` : everything that stays.
    middle: Vec<u8>,
    kg: u64,
    fob: u64,
}

impl RealMonths {
    /// Reads `EXP_2025.csv.gz` of the shared data.
    pub fn read(directory: &Path) -> Result<Self> {
        let path = directory.join("EXP_2025.csv.gz");
        let mut text = Vec::new();
        let file = File::open(&path).with_context(|| format!("open {}", path.display()))?;
        GzDecoder::new(file).read_to_end(&mut text)?;
        let mut months = [Vec::new(), Vec::new()];
        for line in text.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty()) {
            // "2025";"01"; is twelve bytes; the two last fields are kg and FOB.
            let mut tail = line[12..].rsplitn(3, |byte| *byte == b';');
            let fob = number(tail.next())?;
            let kg = number(tail.next())?;
            let middle = tail.next().unwrap_or_default().to_vec();
            let month = if &line[8..10] == b"01" { 0 } else { 1 };
            months[month].push(Row { middle, kg, fob });
        }
        Ok(Self { months })
    }

    /// Writes `rows` rows of `year` (all twelve months when `None`), values moved by up to ±20 % as `seed` has it.
    pub fn write_year(&self, year: u16, rows: Option<usize>, seed: u64, path: &Path) -> Result<usize> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        out.write_all(HEADER)?;
        let mut written = 0;
        let mut state = (u64::from(year) + (seed << 16)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for month in 1..=12_usize {
            for row in &self.months[month % 2] {
                if rows.is_some_and(|rows| written >= rows) {
                    out.flush()?;
                    return Ok(written);
                }
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let percent = 80 + (state >> 33) % 41;
                let (kg, fob) = (row.kg * percent / 100, row.fob * percent / 100);
                write!(out, "\"{year}\";\"{month:02}\";")?;
                out.write_all(&row.middle)?;
                writeln!(out, ";{kg};{fob}")?;
                written += 1;
            }
        }
        out.flush()?;
        Ok(written)
    }
}

fn number(field: Option<&[u8]>) -> Result<u64> {
    let text = std::str::from_utf8(field.unwrap_or_default())?;
    text.trim().parse().with_context(|| format!("{text:?} is not a number"))
}

/// The shared data, or a plain word that it is needed.
pub fn shared_data() -> Result<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/comexstat");
    if !path.is_dir() {
        bail!("the benchmark repeats real months; {} is missing", path.display());
    }
    Ok(path)
}
