//! Succession of a snapshot: evidence from its segments, and what answers say of codes that ended.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use platform::http::language::Language;
use serde_json::{Value, json};

use crate::catalogue::description;
use crate::cube::segment::Segment;
use crate::domain::code::{Month, Ncm};
use crate::domain::coverage::Coverage;
use crate::domain::reference::Reference;
use crate::domain::succession::{Basis, Ended, Evidence, Link, Succession, Use};
use crate::domain::text::fold;

/// Months on both sides of a change that the data must cover to prove it.
const SPAN_MONTHS: u16 = 12;
/// Months of the twelve in which both codes must have exports.
const REGULAR_MONTHS: u32 = 10;
/// Least exports of twelve months, in US cents.
const CENTS_MIN: i64 = 10_000_000;
/// Least likeness of two descriptions, 0–1.
const SIMILAR_MIN: f64 = 0.6;

/// The succession of a snapshot: the operator's links, the embedded ones and those that the segments prove.
#[must_use]
pub fn derive(segments: &[Arc<Segment>], reference: &Reference, coverage: &Coverage) -> Succession {
    let uses = uses(segments);
    let codes: BTreeSet<Ncm> = reference.products.keys().copied().chain(uses.keys().copied()).collect();
    let codes: Vec<Ncm> = codes.into_iter().collect();
    let words = Words { reference, read: RefCell::default() };
    let similar = |one, other| words.similarity(one, other);
    let adjacent = adjacent(segments, &uses, coverage, similar);
    Succession::new(&reference.succession, &codes, Evidence { uses, adjacent }, similar)
}

/// First and last month of every code. Reads two rows a code.
fn uses(segments: &[Arc<Segment>]) -> HashMap<Ncm, Use> {
    let mut spans: HashMap<Ncm, [(usize, Range<usize>); 2]> = HashMap::new();
    for (at, segment) in segments.iter().enumerate() {
        for (ncm, rows) in segment.ncms() {
            spans
                .entry(ncm)
                .and_modify(|ends| ends[1] = (at, rows.clone()))
                .or_insert([(at, rows.clone()), (at, rows)]);
        }
    }
    let month = |at: usize, row: Option<usize>| {
        let row = row?;
        let number = segments[at].slice(row..row + 1).month.first().copied()?;
        Month::new(segments[at].year(), number)
    };
    let used = |(ncm, [first, last]): (Ncm, [(usize, Range<usize>); 2])| {
        let first = month(first.0, (!first.1.is_empty()).then_some(first.1.start))?;
        let last = month(last.0, last.1.end.checked_sub(1))?;
        Some((ncm, Use { first, last }))
    };
    spans.into_iter().filter_map(used).collect()
}

/// Codes of one heading of which one starts in the month after the last one of the other, with the same trade.
fn adjacent(
    segments: &[Arc<Segment>],
    uses: &HashMap<Ncm, Use>,
    coverage: &Coverage,
    similar: impl Fn(Ncm, Ncm) -> f64,
) -> Vec<Link> {
    let mut starts: BTreeMap<(u16, Month), Vec<Ncm>> = BTreeMap::new();
    for (ncm, used) in uses {
        starts.entry((ncm.sh4(), used.first)).or_default().push(*ncm);
    }
    let mut links = Vec::new();
    for (old, used) in uses {
        let change = Month(used.last.0 + 1);
        let Some(news) = starts.get(&(old.sh4(), change)) else { continue };
        let known =
            (change.0.saturating_sub(SPAN_MONTHS)..change.0 + SPAN_MONTHS).all(|at| coverage.covers_all(Month(at)));
        let before = known.then(|| trade(segments, *old, change.minus(SPAN_MONTHS)));
        let Some((cents, _)) = before.filter(|(cents, months)| *cents >= CENTS_MIN && *months >= REGULAR_MONTHS) else {
            continue;
        };
        for new in news.iter().filter(|new| similar(*old, **new) >= SIMILAR_MIN) {
            let (after, months) = trade(segments, *new, change);
            if months >= REGULAR_MONTHS && after <= cents.saturating_mul(3) && after.saturating_mul(3) >= cents {
                links.push(Link { old: *old, new: *new, since: Some(change), basis: Basis::Data });
            }
        }
    }
    links
}

/// FOB in cents of the twelve months from `first`, and the months with exports.
fn trade(segments: &[Arc<Segment>], ncm: Ncm, first: Month) -> (i64, u32) {
    let mut by_month = [0_i64; SPAN_MONTHS as usize];
    for segment in segments.iter().filter(|segment| (first.year()..=first.year() + 1).contains(&segment.year())) {
        let rows = segment.rows_of(ncm);
        for (month, cents) in rows.month.iter().zip(rows.fob_cents) {
            let age = Month::new(segment.year(), *month).and_then(|month| month.0.checked_sub(first.0));
            if let Some(sum) = age.and_then(|age| by_month.get_mut(usize::from(age))) {
                *sum = sum.saturating_add(*cents);
            }
        }
    }
    let months = by_month.iter().filter(|cents| **cents > 0).count();
    (by_month.iter().fold(0, |sum, cents| sum.saturating_add(*cents)), u32::try_from(months).unwrap_or(0))
}

