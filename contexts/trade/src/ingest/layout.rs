//! Which of the two layouts a file has, told by the names in its header.

use super::error::Fault;
use super::names::fold;
use super::split::{split, unescape};

/// The two layouts that the loader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutKind {
    /// ComexStat's own: `CO_ANO;CO_MES;CO_NCM;…`.
    Official,
    /// `ano,mes,pais,setor,ncm,valor_usd,peso_kg`.
    Simple,
}

impl LayoutKind {
    /// Name for messages and the batch's row.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Simple => "simple",
        }
    }

    const fn columns(self) -> &'static [(&'static str, Role)] {
        match self {
            Self::Official => &OFFICIAL,
            Self::Simple => &SIMPLE,
        }
    }
}

/// What a column means, the same in both layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Calendar year.
    Year,
    /// Month, 1–12.
    Month,
    /// Product code.
    Ncm,
    /// Statistical unit.
    Unit,
    /// Country: `CO_PAIS`, in the simple layout also a name or an ISO code.
    Country,
    /// Producing state.
    Uf,
    /// Way of transport.
    Via,
    /// Customs unit.
    Urf,
    /// Statistical quantity.
    Quantity,
    /// Net weight in kg.
    Weight,
    /// FOB value in US$.
    Value,
    /// Sector by name.
    Sector,
}

const ROLES: usize = 12;

const OFFICIAL: [(&str, Role); 11] = [
    ("CO_ANO", Role::Year),
    ("CO_MES", Role::Month),
    ("CO_NCM", Role::Ncm),
    ("CO_UNID", Role::Unit),
    ("CO_PAIS", Role::Country),
    ("SG_UF_NCM", Role::Uf),
    ("CO_VIA", Role::Via),
    ("CO_URF", Role::Urf),
    ("QT_ESTAT", Role::Quantity),
    ("KG_LIQUIDO", Role::Weight),
    ("VL_FOB", Role::Value),
];

const SIMPLE: [(&str, Role); 7] = [
    ("ANO", Role::Year),
    ("MES", Role::Month),
    ("PAIS", Role::Country),
    ("SETOR", Role::Sector),
    ("NCM", Role::Ncm),
    ("VALOR_USD", Role::Value),
    ("PESO_KG", Role::Weight),
];

/// Columns that only import files have.
const IMPORT_ONLY: [&str; 2] = ["VL_FRETE", "VL_SEGURO"];

/// Where each column of a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Which layout.
    pub kind: LayoutKind,
    /// `;` or `,`.
    pub delimiter: u8,
    /// Column names in file order, as the file writes them.
    pub columns: Vec<String>,
    /// Column index by role; `u8::MAX` where the layout has none.
    places: [u8; ROLES],
}

impl Layout {
    /// The column index of a role that the layout has.
    #[inline]
    #[must_use]
    pub fn place(&self, role: Role) -> usize {
        usize::from(self.places[role as usize])
    }

    /// The role of the column with this index; `None` for a column that nothing is read from.
    #[must_use]
    pub fn role_at(&self, index: usize) -> Option<Role> {
        self.kind.columns().iter().map(|(_, role)| *role).find(|role| self.place(*role) == index)
    }

    /// `3 (CO_NCM)` for the column with this index.
    #[must_use]
    pub fn column_label(&self, index: usize) -> String {
        match self.columns.get(index) {
            Some(name) => format!("{} ({name})", index + 1),
            None => (index + 1).to_string(),
        }
    }

    /// Reads the header line of a text file (no line end, no byte-order mark).
    ///
    /// # Errors
    /// Says which delimiter or column is wrong.
    pub fn of_line(line: &[u8]) -> Result<Self, Fault> {
        let delimiter = delimiter_of(line)?;
        let mut spans = Vec::new();
        split(line, delimiter, &mut spans).map_err(|(fault, _)| fault)?;
        let columns = spans.iter().map(|span| {
            let text = span.text(line);
            let text = if span.escaped { unescape(text) } else { text.to_vec() };
            String::from_utf8_lossy(&text).trim().to_owned()
        });
        Self::of_columns(columns.collect(), delimiter)
    }

