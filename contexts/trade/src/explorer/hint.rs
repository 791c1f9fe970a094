//! What would make a refused question small enough: a question near it that has been planned and is accepted.

use platform::http::language::Language;

use super::request::{Dimension, Request};
use super::rows::Questions;
use crate::cube::Snapshot;

/// The parameters to write instead, as they stand in an address (`drilldowns=ncm,country&cuts=year:2024`); the others
/// stay as they are. First the same table for one year, then with fewer dimensions; dimensions of time go last,
/// because measures may need them. `None` where nothing near is accepted.
pub(super) fn smaller(
    pairs: &[(String, String)],
    request: &Request,
    language: Language,
    snapshot: &Snapshot,
) -> Option<String> {
    let year = Questions::new(request, snapshot).asked.last().map(|month| month.year());
    let names: Vec<&str> = request.drilldowns.iter().filter_map(|dimension| name_of(*dimension)).collect();
    let one_year = |drilldowns: &[&str]| year.map(|year| write(pairs, drilldowns, Some(year)));
    let mut candidates: Vec<Written> = one_year(&names).into_iter().collect();
    let without_one: Vec<Vec<&str>> = order_of_leaving(&names).iter().map(|gone| without(&names, &[gone])).collect();
    candidates.extend(without_one.iter().map(|kept| write(pairs, kept, None)));
    candidates.extend(without_one.iter().filter_map(|kept| one_year(kept)));
    let leaving = order_of_leaving(&names);
    candidates.extend((2..=leaving.len()).filter_map(|gone| one_year(&without(&names, &leaving[..gone]))));
    candidates.into_iter().find(|written| is_accepted(&written.pairs, language, snapshot)).map(|written| written.shown)
}

/// A question as parameters, and those of them that differ from the client's.
struct Written {
    pairs: Vec<(String, String)>,
    shown: String,
}

fn write(pairs: &[(String, String)], drilldowns: &[&str], year: Option<u16>) -> Written {
    let given = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let mut changed = vec![("drilldowns", drilldowns.join(","))];
    if let Some(year) = year {
        let others = given("cuts").split(',').map(str::trim).filter(|cut| !cut.is_empty() && !is_year(cut));
        let cuts: Vec<String> = others.map(str::to_owned).chain([format!("year:{year}")]).collect();
        changed.push(("cuts", cuts.join(",")));
    }
    let sorted_by = given("sort").split('.').next().unwrap_or_default();
    let is_gone = |name: &str| Dimension::ALL.iter().any(|(known, _)| *known == name) && !drilldowns.contains(&name);
    if is_gone(sorted_by) {
        changed.push(("sort", String::new()));
    }
    let shown = changed.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let kept = pairs.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name)).cloned();
    let mut pairs: Vec<_> = kept.collect();
    pairs.extend(changed.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Written { pairs, shown }
}

fn is_year(cut: &str) -> bool {
    cut.split_once(':').is_some_and(|(name, _)| name.trim() == "year")
}

fn is_accepted(pairs: &[(String, String)], language: Language, snapshot: &Snapshot) -> bool {
    Request::parse(pairs, language, snapshot).is_ok_and(|request| Questions::new(&request, snapshot).is_large().is_ok())
}

fn name_of(dimension: Dimension) -> Option<&'static str> {
    Dimension::ALL.iter().find(|(_, known)| *known == dimension).map(|(name, _)| *name)
}

/// From the last to the first, and time after all others.
fn order_of_leaving<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let is_time = |name: &&&str| matches!(**name, "year" | "month");
    let others = names.iter().rev().filter(|name| !is_time(name));
    others.chain(names.iter().rev().filter(is_time)).copied().collect()
}

fn without<'a>(names: &[&'a str], gone: &[&str]) -> Vec<&'a str> {
    names.iter().filter(|name| !gone.contains(name)).copied().collect()
}
