//! Which layout a file has, told by the names in its header.

use encoding_rs::WINDOWS_1252;

use super::error::Fault;
use super::names::fold;
use super::site;
use super::split::{split, unescape};

/// The layouts that the loader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutKind {
    /// ComexStat's own: `CO_ANO;CO_MES;CO_NCM;…`.
    Official,
    /// `ano,mes,pais,setor,ncm,valor_usd,peso_kg`.
    Simple,
    /// The export of the ministry's site: `Fluxo;Ano;Mês;Países;Código NCM;…;Valor US$ FOB;…`.
    Site,
}

impl LayoutKind {
    /// Name for messages and the batch's row.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Simple => "simple",
            Self::Site => "site",
        }
    }

    const fn columns(self) -> &'static [(&'static str, Role)] {
        match self {
            Self::Official => &OFFICIAL,
            Self::Simple => &SIMPLE,
            Self::Site => &[],
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
    /// Exports or imports, in a site export.
    Flow,
}

const ROLES: usize = 13;

/// Value columns of a site export that belong together, with the period that their names say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SitePeriod {
    /// Year of the column names; `None` where rows name it.
    pub year: Option<u16>,
    /// Month of the column names; `None` where rows name it.
    pub month: Option<u8>,
    /// Column of the FOB value.
    pub value: Option<usize>,
    /// Column of the net weight.
    pub weight: Option<usize>,
}

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

const ALL_ROLES: [Role; ROLES] = [
    Role::Year,
    Role::Month,
    Role::Ncm,
    Role::Unit,
    Role::Country,
    Role::Uf,
    Role::Via,
    Role::Urf,
    Role::Quantity,
    Role::Weight,
    Role::Value,
    Role::Sector,
    Role::Flow,
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
    /// The periods of a site export; empty in the other layouts.
    pub periods: Vec<SitePeriod>,
}

impl Layout {
    /// The column index of a role; beyond every column where the layout has none of the role.
    #[inline]
    #[must_use]
    pub fn place(&self, role: Role) -> usize {
        usize::from(self.places[role as usize])
    }

    /// Whether the layout has a column of the role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.places[role as usize] != u8::MAX
    }

    /// The role of the column with this index; `None` for a column that nothing is read from.
    #[must_use]
    pub fn role_at(&self, index: usize) -> Option<Role> {
        let of_period = self.periods.iter().find_map(|period| match Some(index) {
            at if at == period.value => Some(Role::Value),
            at if at == period.weight => Some(Role::Weight),
            _ => None,
        });
        of_period.or_else(|| ALL_ROLES.into_iter().find(|role| self.has(*role) && self.place(*role) == index))
    }

    /// A site export, with the columns of the roles that it has.
    pub(super) fn of_site(
        columns: Vec<String>,
        delimiter: u8,
        roles: &[(Role, usize)],
        periods: Vec<SitePeriod>,
    ) -> Self {
        let mut places = [u8::MAX; ROLES];
        for (role, column) in roles {
            places[*role as usize] = u8::try_from(*column).unwrap_or(u8::MAX);
        }
        if let Some(SitePeriod { value: Some(value), weight: Some(weight), .. }) = periods.first() {
            places[Role::Value as usize] = u8::try_from(*value).unwrap_or(u8::MAX);
            places[Role::Weight as usize] = u8::try_from(*weight).unwrap_or(u8::MAX);
        }
        Self { kind: LayoutKind::Site, delimiter, columns, places, periods }
    }

    /// `3 (CO_NCM)` for the column with this index; `of the header` where the header says it.
    #[must_use]
    pub fn column_label(&self, index: usize) -> String {
        match self.columns.get(index) {
            Some(name) => format!("{} ({name})", index + 1),
            None if index == usize::from(u8::MAX) => "of the header".to_owned(),
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
            name_text(&text)
        });
        Self::of_columns(columns.collect(), delimiter)
    }

    /// Finds the layout by the names of the columns.
    ///
    /// # Errors
    /// Says which column is missing, repeated or of another kind of file.
    pub fn of_columns(columns: Vec<String>, delimiter: u8) -> Result<Self, Fault> {
        let upper: Vec<String> = columns.iter().map(|name| fold(name).to_ascii_uppercase()).collect();
        if upper.iter().any(|name| name == "CO_NBM") {
            return Err(Fault::OtherFile(
                "an NBM file: until 1996 exports were classified by the NBM, not by the NCM; load EXP_1997.csv and later",
            ));
        }
        if upper.iter().any(|name| matches!(name.as_str(), "CO_MUN" | "SG_UF_MUN")) {
            return Err(Fault::OtherFile(
                "a file by municipality, which has headings and no NCM: load the one by NCM, EXP_<year>.csv",
            ));
        }
        if let Some(layout) = site::layout(&columns, &upper, delimiter)? {
            return Ok(layout);
        }
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
            return Err(Fault::ColumnMissing { missing: missing.join(", ") });
        }
        Ok(Self { kind, delimiter, columns, places, periods: Vec::new() })
    }
}

/// A column name: UTF-8, else Windows-1252, without blanks and byte-order marks around it.
fn name_text(text: &[u8]) -> String {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(text).0.into_owned(),
    };
    text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}').to_owned()
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
