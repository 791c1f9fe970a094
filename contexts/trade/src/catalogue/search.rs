//! Search over the products: by the beginning of the code, or by the beginnings of words.
//!
//! All descriptions stand in one folded text, each word after a space, so that one pass finds every
//! place where a word of the query begins; a hit skips to the next product. 13.7 thousand products
//! take well under two milliseconds.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::domain::code::{Ncm, SectorId};
use crate::domain::reference::Reference;
use crate::domain::sector::sector_by_prefix;
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

/// One product of the search.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Code.
    pub ncm: Ncm,
    /// Sector.
    pub sector: SectorId,
    /// Exports in cents of the last twelve months that the data cover; `None` when the data do not know the product.
    pub last_year_cents: Option<i64>,
    /// Where its text begins in `text`.
    start: usize,
}

/// The products of a snapshot, ascending by code.
#[derive(Debug, Default)]
pub struct Search {
    entries: Vec<Entry>,
    /// Folded descriptions of both languages, every word after a space, one product per line.
    text: Vec<u8>,
}

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Places of the best, best first.
    pub places: Vec<usize>,
    /// How many there are.
    pub total: usize,
}

impl Search {
    /// From the product table and the products of the data, which may know codes that the table lacks.
    #[must_use]
    pub fn new(reference: &Reference, ranking: &RankingIndex) -> Self {
        let ncms: BTreeSet<Ncm> =
            reference.products.keys().copied().chain(ranking.products().map(|product| product.ncm)).collect();
        let mut search = Self { entries: Vec::with_capacity(ncms.len()), text: Vec::with_capacity(ncms.len() * 200) };
        for ncm in ncms {
            let product = reference.products.get(&ncm);
            let last_year_cents = ranking.product(ncm).map(|product| product.last_window_cents);
            let sector = product.map_or_else(|| sector_by_prefix(ncm), |product| product.sector);
            search.entries.push(Entry { ncm, sector, last_year_cents, start: search.text.len() });
            let names =
                product.map(|product| (product.name_pt.as_str(), product.name_en.as_deref().unwrap_or_default()));
            for name in names.into_iter().flat_map(|(pt, en)| [pt, en]) {
                search.text.push(b' ');
                search.text.extend_from_slice(fold(name).as_bytes());
            }
            search.text.push(b'\n');
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

    /// The products that `query` means: a code or the beginning of one, with or without dots, or
    /// words, each of which must begin a word of the description. Best first: the exact code, then
    /// codes that begin so, then by exports of the last year. An empty query means every product, one
    /// of signs alone (`?`, `...`) none.
    /// What is no merchandise (chapter 99) is left out unless `all`, or asked for by its code.
    #[must_use]
    pub fn find(&self, query: &str, limit: usize, all: bool) -> Found {
        let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let digits: String = query.chars().filter(char::is_ascii_digit).collect();
        if !query.trim().is_empty() && !query.chars().any(char::is_alphanumeric) {
            return Found { places: Vec::new(), total: 0 };
        }
        let is_code = !digits.is_empty() && query.chars().all(|c| c.is_ascii_digit() || c == '.' || c.is_whitespace());
        let mut places: Vec<usize> =
            if is_code { self.by_code(&digits).collect() } else { self.by_words(&fold(&query)) };
        let asked = is_code && digits.starts_with("99");
        if !all && !asked {
            places.retain(|place| self.entries[*place].ncm.sh2() != CHAPTER_NOT_COMMERCIAL);
        }
        let key = |place: &usize| {
            let entry = &self.entries[*place];
            (std::cmp::Reverse(entry.last_year_cents.unwrap_or(-1)), entry.ncm)
        };
        let total = places.len();
        let limit = limit.min(SEARCH_LIMIT_MAX);
        if total > limit && limit > 0 {
            places.select_nth_unstable_by_key(limit - 1, key);
        }
        places.truncate(limit);
        places.sort_unstable_by_key(key);
        Found { places, total }
    }

    /// Products whose code begins with `digits`; none for more than eight.
    fn by_code(&self, digits: &str) -> std::ops::Range<usize> {
        let Some(missing) = 8_usize.checked_sub(digits.len()) else { return 0..0 };
        let unit = 10_u32.pow(u32::try_from(missing).unwrap_or(0));
        let Ok(first) = digits.parse::<u32>().map(|prefix| prefix * unit) else { return 0..0 };
        let at = |bound: u32| self.entries.partition_point(|entry| entry.ncm.0 < bound);
        at(first)..at(first + unit)
    }

    /// Products in which every word of `folded` begins a word. A word of digits may also begin the code.
    fn by_words(&self, folded: &str) -> Vec<usize> {
        let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX).collect();
        // The longest word is the rarest: it is searched for, the others are checked where it was found.
        words.sort_unstable_by_key(|word| {
            std::cmp::Reverse((word.bytes().any(|byte| !byte.is_ascii_digit()), word.len()))
        });
        let Some((rarest, others)) = words.split_first() else { return (0..self.entries.len()).collect() };
        let finder = |word: &str| memmem::Finder::new(&[b" ", word.as_bytes()].concat()).into_owned();
        let rarest = finder(rarest);
        let others: Vec<_> = others.iter().map(|word| (*word, finder(word))).collect();
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(hit) = rarest.find(&self.text[from..]) {
            let place = self.entries.partition_point(|entry| entry.start <= from + hit) - 1;
            let end = self.entries.get(place + 1).map_or(self.text.len(), |entry| entry.start);
            let line = &self.text[self.entries[place].start..end];
            let begins_code = |word: &str| {
                word.len() <= 8 && word.bytes().all(|byte| byte.is_ascii_digit()) && self.by_code(word).contains(&place)
            };
            if others.iter().all(|(word, other)| other.find(line).is_some() || begins_code(word)) {
                places.push(place);
            }
            from = end;
        }
        places
    }
}