    /// Finds the layout by the names of the columns.
    ///
    /// # Errors
    /// Says which column is missing, repeated or of another kind of file.
    pub fn of_columns(columns: Vec<String>, delimiter: u8) -> Result<Self, Fault> {
        let upper: Vec<String> = columns.iter().map(|name| fold(name).to_ascii_uppercase()).collect();
        let fits = |kind: LayoutKind| {
            kind.columns().iter().filter(|(name, _)| upper.iter().any(|column| column == name)).count()
        };
        let kind = match (fits(LayoutKind::Official), fits(LayoutKind::Simple)) {
            // One common word alone (a column called "pais", say) makes no layout.
            (0..=1, 0..=1) => return Err(unknown(&columns)),
            (official, simple) if official >= simple => LayoutKind::Official,
            _ => LayoutKind::Simple,
        };
        if let Some(import) = upper.iter().find(|name| IMPORT_ONLY.contains(&name.as_str())) {
            return Err(Fault::Imports(import.clone()));
        }
        let mut places = [u8::MAX; ROLES];
        let mut missing = Vec::new();
        for (name, role) in kind.columns() {
            let mut found = upper.iter().enumerate().filter(|(_, column)| column == name);
            match (found.next(), found.next()) {
                (None, _) => missing.push(*name),
                (Some(_), Some(_)) => return Err(Fault::ColumnRepeated((*name).to_owned())),
                (Some((index, _)), None) => places[*role as usize] = u8::try_from(index).unwrap_or(u8::MAX),
            }
        }
        if !missing.is_empty() {
            let hint = if upper.iter().any(|name| name == "CO_MUN") {
                ": this is a file by municipality, load the one by NCM"
            } else {
                ""
            };
            return Err(Fault::ColumnMissing { missing: missing.join(", "), hint });
        }
        Ok(Self { kind, delimiter, columns, places })
    }
}

fn unknown(columns: &[String]) -> Fault {
    Fault::HeaderUnknown { found: columns.join(";").chars().take(80).collect() }
}

/// `;` if the header has one outside quotes, else `,`.
fn delimiter_of(line: &[u8]) -> Result<u8, Fault> {
    let has = |wanted: u8| {
        let mut quoted = false;
        line.iter().any(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == wanted
        })
    };
    let found = if has(b';') {
        return Ok(b';');
    } else if has(b',') {
        return Ok(b',');
    } else if has(b'\t') {
        "tabs"
    } else if has(b'|') {
        "|"
    } else if has(b':') && line.windows(6).any(|window| window.eq_ignore_ascii_case(b"CO_ANO")) {
        ":"
    } else {
        return Err(unknown(&[String::from_utf8_lossy(line).into_owned()]));
    };
    Err(Fault::Delimiter(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB";

    fn code(header: &str) -> &'static str {
        Layout::of_line(header.as_bytes()).unwrap_err().code()
    }

    #[test]
    fn both_layouts_are_told_by_name_in_any_order() {
        let layout = Layout::of_line(HEADER.as_bytes()).unwrap();
        assert_eq!((layout.kind, layout.delimiter, layout.place(Role::Value)), (LayoutKind::Official, b';', 10));
        let quoted =
            HEADER.split(';').rev().map(|name| format!("\"{}\"", name.to_lowercase())).collect::<Vec<_>>().join(",");
        let layout = Layout::of_line(quoted.as_bytes()).unwrap();
        assert_eq!((layout.kind, layout.delimiter, layout.place(Role::Value)), (LayoutKind::Official, b',', 0));
        let accents = Layout::of_line("Ano,Mês,País,Setor,NCM,Valor_USD,Peso_kg".as_bytes()).unwrap();
        assert_eq!(accents.kind, LayoutKind::Simple);
        let layout = Layout::of_line(b"ano,mes,pais,setor,ncm,valor_usd,peso_kg,nota").unwrap();
        assert_eq!((layout.kind, layout.place(Role::Sector)), (LayoutKind::Simple, 3));
        assert_eq!(layout.column_label(2), "3 (pais)");
    }

    #[test]
    fn wrong_headers_say_what_is_wrong() {
        assert_eq!(code(&HEADER.replace(';', "\t")), "wrong_delimiter");
        assert_eq!(code(&HEADER.replace(';', "|")), "wrong_delimiter");
        assert_eq!(code("a;b;c"), "header_unknown");
        assert_eq!(code("<html><body>404"), "header_unknown");
        assert_eq!(code(&format!("{HEADER};VL_FRETE;VL_SEGURO")), "import_file");
        assert_eq!(code(&format!("{HEADER};CO_ANO")), "column_repeated");
        let fault = Layout::of_line(HEADER.replace("CO_PAIS;", "").as_bytes()).unwrap_err();
        assert_eq!(fault.to_string(), "the header has no column CO_PAIS");
        let fault = Layout::of_line(b"CO_ANO;CO_MES;SH4;CO_PAIS;SG_UF_MUN;CO_MUN;KG_LIQUIDO;VL_FOB").unwrap_err();
        assert!(fault.to_string().contains("municipality"), "{fault}");
    }
}
