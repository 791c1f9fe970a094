//! One row into a fact, or the reason why not.

use super::error::Fault;
use super::layout::{Layout, LayoutKind, Role};
use super::marks::{Decimals, RowEvidence};
use super::names::BlockNames;
use super::number::{Mark, NumberFault, decimal, digits};
use super::site;
use super::split::{Span, split, trim, unescape};
use crate::domain::code::{Month, Ncm, UFS, Uf, YEAR_MIN};
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
    /// Marks that separate no groups of three digits, or against the decimal mark of the column.
    Thousands,
    /// A fraction of a kg in the official layout, which has whole ones.
    FractionOfKg,
    /// More than 18 digits.
    Overflow,
    /// Not a year, or before 1989.
    Year,
    /// Not a month.
    Month,
    /// A month later than the present one.
    Future,
    /// The header once more.
    RepeatedHeader,
    /// A row of totals.
    TotalRow,
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
    /// Not a reason to reject a row: another flow than exports in a site export.
    Flow,
    /// Not a reason to reject a row: a site export that joins several months.
    MonthSpan,
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
            Self::FractionOfKg => "fraction_of_kg",
            Self::Overflow => "overflow",
            Self::Year => "year",
            Self::Month => "month",
            Self::Future => "month_after_present",
            Self::RepeatedHeader => "repeated_header",
            Self::TotalRow => "total_row",
            Self::Ncm => "ncm",
            Self::Unit => "unit",
            Self::Country => "country",
            Self::Uf => "uf",
            Self::Via => "via",
            Self::Urf => "urf",
            Self::Sector => "sector",
            Self::Flow => "flow",
            Self::MonthSpan => "month_span",
            Self::TooManyNames => "too_many_names",
        }
    }

    /// What the reject file says to its reader, in Portuguese.
    #[must_use]
    pub const fn text_pt(self) -> &'static str {
        self.texts().0
    }

    /// The same in English, for messages of the command line.
    #[must_use]
    pub const fn text_en(self) -> &'static str {
        self.texts().1
    }

    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Negative => ("valor negativo", "a negative value"),
            Self::NotANumber => ("não é um número", "not a number"),
            Self::TooManyDecimals => ("casas decimais demais", "too many decimals"),
            Self::Thousands => (
                "separador de milhar fora do lugar ou contra --decimal",
                "thousands separators out of place, or against --decimal",
            ),
            Self::FractionOfKg => (
                "fração de kg: o formato oficial tem quilos inteiros",
                "a fraction of a kg: the official layout has whole ones",
            ),
            Self::Overflow => ("número grande demais", "a number beyond 18 digits"),
            Self::Year => ("não é um ano a partir de 1989", "not a year from 1989 on"),
            Self::Month => ("mês fora de 1–12", "not a month from 1 to 12"),
            Self::Future => ("depois do mês atual", "later than the present month"),
            Self::RepeatedHeader => {
                ("cabeçalho repetido no meio do arquivo: apague a linha", "the header once more: delete the row")
            }
            Self::TotalRow => ("linha de total: apague a linha", "a row of totals: delete the row"),
            Self::Ncm => ("NCM deve ter 8 dígitos", "not an NCM of eight digits"),
            Self::Unit => ("unidade estatística inválida", "not a statistical unit"),
            Self::Country => ("país inválido", "not a country"),
            Self::Uf => ("UF desconhecida", "not a state"),
            Self::Via => ("via inválida", "not a way of transport"),
            Self::Urf => ("URF inválida", "not a customs unit"),
            Self::Sector => ("setor inválido", "not a sector name"),
            Self::Flow => ("fluxo que não é exportação", "another flow than exports"),
            Self::MonthSpan => ("vários meses juntos", "several months in one"),
            Self::TooManyNames => ("nomes desconhecidos demais", "too many unknown names"),
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

/// What rows are judged by, besides their layout.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The present month in São Paulo: no export is later.
    pub present: Month,
    /// Decimal marks that are known.
    pub decimals: Decimals,
}

