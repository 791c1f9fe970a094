//! One row into a fact, or the reason why not.

use super::error::Fault;
use super::layout::{Layout, LayoutKind, Role};
use super::names::BlockNames;
use super::number::{NumberFault, Scaled, decimal, digits};
use super::split::{Span, split, unescape};
use crate::domain::code::{Month, Ncm, UFS, Uf, YEAR_MAX, YEAR_MIN};
use crate::domain::fact::{Fact, QUANTITY_NONE, SECTOR_DERIVED, UNIT_NONE, URF_NONE};

/// Why one row is rejected while its file may still be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A value below zero.
    Negative,
    /// A value that is no number.
    NotANumber,
    /// More than 2 decimals in money, 3 in weight, none in a quantity.
    TooManyDecimals,
    /// Thousands separators, which no two readers agree on.
    Thousands,
    /// More than 18 digits.
    Overflow,
    /// Not a year, or outside 1989–2100.
    Year,
    /// Not a month.
    Month,
    /// Not seven or eight digits.
    Ncm,
    /// Not a statistical unit code.
    Unit,
    /// Not a country: empty, over-long or a code above 999.
    Country,
    /// Not a state.
    Uf,
    /// Not a way of transport, 0–99.
    Via,
    /// Not a customs unit of up to seven digits.
    Urf,
    /// An over-long sector name.
    Sector,
    /// Not a reason to reject a row: the file brings more names than it may.
    TooManyNames,
}

impl Reason {
    /// Stable name, for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::NotANumber => "not_a_number",
            Self::TooManyDecimals => "too_many_decimals",
            Self::Thousands => "thousands_separator",
            Self::Overflow => "overflow",
            Self::Year => "year",
            Self::Month => "month",
            Self::Ncm => "ncm",
            Self::Unit => "unit",
            Self::Country => "country",
            Self::Uf => "uf",
            Self::Via => "via",
            Self::Urf => "urf",
            Self::Sector => "sector",
            Self::TooManyNames => "too_many_names",
        }
    }

    /// What the reject file says to its reader.
    #[must_use]
    pub const fn text_pt(self) -> &'static str {
        match self {
            Self::Negative => "valor negativo",
            Self::NotANumber => "não é um número",
            Self::TooManyDecimals => "casas decimais demais",
            Self::Thousands => "separador de milhar ambíguo",
            Self::Overflow => "número grande demais",
            Self::Year => "ano fora de 1989–2100",
            Self::Month => "mês fora de 1–12",
            Self::Ncm => "NCM deve ter 8 dígitos",
            Self::Unit => "unidade estatística inválida",
            Self::Country => "país inválido",
            Self::Uf => "UF desconhecida",
            Self::Via => "via inválida",
            Self::Urf => "URF inválida",
            Self::Sector => "setor inválido",
            Self::TooManyNames => "nomes desconhecidos demais",
        }
    }
}

impl From<NumberFault> for Reason {
    fn from(fault: NumberFault) -> Self {
        match fault {
            NumberFault::Negative => Self::Negative,
            NumberFault::NotANumber => Self::NotANumber,
            NumberFault::TooManyDecimals => Self::TooManyDecimals,
            NumberFault::Thousands => Self::Thousands,
            NumberFault::Overflow => Self::Overflow,
        }
    }
}

/// Which decimal marks the values of a row were written with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// A point.
    pub dot: bool,
    /// A comma.
    pub comma: bool,
}

impl Marks {
    fn note(&mut self, scaled: Scaled) -> i64 {
        self.dot |= scaled.mark == b'.';
        self.comma |= scaled.mark == b',';
        scaled.value
    }
}

/// What became of a line.
#[derive(Debug)]
pub(crate) enum Line {
    /// A fact. Its country and sector are the block's own numbers in the simple layout.
    Fact(Fact, Marks),
    /// The row is rejected for what stands in the column of the role.
    Reject(Reason, Role),
}

/// Reads lines of one layout.
#[derive(Debug)]
pub(crate) struct LineParser<'a> {
    layout: &'a Layout,
    /// The names met so far.
    pub names: BlockNames,
    spans: Vec<Span>,
}

impl<'a> LineParser<'a> {
    /// For one block.
    pub fn new(layout: &'a Layout, names: BlockNames) -> Self {
        Self { layout, names, spans: Vec::with_capacity(16) }
    }

    /// Reads one line without its end. A fault comes with its column, where it has one.
    #[inline]
    pub fn parse(&mut self, line: &[u8]) -> Result<Line, (Fault, Option<usize>)> {
        split(line, self.layout.delimiter, &mut self.spans).map_err(|(fault, column)| (fault, Some(column)))?;
        let expected = self.layout.columns.len();
        if self.spans.len() != expected {
            let hint = field_count_hint(line, self.layout.delimiter, self.spans.len());
            return Err((Fault::FieldCount { found: self.spans.len(), expected, hint }, None));
        }
        let spans = &self.spans;
        let parsed = if spans.iter().any(|span| span.escaped) {
            let fields: Vec<Vec<u8>> = spans
                .iter()
                .map(|span| if span.escaped { unescape(span.text(line)) } else { span.text(line).to_vec() })
                .collect();
            fact(self.layout, &mut self.names, |column| &fields[column])
        } else {
            fact(self.layout, &mut self.names, |column| spans[column].text(line))
        };
        match parsed {
            Ok((fact, marks)) => Ok(Line::Fact(fact, marks)),
            Err((Reason::TooManyNames, role)) => {
                let kind = if role == Role::Sector { "sector" } else { "country" };
                Err((
                    Fault::TooManyNames { kind, limit: super::names::MAX_NEW_COUNTRIES },
                    Some(self.layout.place(role)),
                ))
            }
            Err((reason, role)) => Ok(Line::Reject(reason, role)),
        }
    }
}

