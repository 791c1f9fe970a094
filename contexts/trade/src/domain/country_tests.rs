use std::collections::HashSet;
use std::path::Path;

use super::*;
use crate::domain::text::fold;

fn row(code: CountryCode) -> &'static EmbeddedCountry {
    find(code).unwrap()
}

#[test]
fn every_row_is_read_once_and_in_order() {
    let lines = COUNTRIES_CSV.lines().skip(1).filter(|line| !line.is_empty()).count();
    assert_eq!(embedded().len(), lines, "a row did not parse");
    assert_eq!(lines, 281);
    assert!(embedded().windows(2).all(|pair| pair[0].co_pais < pair[1].co_pais));
}

#[test]
fn codes_and_names_are_well_formed() {
    let mut iso2 = HashSet::new();
    let mut names = HashSet::new();
    for country in embedded() {
        assert_eq!(row(country.canonical).canonical, country.canonical, "{}", country.co_pais);
        assert_eq!(row(country.canonical).iso3, country.iso3, "{}", country.co_pais);
        assert!(!country.name_pt.is_empty() && !country.name_en.is_empty());
        if country.co_pais != country.canonical {
            continue;
        }
        assert!(names.insert(fold(country.name_pt)), "{} names two", country.name_pt);
        if let Some(code) = country.iso2 {
            assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()));
            assert!(iso2.insert(code), "{code} twice");
            assert_eq!(country.iso3.map(str::len), Some(3));
        }
        if let Some((lat, lon)) = country.capital {
            assert!((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon));
            assert_ne!(country.currency, "");
            assert_ne!(country.languages, "");
            assert_ne!(country.group, "none");
        } else {
            assert!(!country.rankable());
        }
    }
    // ISO 3166-1 has 249 codes, all of them in the table.
    assert_eq!(iso2.len(), 249);
}

#[test]
fn several_codes_of_one_country_are_merged() {
    let merges: [(CountryCode, &[CountryCode]); 12] = [
        (249, &[396, 873]),
        (245, &[20, 151]),
        (628, &[152, 367, 786]),
        (607, &[452]),
        (23, &[25]),
        (244, &[237]),
        (455, &[423]),
        (545, &[583]),
        (695, &[678]),
        (566, &[490, 563, 569]),
        (321, &[150]),
        (105, &[100]),
    ];
    let mut parts = 0;
    for (canonical, codes) in merges {
        parts += codes.len();
        assert!(codes.iter().all(|code| row(*code).canonical == canonical), "{canonical}");
    }
    assert_eq!(embedded().iter().filter(|row| row.canonical != row.co_pais).count(), parts);
    assert_eq!(row(393).iso3, Some("JEY"));
    assert_eq!(row(489).iso3, Some("MYT"));
    assert_eq!(row(698).iso3, Some("MAF"));
    assert_eq!(row(507).iso2, Some("NA"), "Namibia's code is not a missing value");
}

#[test]
fn what_is_no_destination_is_never_ranked() {
    for code in [0, 47, 100, 105, 358, 388, 785, 790, 840, 895, 990, 994, 995, 997, 998, 999, 42] {
        assert!(!row(code).rankable(), "{code}");
    }
    assert!([249, 160, 63, 573, 351, 161, 489, 578].iter().all(|code| row(*code).rankable()));
    assert_eq!(embedded().iter().filter(|row| row.co_pais == row.canonical && row.rankable()).count(), 241);
}

#[test]
fn distances_agree_with_the_published_anchors() {
    for (code, anchor) in [(63, 1_675.0), (249, 7_632.0), (573, 9_805.0), (160, 17_599.0)] {
        let distance = row(code).distance_km().unwrap();
        assert!((distance / anchor - 1.0_f64).abs() < 0.005, "{code}: {distance} against {anchor}");
    }
}

#[test]
fn neighbours_are_nearest_and_the_antipodes_farthest() {
    let mut all: Vec<_> = embedded().iter().filter(|row| row.rankable()).collect();
    all.sort_by(|a, b| a.distance_km().unwrap().total_cmp(&b.distance_km().unwrap()));
    let nearest: Vec<_> = all[..4].iter().filter_map(|row| row.iso3).collect();
    assert_eq!(nearest, ["PRY", "URY", "ARG", "BOL"]);
    assert!(all[all.len() - 10..].iter().all(|row| ["asia", "oceania"].contains(&row.group)));
    assert!(all.iter().all(|row| row.distance_km().unwrap() < 20_016.0));
}

/// Against the real table: every published code has its row, with the same ISO code.
#[test]
fn the_published_table_is_covered() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/comexstat/tables/PAIS_2026_utf8.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    for line in text.lines().skip(1) {
        let columns: Vec<_> = line.split(';').map(|column| column.trim_matches('"')).collect();
        let ours = row(columns[0].parse().unwrap());
        if columns[2] != "ZZZ" {
            assert_eq!(ours.iso3, Some(columns[2]), "{line}");
        }
    }
}

#[test]
fn published_names_win_and_new_codes_join_their_country() {
    let published = |code, iso3: &str, name: &str| PublishedCountry {
        code,
        iso3: iso3.into(),
        name_pt: name.into(),
        name_en: String::new(),
    };
    let table = [
        published(573, "NLD", "Países Baixos (Holanda)"),
        published(901, "USA", "Ilha Nova"),
        published(902, "ZZZ", "Lugar Nenhum"),
        published(237, "ARE", "Dubai"),
    ];
    let (countries, merged) =
        build_countries(Some(&table), &[UnlistedCountry { code: 1000, name: "Atlântida".into(), resolved: None }]);
    assert_eq!(countries[&573].name_pt, "Países Baixos (Holanda)");
    assert_eq!(countries[&573].name_en, "Netherlands");
    assert_eq!(merged[&901], 249);
    assert_eq!(merged[&237], 244);
    assert!(!countries.contains_key(&901) && !countries.contains_key(&237));
    assert!(!countries[&902].rankable && !countries[&1000].rankable);
    assert_eq!(countries[&1000].public_code(), "1000");
    assert_eq!(countries[&249].flag_emoji, "🇺🇸");
    assert_eq!(build_countries(None, &[]).0.len(), 263);
}
