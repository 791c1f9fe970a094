//! Writing an answer: one list of columns and cells, from which JSON, CSV and XLSX are made.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::labels::Labels;
use super::request::{Dimension, Measure};
use super::rows::{Answer, Questions, RATIO_SCALE, Row, grouping, measure_value, product_code, year_of};
use crate::answer::{push_decimal, push_kg, push_usd};
use crate::cube::question::{ProductLevel, TimeLevel};
use crate::domain::bloc;
use crate::domain::code::{Month, Ncm, UFS};
use crate::domain::region::REGIONS;
use crate::succession;
use platform::http::language::Language;

/// Most notices of one answer.
const NOTICES_MAX: usize = 20;

/// One value of a row.
pub(super) enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Usd(i64),
    Kg(i64),
    Ratio(i128),
    Text(Cow<'a, str>),
}

/// A column: its name, and how a row fills it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Column {
    Code(Dimension),
    Label(Dimension),
    MonthsCovered,
    Partial,
    Through,
    Measure(Measure),
    Unit,
}

/// The columns of a request: each dimension with its label, what is covered, then the measures.
fn columns(questions: &Questions<'_>) -> Vec<(&'static str, Column)> {
    let mut columns = Vec::new();
    for dimension in &questions.request.drilldowns {
        let (code, label) = match dimension {
            Dimension::Year => ("year", None),
            Dimension::Month => ("month", None),
            Dimension::Ncm => ("ncm", Some("ncm_description")),
            Dimension::Sh6 => ("sh6", Some("sh6_description")),
            Dimension::Sh4 => ("sh4", Some("sh4_description")),
            Dimension::Sh2 => ("sh2", Some("sh2_description")),
            Dimension::Country => ("country", Some("country_name")),
            Dimension::Uf => ("uf", Some("uf_name")),
            Dimension::Sector => ("sector", Some("sector_name")),
            Dimension::Via => ("via", Some("via_name")),
            Dimension::Region => ("region", Some("region_name")),
            Dimension::Bloc => ("bloc", Some("bloc_name")),
            Dimension::Urf => ("urf", Some("urf_name")),
        };
        columns.push((code, Column::Code(*dimension)));
        columns.extend(label.map(|label| (label, Column::Label(*dimension))));
    }
    match grouping(&questions.request.drilldowns).time {
        TimeLevel::None => {}
        TimeLevel::Year => columns.extend([("months_covered", Column::MonthsCovered), ("partial", Column::Partial)]),
        TimeLevel::Month => columns.push(("partial", Column::Partial)),
    }
    for measure in &questions.request.measures {
        columns.push((measure.name(), Column::Measure(*measure)));
        if *measure == Measure::Qt {
            columns.push(("qt_unit", Column::Unit));
        }
    }
    columns
}

/// The columns of a file, which has no `meta` beside its rows: those of the answer, then what is covered where they do
/// not say it yet.
pub(super) fn file_columns(questions: &Questions<'_>) -> Vec<(&'static str, Column)> {
    let mut all = columns(questions);
    let coverage =
        [("months_covered", Column::MonthsCovered), ("partial", Column::Partial), ("through", Column::Through)];
    for (name, column) in coverage {
        if !all.iter().any(|(_, there)| *there == column) {
            all.push((name, column));
        }
    }
    all
}

/// Of the months that count for a row and were asked for: how many there are, how many are covered, and the last of those.
#[derive(Debug, Clone, Copy)]
struct Covered {
    asked: usize,
    months: usize,
    through: Option<Month>,
}

/// Fills the cells of rows.
pub(super) struct Filler<'a> {
    questions: &'a Questions<'a>,
    labels: Labels<'a>,
    total_fob_cents: i64,
    time: TimeLevel,
    product: ProductLevel,
    /// By the product, where slices give it a coverage of its own, and the time of a row.
    covered: RefCell<HashMap<(Option<u32>, u16), Covered>>,
}

impl<'a> Filler<'a> {
    pub(super) fn new(questions: &'a Questions<'a>, answer: &Answer) -> Self {
        let by = grouping(&questions.request.drilldowns);
        let labels = Labels::new(&questions.snapshot.reference, questions.request.language);
        let total_fob_cents = answer.total_fob_cents;
        let covered = RefCell::default();
        Self { questions, labels, total_fob_cents, time: by.time, product: by.product, covered }
    }

