//! Everyday words on the ministry's own tables, where they are there.

use std::path::Path;
use std::time::Instant;

use super::*;
use crate::domain::reference::Product;
use crate::ingest::tables::read_tables;

/// The search over the published tables, without any exports.
fn published() -> Option<Search> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/comexstat/tables");
    if !dir.is_dir() {
        println!("skipped: {} is not there", dir.display());
        return None;
    }
    let tables = read_tables(&dir).unwrap();
    let products = tables
        .products
        .into_iter()
        .map(|row| (row.ncm, Product { name_pt: row.name_pt, name_en: row.name_en, sector: 0 }));
    let headings = tables.harmonized.iter().map(|row| (row.sh4, row.sh4_name_pt.clone()));
    let reference = Reference { products: products.collect(), headings: headings.collect(), ..Reference::default() };
    let started = Instant::now();
    let search = Search::new(&reference, &RankingIndex::default());
    println!("index of {} products built in {:?}", search.len(), started.elapsed());
    Some(search)
}

/// The share of words with one of their headings among the first three answers, and the others.
fn found(search: &Search, list: &str) -> (f64, Vec<String>) {
    let mut missed = Vec::new();
    let mut all = 0;
    for line in list.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, headings) = line.split_once(';').unwrap();
        let codes: Vec<String> = search
            .find(word, 10, false)
            .places
            .iter()
            .take(3)
            .map(|place| search.entries[*place].ncm.to_string())
            .collect();
        all += 1;
        if !codes.iter().any(|code| headings.split('|').any(|heading| code.starts_with(heading.trim()))) {
            missed.push(format!("{word} -> {codes:?}"));
        }
    }
    (1.0 - missed.len() as f64 / f64::from(all), missed)
}

#[test]
fn everyday_words_find_their_headings() {
    let Some(search) = published() else { return };
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/search-words.csv");
    let (share, missed) = found(&search, &std::fs::read_to_string(cases).unwrap());
    assert!(share >= 0.97, "{share}: {missed:#?}");
    // Written before the table was, and not looked at while it was written.
    let (share, missed) = found(&search, include_str!("../../tests/data/held_out_words.csv"));
    assert!(share >= 0.9, "{share}: {missed:#?}");
    for heading in super::words::tests_headings() {
        assert!(!search.by_code(heading).is_empty(), "no product begins with {heading}");
    }
}

#[test]
fn one_typing_error_is_forgiven_and_said() {
    let Some(search) = published() else { return };
    let first = |query: &str| {
        let found = search.find(query, 3, false);
        (
            found.places.first().map(|place| search.entries[*place].ncm.to_string()[..4].to_owned()),
            found.did_you_mean.is_some(),
        )
    };
    for (query, heading) in
        [("frnago", "0207"), ("cachça", "2208"), ("xampuu", "3305"), ("garnito", "2516"), ("chiken", "0207")]
    {
        assert_eq!(first(query), (Some(heading.to_owned()), true), "{query}");
    }
    assert_eq!(first("frango"), (Some("0207".to_owned()), false));
    let near = search.find("12109000", 5, false);
    assert_eq!(near.did_you_mean.as_deref(), Some("12019000"), "two exchanged digits");
    for nothing in ["de para com", "🍗🍗", "' OR 1=1 --; DROP TABLE", "zzzzqqq", &"x".repeat(200)] {
        assert!(search.find(nothing, 10, false).places.len() <= 10, "{nothing}");
    }
    assert_eq!(search.find("de para com", 10, false), Found::default());
    assert_eq!(search.find(&"x".repeat(200), 10, false).total, 0);
}
