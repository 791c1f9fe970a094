//! The table of everyday words: what people call products, and the headings that hold them, best first.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::domain::stem::{stem, stems, words};

static WORDS_CSV: &str = include_str!("../../data/everyday_words.csv");

type Headings = HashMap<String, Vec<&'static str>>;

/// Everyday words as they are written: `cavalo` is no `cavala`.
static WRITTEN: LazyLock<Headings> = LazyLock::new(|| read(|name| words(name).join(" ")));

/// Everyday words by their stems.
static WORDS: LazyLock<Headings> = LazyLock::new(|| read(|name| stems(name).join(" ")));

fn read(key: impl Fn(&str) -> String) -> Headings {
    let mut words: Headings = HashMap::new();
    for line in WORDS_CSV.lines().skip(1) {
        let Some((headings, names)) = line.split_once(';') else { continue };
        for name in names.split(',') {
            let known = words.entry(key(name)).or_default();
            for heading in headings.split('|').filter(|heading| !heading.is_empty()) {
                if !known.contains(&heading) {
                    known.push(heading);
                }
            }
        }
    }
    words.remove("");
    words
}

/// The single stems of all everyday words.
static STEMS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| WORDS.keys().flat_map(|phrase| phrase.split(' ')).collect());

/// The headings (2 to 8 digits) of the longest part of a question that is an everyday word, best first, and the stems
/// of the question that the part leaves.
pub(super) fn headings(question: &[&str]) -> Option<(&'static [&'static str], Vec<String>)> {
    let stems: Vec<String> = question.iter().map(|word| stem(word)).collect();
    for length in (1..=question.len().min(6)).rev() {
        for start in 0..=question.len() - length {
            let part = start..start + length;
            let found =
                WRITTEN.get(&question[part.clone()].join(" ")).or_else(|| WORDS.get(&stems[part.clone()].join(" ")));
            if let Some(found) = found {
                let rest = [&question[..start], &question[start + length..]].concat();
                return Some((found, rest.into_iter().map(str::to_owned).collect()));
            }
        }
    }
    None
}

/// Whether a stem stands in the table.
pub(super) fn knows(stem: &str) -> bool {
    STEMS.contains(stem)
}

/// Every heading of the table.
#[cfg(test)]
pub(super) fn tests_headings() -> impl Iterator<Item = &'static str> {
    WORDS.values().flatten().copied()
}

/// Every single stem of the table.
pub(super) fn all_stems() -> impl Iterator<Item = &'static str> {
    STEMS.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_large_and_its_headings_are_codes() {
        assert!(WORDS.len() >= 1_500, "{} distinct words", WORDS.len());
        for (word, headings) in WORDS.iter() {
            assert!(!headings.is_empty(), "{word}");
            for heading in headings {
                let digits = heading.bytes().all(|byte| byte.is_ascii_digit());
                assert!(digits && matches!(heading.len(), 2 | 4 | 6 | 8), "{word}: {heading}");
            }
        }
    }

    #[test]
    fn the_longest_part_decides() {
        let found = |text: &str| {
            let words = words(text);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            headings(&words).map(|(headings, rest)| (headings[0], rest.join(" ")))
        };
        assert_eq!(found("suco de laranja"), Some(("2009", String::new())));
        assert_eq!(found("peito de frango congelado"), Some(("0207", "congelado".into())));
        assert_eq!(found("pimentas do reino"), Some(("0904", String::new())));
        assert_eq!(found("xyz"), None);
    }
}
