use super::CountryFacts;
use super::merge::{LANGUAGES, Merged, merge};
use crate::domain::country::embedded;

/// A source that knows every country there is and says the same of each.
fn world() -> Vec<CountryFacts> {
    let rankable = embedded().iter().filter(|row| row.canonical == row.co_pais && row.rankable());
    let facts = rankable.map(|row| CountryFacts {
        iso2: row.iso2.unwrap_or_default().to_owned(),
        iso3: row.iso3.unwrap_or_default().to_owned(),
        name_en: Some(format!("The {}", row.name_en)),
        currencies: vec!["XTS".to_owned(), "AAA".to_owned(), "XTS".to_owned()],
        languages: vec!["por".to_owned()],
    });
    facts.collect()
}

fn merged(facts: &[CountryFacts]) -> (Merged, Vec<String>) {
    let mut notices = Vec::new();
    let merged = merge(Some(facts), &mut notices);
    (merged, notices)
}

fn alone() -> Merged {
    merge(None, &mut Vec::new())
}

#[test]
fn the_embedded_table_serves_alone() {
    let alone = alone();
    assert!(alone.rows.len() >= 200 && !alone.from_source, "{}", alone.rows.len());
    assert!(alone.rows.iter().all(|row| row.name_pt.chars().count() <= 100 && !row.name_en.is_empty()));
    assert!(alone.rows.iter().all(|row| row.flag_emoji.chars().count() == 2));
    assert!(alone.rows.iter().all(|row| row.code != "BR"), "Brazil sells to others");
    let of = |code: &str| alone.rows.iter().find(|row| row.code == code).map(|row| row.distance_km).unwrap();
    for (code, anchor) in [("AR", 1_675.0), ("US", 7_632.0), ("NL", 9_805.0), ("CN", 17_599.0)] {
        assert!((of(code) / anchor - 1.0_f64).abs() < 0.005, "{code}: {}", of(code));
    }
}

#[test]
fn a_source_says_names_currencies_and_languages_and_never_where_a_country_lies() {
    let (merged, notices) = merged(&world());
    assert!(merged.from_source && notices.is_empty(), "{notices:?}");
    for (row, embedded) in merged.rows.iter().zip(alone().rows) {
        assert_eq!(row.name_en, format!("The {}", embedded.name_en));
        assert_eq!((row.currency.as_str(), row.languages.as_str()), ("AAA,XTS", "pt"));
        assert_eq!((row.name_pt, row.capital), (embedded.name_pt, embedded.capital));
    }
}

#[test]
fn languages_have_one_form_whoever_says_them() {
    let told = |languages: &[&str]| {
        let mut facts = world();
        facts[0].languages = languages.iter().map(|code| (*code).to_owned()).collect();
        let (merged, notices) = merged(&facts);
        assert_eq!(notices, [] as [String; 0]);
        merged.rows.into_iter().find(|row| row.code == facts[0].iso2).unwrap().languages
    };
    assert_eq!(told(&["spa", "grn"]), "es,gn");
    assert_eq!(told(&["es", "spa", "gn"]), "es,gn", "both forms of one are one");
    assert_eq!(told(&["pap", "nld", "tpi"]), "nl,pap,tpi", "what has no shorter code keeps its own");
    let pairs: Vec<(&str, &str)> = LANGUAGES.split(' ').map(|pair| pair.split_once(':').unwrap()).collect();
    assert!(pairs.iter().all(|(long, short)| long.len() == 3 && short.len() == 2), "{pairs:?}");
    for country in embedded().iter().filter(|country| country.rankable()) {
        for code in country.languages.split('|').filter(|code| code.len() == 2) {
            assert!(pairs.iter().any(|(_, short)| *short == code), "{code} of {}", country.name_en);
        }
    }
}

#[test]
fn a_source_that_is_not_the_world_is_not_taken_at_all() {
    for facts in [vec![], world()[..10].to_vec(), vec![world()[0].clone(); 10_000]] {
        let (merged, notices) = merged(&facts);
        assert_eq!(merged, alone());
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].ends_with("nothing of it was taken"), "{notices:?}");
    }
}

#[test]
fn wrong_records_spoil_nothing_and_are_told() {
    let mut facts = world();
    let good = facts.clone();
    facts[0].name_en = Some("x".repeat(1 << 20));
    facts[1].name_en = Some("Evil\u{0}land".to_owned());
    facts[2].currencies = vec!["'; DROP".to_owned()];
    facts[3].languages = vec!["xx".to_owned(); 500];
    facts[4].name_en = Some("  ".to_owned());
    facts[5].currencies = vec![];
    facts[6].name_en = None;
    facts.push(CountryFacts { iso2: "XX".to_owned(), iso3: "XXX".to_owned(), ..CountryFacts::default() });
    facts.push(CountryFacts { iso3: "ZZZ".to_owned(), name_en: Some("Mixed up".to_owned()), ..good[7].clone() });
    facts.push(CountryFacts { name_en: Some("Second".to_owned()), ..good[8].clone() });
    facts.push(CountryFacts::default());
    let (merged, notices) = merged(&facts);
    let alone = alone();
    assert_eq!(merged.rows.len(), alone.rows.len());
    let pair = |at: usize| {
        let code = good[at].iso2.as_str();
        let of = |merged: &Merged| merged.rows.iter().find(|row| row.code == code).unwrap().clone();
        (of(&merged), of(&alone))
    };
    for at in [0, 1, 4, 6] {
        assert_eq!(pair(at).0.name_en, pair(at).1.name_en);
        assert_eq!(pair(at).0.currency, "AAA,XTS", "what is sane of a record is taken");
    }
    assert_eq!(pair(2).0.currency, pair(2).1.currency);
    assert_eq!(pair(3).0.languages, pair(3).1.languages);
    assert_eq!(pair(5).0.currency, pair(5).1.currency);
    for at in [7, 8] {
        assert_eq!(Some(pair(at).0.name_en), good[at].name_en);
    }
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].contains(&good[8].iso2) && notices[0].contains("more than once"), "{notices:?}");
    assert!(notices[1].contains("cannot be"), "{notices:?}");
}
