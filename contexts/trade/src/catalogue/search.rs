//! Search over the products: by the beginning of the code, by everyday words, or by words of headings and descriptions.
//!
//! Order: the headings of an everyday word, best first, at most a few products of each before the next; then products
//! whose heading has every word, then descriptions, whole words before beginnings, the head of a text before its tail;
//! among equals what is exported most. Portuguese texts answer first; English ones only where those know nothing. One
//! typing error is forgiven where nothing else is found.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::index::TextIndex;
use super::words;
use crate::domain::code::{Ncm, SectorId};
use crate::domain::reference::Reference;
use crate::domain::sector::sector_by_prefix;
use crate::domain::stem::{is_stop_word, stem};
use crate::domain::text::fold;
use crate::simulator::ranking::RankingIndex;

/// Most products that a search returns.
pub const SEARCH_LIMIT_MAX: usize = 50;
/// Longest query, in characters.
pub const QUERY_CHARS_MAX: usize = 200;
/// Words of a query that are looked at.
const WORDS_MAX: usize = 16;
/// Chapter of what is no merchandise: stores, special transactions.
const CHAPTER_NOT_COMMERCIAL: u8 = 99;
/// Products of one heading that stand before the next heading of an everyday word.
const OF_A_HEADING: usize = 5;
/// Letters that a word has at least before a typing error in it is forgiven.
const TYPED_LETTERS_MIN: usize = 4;

/// One product of the search.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Code.
    pub ncm: Ncm,
    /// Sector.
    pub sector: SectorId,
    /// Exports in cents of the last twelve months that the data cover; `None` when the data do not know the product.
    pub last_year_cents: Option<i64>,
}

/// The products of a snapshot, ascending by code.
#[derive(Debug, Default)]
pub struct Search {
    entries: Vec<Entry>,
    portuguese: TextIndex,
    english: TextIndex,
}

/// What a search found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Places of the best, best first.
    pub places: Vec<usize>,
    /// How many there are.
    pub total: usize,
    /// What the question was taken for, where it had a typing error.
    pub did_you_mean: Option<String>,
}

impl Search {
    /// From the product table and the products of the data, which may know codes that the table lacks.
    #[must_use]
    pub fn new(reference: &Reference, ranking: &RankingIndex) -> Self {
        let ncms: BTreeSet<Ncm> =
            reference.products.keys().copied().chain(ranking.products().map(|product| product.ncm)).collect();
        let mut search = Self { entries: Vec::with_capacity(ncms.len()), ..Self::default() };
        let mut heading: (u16, Vec<String>) = (u16::MAX, Vec::new());
        for (place, ncm) in (0_u32..).zip(ncms) {
            let product = reference.products.get(&ncm);
            let last_year_cents = ranking.product(ncm).map(|product| product.last_window_cents);
            let sector = product.map_or_else(|| sector_by_prefix(ncm), |product| product.sector);
            search.entries.push(Entry { ncm, sector, last_year_cents });
            if heading.0 != ncm.sh4() {
                let name = reference.headings.get(&ncm.sh4()).map(String::as_str).unwrap_or_default();
                heading = (ncm.sh4(), head_words(name));
            }
            search.portuguese.add_heading(place, &heading.1);
            if let Some(product) = product {
                search.portuguese.add_description(place, &product.name_pt);
                search.english.add_description(place, product.name_en.as_deref().unwrap_or_default());
            }
        }
        search
    }

    /// A product by its place.
    #[must_use]
    pub fn entry(&self, place: usize) -> Option<&Entry> {
        self.entries.get(place)
    }

