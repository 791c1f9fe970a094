//! Export files for tests.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::harness::{bgc, leaked};

/// The header of the official layout.
pub const HEADER: &str = "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB\n";

/// One row of it: sugar to China, 64 kg, US$ 1,489.
pub const ROW: &str = "2025;01;17011400;10;160;SP;01;0817800;64;64;1489\n";

/// `rows` rows of 2025, each US$ 1,489, the FOB of the first changed by `extra`.
pub fn official(rows: usize, extra: u64) -> String {
    let mut text = String::from(HEADER);
    writeln!(text, "2025;01;17011400;10;160;SP;01;0817800;64;64;{}", 1489 + extra).unwrap();
    for row in 1..rows {
        writeln!(text, "2025;{:02};17011400;10;{};SP;01;0817800;64;64;1489", row % 2 + 1, [160, 249][row % 2]).unwrap();
    }
    text
}

/// Writes a file and gives its path as text.
pub fn file(dir: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A large file that takes a while to load: 300,000 rows of sample data in the official layout.
pub fn large() -> &'static str {
    static LARGE: OnceLock<PathBuf> = OnceLock::new();
    let path = LARGE.get_or_init(|| {
        let dir = leaked("large");
        let path = dir.join("EXP_large.csv");
        let mut command = bgc(&dir.join("unused"));
        let output =
            command.args(["ingest", "sample", "--rows", "300000", "--json", "--out"]).arg(&path).output().unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains("\"rows\":300000"));
        path
    });
    path.to_str().unwrap()
}

/// The gzip form of a text.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