/// Words of descriptions, each read once.
struct Words<'a> {
    reference: &'a Reference,
    read: RefCell<HashMap<Ncm, Rc<BTreeSet<String>>>>,
}

impl Words<'_> {
    fn of(&self, ncm: Ncm) -> Rc<BTreeSet<String>> {
        let read = || {
            let text = self.reference.products.get(&ncm).map(|product| fold(&product.name_pt)).unwrap_or_default();
            Rc::new(text.split(' ').filter(|word| word.len() > 2).map(str::to_owned).collect())
        };
        Rc::clone(self.read.borrow_mut().entry(ncm).or_insert_with(read))
    }

    /// Words in common of two descriptions, over all of their words: 0–1; 0 without a description.
    fn similarity(&self, one: Ncm, other: Ncm) -> f64 {
        let (one, other) = (self.of(one), self.of(other));
        let common = one.intersection(&other).count();
        let all = one.len() + other.len() - common;
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        if all == 0 { 0.0 } else { number(common) / number(all) }
    }
}

/// What answers say of a code that ended: `None` for a code in force.
#[must_use]
pub fn ended_notice(succession: &Succession, reference: &Reference, ncm: Ncm, language: Language) -> Option<Value> {
    let ended = succession.of(ncm)?;
    let mut notice = json!({
        "code": "ncm_successors",
        "ncm": ncm.to_string(),
        "text": ended_text(ncm, ended, language),
        "since": ended.since.map(|month| month.to_string()),
        "basis": ended.basis.name(),
    });
    notice["codes"] = named(reference, &ended.successors, language);
    Some(notice)
}

/// What answers say of a code that replaced others in a month from `first` on: `None` for an older change.
#[must_use]
pub fn began_notice(
    succession: &Succession,
    reference: &Reference,
    (ncm, first): (Ncm, Month),
    language: Language,
) -> Option<Value> {
    let links: Vec<&Link> =
        succession.predecessors(ncm).iter().filter(|link| link.since.is_some_and(|since| since > first)).collect();
    let since = links.iter().filter_map(|link| link.since).max()?;
    let olds: Vec<Ncm> = links.iter().map(|link| link.old).take(8).collect();
    let list = list(&olds);
    let mut notice = json!({
        "code": "ncm_predecessors",
        "ncm": ncm.to_string(),
        "text": match language {
            Language::PtBr => format!(
                "O NCM {ncm} vale desde {}; antes, o produto estava em {list}: tamanho e crescimento contam só o código novo.",
                spoken(since)
            ),
            Language::En => format!(
                "NCM {ncm} counts from {since}; before, the product was in {list}: size and growth count the new code only."
            ),
        },
        "since": since.to_string(),
        "basis": links[0].basis.name(),
    });
    notice["codes"] = named(reference, &olds, language);
    Some(notice)
}

/// One sentence about a code that ended.
#[must_use]
pub fn ended_text(ncm: Ncm, ended: &Ended, language: Language) -> String {
    let when = match (ended.since, ended.proved, language) {
        (Some(since), _, Language::PtBr) => format!(" em {}", spoken(since)),
        (Some(since), _, Language::En) => format!(" in {since}"),
        (None, Some(proved), Language::PtBr) => format!(" até {}", spoken(proved)),
        (None, Some(proved), Language::En) => format!(" by {proved}"),
        (None, None, _) => String::new(),
    };
    let list = list(&ended.successors);
    match language {
        Language::PtBr => format!("Código {ncm} encerrado{when}; veja {list}."),
        Language::En => format!("Code {ncm} ended{when}; see {list}."),
    }
}

/// `01/2012`.
fn spoken(month: Month) -> String {
    format!("{:02}/{}", month.month(), month.year())
}

fn list(codes: &[Ncm]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn named(reference: &Reference, codes: &[Ncm], language: Language) -> Value {
    codes
        .iter()
        .map(|ncm| json!({"ncm": ncm.to_string(), "description": description(reference, *ncm, language)}))
        .collect()
}

/// Appends the members `ended` and `successors` of a product of the catalogue.
pub fn push_members(out: &mut String, succession: &Succession, ncm: Ncm) {
    let ended = succession.of(ncm);
    let members = ended.map_or_else(
        || json!({"ended": null, "successors": []}),
        |ended| {
            let successors: Vec<String> = ended.successors.iter().map(ToString::to_string).collect();
            let since = ended.since.map(|month| month.to_string());
            let proved = ended.proved.map(|month| month.to_string());
            json!({
                "ended": {"since": since, "proved": proved, "basis": ended.basis.name()}, "successors": successors,
            })
        },
    );
    let text = members.to_string();
    out.push(',');
    out.push_str(text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default());
}
