//! Numbers for the keys of rows, so that sums of several questions meet in one list.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::cube::question::Key;
use crate::cube::scan::PlaceHasher;

/// The most numbers that are kept in one list, by key without time and then time: 32 MB.
const LISTED_MAX: usize = 8_000_000;
/// In the list: no number yet.
const FREE: u32 = u32::MAX;

type Table<K> = HashMap<K, u32, BuildHasherDefault<PlaceHasher>>;

/// Keys by number, in the order in which they came. A key is looked up in two steps, without its time and with it:
/// groups come in the order of the cube, where neighbours often differ in nothing but time.
#[derive(Debug, Default)]
pub(super) struct KeyIndex {
    keys: Vec<Key>,
    timeless: Table<Key>,
    /// The times that are expected, ascending.
    times: Vec<u16>,
    listed: Vec<u32>,
    /// The numbers that the list does not hold: of other times, or beyond its end.
    hashed: Table<u64>,
    /// The key without time that was asked for last, and its number.
    last: Option<(Key, u32)>,
}

impl KeyIndex {
    /// For about `keys` keys with these `times`, ascending.
    pub(super) fn new(keys: usize, times: Vec<u16>) -> Self {
        Self { keys: Vec::with_capacity(keys), times, ..Self::default() }
    }

    /// The number of `key`, which may be new: then it is the next one.
    pub(super) fn number(&mut self, key: Key) -> usize {
        let next = u32::try_from(self.timeless.len()).unwrap_or(u32::MAX);
        let bare = Key { time: 0, ..key };
        let timeless = match self.last {
            Some((last, number)) if last == bare => number,
            _ => *self.timeless.entry(bare).or_insert(next),
        };
        self.last = Some((bare, timeless));
        let next = u32::try_from(self.keys.len()).unwrap_or(FREE);
        let number = *self.place(timeless, key.time, next);
        if number == next {
            self.keys.push(key);
        }
        number as usize
    }

    /// Where the number of a key stands; a new one is `next`.
    fn place(&mut self, timeless: u32, time: u16, next: u32) -> &mut u32 {
        let listed = self.times.binary_search(&time).ok();
        let listed = listed.map(|at| timeless as usize * self.times.len() + at).filter(|at| *at < LISTED_MAX);
        let Some(at) = listed else {
            return self.hashed.entry((u64::from(timeless) << 16) | u64::from(time)).or_insert(next);
        };
        if at >= self.listed.len() {
            self.listed.resize((timeless as usize + 1) * self.times.len(), FREE);
        }
        let number = &mut self.listed[at];
        if *number == FREE {
            *number = next;
        }
        number
    }

    /// The keys, each at its number.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_as_they_come() {
        let key = |time, product| Key { time, product, ..Key::default() };
        // 2025 is not expected, and numbered all the same.
        let mut index = KeyIndex::new(2, vec![2024]);
        let asked = [key(2024, 1), key(2025, 1), key(2024, 2), key(2024, 1), key(2024, 2), key(2025, 1)];
        assert_eq!(asked.map(|key| index.number(key)), [0, 1, 2, 0, 2, 1]);
        assert_eq!(index.keys(), &asked[..3]);
    }
}