/// What became of a line.
#[derive(Debug)]
pub(crate) enum Line {
    /// A fact. Its country and sector are the block's own numbers where the layout names them.
    Fact(Fact),
    /// Facts of a row that holds several months or years.
    Facts(Vec<Fact>),
    /// The row is rejected for the text found in the column of the role.
    Reject(Reason, Role, Vec<u8>),
}

/// Reads lines of one layout.
#[derive(Debug)]
pub(crate) struct LineParser<'a> {
    layout: &'a Layout,
    rules: Rules,
    /// The names met so far.
    pub names: BlockNames,
    /// What the numbers of the last line show.
    pub evidence: RowEvidence,
    spans: Vec<Span>,
}

impl<'a> LineParser<'a> {
    /// For one block.
    pub fn new(layout: &'a Layout, rules: Rules, names: BlockNames) -> Self {
        Self { layout, rules, names, evidence: RowEvidence::default(), spans: Vec::with_capacity(16) }
    }

    /// Reads one line without its end. A fault comes with its column, where it has one.
    #[inline]
    pub fn parse(&mut self, line: &[u8]) -> Result<Line, (Fault, Option<usize>)> {
        self.evidence = RowEvidence::default();
        split(line, self.layout.delimiter, &mut self.spans).map_err(|(fault, column)| (fault, Some(column)))?;
        let expected = self.layout.columns.len();
        if self.spans.len() != expected {
            let hint = field_count_hint(line, self.layout.delimiter, self.spans.len());
            return Err((Fault::FieldCount { found: self.spans.len(), expected, hint }, None));
        }
        let spans = &self.spans;
        let mut row = Row {
            layout: self.layout,
            rules: &self.rules,
            names: &mut self.names,
            evidence: &mut self.evidence,
            stored: &|_| false,
        };
        if spans.iter().any(|span| span.escaped) {
            let fields: Vec<Vec<u8>> = spans.iter().map(|span| unescaped(span, line)).collect();
            row.read(|column| &fields[column])
        } else {
            row.read(|column| spans[column].text(line))
        }
    }

    /// The text of a column of the last line.
    pub fn text(&self, line: &[u8], role: Role) -> Vec<u8> {
        self.spans.get(self.layout.place(role)).map(|span| unescaped(span, line)).unwrap_or_default()
    }
}

fn unescaped(span: &Span, line: &[u8]) -> Vec<u8> {
    let text = span.text(line);
    if span.escaped { unescape(text) } else { text.to_vec() }
}

fn field_count_hint(line: &[u8], delimiter: u8, found: usize) -> &'static str {
    let begins_as_total = {
        let start = trim(line.strip_prefix(b"\"").unwrap_or(line));
        start.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"tota"))
    };
    if begins_as_total {
        ": it is a row of totals, delete it"
    } else if line.contains(&b'\r') {
        ": it holds a CR (carriage return), which ends a line only in files without LF; save the file with one kind of line end"
    } else if found == 1 && delimiter == b';' && line.contains(&b',') {
        ": the row is separated by commas, the header by semicolons"
    } else if found == 1 && delimiter == b',' && line.contains(&b';') {
        ": the row is separated by semicolons, the header by commas"
    } else {
        ": is the file truncated or edited?"
    }
}

/// The text found, for a message.
pub(crate) fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(60).collect()
}

/// One row while it is read.
pub(crate) struct Row<'r, 'l> {
    pub layout: &'l Layout,
    pub rules: &'r Rules,
    pub names: &'r mut BlockNames,
    pub evidence: &'r mut RowEvidence,
    /// Whether the value of a column was stored as a number, so that its mark is no question.
    pub stored: &'r dyn Fn(usize) -> bool,
}

