//! Reading `cuts=ncm:12019000,year:2023|2024`: which rows count.

use std::collections::BTreeSet;
use std::str::FromStr;

use platform::problem::Text;

use super::places;
use super::request::{Dimension, short};
use super::scope::known_ncms;
use crate::cube::Snapshot;
use crate::cube::question::{Cuts, ProductLevel};
use crate::domain::code::{CountryCode, Month, Ncm, SectorId, UFS, Uf, YEAR_BOUND, YEAR_MIN};
use crate::domain::country_name;

/// Most values of one cut.
const VALUES_MAX: usize = 500;

/// Which months count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthCut {
    /// Years; `None` for all.
    years: Option<BTreeSet<u16>>,
    /// Whether the last covered year counts, whatever it is.
    latest_year: bool,
    /// Months of every year, and single months of one year; `None` for all.
    months: Option<(BTreeSet<u8>, BTreeSet<Month>)>,
    /// Whether the last covered month counts, whatever it is.
    latest_month: bool,
}

impl MonthCut {
    /// Whether `month` counts when `through` is the last covered one.
    #[must_use]
    pub fn takes(&self, month: Month, through: Option<Month>) -> bool {
        let year = self.years.as_ref().is_none_or(|years| years.contains(&month.year()))
            || (self.latest_year && through.is_some_and(|through| through.year() == month.year()));
        let of_year = self
            .months
            .as_ref()
            .is_none_or(|(every, single)| every.contains(&month.month()) || single.contains(&month))
            || (self.latest_month && through == Some(month));
        year && of_year
    }
}

/// Reads the whole parameter.
pub(super) fn parse(text: &str, snapshot: &Snapshot) -> Result<(Cuts, MonthCut), Vec<Text>> {
    let mut reading = Reading { snapshot, cuts: Cuts::default(), months: MonthCut::default(), seen: Vec::new() };
    let parts = text.split(',').map(str::trim).filter(|_| !text.trim().is_empty());
    let errors: Vec<Text> = parts.filter_map(|part| reading.cut(part).err()).collect();
    if errors.is_empty() { Ok((reading.cuts, reading.months)) } else { Err(errors) }
}

struct Reading<'a> {
    snapshot: &'a Snapshot,
    cuts: Cuts,
    months: MonthCut,
    seen: Vec<Dimension>,
}

