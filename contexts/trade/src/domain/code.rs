//! The codes of an export row: month, NCM, state, and what they mean.

use std::fmt;

/// First year that ComexStat covers.
pub const YEAR_MIN: u16 = 1989;
/// Bound of the type, no rule of the data: sums over every year up to it fit an `i64`. A load takes no month later than
/// the present one.
pub const YEAR_BOUND: u16 = 2100;

/// A calendar month, ordered and countable: year × 12 + (month − 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub u16);

impl Month {
    /// The month `month` (1–12) of `year`; `None` outside [`YEAR_MIN`]–[`YEAR_BOUND`] or 1–12.
    #[must_use]
    pub const fn new(year: u16, month: u8) -> Option<Self> {
        if year < YEAR_MIN || year > YEAR_BOUND || month < 1 || month > 12 {
            return None;
        }
        Some(Self(year * 12 + month as u16 - 1))
    }

    /// The calendar year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.0 / 12
    }

    /// The month of the year, 1–12.
    #[must_use]
    pub const fn month(self) -> u8 {
        (self.0 % 12) as u8 + 1
    }

    /// The month `months` before this one.
    #[must_use]
    pub const fn minus(self, months: u16) -> Self {
        Self(self.0.saturating_sub(months))
    }
}

impl fmt::Display for Month {
    /// `2025-02`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

/// A product code of the Mercosur nomenclature: eight digits, leading zeros included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ncm(pub u32);

impl Ncm {
    /// Reads a code as people write it: `17011400`, `1701.14.00`, `1701 14 00`.
    /// `None` unless eight digits remain.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut value = 0_u32;
        let mut digits = 0;
        for byte in text.trim().bytes() {
            match byte {
                b'0'..=b'9' if digits < 8 => {
                    value = value * 10 + u32::from(byte - b'0');
                    digits += 1;
                }
                b'.' | b' ' => {}
                _ => return None,
            }
        }
        (digits == 8).then_some(Self(value))
    }

    /// The subheading of the Harmonized System: the first six digits.
    #[must_use]
    pub const fn sh6(self) -> u32 {
        self.0 / 100
    }

    /// The heading: the first four digits.
    #[must_use]
    pub const fn sh4(self) -> u16 {
        (self.0 / 10_000) as u16
    }

    /// The chapter: the first two digits.
    #[must_use]
    pub const fn sh2(self) -> u8 {
        (self.0 / 1_000_000) as u8
    }
}

impl fmt::Display for Ncm {
    /// Eight digits, without dots.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

/// A producing state, or one of the seven codes that stand for none (`SG_UF_NCM`), as its place in [`UFS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uf(pub u8);

/// Every `SG_UF_NCM` with its name: 26 states and the Federal District, then the seven that are not states.
pub const UFS: [(&str, &str); 34] = [
    ("AC", "Acre"),
    ("AL", "Alagoas"),
    ("AM", "Amazonas"),
    ("AP", "Amapá"),
    ("BA", "Bahia"),
    ("CE", "Ceará"),
    ("DF", "Distrito Federal"),
    ("ES", "Espírito Santo"),
    ("GO", "Goiás"),
    ("MA", "Maranhão"),
    ("MG", "Minas Gerais"),
    ("MS", "Mato Grosso do Sul"),
    ("MT", "Mato Grosso"),
    ("PA", "Pará"),
    ("PB", "Paraíba"),
    ("PE", "Pernambuco"),
    ("PI", "Piauí"),
    ("PR", "Paraná"),
    ("RJ", "Rio de Janeiro"),
    ("RN", "Rio Grande do Norte"),
    ("RO", "Rondônia"),
    ("RR", "Roraima"),
    ("RS", "Rio Grande do Sul"),
    ("SC", "Santa Catarina"),
    ("SE", "Sergipe"),
    ("SP", "São Paulo"),
    ("TO", "Tocantins"),
    ("CB", "Consumo de Bordo"),
    ("ED", "Estados Diversos"),
    ("EX", "Exterior"),
    ("MN", "Mercadoria Nacionalizada"),
    ("ND", "Não Declarada"),
    ("RE", "Reexportação"),
    ("ZN", "Zona Não Declarada"),
];

impl Uf {
    /// "Não Declarada": also what a row of the simple layout gets, which names no state.
    pub const NOT_DECLARED: Self = Self(31);

    /// The state with these two letters.
    #[must_use]
    pub fn parse(letters: &[u8]) -> Option<Self> {
        UFS.iter().position(|(code, _)| code.as_bytes() == letters).and_then(|at| u8::try_from(at).ok()).map(Self)
    }

    /// The two letters.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        UFS[self.0 as usize].0
    }

    /// The Portuguese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        UFS[self.0 as usize].1
    }
}

/// A way of transport (`CO_VIA`), 0–99; 0 is "not declared".
pub type Via = u8;

/// A sector of the economy as the reports name it, as its place in the sector list of the store:
/// the five below first, then the names that simple-layout files brought.
pub type SectorId = u8;

/// The sectors every store knows, by [`SectorId`].
pub const SECTORS: [&str; 5] =
    ["Agropecuária", "Indústria Extrativa", "Indústria de Transformação", "Outros Produtos", "Não classificado"];

/// A country as a file names it: the `CO_PAIS` (0–999), or 1000 and up for a name that
/// a simple-layout file brought and no table knows.
pub type CountryCode = u16;

/// First [`CountryCode`] given to a name that is in no table.
pub const COUNTRY_CODE_UNLISTED: CountryCode = 1000;
