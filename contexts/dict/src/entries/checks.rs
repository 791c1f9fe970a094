//! CheckKeys (DICT API 2.6.1, checkKeys): for the institution's own use, never offered to users (Manual Operacional do
//! DICT, 13.2.3).

use std::collections::HashSet;

use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::key::Key;
use crate::failure::Failure;
use crate::vault::Hash;

/// The most keys of one question.
const KEYS_MAX: usize = 200;

/// Whether that many keys can be asked for.
pub(super) fn check_count(keys: usize) -> Result<(), Failure> {
    let fits = (1..=KEYS_MAX).contains(&keys);
    if fits { Ok(()) } else { Err(Failure::field("keys", "between 1 and 200 keys are checked at once")) }
}

/// Whether each of 1 to 200 keys has an entry, in their order. What this base knows for certain is not asked of the
/// directory, whose policy is narrow.
///
/// # Errors
/// `Invalid` for no key or too many; what the directory refuses; `Unavailable` where it cannot be reached.
pub async fn check_keys(dict: &Dict, caller: &CallerOf, keys: &[Key]) -> Result<Vec<bool>, Failure> {
    check_count(keys.len())?;
    let hashes: Vec<Hash> = keys.iter().map(|key| dict.store.vault.key_hash(key)).collect();
    let registered: HashSet<Vec<u8>> = dict.store.registered_keys(&hashes).await?.into_iter().collect();
    let mut have: Vec<bool> = hashes.iter().map(|hash| registered.contains(hash.as_slice())).collect();
    let asked: Vec<Key> = keys.iter().zip(&have).filter(|(_, has)| !**has).map(|(key, _)| key.clone()).collect();
    let Some(directory) = dict.directory.as_ref().filter(|_| !asked.is_empty()) else { return Ok(have) };
    let answers = directory.check_keys(caller.participant, &asked).await?;
    if answers.len() != asked.len() {
        return Err(Failure::Internal("the directory answered for another number of keys".to_owned()));
    }
    for (has, answer) in have.iter_mut().filter(|has| !**has).zip(answers) {
        *has = answer;
    }
    Ok(have)
}
