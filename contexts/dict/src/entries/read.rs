//! GetKey and ListKeys: from this base alone.

use super::{own_entry, refreshed_block};
use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::account::Account;
use crate::domain::key::Key;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::page_token::{self, Position};
use crate::store::StoredEntry;

/// How many keys a page has where nothing is said; no account has more.
const PAGE_DEFAULT: i64 = 20;

/// Keys of an account. Personal data, so it has no `Debug`.
#[derive(Clone)]
pub struct KeyPage {
    /// Oldest first.
    pub entries: Vec<StoredEntry>,
    /// For what comes next; none at the end.
    pub next_page_token: Option<String>,
}

/// A key of the caller's institution, PENDING and BLOCKED ones too.
///
/// # Errors
/// `NotFound` where its institution has no such key.
pub async fn get_key(dict: &Dict, caller: &CallerOf, key: &Key) -> Result<StoredEntry, Failure> {
    refreshed_block(dict, own_entry(dict, caller.participant, key).await?).await
}

/// The keys of one account, oldest first. When the account was opened is not looked at.
///
/// # Errors
/// Forbidden for another institution's account; `Invalid` for a page size or token that cannot be.
pub async fn list_keys(
    dict: &Dict,
    caller: &CallerOf,
    account: &Account,
    page_size: i32,
    page_token: &str,
) -> Result<KeyPage, Failure> {
    if account.participant != caller.participant {
        return Err(RefusalKind::Forbidden.into());
    }
    let vault = &dict.store.vault;
    let account_hash = vault.account_hash(account);
    let question: [&[u8]; 2] = [b"ListKeys", &account_hash];
    let size = page_token::page_size(page_size, PAGE_DEFAULT)?;
    let after = page_token::read(vault, caller, &question, page_token)?;
    let mut entries = dict.store.entries_of_account(&account_hash, after.as_ref(), size + 1).await?;
    let more = entries.len() as i64 > size;
    entries.truncate(usize::try_from(size).unwrap_or_default());
    let last = entries
        .last()
        .filter(|_| more)
        .map(|stored| Position { at: stored.entry.created_at, id: vault.key_hash(&stored.entry.key).to_vec() });
    let next_page_token = last.map(|last| page_token::issue(vault, caller, &question, &last));
    Ok(KeyPage { entries, next_page_token })
}
