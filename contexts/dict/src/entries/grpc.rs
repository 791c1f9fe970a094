//! The methods on keys, as the contract has them: messages in, messages out.

use proto::core;

use super::{Creation, KeyChange};
use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::{NewEntry, wire};
use crate::domain::key::{Key, KeyType};
use crate::domain::reason::EntryReason;
use crate::failure::Failure;
use crate::store::{EntryStatus, StoredEntry};

/// An entry as our callers see it. What is only reserved has no moments and no CID yet.
pub(crate) fn entry_message(stored: &StoredEntry) -> core::Entry {
    let status = match stored.status {
        EntryStatus::Pending => core::EntryStatus::Pending,
        EntryStatus::Active => core::EntryStatus::Active,
        EntryStatus::Blocked => core::EntryStatus::Blocked,
    };
    let pending = stored.status == EntryStatus::Pending;
    let message = wire::core_entry_to_proto(&stored.entry, status, Some(stored.cid).filter(|_| !pending));
    if pending { core::Entry { created_at: None, key_owned_since: None, ..message } } else { message }
}

fn pending_message(new: &NewEntry) -> core::Entry {
    let unnamed = || core::Key { r#type: wire::key_type_to_proto(new.key_type).into(), value: String::new() };
    core::Entry {
        key: Some(new.key.as_ref().map_or_else(unnamed, wire::key_to_proto)),
        account: Some(wire::account_to_proto(&new.account)),
        owner: Some(wire::owner_to_proto(&new.owner)),
        status: core::EntryStatus::Pending.into(),
        ..core::Entry::default()
    }
}

/// CreateKey.
///
/// # Errors
/// As [`super::create_key`], and `Invalid` for fields that cannot be read.
pub async fn create_key(
    dict: &Dict,
    caller: &CallerOf,
    message: core::CreateKeyRequest,
) -> Result<core::CreateKeyResponse, Failure> {
    let mut faults = wire::Faults::default();
    let request_id = faults.take(wire::uuid_from_proto(&message.request_id, "request_id"));
    let key = faults.take(wished_key(message.key.as_ref()));
    let account = faults.take(wire::account_from_proto(message.account.as_ref(), "account"));
    let owner = faults.take(wire::owner_from_proto(message.owner.as_ref(), "owner"));
    let reason = faults.take(wire::entry_reason_from_proto(message.reason, "reason"));
    let possession_id = match message.possession_id.as_str() {
        "" => Some(None),
        text => faults.take(wire::uuid_from_proto(text, "possession_id")).map(Some),
    };
    let (Some(request_id), Some((key_type, key)), Some(account)) = (request_id, key, account) else {
        return Err(Failure::Invalid(faults.found()));
    };
    let (Some(owner), Some(reason), Some(possession_id)) = (owner, reason, possession_id) else {
        return Err(Failure::Invalid(faults.found()));
    };
    let reason = reason.unwrap_or(EntryReason::UserRequested);
    let new = NewEntry { request_id, key_type, key, account, owner, reason };
    let entry = match super::create_key(dict, caller, new, possession_id).await? {
        Creation::Registered(stored) => entry_message(&stored),
        Creation::Pending(new) => pending_message(&new),
    };
    Ok(core::CreateKeyResponse { entry: Some(entry) })
}

/// The key that is to be registered; a random one has no value yet.
fn wished_key(key: Option<&core::Key>) -> wire::Read<(KeyType, Option<Key>)> {
    let evp = i32::from(core::KeyType::Evp);
    match key {
        Some(key) if key.r#type == evp && key.value.is_empty() => Ok((KeyType::Evp, None)),
        key => wire::new_key_from_proto(key, "key").map(|key| (key.key_type(), Some(key))),
    }
}

/// ListKeys.
///
/// # Errors
/// As [`super::list_keys`], and `Invalid` for fields that cannot be read.
pub async fn list_keys(
    dict: &Dict,
    caller: &CallerOf,
    message: core::ListKeysRequest,
) -> Result<core::ListKeysResponse, Failure> {
    // When it was opened is no part of what an account is found by.
    let account = message.account.map(|it| core::Account { opened_at: Some(prost_types::Timestamp::default()), ..it });
    let account = wire::account_from_proto(account.as_ref(), "account").map_err(Failure::Invalid)?;
    let page = super::list_keys(dict, caller, &account, message.page_size, &message.page_token).await?;
    Ok(core::ListKeysResponse {
        entries: page.entries.iter().map(entry_message).collect(),
        next_page_token: page.next_page_token.unwrap_or_default(),
    })
}

/// GetKey.
///
/// # Errors
/// As [`super::get_key`], and `Invalid` for a key that cannot be read.
pub async fn get_key(
    dict: &Dict,
    caller: &CallerOf,
    message: core::GetKeyRequest,
) -> Result<core::GetKeyResponse, Failure> {
    let key = wire::inferred_key_from_proto(message.key.as_ref(), "key").map_err(Failure::Invalid)?;
    let stored = super::get_key(dict, caller, &key).await?;
    Ok(core::GetKeyResponse { entry: Some(entry_message(&stored)) })
}

/// DeleteKey.
///
/// # Errors
/// As [`super::delete_key`], and `Invalid` for fields that cannot be read.
pub async fn delete_key(
    dict: &Dict,
    caller: &CallerOf,
    message: core::DeleteKeyRequest,
) -> Result<core::DeleteKeyResponse, Failure> {
    let mut faults = wire::Faults::default();
    let key = faults.take(wire::inferred_key_from_proto(message.key.as_ref(), "key"));
    let reason = faults.take(wire::entry_reason_from_proto(message.reason, "reason"));
    let requester = match message.requester_tax_id.as_str() {
        "" => Some(None),
        text => faults.take(wire::tax_id_from_proto(text, "requester_tax_id")).map(Some),
    };
    let (Some(key), Some(reason), Some(requester)) = (key, reason, requester) else {
        return Err(Failure::Invalid(faults.found()));
    };
    let reason = reason.unwrap_or(EntryReason::UserRequested);
    let stored = super::delete_key(dict, caller, &key, reason, requester.as_ref()).await?;
    Ok(core::DeleteKeyResponse { entry: Some(entry_message(&stored)) })
}

/// UpdateKey.
///
/// # Errors
/// As [`super::update_key`], and `Invalid` for fields that cannot be read.
pub async fn update_key(
    dict: &Dict,
    caller: &CallerOf,
    message: core::UpdateKeyRequest,
) -> Result<core::UpdateKeyResponse, Failure> {
    let mut faults = wire::Faults::default();
    let key = faults.take(wire::inferred_key_from_proto(message.key.as_ref(), "key"));
    let account = match &message.account {
        None => Some(None),
        account => faults.take(wire::account_from_proto(account.as_ref(), "account")).map(Some),
    };
    let reason = wire::entry_reason_from_proto(message.reason, "reason");
    let reason = faults.take(reason.and_then(|reason| wire::required(reason, "reason")));
    let (Some(key), Some(account), Some(reason)) = (key, account, reason) else {
        return Err(Failure::Invalid(faults.found()));
    };
    let name = Some(message.owner_name).filter(|name| !name.is_empty());
    let change = KeyChange { account, name, trade_name: message.owner_trade_name, reason };
    let stored = super::update_key(dict, caller, &key, &change).await?;
    Ok(core::UpdateKeyResponse { entry: Some(entry_message(&stored)) })
}

/// CheckKeys.
///
/// # Errors
/// As [`super::check_keys`], and `Invalid` for keys that cannot be read.
pub async fn check_keys(
    dict: &Dict,
    caller: &CallerOf,
    message: core::CheckKeysRequest,
) -> Result<core::CheckKeysResponse, Failure> {
    // Before they are read, so that what is refused for its size costs nothing.
    super::checks::check_count(message.keys.len())?;
    let mut faults = wire::Faults::default();
    let read = message.keys.iter().enumerate();
    let keys: Vec<Key> = read
        .filter_map(|(at, key)| faults.take(wire::inferred_key_from_proto(Some(key), &format!("keys[{at}]"))))
        .collect();
    let keys = faults.or(keys).map_err(Failure::Invalid)?;
    let have = super::check_keys(dict, caller, &keys).await?;
    let checked =
        |(key, has_entry)| core::check_keys_response::Checked { key: Some(wire::key_to_proto(key)), has_entry };
    Ok(core::CheckKeysResponse { keys: keys.iter().zip(have).map(checked).collect() })
}
