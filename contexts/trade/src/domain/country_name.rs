//! Countries by name: one index for files, filters, simulations and the command line.
//!
//! A name is compared by its words without case, accents, order and connecting words, so `Coreia, República da`
//! and `República da Coréia` meet. A word that several countries share (`Coreia`, `Virgens`) names none of them,
//! unless the ministry's table uses it as the whole name of one (`Congo`, `Guiné`, `Samoa`).

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::code::CountryCode;
use super::country::{EmbeddedCountry, embedded, find as row_of};
use super::text::fold;

/// Words that carry no meaning in a country's name.
const CONNECTIVES: [&str; 13] = ["a", "o", "da", "de", "do", "das", "dos", "e", "of", "the", "and", "del", "d"];
/// Most countries that a hint lists.
const HINTS_MAX: usize = 4;
/// Longest text for which near names are looked up, in bytes: longer than any name of the table.
const HINT_TEXT_MAX: usize = 120;

/// Every name of the embedded table.
struct Index {
    by_key: HashMap<String, CountryCode>,
    /// Words of every name in their order, with the country.
    spellings: Vec<(String, CountryCode)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index { by_key: HashMap::new(), spellings: Vec::new() };
    let own = |row: &&EmbeddedCountry| row.canonical == row.co_pais;
    let full = |row: &EmbeddedCountry| [row.name_pt, row.name_en];
    // Names before aliases, countries before their parts: no alias hides a name.
    for row in embedded().iter().filter(own) {
        full(row).into_iter().for_each(|name| index.add(name, row.canonical));
    }
    for row in embedded().iter().filter(own) {
        row.aliases.split('|').for_each(|name| index.add(name, row.canonical));
    }
    for row in embedded().iter().filter(|row| !own(row)) {
        full(row).into_iter().chain(row.aliases.split('|')).for_each(|name| index.add(name, row.canonical));
    }
    index
});

impl Index {
    fn add(&mut self, name: &str, code: CountryCode) {
        let key = key(name);
        if key.is_empty() {
            return;
        }
        self.by_key.entry(key).or_insert(code);
        self.spellings.push((words(name).join(" "), code));
    }
}

/// The meaningful words of a name: abbreviations in full, letters set apart by dots joined.
fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let mut words: Vec<String> = Vec::new();
    let mut initials = String::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        // `U.S.A.` folds to three letters, while `a` and `e` alone are connectives.
        if word.len() == 1 && (!CONNECTIVES.contains(&word) || name.contains('.')) {
            initials.push_str(word);
            continue;
        }
        flush(&mut initials, &mut words);
        if !CONNECTIVES.contains(&word) {
            words.push(expanded(word).to_owned());
        }
    }
    flush(&mut initials, &mut words);
    words
}

fn flush(initials: &mut String, words: &mut Vec<String>) {
    if !initials.is_empty() {
        words.push(std::mem::take(initials));
    }
}

fn expanded(word: &str) -> &str {
    match word {
        "rep" => "republica",
        "fed" => "federacao",
        "dem" => "democratica",
        "st" => "saint",
        "is" | "isl" | "ilha" => "ilhas",
        other => other,
    }
}

/// What two spellings of one name have in common.
#[must_use]
pub fn key(name: &str) -> String {
    let mut words = words(name);
    words.sort_unstable();
    words.join(" ")
}

/// The country of a name, alias or inverted name; of a part (`Dubai`) the country that it belongs to.
#[must_use]
pub fn find(name: &str) -> Option<CountryCode> {
    INDEX.by_key.get(&key(name)).copied()
}

