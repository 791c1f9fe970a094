//! Page tokens: where a list goes on. Whoever holds one can neither change it nor use it for another question, nor as
//! another caller.

use chrono::{DateTime, Utc};

use crate::caller::CallerOf;
use crate::failure::Failure;
use crate::vault::Vault;

/// The most elements that a page may have.
pub const PAGE_MAX: i64 = 200;
/// How much of the keyed hash a token carries: 128 bits.
const MAC_BYTES: usize = 16;
const MOMENT_BYTES: usize = 8;
/// Nothing that tokens are made of has a longer id than a hash.
const ID_BYTES_MAX: usize = 32;

/// The last element of a page, in a list that is ordered by a moment and then by an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The element's moment, in whole microseconds as the store has them.
    pub at: DateTime<Utc>,
    /// What tells elements of the same moment apart, at most 32 bytes; no personal data.
    pub id: Vec<u8>,
}

/// The token for what comes after `last` in the answer to `question` (its method and every filter).
#[must_use]
pub fn issue(vault: &Vault, caller: &CallerOf, question: &[&[u8]], last: &Position) -> String {
    let mut plain = last.at.timestamp_micros().to_be_bytes().to_vec();
    plain.extend_from_slice(&last.id);
    let mut token = mac(vault, caller, question, &plain).to_vec();
    token.extend_from_slice(&plain);
    platform::random::hex(&token)
}

/// Where the list goes on; at its beginning where there is no token.
///
/// # Errors
/// `Invalid` on `page_token` where it was not made for this question of this caller.
pub fn read(vault: &Vault, caller: &CallerOf, question: &[&[u8]], token: &str) -> Result<Option<Position>, Failure> {
    if token.is_empty() {
        return Ok(None);
    }
    opened(vault, caller, question, token).map(Some).ok_or_else(|| {
        Failure::field("page_token", "it is not from an earlier answer to the same question of the same caller")
    })
}

fn opened(vault: &Vault, caller: &CallerOf, question: &[&[u8]], token: &str) -> Option<Position> {
    if token.len() > 2 * (MAC_BYTES + MOMENT_BYTES + ID_BYTES_MAX) {
        return None;
    }
    let bytes = unhex(token)?;
    let (given, plain) = bytes.split_at_checked(MAC_BYTES)?;
    let expected = mac(vault, caller, question, plain);
    // Every byte is looked at, so that the time it takes does not say how many were guessed.
    if given.iter().zip(expected).fold(0, |difference, (given, expected)| difference | (given ^ expected)) != 0 {
        return None;
    }
    let (moment, id) = plain.split_first_chunk::<MOMENT_BYTES>()?;
    Some(Position { at: DateTime::from_timestamp_micros(i64::from_be_bytes(*moment))?, id: id.to_vec() })
}

fn mac(vault: &Vault, caller: &CallerOf, question: &[&[u8]], plain: &[u8]) -> [u8; MAC_BYTES] {
    let who = [caller.participant.as_str().as_bytes(), caller.subject.as_bytes()];
    let parts: Vec<&[u8]> = who.into_iter().chain(question.iter().copied()).chain([plain]).collect();
    let hash = vault.hash("page token", &parts);
    std::array::from_fn(|at| hash[at])
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    rest.is_empty().then_some(())?;
    pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect()
}

/// How many elements a page is to have: `default` where nothing is said, at most [`PAGE_MAX`].
///
/// # Errors
/// `Invalid` on `page_size` where it is negative.
pub fn page_size(asked: i32, default: i64) -> Result<i64, Failure> {
    match i64::from(asked) {
        0 => Ok(default),
        negative if negative < 0 => Err(Failure::field("page_size", "it is negative")),
        asked => Ok(asked.min(PAGE_MAX)),
    }
}