impl Reading<'_> {
    fn cut(&mut self, part: &str) -> Result<(), Text> {
        let allowed = || Dimension::ALL.map(|(name, _)| name).join(", ");
        let (name, values) = part.split_once(':').ok_or_else(|| {
            Text::new(
                format!("{:?} não é DIMENSÃO:VALOR|VALOR, como em year:2023|2024.", short(part)),
                format!("{:?} is not DIMENSION:VALUE|VALUE, as in year:2023|2024.", short(part)),
            )
        })?;
        let (_, dimension) = *Dimension::ALL.iter().find(|(known, _)| *known == name.trim()).ok_or_else(|| {
            Text::new(
                format!("{:?} não é uma dimensão; as dimensões são {}.", short(name), allowed()),
                format!("{:?} is no dimension; allowed are {}.", short(name), allowed()),
            )
        })?;
        if self.seen.contains(&dimension) {
            return Err(Text::new(
                format!("{name:?} é cortada duas vezes; escreva os valores como {name}:A|B."),
                format!("{name:?} is cut twice; write its values as {name}:A|B."),
            ));
        }
        self.seen.push(dimension);
        let values: Vec<&str> = values.split('|').map(str::trim).collect();
        if values.len() > VALUES_MAX {
            return Err(Text::new(
                format!("{name:?} tem {} valores; o máximo é {VALUES_MAX}.", values.len()),
                format!("{name:?} has {} values, and {VALUES_MAX} is the most.", values.len()),
            ));
        }
        let snapshot = self.snapshot;
        match dimension {
            Dimension::Year => values.iter().try_for_each(|value| self.year(value)),
            Dimension::Month => values.iter().try_for_each(|value| self.month(value)),
            Dimension::Ncm => self.products(ProductLevel::Ncm, 8, &values),
            Dimension::Sh6 => self.products(ProductLevel::Sh6, 6, &values),
            Dimension::Sh4 => self.products(ProductLevel::Sh4, 4, &values),
            Dimension::Sh2 => self.products(ProductLevel::Sh2, 2, &values),
            Dimension::Country => set(&mut self.cuts.countries, &values, |value| country(value, snapshot)),
            Dimension::Bloc => {
                let blocs = places::blocs(&values)?;
                let members = places::members(&blocs, snapshot);
                self.cuts.blocs = Some(blocs);
                narrow(&mut self.cuts.countries, members);
                Ok(())
            }
            Dimension::Region => {
                narrow(&mut self.cuts.ufs, places::states(&values)?);
                Ok(())
            }
            Dimension::Urf => set(&mut self.cuts.urfs, &values, |value| places::urf(value, snapshot)),
            Dimension::Uf => set(&mut self.cuts.ufs, &values, uf),
            Dimension::Sector => set(&mut self.cuts.sectors, &values, |value| sector(value, snapshot)),
            Dimension::Via => set(&mut self.cuts.vias, &values, |value| via(value, snapshot)),
        }
    }

    fn year(&mut self, value: &str) -> Result<(), Text> {
        let years = self.months.years.get_or_insert_default();
        if value == "latest" {
            self.months.latest_year = true;
            return Ok(());
        }
        let wrong = || {
            Text::new(
                format!("{:?} não é um ano; escreva 2024, 2019-2024 ou latest, a partir de {YEAR_MIN}.", short(value)),
                format!("{:?} is no year; write 2024, 2019-2024 or latest, from {YEAR_MIN} on.", short(value)),
            )
        };
        let (first, last) =
            span(value).and_then(|(a, b)| Some((number::<u16>(a)?, number::<u16>(b)?))).ok_or_else(wrong)?;
        if first > last || first < YEAR_MIN || last > YEAR_BOUND {
            return Err(wrong());
        }
        years.extend(first..=last);
        Ok(())
    }

    fn month(&mut self, value: &str) -> Result<(), Text> {
        let (every, single) = self.months.months.get_or_insert_default();
        if value == "latest" {
            self.months.latest_month = true;
            return Ok(());
        }
        let wrong = || {
            Text::new(
                format!("{:?} não é um mês; escreva 3, 1-6, 2024-03, 2024-03..2025-02 ou latest.", short(value)),
                format!("{:?} is no month; write 3, 1-6, 2024-03, 2024-03..2025-02 or latest.", short(value)),
            )
        };
        // With a year a hyphen stands inside a month, so only two dots make a span.
        if let Some((first, last)) = value.split_once("..").or(Some((value, value))).filter(|_| value.len() > 5) {
            let (first, last) =
                year_month(first).zip(year_month(last)).filter(|(first, last)| first <= last).ok_or_else(wrong)?;
            single.extend((first.0..=last.0).map(Month));
            return Ok(());
        }
        let (first, last) =
            span(value).and_then(|(a, b)| Some((number::<u8>(a)?, number::<u8>(b)?))).ok_or_else(wrong)?;
        if first < 1 || last > 12 || first > last {
            return Err(wrong());
        }
        every.extend(first..=last);
        Ok(())
    }

    /// Narrows the products that count to those with one of the codes.
    fn products(&mut self, level: ProductLevel, digits: usize, values: &[&str]) -> Result<(), Text> {
        let mut spans = Vec::new();
        for value in values {
            let code: String = value.chars().filter(|sign| *sign != '.').collect();
            let valid = code.len() == digits && code.bytes().all(|byte| byte.is_ascii_digit());
            let code = code.parse::<u32>().ok().filter(|_| valid).ok_or_else(|| {
                Text::new(
                    format!("{:?} não é um código de {digits} dígitos.", short(value)),
                    format!("{:?} is not a code of {digits} digits.", short(value)),
                )
            })?;
            let span = level.ncms_of(code);
            if known_ncms(self.snapshot, span).next().is_none() {
                return Err(Text::new(
                    format!("{:?} não está na tabela de produtos nem nos dados.", short(value)),
                    format!("{:?} is in neither the table of products nor the data.", short(value)),
                ));
            }
            spans.push(span);
        }
        spans.sort_unstable();
        spans.dedup();
        self.cuts.products = Some(match self.cuts.products.take() {
            None => spans,
            Some(earlier) => intersection(&earlier, &spans),
        });
        Ok(())
    }
}

/// What two ascending lists of spans have in common.
pub(super) fn intersection(a: &[(Ncm, Ncm)], b: &[(Ncm, Ncm)]) -> Vec<(Ncm, Ncm)> {
    let mut common = Vec::new();
    for (first, last) in a {
        let start = b.partition_point(|(_, end)| end < first);
        let overlapping = b[start..].iter().take_while(|(begin, _)| begin <= last);
        common.extend(overlapping.map(|(begin, end)| (*first.max(begin), *last.min(end))));
    }
    common
}

