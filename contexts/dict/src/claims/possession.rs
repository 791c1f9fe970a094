//! Proof that somebody has a phone or a mailbox: a code goes there and is typed back (Manual Operacional do DICT, 2.1).

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::random_uuid;
use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::failure::Failure;
use crate::store::{NewPossession, PossessionOf};
use crate::vault::Hash;

/// How long a code proves anything.
pub const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);
/// How often one code may be tried.
pub const TRIES_MAX: i32 = 5;
/// How many codes are sent to one key within [`CODE_LASTS`].
pub const CODES_MAX: i64 = 5;
/// How long a proof may be used after the code was typed back.
pub const PROOF_LASTS: TimeDelta = TimeDelta::hours(1);
/// How long handing a code over may take.
const SEND_DEADLINE: Duration = Duration::from_secs(5);

/// A code was not sent. The text is for the log and says nothing about to whom.
#[derive(Debug, thiserror::Error)]
#[error("a possession code could not be sent: {0}")]
pub struct SendError(pub String);

/// What a [`CodeSender`] answers.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>>;

/// A way to bring a code to a phone or mailbox. Neither the key nor the code may reach a log.
pub trait CodeSender: Debug + Send + Sync + 'static {
    /// Sends six digits to `key`, or hands them over to whoever does. `id` is the possession's, for the sender's books.
    fn send<'a>(&'a self, key: &'a Key, code: &'a str, id: &'a str, expires_at: DateTime<Utc>) -> Sending<'a>;
}

/// A code that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentCode {
    /// What confirms it, with the code.
    pub possession_id: Uuid,
    /// From when it proves nothing.
    pub expires_at: DateTime<Utc>,
}

/// Sends a code to a phone or mailbox.
///
/// # Errors
/// For other keys, when too many codes were sent there, or when it cannot be sent or kept.
pub async fn request_possession_code(dict: &Dict, caller: &CallerOf, key: &Key) -> Result<SentCode, Failure> {
    if !matches!(key.key_type(), KeyType::Phone | KeyType::Email) {
        return Err(Failure::field("key", "codes are sent to phones and e-mails only"));
    }
    let now = dict.clock.now();
    let possession_id = random_uuid(&*dict.entropy)?;
    let code = random_code(dict)?;
    let expires_at = now + CODE_LASTS;
    let new = NewPossession {
        possession_id,
        key_hash: dict.store.vault.key_hash(key),
        participant: caller.participant,
        code_hash: code_hash(dict, possession_id, &code),
        created_at: now,
        expires_at,
    };
    if !dict.store.insert_possession(&new, now - CODE_LASTS, CODES_MAX).await? {
        let retry_after_ms = CODE_LASTS.num_milliseconds().unsigned_abs();
        return Err(Failure::Quota { limit: "possession codes of one key".to_owned(), retry_after_ms });
    }
    let id = possession_id.to_string();
    let sent = tokio::time::timeout(SEND_DEADLINE, dict.codes.send(key, &code, &id, expires_at)).await;
    let sent = sent.unwrap_or_else(|_| Err(SendError("it took too long".to_owned())));
    if let Err(error) = sent {
        tracing::error!(%error, %possession_id, "a possession code was dropped");
        dict.store.delete_possession(&possession(dict, caller.participant, key, possession_id)).await?;
        return Err(Failure::Unavailable { what: "sending of possession codes", retry_after_ms: None });
    }
    Ok(SentCode { possession_id, expires_at })
}

/// Proves possession with the code that was received. Confirming again with the same code answers the same. With a claim
/// the proof is used up for it: the claimer's user has the phone, and the claim may be completed.
///
/// # Errors
/// For a wrong code, and where there is nothing to be proved: unknown, expired, tried too often, another institution's;
/// `NotFound` for a claim that is none of the caller's as claimer, not of this key, or over.
pub async fn confirm_possession(
    dict: &Dict,
    caller: &CallerOf,
    key: &Key,
    possession_id: &str,
    code: &str,
    claim_id: Option<Uuid>,
) -> Result<DateTime<Utc>, Failure> {
    let now = dict.clock.now();
    let possession_id = parse_id(possession_id)?;
    let of = possession(dict, caller.participant, key, possession_id);
    let expected = dict.store.try_possession(&of, TRIES_MAX, now).await?.ok_or(Failure::NotFound("possession"))?;
    if expected != code_hash(dict, possession_id, code) {
        return Err(Failure::field("code", "it is not the code that was sent"));
    }
    let confirmed_at = dict.store.confirm_possession(&of, now).await?.ok_or(Failure::NotFound("possession"))?;
    if let Some(claim_id) = claim_id
        && !dict.store.settle_claim_possession(&of, claim_id, now - PROOF_LASTS, now).await?
    {
        return Err(Failure::NotFound("claim"));
    }
    Ok(confirmed_at)
}

/// Uses up a proof of `key` that this institution's user gave within the last hour. Each proves one thing, once.
///
/// # Errors
/// `Invalid` on `possession_id` where there is no such proof (any more).
pub async fn consume(dict: &Dict, participant: Ispb, key: &Key, possession_id: &str) -> Result<(), Failure> {
    let now = dict.clock.now();
    let of = possession(dict, participant, key, parse_id(possession_id)?);
    if dict.store.use_possession(&of, now - PROOF_LASTS, now).await? {
        Ok(())
    } else {
        Err(Failure::field("possession_id", "it is no confirmed, fresh and unused possession of this key"))
    }
}

/// Takes the use of a proof back, where what it was for did not happen.
pub(super) async fn give_back(dict: &Dict, participant: Ispb, key: &Key, possession_id: &str) -> Result<(), Failure> {
    Ok(dict.store.give_back_possession(&possession(dict, participant, key, parse_id(possession_id)?)).await?)
}

fn possession(dict: &Dict, participant: Ispb, key: &Key, possession_id: Uuid) -> PossessionOf {
    PossessionOf { possession_id, key_hash: dict.store.vault.key_hash(key), participant }
}

fn parse_id(possession_id: &str) -> Result<Uuid, Failure> {
    Uuid::try_parse(possession_id).map_err(|_| Failure::field("possession_id", "it is not a UUID"))
}

fn code_hash(dict: &Dict, possession_id: Uuid, code: &str) -> Hash {
    dict.store.vault.hash("possession code", &[possession_id.as_bytes(), code.as_bytes()])
}

/// Six digits, each code as likely as any other.
fn random_code(dict: &Dict) -> Result<String, Failure> {
    /// The largest multiple of a million that fits: what is above it would favour small codes.
    const FAIR: u32 = 4_294_000_000;
    loop {
        let mut bytes = [0; 4];
        dict.entropy.fill(&mut bytes).map_err(crate::vault::VaultError::from)?;
        let number = u32::from_be_bytes(bytes);
        if number < FAIR {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}