fn field_count_hint(line: &[u8], delimiter: u8, found: usize) -> &'static str {
    if found == 1 && delimiter == b';' && line.contains(&b',') {
        ": the row is separated by commas, the header by semicolons"
    } else if found == 1 && delimiter == b',' && line.contains(&b';') {
        ": the row is separated by semicolons, the header by commas"
    } else {
        ": is the file truncated or edited?"
    }
}

/// Builds the fact of one row, whose trimmed fields `field` gives by column index.
pub(crate) fn fact<'f>(
    layout: &Layout,
    names: &mut BlockNames,
    field: impl Fn(usize) -> &'f [u8],
) -> Result<(Fact, Marks), (Reason, Role)> {
    let get = |role: Role| field(layout.place(role));
    let mut marks = Marks::default();
    let month = month(get(Role::Year), get(Role::Month))?;
    let ncm = ncm(get(Role::Ncm)).ok_or((Reason::Ncm, Role::Ncm))?;
    let weight = decimal(get(Role::Weight), 3).map_err(|fault| (fault.into(), Role::Weight))?;
    let value = decimal(get(Role::Value), 2).map_err(|fault| (fault.into(), Role::Value))?;
    let mut fact = Fact {
        fob_cents: marks.note(value),
        weight_g: marks.note(weight),
        quantity: QUANTITY_NONE,
        ncm,
        urf: URF_NONE,
        month,
        country: 0,
        uf: Uf::NOT_DECLARED,
        via: 0,
        unit: UNIT_NONE,
        sector: SECTOR_DERIVED,
    };
    match layout.kind {
        LayoutKind::Official => {
            fact.country = code(get(Role::Country), 3).ok_or((Reason::Country, Role::Country))?;
            fact.uf = uf(get(Role::Uf)).ok_or((Reason::Uf, Role::Uf))?;
            fact.via = code(get(Role::Via), 2).ok_or((Reason::Via, Role::Via))?;
            fact.urf = code(get(Role::Urf), 7).ok_or((Reason::Urf, Role::Urf))?;
            fact.unit = code(get(Role::Unit), 3).ok_or((Reason::Unit, Role::Unit))?;
            // A quantity is kept whole: decimals that say nothing (`5.00`) are taken, others not.
            let quantity = decimal(get(Role::Quantity), 3).map_err(|fault| (fault.into(), Role::Quantity))?;
            if quantity.value % 1000 != 0 {
                return Err((Reason::TooManyDecimals, Role::Quantity));
            }
            fact.quantity = marks.note(quantity) / 1000;
        }
        LayoutKind::Simple => {
            fact.country = names.country(get(Role::Country)).map_err(|reason| (reason, Role::Country))?;
            fact.sector = names.sector(get(Role::Sector)).map_err(|reason| (reason, Role::Sector))?;
        }
    }
    Ok((fact, marks))
}

#[inline]
fn month(year: &[u8], month: &[u8]) -> Result<Month, (Reason, Role)> {
    let year = digits(year, 4).and_then(|year| u16::try_from(year).ok());
    let year = year.filter(|year| (YEAR_MIN..=YEAR_MAX).contains(year)).ok_or((Reason::Year, Role::Year))?;
    let month = code(month, 2).and_then(|month: u8| Month::new(year, month));
    month.ok_or((Reason::Month, Role::Month))
}

/// A product code: eight digits (dots allowed), or seven where a leading zero was lost. Six or fewer
/// are no padding problem (chapters start at 01) but another code, of a subheading perhaps.
#[inline]
fn ncm(field: &[u8]) -> Option<Ncm> {
    match field.len() {
        7 | 8 => digits(field, 8).and_then(|code| u32::try_from(code).ok()).map(Ncm),
        9..=12 => std::str::from_utf8(field).ok().and_then(Ncm::parse),
        _ => None,
    }
}

/// Place in [`UFS`] by the two letters, `u8::MAX` for letters that are no state: every row asks.
static UF_BY_LETTERS: [u8; 26 * 26] = {
    let mut places = [u8::MAX; 26 * 26];
    let mut place = 0;
    while place < UFS.len() {
        let letters = UFS[place].0.as_bytes();
        places[(letters[0] - b'A') as usize * 26 + (letters[1] - b'A') as usize] = place as u8;
        place += 1;
    }
    places
};

#[inline]
fn uf(field: &[u8]) -> Option<Uf> {
    let [first, second] = *field else { return None };
    let letter = |byte: u8| usize::from(byte.to_ascii_uppercase().wrapping_sub(b'A'));
    let (first, second) = (letter(first), letter(second));
    if first > 25 || second > 25 {
        return None;
    }
    Some(Uf(UF_BY_LETTERS[first * 26 + second])).filter(|uf| uf.0 != u8::MAX)
}

#[inline]
fn code<T: TryFrom<u64>>(field: &[u8], max_digits: usize) -> Option<T> {
    digits(field, max_digits).and_then(|code| T::try_from(code).ok())
}