    /// How many products there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The products that `query` means: a code or the beginning of one, with or without dots, or words. An empty query
    /// means every product, one of signs or stop words alone none. What is no merchandise (chapter 99) is left out
    /// unless `all`, or asked for by its code.
    #[must_use]
    pub fn find(&self, query: &str, limit: usize, all: bool) -> Found {
        let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let digits: String = query.chars().filter(char::is_ascii_digit).collect();
        if !query.trim().is_empty() && !query.chars().any(char::is_alphanumeric) {
            return Found::default();
        }
        let is_code = !digits.is_empty() && query.chars().all(|c| c.is_ascii_digit() || c == '.' || c.is_whitespace());
        let (mut places, did_you_mean) = if query.trim().is_empty() {
            (self.by_exports(0..self.entries.len()), None)
        } else if is_code {
            self.by_code_or_near(&digits)
        } else {
            self.by_words(&fold(&query))
        };
        let asked = is_code && digits.starts_with("99");
        if !all && !asked {
            places.retain(|place| self.entries[*place].ncm.sh2() != CHAPTER_NOT_COMMERCIAL);
        }
        let total = places.len();
        places.truncate(limit.min(SEARCH_LIMIT_MAX));
        Found { places, total, did_you_mean }
    }

    /// What is exported most first, then by code.
    fn export_key(&self, place: usize) -> (Reverse<i64>, Ncm) {
        let entry = &self.entries[place];
        (Reverse(entry.last_year_cents.unwrap_or(-1)), entry.ncm)
    }

    fn by_exports(&self, places: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable_by_key(|place| self.export_key(*place));
        places
    }

    /// Products whose code begins with `digits`; none for more than eight.
    fn by_code(&self, digits: &str) -> std::ops::Range<usize> {
        let Some(missing) = 8_usize.checked_sub(digits.len()) else { return 0..0 };
        let unit = 10_u32.pow(u32::try_from(missing).unwrap_or(0));
        let Ok(first) = digits.parse::<u32>().map(|prefix| prefix * unit) else { return 0..0 };
        let at = |bound: u32| self.entries.partition_point(|entry| entry.ncm.0 < bound);
        at(first)..at(first + unit)
    }

    /// Products by the beginning of a code; for a whole code that does not exist, those one wrong or exchanged digit away.
    fn by_code_or_near(&self, digits: &str) -> (Vec<usize>, Option<String>) {
        let found = self.by_exports(self.by_code(digits));
        if !found.is_empty() || digits.len() != 8 {
            return (found, None);
        }
        let near = |place: &usize| strsim::osa_distance(&self.entries[*place].ncm.to_string(), digits) == 1;
        let mut found = self.by_exports((0..self.entries.len()).filter(near));
        let typed = sorted_digits(digits);
        let exchanged = |place: &usize| sorted_digits(&self.entries[*place].ncm.to_string()) == typed;
        found.sort_by_key(|place| !exchanged(place));
        let meant = found.first().map(|place| self.entries[*place].ncm.to_string());
        (found, meant)
    }

    /// Products by words, best first, and what the words were taken for.
    fn by_words(&self, folded: &str) -> (Vec<usize>, Option<String>) {
        let mut seen = HashSet::new();
        let words: Vec<&str> = folded
            .split(' ')
            .filter(|word| !word.is_empty() && !is_stop_word(word) && seen.insert(*word))
            .take(WORDS_MAX)
            .collect();
        if words.is_empty() {
            return (Vec::new(), None);
        }
        let found = self.of_words(&words);
        if !found.is_empty() {
            return (found, None);
        }
        let typed: Vec<String> = words.iter().map(|word| self.corrected(word)).collect();
        let corrected: Vec<&str> = typed.iter().map(String::as_str).collect();
        if corrected != words {
            let found = self.of_words(&corrected);
            if !found.is_empty() {
                return (found, Some(corrected.join(" ")));
            }
        }
        // The words that are known, where not all of them are.
        let known: Vec<&str> = corrected.iter().copied().filter(|word| !self.of_words(&[word]).is_empty()).collect();
        let found = if known.is_empty() || known.len() == words.len() { Vec::new() } else { self.of_words(&known) };
        let meant = (!found.is_empty()).then(|| known.join(" "));
        (found, meant)
    }

    /// Products of everyday words, then those with every word in their texts.
    fn of_words(&self, words: &[&str]) -> Vec<usize> {
        let mut places =
            words::headings(words).map(|(headings, rest)| self.of_headings(headings, words, &rest)).unwrap_or_default();
        let mut texts = self.of_texts(&self.portuguese, words);
        if texts.is_empty() && places.is_empty() {
            texts = self.of_texts(&self.english, words);
        }
        let seen: HashSet<usize> = places.iter().copied().collect();
        places.extend(texts.into_iter().filter(|place| !seen.contains(place)));
        places
    }

