//! The export of the ministry's site (`V_EXPORTACAO_GERAL…`): one row a month, or periods side by side in columns.

use super::error::Fault;
use super::layout::{Layout, Role, SitePeriod};
use super::names::fold;
use super::row::{Line, Reason, Row, code, month_of, ncm, uf, year};
use crate::domain::code::{UFS, Uf, YEAR_MIN};
use crate::domain::fact::{Fact, QUANTITY_NONE, SECTOR_DERIVED, UNIT_NONE, URF_NONE};

/// The columns besides values, by their names in Portuguese and English without accents.
const COLUMNS: [(Role, &[&str]); 8] = [
    (Role::Flow, &["fluxo", "flow"]),
    (Role::Year, &["ano", "year"]),
    (Role::Month, &["mes", "month"]),
    (Role::Ncm, &["codigo ncm", "ncm", "co_ncm", "ncm code", "code ncm"]),
    (Role::Country, &["paises", "pais", "countries", "country", "pais de destino"]),
    (Role::Uf, &["uf do produto", "uf do produtor", "uf", "state", "state of product", "state of producer"]),
    (Role::Via, &["via", "via de transporte", "transport mode", "mode of transport", "route"]),
    (Role::Urf, &["urf", "customs unit", "unidade da receita federal"]),
];

/// Month names and their short forms, without accents.
const MONTHS: [(&str, &str); 12] = [
    ("janeiro", "january"),
    ("fevereiro", "february"),
    ("marco", "march"),
    ("abril", "april"),
    ("maio", "may"),
    ("junho", "june"),
    ("julho", "july"),
    ("agosto", "august"),
    ("setembro", "september"),
    ("outubro", "october"),
    ("novembro", "november"),
    ("dezembro", "december"),
];

/// Ways of transport as the site names them, with their `CO_VIA`.
const WAYS: [(&str, u8); 8] = [
    ("mari", 1),
    ("fluvial", 2),
    ("lacustre", 3),
    ("aerea", 4),
    ("postal", 5),
    ("ferrovi", 6),
    ("rodovi", 7),
    ("meios proprios", 9),
];

/// What a value column measures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Value,
    Weight,
}

fn measure(name: &str) -> Option<Measure> {
    let has = |part: &str| name.contains(part);
    if has("fob") {
        Some(Measure::Value)
    } else if has("quilograma") || has("kg liquido") || has("net weight") || has("net kilogram") || has("kg net") {
        Some(Measure::Weight)
    } else {
        None
    }
}

/// The layout of a site export; `None` where the header is none.
///
/// # Errors
/// A site export that lacks a column, or joins months.
pub(super) fn layout(columns: &[String], upper: &[String], delimiter: u8) -> Result<Option<Layout>, Fault> {
    let names: Vec<String> = upper.iter().map(|name| name.to_ascii_lowercase()).collect();
    let any = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    let signs = any(&["fluxo", "flow", "codigo ncm", "ncm code", "code ncm", "paises", "countries"]);
    let official = upper.iter().any(|name| name.starts_with("CO_"));
    if official || !signs || !names.iter().any(|name| measure(name).is_some()) {
        return Ok(None);
    }
    let place = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
    let roles: Vec<(Role, usize)> =
        COLUMNS.iter().filter_map(|(role, wanted)| place(wanted).map(|at| (*role, at))).collect();
    let periods = periods(columns, &names)?;
    let has = |role: Role| roles.iter().any(|(known, _)| *known == role);
    let missing = |missing, advice| Err(Fault::SiteColumn { missing, advice });
    if !has(Role::Ncm) {
        return missing("column Código NCM", "choose the detail NCM on the site and download again");
    }
    if !has(Role::Country) {
        return missing("column Países", "choose the detail Países on the site and download again");
    }
    if !has(Role::Year) && periods.iter().any(|period| period.year.is_none()) {
        return missing("year", "leave the column Ano in, and download again");
    }
    if !has(Role::Month) && periods.iter().any(|period| period.month.is_none()) {
        return missing("month", "choose \"Detalhar por mês\" on the site and download again");
    }
    if periods.iter().any(|period| period.value.is_none()) {
        return missing("Valor US$ FOB for each period", "choose that value on the site and download again");
    }
    if periods.iter().any(|period| period.weight.is_none()) {
        return missing("Quilograma Líquido for each period", "choose that value on the site and download again");
    }
    Ok(Some(Layout::of_site(columns.to_vec(), delimiter, &roles, periods)))
}

/// The value columns by the period that their names say: `2024 - Valor US$ FOB`, `Janeiro 2024 - Valor US$ FOB`.
fn periods(columns: &[String], names: &[String]) -> Result<Vec<SitePeriod>, Fault> {
    let mut periods: Vec<SitePeriod> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let Some(measure) = measure(name) else { continue };
        let words: Vec<&str> = name.split(|sign: char| !sign.is_ascii_alphanumeric()).collect();
        let years: Vec<u16> = words.iter().filter_map(|word| year(word.as_bytes())).collect();
        let months: Vec<u8> = words.iter().filter_map(|word| month_name(word)).collect();
        if years.len() > 1 || months.len() > 1 {
            return Err(Fault::SiteSpan(columns[at].clone()));
        }
        let (year, month) = (years.first().copied(), months.first().copied());
        let known = periods.iter().position(|period| (period.year, period.month) == (year, month));
        let place = known.unwrap_or_else(|| {
            periods.push(SitePeriod { year, month, ..SitePeriod::default() });
            periods.len() - 1
        });
        let slot = match measure {
            Measure::Value => &mut periods[place].value,
            Measure::Weight => &mut periods[place].weight,
        };
        if slot.replace(at).is_some() {
            return Err(Fault::ColumnRepeated(columns[at].clone()));
        }
    }
    Ok(periods)
}