fn set<T: Ord>(
    into: &mut Option<BTreeSet<T>>,
    values: &[&str],
    read: impl Fn(&str) -> Result<T, Text>,
) -> Result<(), Text> {
    narrow(into, values.iter().map(|value| read(value)).collect::<Result<_, _>>()?);
    Ok(())
}

/// Keeps what an earlier cut took too: a state and its region are cut apart.
fn narrow<T: Ord>(into: &mut Option<BTreeSet<T>>, values: BTreeSet<T>) {
    *into = Some(match into.take() {
        None => values,
        Some(earlier) => values.into_iter().filter(|value| earlier.contains(value)).collect(),
    });
}

/// `2019-2024`, `2019..2024` or `2024`.
fn span(value: &str) -> Option<(&str, &str)> {
    value.split_once("..").or_else(|| value.split_once('-')).or(Some((value, value)))
}

/// Digits only: `parse` alone would take a plus sign.
fn number<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn year_month(text: &str) -> Option<Month> {
    let (year, month) = text.split_once('-')?;
    Month::new(number(year)?, number(month)?)
}

fn country(value: &str, snapshot: &Snapshot) -> Result<CountryCode, Text> {
    let reference = &snapshot.reference;
    let wrong = || {
        let (portuguese, english) = country_name::hint(value);
        let shown = short(value);
        Text::new(
            format!("{shown:?} não é um país; escreva o nome, um código ISO (CN, CHN) ou o CO_PAIS (160).{portuguese}"),
            format!("{shown:?} is no country; write the name, an ISO code (CN, CHN) or the CO_PAIS (160).{english}"),
        )
    };
    if let Some(code) = number::<CountryCode>(value) {
        let code = reference.country_of(code);
        let known = reference.countries.contains_key(&code) || snapshot.domains.countries.binary_search(&code).is_ok();
        return known.then_some(code).ok_or_else(wrong);
    }
    let same = |iso: &Option<String>| iso.as_ref().is_some_and(|iso| iso.eq_ignore_ascii_case(value));
    let found = reference.countries.values().find(|country| same(&country.iso2) || same(&country.iso3));
    if let Some(country) = found {
        return Ok(country.code);
    }
    let wanted = country_name::key(value);
    let published = reference.countries.values().find(|country| {
        !wanted.is_empty() && [&country.name_pt, &country.name_en].iter().any(|name| country_name::key(name) == wanted)
    });
    published.map(|country| country.code).or_else(|| country_name::find(value)).ok_or_else(wrong)
}

fn uf(value: &str) -> Result<u8, Text> {
    let letters = value.to_ascii_uppercase();
    let all = || UFS.map(|(code, _)| code).join(", ");
    Uf::parse(letters.as_bytes()).map(|uf| uf.0).ok_or_else(|| {
        Text::new(
            format!("{:?} não é um estado; os estados são {}.", short(value), all()),
            format!("{:?} is no state; allowed are {}.", short(value), all()),
        )
    })
}

/// A sector by its name or its slug, in any case and with or without accents.
///
/// # Errors
/// What sectors there are.
pub fn sector(value: &str, snapshot: &Snapshot) -> Result<SectorId, Text> {
    let wanted = slug(value);
    let sectors = &snapshot.reference.sectors;
    let at = sectors.iter().position(|name| slug(name) == wanted);
    at.and_then(|at| SectorId::try_from(at).ok()).ok_or_else(|| {
        let allowed: Vec<String> = sectors.iter().take(20).map(|name| slug(name)).collect();
        Text::new(
            format!("{:?} não é um setor; os setores são {}.", short(value), allowed.join(", ")),
            format!("{:?} is no sector; allowed are {}.", short(value), allowed.join(", ")),
        )
    })
}

fn via(value: &str, snapshot: &Snapshot) -> Result<u8, Text> {
    let known = |via: &u8| snapshot.reference.ways.contains_key(via) || snapshot.domains.vias.contains(via);
    number::<u8>(value).filter(known).ok_or_else(|| {
        let all: BTreeSet<u8> = snapshot.reference.ways.keys().chain(&snapshot.domains.vias).copied().collect();
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        Text::new(
            format!("{:?} não é uma via de transporte; as vias são {}.", short(value), all.join(", ")),
            format!("{:?} is no way of transport; allowed are {}.", short(value), all.join(", ")),
        )
    })
}

/// A name as it stands in an address: `Indústria de Transformação` → `industria-de-transformacao`.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            other if other.is_alphanumeric() => other,
            _ => '-',
        };
        if plain != '-' || !(out.is_empty() || out.ends_with('-')) {
            out.push(plain);
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}