    /// Products of the headings of an everyday word: first those that have the rest of the question in their texts,
    /// then those that have all of it.
    fn of_headings(&self, headings: &[&str], question: &[&str], rest: &[String]) -> Vec<usize> {
        let count = |words: &mut dyn Iterator<Item = &str>| {
            let mut having: HashMap<u32, usize> = HashMap::new();
            for word in words {
                self.portuguese.products(word).into_keys().for_each(|product| *having.entry(product).or_default() += 1);
            }
            having
        };
        let (of_rest, of_all) = (count(&mut rest.iter().map(String::as_str)), count(&mut question.iter().copied()));
        let lacks = |place: &usize| {
            let has = |having: &HashMap<u32, usize>| {
                u32::try_from(*place).ok().and_then(|place| having.get(&place)).copied().unwrap_or_default()
            };
            (rest.len() - has(&of_rest), question.len() - has(&of_all))
        };
        let mut groups: Vec<std::vec::IntoIter<usize>> = Vec::new();
        for heading in headings {
            let mut places: Vec<usize> = self.by_code(heading).collect();
            places.sort_by_key(|place| (lacks(place), self.export_key(*place)));
            groups.push(places.into_iter());
        }
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        while groups.iter().any(|group| group.len() > 0) {
            for group in &mut groups {
                found.extend(group.by_ref().take(OF_A_HEADING).filter(|place| seen.insert(*place)));
            }
        }
        found
    }

    /// Products with every word in a text, the most prominent first. A word of digits may also begin the code.
    fn of_texts(&self, index: &TextIndex, words: &[&str]) -> Vec<usize> {
        let mut costs: Option<HashMap<u32, u32>> = None;
        for word in words {
            let mut found = index.products(word);
            if word.len() <= 8 && word.bytes().all(|byte| byte.is_ascii_digit()) {
                found.extend(self.by_code(word).filter_map(|place| Some((u32::try_from(place).ok()?, 0))));
            }
            costs = Some(match costs {
                None => found.into_iter().map(|(product, cost)| (product, u32::from(cost))).collect(),
                Some(mut both) => {
                    both.retain(|product, _| found.contains_key(product));
                    both.iter_mut().for_each(|(product, cost)| *cost += u32::from(found[product]));
                    both
                }
            });
        }
        let mut found: Vec<(u32, usize)> =
            costs.unwrap_or_default().into_iter().map(|(product, cost)| (cost, product as usize)).collect();
        found.sort_unstable_by_key(|(cost, place)| (*cost, self.export_key(*place)));
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// The known word one typing error away from an unknown one, the shortest change first; the word itself without.
    fn corrected(&self, word: &str) -> String {
        let own = stem(word);
        let known = words::knows(&own) || self.portuguese.knows(&own) || self.english.knows(&own);
        if known || word.chars().count() < TYPED_LETTERS_MIN {
            return word.to_owned();
        }
        let length = word.len();
        let close = |known: &str, wanted: &str| {
            known.len().abs_diff(wanted.len()) <= 1 && strsim::osa_distance(known, wanted) == 1
        };
        // Everyday words before words of the official texts, which are rarely typed.
        let everyday = words::all_stems().filter(|known| close(known, &own)).min();
        let official = || {
            let long = |known: &&str| known.len() + 1 >= length && known.len() <= length + 1;
            self.portuguese.words().chain(self.english.words()).filter(long).filter(|known| close(known, word)).min()
        };
        everyday.or_else(official).map_or_else(|| word.to_owned(), str::to_owned)
    }
}

/// The digits of a code in ascending order: two codes with exchanged digits have the same.
fn sorted_digits(code: &str) -> Vec<u8> {
    let mut digits: Vec<u8> = code.bytes().collect();
    digits.sort_unstable();
    digits
}

/// The words of a heading's name up to what it leaves out.
fn head_words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let end = ["exceto", "except"].iter().filter_map(|word| folded.find(word)).min().unwrap_or(folded.len());
    folded[..end].split(' ').filter(|word| !word.is_empty() && !is_stop_word(word)).map(str::to_owned).collect()
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