impl Row<'_, '_> {
    /// The row's facts, or why it is rejected. `field` gives the trimmed fields by column index.
    ///
    /// # Errors
    /// A fault of the whole file, with its column.
    #[inline]
    pub fn read<'f>(&mut self, field: impl Fn(usize) -> &'f [u8]) -> Result<Line, (Fault, Option<usize>)> {
        let read = match self.layout.kind {
            LayoutKind::Site => site::facts(self, &field),
            _ => self.fact(&field).map(Line::Fact),
        };
        match read {
            Ok(line) => Ok(line),
            Err((Reason::TooManyNames, role)) => {
                let kind = if role == Role::Sector { "sector" } else { "country" };
                let fault = Fault::TooManyNames { kind, limit: super::names::MAX_NEW_COUNTRIES };
                Err((fault, Some(self.layout.place(role))))
            }
            Err((reason, role)) => {
                let found = if self.layout.has(role) { field(self.layout.place(role)) } else { &[] };
                let at = Some(self.layout.place(role));
                match self.row_reason(reason, &field) {
                    Reason::Flow => Err((Fault::SiteFlow(shown(found)), at)),
                    Reason::MonthSpan => Err((Fault::SiteSpan(shown(found)), at)),
                    reason => Ok(Line::Reject(reason, role, found.to_vec())),
                }
            }
        }
    }

    /// Rows that are no data are named as what they are.
    fn row_reason<'f>(&self, reason: Reason, field: &impl Fn(usize) -> &'f [u8]) -> Reason {
        let columns = &self.layout.columns;
        let names_itself =
            |(at, name): (usize, &String)| !name.is_empty() && trim(field(at)).eq_ignore_ascii_case(name.as_bytes());
        if columns.iter().enumerate().filter(|(_, name)| !name.is_empty()).all(names_itself) {
            return Reason::RepeatedHeader;
        }
        let first = (0..columns.len()).map(field).find(|text| !text.is_empty()).unwrap_or_default();
        if first.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"total")) {
            return Reason::TotalRow;
        }
        reason
    }

    fn fact<'f>(&mut self, field: &impl Fn(usize) -> &'f [u8]) -> Result<Fact, (Reason, Role)> {
        let layout = self.layout;
        let get = |role: Role| field(layout.place(role));
        let month = month(get(Role::Year), get(Role::Month), self.rules.present)?;
        let ncm = ncm(get(Role::Ncm)).ok_or((Reason::Ncm, Role::Ncm))?;
        // Both are read before either is judged: a rejected row shows marks too.
        let weight = self.value(Role::Weight, 3, layout.place(Role::Weight), field);
        let value = self.value(Role::Value, 2, layout.place(Role::Value), field);
        let mut fact = Fact {
            fob_cents: value?,
            weight_g: weight?,
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
        if layout.kind == LayoutKind::Official {
            fact.country = code(get(Role::Country), 3).ok_or((Reason::Country, Role::Country))?;
            fact.uf = uf(get(Role::Uf)).ok_or((Reason::Uf, Role::Uf))?;
            fact.via = code(get(Role::Via), 2).ok_or((Reason::Via, Role::Via))?;
            fact.urf = code(get(Role::Urf), 7).ok_or((Reason::Urf, Role::Urf))?;
            fact.unit = code(get(Role::Unit), 3).ok_or((Reason::Unit, Role::Unit))?;
            fact.quantity = self.quantity(layout.place(Role::Quantity), field)?;
            if fact.weight_g % 1_000 != 0 {
                return Err((Reason::FractionOfKg, Role::Weight));
            }
        } else {
            fact.country = self.names.country(get(Role::Country)).map_err(|reason| (reason, Role::Country))?;
            fact.sector = self.names.sector(get(Role::Sector)).map_err(|reason| (reason, Role::Sector))?;
        }
        Ok(fact)
    }

    /// A value scaled to its integer; what it shows of the column's decimal mark is noted.
    #[inline]
    pub fn value<'f>(
        &mut self,
        role: Role,
        scale: u32,
        column: usize,
        field: &impl Fn(usize) -> &'f [u8],
    ) -> Result<i64, (Reason, Role)> {
        let known = if (self.stored)(column) { Some(Mark::Point) } else { self.rules.decimals.of(role) };
        let (value, evidence) = decimal(field(column), scale, known);
        self.evidence.set(role, evidence);
        value.map_err(|fault| (fault.into(), role))
    }

    /// A quantity is kept whole: decimals that say nothing (`5.00`) are taken, others not.
    #[inline]
    pub fn quantity<'f>(&mut self, column: usize, field: &impl Fn(usize) -> &'f [u8]) -> Result<i64, (Reason, Role)> {
        let quantity = self.value(Role::Quantity, 3, column, field)?;
        if quantity % 1_000 != 0 {
            return Err((Reason::TooManyDecimals, Role::Quantity));
        }
        Ok(quantity / 1_000)
    }
}

