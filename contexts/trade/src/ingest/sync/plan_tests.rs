use chrono::DateTime;

use super::official::Published;
use super::plan::{Live, Record, State, of_table, of_year};
use crate::ingest::summary::Sums;
use crate::store::LiveYear;

const SHA: &str = "aa";

fn live(source: &str) -> LiveYear {
    LiveYear {
        year: 2024,
        source: source.to_owned(),
        batch: Some("b".to_owned()),
        version: 1,
        rows: 10,
        fob_cents: 500,
        weight_g: 7_000,
        through_month: 12,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn official(rows: u64) -> Sums {
    Sums { rows, fob_cents: 500, weight_g: 7_000, quantity: 0 }
}

fn published(validator: &str, bytes: u64) -> Published {
    Published { bytes: Some(bytes), validator: Some(validator.to_owned()), modified: None }
}

fn record(validator: &str, bytes: i64) -> Record {
    Record { validator: validator.to_owned(), bytes: Some(bytes), sha256: SHA.to_owned() }
}

fn of(official: Option<Sums>, published: Option<Published>, live: Option<&LiveYear>, record: Option<Record>) -> State {
    let live = Live { year: live, sha256: live.map(|_| SHA) };
    of_year(2024, official.as_ref(), published.as_ref(), live, record.as_ref(), false).state
}

#[test]
fn a_year_is_unchanged_only_when_totals_file_and_content_are_what_was_taken() {
    let (a, live) = (published("a", 9), live("comexstat"));
    let state =
        |official, published: &Published, record| of(Some(official), Some(published.clone()), Some(&live), record);
    assert_eq!(state(official(10), &a, Some(record("a", 9))), State::Unchanged);
    assert_eq!(state(official(11), &a, Some(record("a", 9))), State::Changed);
    assert_eq!(state(Sums { fob_cents: 501, ..official(10) }, &a, Some(record("a", 9))), State::Changed);
    assert_eq!(state(Sums { weight_g: 1, ..official(10) }, &a, Some(record("a", 9))), State::Changed);
    assert_eq!(state(official(10), &a, Some(record("b", 9))), State::Changed);
    assert_eq!(state(official(10), &a, Some(record("a", 8))), State::Changed);
    assert_eq!(state(official(10), &a, Some(Record { sha256: "bb".to_owned(), ..record("a", 9) })), State::Changed);
    assert_eq!(state(official(10), &a, None), State::Changed);
    // A source that says nothing of a file is not believed to have kept it.
    let silent = Record { bytes: None, ..record("", 0) };
    assert_eq!(state(official(10), &Published::default(), Some(silent)), State::Changed);
    let by_size = Published { bytes: Some(9), ..Published::default() };
    assert_eq!(state(official(10), &by_size, Some(record("", 9))), State::Unchanged);
}

#[test]
fn what_must_not_be_loaded_is_known_before_it_is_fetched() {
    let a = Some(published("a", 9));
    let (real, other, sample) = (live("comexstat"), live("mine"), live("sample"));
    assert_eq!(of(Some(official(10)), a.clone(), None, None), State::New);
    assert_eq!(of(Some(official(10)), a.clone(), Some(&sample), None), State::New);
    assert_eq!(of(Some(official(10)), None, Some(&real), None), State::Missing);
    assert_eq!(of(Some(official(0)), a.clone(), None, None), State::Missing);
    assert_eq!(of(None, a.clone(), None, None), State::Refused);
    assert_eq!(of(Some(official(10)), a.clone(), Some(&other), None), State::Refused);
    assert_eq!(of(Some(official(4)), a.clone(), Some(&real), None), State::Refused);
    let allowed = |allow| {
        let live = Live { year: Some(&real), sha256: None };
        of_year(2024, Some(&official(4)), a.as_ref(), live, None, allow)
    };
    assert_eq!(allowed(true).state, State::Changed);
    assert!(allowed(false).reason.contains("--allow-shrink"), "{}", allowed(false).reason);
    assert_eq!(allowed(true).reason, "the official totals name 4 rows, 10 are live");
}

#[test]
fn tables_are_told_apart_by_the_file_alone() {
    let a = published("a", 9);
    assert_eq!(of_table(None, Some(&record("a", 9))).state, State::Missing);
    assert_eq!(of_table(Some(&a), None).state, State::New);
    assert_eq!(of_table(Some(&a), Some(&record("a", 9))).state, State::Unchanged);
    assert_eq!(of_table(Some(&a), Some(&record("z", 9))).state, State::Changed);
}