/// Countries whose names are near `text`, the nearest first: at most two typing errors (one in short names), or
/// names that hold every word of it.
#[must_use]
pub fn near(text: &str) -> Vec<&'static EmbeddedCountry> {
    let wanted = words(text);
    let joined = wanted.join(" ");
    if joined.len() < 3 || text.len() > HINT_TEXT_MAX {
        return Vec::new();
    }
    let tolerance = if joined.chars().count() <= 5 { 1 } else { 2 };
    let mut distances: BTreeMap<CountryCode, usize> = BTreeMap::new();
    for (spelling, code) in &INDEX.spellings {
        let holds = || wanted.iter().all(|word| spelling.split(' ').any(|known| known == word));
        let distance = match strsim::osa_distance(spelling, &joined) {
            distance if distance <= tolerance => distance,
            _ if holds() => tolerance + 1,
            _ => continue,
        };
        let best = distances.entry(*code).or_insert(distance);
        *best = distance.min(*best);
    }
    let nearest = distances.values().min().copied().unwrap_or_default();
    let found = distances.into_iter().filter(|(_, distance)| *distance == nearest);
    found.filter_map(|(code, _)| row_of(code)).take(HINTS_MAX).collect()
}

/// A question that names the near countries, in Portuguese and in English, with a leading space; empty without any.
#[must_use]
pub fn hint(text: &str) -> (String, String) {
    let near = near(text);
    if near.is_empty() {
        return (String::new(), String::new());
    }
    let code = |row: &EmbeddedCountry| row.iso2.map_or_else(|| format!("{:03}", row.co_pais), str::to_owned);
    let list = |name: fn(&EmbeddedCountry) -> &'static str, or: &str| {
        near.iter().map(|row| format!("{} ({})", name(row), code(row))).collect::<Vec<_>>().join(or)
    };
    (
        format!(" Você quis dizer {}?", list(|row| row.name_pt, " ou ")),
        format!(" Did you mean {}?", list(|row| row.name_en, " or ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(name: &str) -> Option<&'static str> {
        find(name).and_then(row_of).and_then(|row| row.iso2)
    }

    #[test]
    fn every_name_and_alias_means_its_own_country() {
        // Code 152 is a part of the United Kingdom called Jersey, which has a code of its own.
        for row in embedded().iter().filter(|row| row.co_pais != 152) {
            let names = [row.name_pt, row.name_en].into_iter().chain(row.aliases.split('|'));
            for name in names.filter(|name| !name.is_empty()) {
                assert_eq!(find(name), Some(row.canonical), "{name}");
                assert_eq!(find(&name.to_uppercase()), Some(row.canonical), "{name}");
            }
        }
    }

    #[test]
    fn usual_spellings_are_known() {
        for (code, names) in [
            ("US", "EUA|USA|U.S.A.|Estados Unidos da América"),
            ("NL", "Holanda|Países Baixos (Holanda)"),
            ("CZ", "República Tcheca|República Checa|Rep. Tcheca|Tcheca, República|Tchéquia"),
            ("KR", "Coreia do Sul|Coréia do Sul|Coreia, República da"),
            ("RU", "Rússia|Federação Russa"),
            ("GB", "Reino Unido|Inglaterra|Grã-Bretanha"),
            ("IR", "Irã|Irão|Irã, República Islâmica do"),
            ("TW", "Taiwan|Formosa"),
            ("SZ", "Suazilândia|Essuatíni"),
            ("VN", "Vietnã|Vietname|Viet Nam"),
            ("CG", "Congo"),
            ("NA", "Namíbia"),
        ] {
            names.split('|').for_each(|name| assert_eq!(iso(name), Some(code), "{name}"));
        }
    }

    #[test]
    fn a_shared_word_names_none_and_is_hinted() {
        for name in ["Coreia", "Korea", "Virgens", "Ilhas Virgens"] {
            assert_eq!(find(name), None, "{name}");
            assert_eq!(near(name).len(), 2, "{name}");
        }
    }

    #[test]
    fn a_typing_error_is_hinted() {
        assert_eq!(hint("Alemania").1, " Did you mean Germany (DE)?");
        assert_eq!(hint("Estados Unido").0, " Você quis dizer Estados Unidos (US)?");
        assert_eq!(hint("Chna").0, " Você quis dizer China (CN)?");
        assert_eq!(hint("Atlântida").0, "");
    }
}