    pub(super) fn cell(&self, column: Column, row: &Row) -> Cell<'a> {
        match column {
            Column::Code(dimension) => self.code(dimension, row),
            Column::Label(dimension) => {
                self.label(dimension, row).map_or(Cell::Null, |text| Cell::Text(Cow::Borrowed(text)))
            }
            Column::MonthsCovered => Cell::Int(i64::try_from(self.coverage(row).months).unwrap_or_default()),
            Column::Partial => {
                let covered = self.coverage(row);
                Cell::Bool(covered.months < covered.asked)
            }
            Column::Through => {
                self.coverage(row).through.map_or(Cell::Null, |month| Cell::Text(month.to_string().into()))
            }
            Column::Unit if row.quantity().is_some() => Cell::Text(self.labels.unit(row.sums.unit)),
            Column::Unit => Cell::Null,
            Column::Measure(measure) => match (measure, measure_value(row, measure, self.total_fob_cents)) {
                (Measure::Fob, _) => Cell::Usd(row.sums.fob_cents),
                (Measure::Kg, _) => Cell::Kg(row.sums.weight_g),
                (Measure::Qt, _) => row.quantity().map_or(Cell::Null, Cell::Int),
                (_, Some(value)) => Cell::Ratio(value),
                (_, None) => Cell::Null,
            },
        }
    }

    fn coverage(&self, row: &Row) -> Covered {
        let (time, months) = (row.key.time, self.questions.scope.of_row(row.key.product));
        let own = (!std::ptr::eq(months, &raw const self.questions.scope.question)).then_some(row.key.product);
        *self.covered.borrow_mut().entry((own, time)).or_insert_with(|| {
            let span = match self.time {
                TimeLevel::None => Month(0)..Month(u16::MAX),
                TimeLevel::Year => Month(time * 12)..Month(time * 12 + 12),
                TimeLevel::Month => Month(time)..Month(time + 1),
            };
            let asked = self.questions.asked.range(span);
            let mut covered = asked.clone().filter(|month| months.contains(month));
            let months = covered.clone().count();
            Covered { asked: asked.count(), months, through: covered.next_back().copied() }
        })
    }

    /// The code of a product dimension, which may be coarser than the grouping.
    fn product_code(&self, dimension: Dimension, row: &Row) -> u32 {
        product_code(self.product, dimension, &row.key)
    }

    fn code(&self, dimension: Dimension, row: &Row) -> Cell<'a> {
        let product = || self.product_code(dimension, row);
        let text = match dimension {
            Dimension::Year => return Cell::Int(i64::from(year_of(self.time, &row.key))),
            Dimension::Via => return Cell::Int(i64::from(row.key.via)),
            Dimension::Month => Month(row.key.time).to_string().into(),
            Dimension::Ncm => format!("{:08}", product()).into(),
            Dimension::Sh6 => format!("{:06}", product()).into(),
            Dimension::Sh4 => format!("{:04}", product()).into(),
            Dimension::Sh2 => format!("{:02}", product()).into(),
            Dimension::Country => self.labels.country_code(row.key.country),
            Dimension::Uf => Cow::Borrowed(Labels::uf_code(row.key.uf)),
            Dimension::Sector => self.labels.sector_slug(row.key.sector),
            Dimension::Region => {
                REGIONS.get(usize::from(row.key.region)).map_or(Cow::Borrowed(""), |(code, _)| Cow::Borrowed(*code))
            }
            Dimension::Bloc => bloc::bloc(row.key.bloc).map_or(bloc::NO_BLOC.0, |bloc| bloc.code).into(),
            Dimension::Urf => match Labels::urf_code(row.key.urf) {
                Some(code) => code.into(),
                None => return Cell::Null,
            },
        };
        Cell::Text(text)
    }

    fn label(&self, dimension: Dimension, row: &Row) -> Option<&'a str> {
        match dimension {
            Dimension::Year | Dimension::Month => None,
            Dimension::Ncm | Dimension::Sh6 | Dimension::Sh4 | Dimension::Sh2 => {
                self.labels.product(dimension, self.product_code(dimension, row))
            }
            Dimension::Country => self.labels.country(row.key.country),
            Dimension::Uf => UFS.get(usize::from(row.key.uf)).map(|(_, name)| *name),
            Dimension::Sector => self.labels.sector(row.key.sector),
            Dimension::Via => self.labels.way(row.key.via),
            Dimension::Region => self.labels.region(row.key.region),
            Dimension::Bloc => Some(self.labels.bloc(row.key.bloc)),
            Dimension::Urf => self.labels.urf(row.key.urf),
        }
    }
}

