//! Which products have a word in their texts, and how prominently.

use std::collections::{BTreeMap, HashMap};

use crate::domain::stem::{is_stop_word, stem};
use crate::domain::text::fold;

/// Words of a description that say what the product is; later ones say what kind.
const FIRST_WORDS: usize = 3;
/// Words that begin what a description leaves out, or only compares with.
const TAILS: [&str; 6] = ["exceto", "except", "excluding", "outro", "outros", "nao"];

/// Where a word stands: smaller is more prominent.
pub(super) const IN_HEADING: u8 = 0;
const AMONG_FIRST: u8 = 1;
const IN_TEXT: u8 = 3;
const IN_TAIL: u8 = 6;
/// What a word costs that only begins the one in the text.
pub(super) const PREFIX_COST: u8 = 4;

/// The texts of one language: products by stem and by word, each with the best place of the word.
#[derive(Debug, Default)]
pub(super) struct TextIndex {
    by_stem: HashMap<Box<str>, Vec<(u32, u8)>>,
    by_word: BTreeMap<Box<str>, Vec<(u32, u8)>>,
    stems: HashMap<Box<str>, Box<str>>,
}

impl TextIndex {
    /// Adds a description of a product. Products come in ascending order.
    pub fn add_description(&mut self, product: u32, text: &str) {
        let mut tail = false;
        let mut place = 0;
        for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
            tail |= TAILS.contains(&word);
            let cost = match place {
                _ if tail => IN_TAIL,
                0..FIRST_WORDS => AMONG_FIRST,
                _ => IN_TEXT,
            };
            self.add(product, word, cost);
            place += usize::from(!is_stop_word(word));
        }
    }

    /// Adds the name of a heading that a product belongs to, up to what it leaves out.
    pub fn add_heading(&mut self, product: u32, words: &[String]) {
        for word in words {
            self.add(product, word, IN_HEADING);
        }
    }

    fn add(&mut self, product: u32, word: &str, cost: u8) {
        let note = |list: &mut Vec<(u32, u8)>| match list.last_mut() {
            Some((last, best)) if *last == product => *best = cost.min(*best),
            _ => list.push((product, cost)),
        };
        if !self.stems.contains_key(word) {
            self.stems.insert(word.into(), stem(word).into());
        }
        let stem = &self.stems[word];
        match self.by_stem.get_mut(stem) {
            Some(list) => note(list),
            None => drop(self.by_stem.insert(stem.clone(), vec![(product, cost)])),
        }
        match self.by_word.get_mut(word) {
            Some(list) => note(list),
            None => drop(self.by_word.insert(word.into(), vec![(product, cost)])),
        }
    }

    /// Products with the word, or with one that begins so at a higher cost.
    pub fn products(&self, word: &str) -> HashMap<u32, u8> {
        let mut found: HashMap<u32, u8> = HashMap::new();
        let mut note = |product: u32, cost: u8| {
            let best = found.entry(product).or_insert(cost);
            *best = cost.min(*best);
        };
        for (product, cost) in self.by_stem.get(stem(word).as_str()).into_iter().flatten() {
            note(*product, *cost);
        }
        let begins = self.by_word.range::<str, _>((std::ops::Bound::Included(word), std::ops::Bound::Unbounded));
        for (_, list) in begins.take_while(|(known, _)| known.starts_with(word)) {
            list.iter().for_each(|(product, cost)| note(*product, *cost + PREFIX_COST));
        }
        found
    }

    /// Whether a stem stands in a text.
    pub fn knows(&self, stem: &str) -> bool {
        self.by_stem.contains_key(stem)
    }

    /// Every word of the texts.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.by_word.keys().map(AsRef::as_ref)
    }
}