/// A month by its whole name or its first three letters.
fn month_name(word: &str) -> Option<u8> {
    let is = |name: &str| word == name || (word.len() == 3 && name.starts_with(word));
    (1..).zip(MONTHS).find(|(_, (portuguese, english))| is(portuguese) || is(english)).map(|(number, _)| number)
}

/// A month of a row: `01. Janeiro`, `Janeiro`, `1`.
fn month_cell(field: &[u8]) -> Result<u8, Reason> {
    if let Some(month) = code(field, 2) {
        return if (1..=12).contains(&month) { Ok(month) } else { Err(Reason::Month) };
    }
    let text = fold(&String::from_utf8_lossy(field));
    let words: Vec<&str> = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let named: Vec<u8> = words.iter().filter_map(|word| month_name(word)).collect();
    let number = words.first().and_then(|word| code::<u8>(word.as_bytes(), 2));
    match (named.as_slice(), number) {
        ([month], None) => Ok(*month),
        ([month], Some(number)) if number == *month => Ok(*month),
        ([_, _, ..], _) => Err(Reason::MonthSpan),
        _ => Err(Reason::Month),
    }
}

/// The facts of a row: one for each period that has something.
pub(super) fn facts<'f>(row: &mut Row<'_, '_>, field: &impl Fn(usize) -> &'f [u8]) -> Result<Line, (Reason, Role)> {
    let layout = row.layout;
    let get = |role: Role| if layout.has(role) { field(layout.place(role)) } else { &[] };
    let flow = fold(&String::from_utf8_lossy(get(Role::Flow)));
    if layout.has(Role::Flow) && flow != "fluxo" && flow != "flow" && !flow.is_empty() && !flow.starts_with("expor") {
        // A row of totals has its word in the first column, whatever that column is.
        let reason = if flow.starts_with("total") { Reason::TotalRow } else { Reason::Flow };
        return Err((reason, Role::Flow));
    }
    let ncm = ncm(get(Role::Ncm)).ok_or((Reason::Ncm, Role::Ncm))?;
    let row_year =
        if layout.has(Role::Year) { Some(year(get(Role::Year)).ok_or((Reason::Year, Role::Year))?) } else { None };
    let row_month = if layout.has(Role::Month) {
        Some(month_cell(get(Role::Month)).map_err(|reason| (reason, Role::Month))?)
    } else {
        None
    };
    let country = row.names.country(get(Role::Country)).map_err(|reason| (reason, Role::Country))?;
    let mut facts = Vec::with_capacity(layout.periods.len());
    for period in &layout.periods {
        let (Some(value_at), Some(weight_at)) = (period.value, period.weight) else { continue };
        // Periods side by side leave a cell empty, or write a zero, where there was no export.
        let side_by_side = layout.periods.len() > 1;
        if side_by_side && field(value_at).is_empty() && field(weight_at).is_empty() {
            continue;
        }
        let (year, month) = (period.year.or(row_year), period.month.or(row_month));
        let month = month_of(year.unwrap_or(YEAR_MIN), month.unwrap_or(1), row.rules.present)?;
        let weight_g = row.value(Role::Weight, 3, weight_at, field);
        let fob_cents = row.value(Role::Value, 2, value_at, field)?;
        let weight_g = weight_g?;
        if side_by_side && (fob_cents, weight_g) == (0, 0) {
            continue;
        }
        facts.push(Fact {
            fob_cents,
            weight_g,
            quantity: QUANTITY_NONE,
            ncm,
            urf: leading_code(get(Role::Urf)).unwrap_or(URF_NONE),
            month,
            country,
            uf: state(get(Role::Uf)),
            via: way(get(Role::Via)),
            unit: UNIT_NONE,
            sector: SECTOR_DERIVED,
        });
    }
    Ok(Line::Facts(facts))
}

/// A state by its letters or its name; not declared where it is neither.
fn state(field: &[u8]) -> Uf {
    if let Some(found) = uf(field) {
        return found;
    }
    let name = fold(&String::from_utf8_lossy(field));
    let at = UFS.iter().position(|(_, known)| fold(known) == name);
    at.and_then(|at| u8::try_from(at).ok()).map_or(Uf::NOT_DECLARED, Uf)
}

/// A way of transport by its number or the beginning of its name; 0, not declared, where it is neither.
fn way(field: &[u8]) -> u8 {
    if let Some(number) = leading_code::<u8>(field) {
        return number;
    }
    let name = fold(&String::from_utf8_lossy(field));
    WAYS.iter().find(|(start, _)| name.starts_with(start)).map_or(0, |(_, number)| *number)
}

/// The number before a name: `0817800 - PORTO DE SANTOS`.
fn leading_code<T: TryFrom<u64>>(field: &[u8]) -> Option<T> {
    let digits = field.iter().take_while(|byte| byte.is_ascii_digit()).count();
    code(&field[..digits], 7)
}