/// `{"data": […], "meta": {…}}`.
pub(super) fn json(questions: &Questions<'_>, answer: &Answer) -> String {
    let columns = columns(questions);
    let filler = Filler::new(questions, answer);
    let mut out = String::with_capacity(64 + answer.rows.len() * columns.len() * 16);
    out.push_str("{\"data\":[");
    for (at, row) in answer.rows.iter().enumerate() {
        out.push_str(if at == 0 { "{" } else { ",{" });
        for (at, (name, column)) in columns.iter().enumerate() {
            out.push_str(if at == 0 { "\"" } else { ",\"" });
            out.push_str(name);
            out.push_str("\":");
            match filler.cell(*column, row) {
                Cell::Null => out.push_str("null"),
                Cell::Text(text) => push_json_text(&mut out, &text),
                other => push_plain(&mut out, &other),
            }
        }
        out.push('}');
    }
    out.push_str("],\"meta\":");
    out.push_str(&meta(questions, answer).to_string());
    out.push('}');
    out
}

/// What JSON and CSV write alike.
pub(super) fn push_plain(out: &mut String, cell: &Cell<'_>) {
    match cell {
        Cell::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Cell::Int(value) => push_decimal(out, i128::from(*value), 0),
        Cell::Usd(cents) => push_usd(out, *cents),
        Cell::Kg(grams) => push_kg(out, *grams),
        Cell::Ratio(millionths) => push_decimal(out, *millionths, RATIO_SCALE),
        Cell::Null | Cell::Text(_) => {}
    }
}

fn push_json_text(out: &mut String, text: &str) {
    out.push_str(&Value::from(text).to_string());
}

/// What the rows are of.
pub(super) fn meta(questions: &Questions<'_>, answer: &Answer) -> Value {
    let snapshot = questions.snapshot;
    let covered = &questions.scope.question;
    let asked_covered: BTreeSet<Month> = questions.asked.intersection(covered).copied().collect();
    // A year of which nothing was asked for is not there; one that is asked for in part is whole when that part is covered.
    let partial: BTreeSet<u16> = questions.asked.difference(covered).map(|month| month.year()).collect();
    let mut meta = json!({
        "snapshot": snapshot.id,
        "through": questions.scope.through().map(|month| month.to_string()),
        "source": snapshot.source,
        "sample": snapshot.sample,
        "total_rows": answer.total_rows,
        "limit": questions.request.limit,
        "offset": questions.request.offset,
        "covered": spans(&asked_covered),
        "partial_years": partial,
        "language": questions.request.language.tag(),
    });
    if questions.request.drilldowns.contains(&Dimension::Bloc) {
        meta["overlaps"] = true.into();
        meta["note"] = overlaps(questions.request.language).into();
    }
    let notices = succession_notices(questions);
    if !notices.is_empty() {
        meta["notices"] = notices.into();
    }
    meta
}

fn overlaps(language: Language) -> &'static str {
    match language {
        Language::En => {
            "A country may be in several blocs: rows overlap, and their sum is not the total. Shares are of the true total."
        }
        Language::PtBr => {
            "Um país pode estar em vários blocos: as linhas se sobrepõem e a soma delas não é o total. As participações são do total verdadeiro."
        }
    }
}

/// Notices about codes named in the question that ended.
fn succession_notices(questions: &Questions<'_>) -> Vec<Value> {
    let (snapshot, language) = (questions.snapshot, questions.request.language);
    let named = questions.request.cuts.products.iter().flatten().filter(|(first, last)| first == last);
    let notice = |(ncm, _): &(Ncm, Ncm)| {
        succession::ended_notice(&snapshot.ranking.succession, &snapshot.reference, *ncm, language)
    };
    named.filter_map(notice).take(NOTICES_MAX).collect()
}

/// Months as spans of neighbours.
fn spans(months: &BTreeSet<Month>) -> Vec<Value> {
    let mut spans: Vec<(Month, Month)> = Vec::new();
    for month in months {
        match spans.last_mut() {
            Some((_, last)) if last.0 + 1 == month.0 => *last = *month,
            _ => spans.push((*month, *month)),
        }
    }
    spans.iter().map(|(first, last)| json!({"from": first.to_string(), "to": last.to_string()})).collect()
}