/// A code without the `.0` that programs write after whole numbers: `12019000.0`.
fn without_zero_fraction(field: &[u8]) -> &[u8] {
    let Some(at) = field.iter().rposition(|byte| matches!(byte, b'.' | b',')) else { return field };
    let (whole, fraction) = (&field[..at], &field[at + 1..]);
    let is_whole = !whole.is_empty() && whole.iter().all(u8::is_ascii_digit);
    if is_whole && (1..=6).contains(&fraction.len()) && fraction.iter().all(|byte| *byte == b'0') {
        whole
    } else {
        field
    }
}

#[inline]
fn month(year: &[u8], month: &[u8], present: Month) -> Result<Month, (Reason, Role)> {
    let year = self::year(year).ok_or((Reason::Year, Role::Year))?;
    let month = code(month, 2).filter(|month| (1..=12).contains(month)).ok_or((Reason::Month, Role::Month))?;
    month_of(year, month, present)
}

/// A year of the data: four digits, 1989 or later.
#[inline]
pub(crate) fn year(field: &[u8]) -> Option<u16> {
    code(field, 4).filter(|year| *year >= YEAR_MIN)
}

/// The month, which must not be later than the present one.
pub(crate) fn month_of(year: u16, month: u8, present: Month) -> Result<Month, (Reason, Role)> {
    Month::new(year, month).filter(|month| *month <= present).ok_or((Reason::Future, Role::Month))
}

/// A product code: eight digits (dots allowed), or seven where a leading zero was lost. Six or fewer
/// are no padding problem (chapters start at 01) but another code, of a subheading perhaps.
#[inline]
pub(crate) fn ncm(field: &[u8]) -> Option<Ncm> {
    if let 7 | 8 = field.len()
        && let Some(code) = digits(field, 8)
    {
        return u32::try_from(code).ok().map(Ncm);
    }
    let whole = without_zero_fraction(field);
    match whole.len() {
        7 | 8 => digits(whole, 8).and_then(|code| u32::try_from(code).ok()).map(Ncm),
        // Dots and spaces stand where the nomenclature has them: 1701.14.00.
        10 if matches!((whole[4], whole[7]), (b'.', b'.') | (b' ', b' ')) => {
            std::str::from_utf8(whole).ok().and_then(Ncm::parse)
        }
        9 if whole[4] == b'.' => std::str::from_utf8(whole).ok().and_then(Ncm::parse),
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
pub(crate) fn uf(field: &[u8]) -> Option<Uf> {
    let [first, second] = *field else { return None };
    let letter = |byte: u8| usize::from(byte.to_ascii_uppercase().wrapping_sub(b'A'));
    let (first, second) = (letter(first), letter(second));
    if first > 25 || second > 25 {
        return None;
    }
    Some(Uf(UF_BY_LETTERS[first * 26 + second])).filter(|uf| uf.0 != u8::MAX)
}

#[inline]
pub(crate) fn code<T: TryFrom<u64>>(field: &[u8], max_digits: usize) -> Option<T> {
    let digits_of = |field: &[u8]| digits(field, max_digits).and_then(|code| T::try_from(code).ok());
    digits_of(field).or_else(|| digits_of(without_zero_fraction(field)))
}
