//! Rejected rows, kept for the person who must correct them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::error::{Fault, Place};
use super::row::{Reason, shown};

/// Rows that the file of rejects holds at most; all are counted.
pub const MAX_ROWS_WRITTEN: u64 = 100_000;
/// Bytes of a row that it shows at most.
const MAX_CONTENT_BYTES: usize = 4_096;

/// One rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Where it stands.
    pub place: Place,
    /// Why it is rejected.
    pub reason: Reason,
    /// The text found in the column at fault.
    pub found: String,
    /// The row as the file has it, cut at a few kilobytes.
    pub content: Vec<u8>,
}

impl Reject {
    /// A rejected row, its content cut to what is kept.
    #[must_use]
    pub fn new(place: Place, reason: Reason, found: &[u8], content: &[u8]) -> Self {
        Self { place, reason, found: shown(found), content: content[..content.len().min(MAX_CONTENT_BYTES)].to_vec() }
    }

    /// `line 3, column 11 (VL_FOB): "x": not a number`
    #[must_use]
    pub fn text_en(&self) -> String {
        format!("{}: {:?}: {}", self.place, self.found, self.reason.text_en())
    }
}

/// Writes rejected rows as `linha;coluna;encontrado;motivo;codigo;conteudo`, UTF-8. The file is made with the first row:
/// a clean load leaves none.
#[derive(Debug)]
pub struct RejectFile {
    path: Option<PathBuf>,
    writer: Option<BufWriter<File>>,
    written: u64,
}

impl RejectFile {
    /// Writes to `path`, or nowhere.
    #[must_use]
    pub fn new(path: Option<&Path>) -> Self {
        Self { path: path.map(Path::to_owned), writer: None, written: 0 }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, reject: &Reject) -> Result<(), Fault> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        if self.written >= MAX_ROWS_WRITTEN {
            return Ok(());
        }
        self.written += 1;
        let row = row_of(reject);
        let write = |writer: &mut Option<BufWriter<File>>| -> io::Result<()> {
            let open = match writer {
                Some(open) => open,
                None => {
                    let open = writer.insert(BufWriter::new(File::create(path)?));
                    // The mark tells spreadsheet programs that accents are UTF-8.
                    open.write_all("\u{feff}linha;coluna;encontrado;motivo;codigo;conteudo\r\n".as_bytes())?;
                    open
                }
            };
            open.write_all(row.as_bytes())
        };
        write(&mut self.writer).map_err(|source| Fault::RejectsUnwritable { path: path.clone(), source })
    }

    /// Ends the file; its path if there is one.
    ///
    /// # Errors
    /// When the last rows cannot be written.
    pub fn finish(&mut self) -> Result<Option<PathBuf>, Fault> {
        let (Some(writer), Some(path)) = (&mut self.writer, &self.path) else {
            return Ok(None);
        };
        writer.flush().map_err(|source| Fault::RejectsUnwritable { path: path.clone(), source })?;
        Ok(Some(path.clone()))
    }
}

fn row_of(reject: &Reject) -> String {
    let line = reject.place.line.map(|line| line.to_string()).unwrap_or_default();
    let line = match &reject.place.sheet {
        Some(sheet) => format!("{sheet}!{line}"),
        None => line,
    };
    let column = reject.place.column.as_deref().unwrap_or_default();
    let content = String::from_utf8_lossy(&reject.content);
    let fields = [line.as_str(), column, &reject.found, reject.reason.text_pt(), reject.reason.code(), &content];
    format!("{}\r\n", fields.map(field).join(";"))
}

/// A quoted field that no spreadsheet program takes for a formula.
fn field(text: &str) -> String {
    let dangerous = text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    let guard = if dangerous { "'" } else { "" };
    let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula_or_breaks_its_row() {
        assert_eq!(field("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        for dangerous in ["+1", "-1", "@x", "\tx", " =x"] {
            assert!(field(dangerous).starts_with("\"'"), "{dangerous:?}");
        }
        assert_eq!(field("2025;a\nb"), "\"2025;a b\"");
    }

    #[test]
    fn the_file_is_bounded_whatever_is_rejected() {
        let path = std::env::temp_dir().join(format!("trade-rejects-{}.csv", std::process::id()));
        let mut file = RejectFile::new(Some(&path));
        assert_eq!(file.finish().unwrap(), None);
        let reject = Reject::new(Place::line(2), Reason::Year, b"\xff", b"\xff;2025");
        for _ in 0..MAX_ROWS_WRITTEN + 10 {
            file.add(&reject).unwrap();
        }
        assert_eq!(file.finish().unwrap().as_deref(), Some(path.as_path()));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(text.lines().count() as u64, MAX_ROWS_WRITTEN + 1);
        assert!(text.contains("\u{fffd};2025"));
        assert!(Reject::new(Place::line(1), Reason::Year, b"x", &[b'x'; 60_000]).content.len() <= MAX_CONTENT_BYTES);
    }
}
