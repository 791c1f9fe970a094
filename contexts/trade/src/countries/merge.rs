//! What a source says of countries, laid over the embedded table. Pure.

use std::collections::BTreeMap;

use super::CountryFacts;
use crate::domain::country::{EmbeddedCountry, embedded, flag_emoji};

/// More records than this are not the countries of the world.
const RECORDS_MAX: usize = 1_000;
/// A source that knows fewer of our countries is broken, or is another source.
const KNOWN_MIN: usize = 50;
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Most currencies or languages of a country.
const CODES_MAX: usize = 12;
/// Countries named in a notice.
const NAMED_MAX: usize = 5;

/// The ISO 639-1 code of each ISO 639-3 code that countries speak and that has one: the embedded table has these, and
/// REST Countries says the others.
pub(super) const LANGUAGES: &str = "\
    afr:af amh:am ara:ar aym:ay aze:az bam:bm bel:be ben:bn bis:bi bos:bs bul:bg cat:ca ces:cs cha:ch dan:da \
    deu:de div:dv dzo:dz ell:el eng:en est:et fao:fo fas:fa fij:fj fin:fi fra:fr gle:ga glv:gv grn:gn hat:ht \
    hau:ha heb:he her:hz hin:hi hmo:ho hrv:hr hun:hu hye:hy ibo:ig iku:iu ind:id isl:is ita:it jpn:ja kal:kl \
    kat:ka kaz:kk khm:km kin:rw kir:ky kon:kg kor:ko kur:ku lao:lo lat:la lav:lv lin:ln lit:lt ltz:lb lua:lu \
    mah:mh mkd:mk mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my nau:na nbl:nr nde:nd ndo:ng nep:ne nld:nl nno:nn \
    nob:nb nor:no nya:ny orm:om pol:pl por:pt pus:ps que:qu roh:rm ron:ro run:rn rus:ru sag:sg sin:si slk:sk \
    slv:sl sme:se smo:sm sna:sn som:so sot:st spa:es sqi:sq srp:sr ssw:ss swa:sw swe:sv tah:ty tam:ta tat:tt \
    tgk:tg tha:th tir:ti ton:to tsn:tn tso:ts tuk:tk tur:tr ukr:uk urd:ur uzb:uz ven:ve vie:vi wol:wo xho:xh \
    yor:yo zho:zh zul:zu";

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub code: &'static str,
    pub iso3: &'static str,
    pub name_pt: &'static str,
    pub name_en: String,
    pub flag_emoji: String,
    /// Codes, separated by commas.
    pub currency: String,
    /// Likewise.
    pub languages: String,
    /// Latitude and longitude in degrees.
    pub capital: (f64, f64),
    pub distance_km: f64,
}

/// The rows, by code.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Merged {
    pub rows: Vec<Row>,
    /// Whether the source had a part in them.
    pub from_source: bool,
}

/// Lays `facts` over the embedded table. What is wrong with them is told and not taken.
pub(super) fn merge(facts: Option<&[CountryFacts]>, notices: &mut Vec<String>) -> Merged {
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    for country in embedded().iter().filter(|country| country.canonical == country.co_pais && country.rankable()) {
        if let Some(row) = row_of(country) {
            rows.entry(row.code).or_insert(row);
        }
    }
    let known = facts.map(|facts| known_facts(facts, &rows, notices)).unwrap_or_default();
    let mut spoilt = Vec::new();
    for (code, facts) in &known {
        if let Some(row) = rows.get_mut(code)
            && !improve(row, facts)
        {
            spoilt.push(*code);
        }
    }
    if !spoilt.is_empty() {
        notices.push(format!("of {} the source says something that cannot be, which was not taken", named(&spoilt)));
    }
    Merged { rows: rows.into_values().collect(), from_source: !known.is_empty() }
}

fn row_of(country: &EmbeddedCountry) -> Option<Row> {
    let code = country.iso2?;
    Some(Row {
        code,
        iso3: country.iso3?,
        name_pt: country.name_pt,
        name_en: country.name_en.to_owned(),
        flag_emoji: flag_emoji(code),
        currency: country.currency.replace('|', ","),
        languages: country.languages.replace('|', ","),
        capital: country.capital?,
        distance_km: country.distance_km()?,
    })
}

/// What the source says of the countries that there are, one record each; nothing, when it cannot be the world.
fn known_facts<'a>(
    facts: &'a [CountryFacts],
    rows: &BTreeMap<&'static str, Row>,
    notices: &mut Vec<String>,
) -> BTreeMap<&'static str, &'a CountryFacts> {
    let mut known = BTreeMap::new();
    if facts.len() > RECORDS_MAX {
        notices.push(format!("the source names {} countries: nothing of it was taken", facts.len()));
        return known;
    }
    let mut twice = Vec::new();
    for fact in facts {
        // Both codes must agree: a record with one of them wrong may be of either country.
        let Some(row) = rows.get(fact.iso2.as_str()).filter(|row| row.iso3 == fact.iso3) else { continue };
        if known.contains_key(row.code) {
            twice.push(row.code);
        } else {
            known.insert(row.code, fact);
        }
    }
    if known.len() < KNOWN_MIN {
        notices.push(format!("the source knows {} countries of {}: nothing of it was taken", known.len(), rows.len()));
        return BTreeMap::new();
    }
    if !twice.is_empty() {
        notices.push(format!("the source names {} more than once: the first counts", named(&twice)));
    }
    known
}

/// Takes what is sane, and says whether all of it was. What the source leaves out is no fault.
fn improve(row: &mut Row, facts: &CountryFacts) -> bool {
    let mut sane = true;
    if let Some(name) = &facts.name_en {
        let name = name.trim();
        let fits = !name.is_empty() && name.len() <= 4 * NAME_CHARS_MAX && name.chars().count() <= NAME_CHARS_MAX;
        if fits && !name.chars().any(char::is_control) {
            name.clone_into(&mut row.name_en);
        } else {
            sane = false;
        }
    }
    sane &= take_codes(&mut row.currency, &facts.currencies, currency);
    sane & take_codes(&mut row.languages, &facts.languages, language)
}

fn currency(code: &str) -> Option<&str> {
    (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
}

/// A language's code in the form of the embedded table: of two letters where it has one.
fn language(code: &str) -> Option<&str> {
    let sane = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    let shorter = LANGUAGES.split(' ').find_map(|pair| pair.strip_prefix(code)?.strip_prefix(':'));
    sane.then(|| shorter.unwrap_or(code))
}

/// Takes a list of codes, each in our form, in the order of the alphabet: the source gives them in any.
fn take_codes(place: &mut String, codes: &[String], form: impl Fn(&str) -> Option<&str>) -> bool {
    if codes.len() > CODES_MAX {
        return false;
    }
    let Some(mut sorted) = codes.iter().map(|code| form(code)).collect::<Option<Vec<&str>>>() else { return false };
    sorted.sort_unstable();
    sorted.dedup();
    if !sorted.is_empty() {
        *place = sorted.join(",");
    }
    true
}

/// A few codes, and how many more.
fn named(codes: &[&str]) -> String {
    let shown = codes.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    match codes.len().saturating_sub(NAMED_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
