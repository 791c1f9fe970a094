//! Claims as this base knows them: at most as old as the jobs' last poll.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use crate::failure::Failure;
use crate::page_token::{self, Position};
use crate::store::ClaimsQuestion;

/// The size of a page of which nothing is said.
const PAGE_DEFAULT: i64 = 20;

/// Which claims are asked for, and from where on.
#[derive(Debug, Clone)]
pub struct ClaimsPageQuestion<'a> {
    /// None means all.
    pub statuses: Vec<ClaimStatus>,
    /// None means both.
    pub claim_type: Option<ClaimType>,
    /// Last modified then or later.
    pub modified_after: Option<DateTime<Utc>>,
    /// Last modified then or earlier.
    pub modified_before: Option<DateTime<Utc>>,
    /// 0 means 20; more than 200 means 200.
    pub page_size: i32,
    /// From an earlier answer; empty at the beginning.
    pub page_token: &'a str,
}

/// A page of claims, and where the next one begins; empty at the end.
pub struct ClaimsPage {
    /// Least recently modified first.
    pub claims: Vec<Claim>,
    /// Empty at the end.
    pub next_page_token: String,
}

/// A claim in which the caller's institution takes part.
///
/// # Errors
/// `NotFound` for others; when the store cannot be reached.
pub async fn get_claim_status(dict: &Dict, caller: &CallerOf, claim_id: Uuid) -> Result<Claim, Failure> {
    let stored = dict.store.claim(caller.participant, claim_id).await?.ok_or(Failure::NotFound("claim"))?;
    Ok(stored.claim)
}

/// Claims of keys that the caller's institution holds or held: it is the donor.
///
/// # Errors
/// `Invalid` for a wrong page; when the store cannot be reached.
pub async fn list_incoming_claims(
    dict: &Dict,
    caller: &CallerOf,
    question: &ClaimsPageQuestion<'_>,
) -> Result<ClaimsPage, Failure> {
    list(dict, caller, Side::Donor, question).await
}

/// Claims that the caller's institution opened.
///
/// # Errors
/// As [`list_incoming_claims`].
pub async fn list_outgoing_claims(
    dict: &Dict,
    caller: &CallerOf,
    question: &ClaimsPageQuestion<'_>,
) -> Result<ClaimsPage, Failure> {
    list(dict, caller, Side::Claimer, question).await
}

async fn list(
    dict: &Dict,
    caller: &CallerOf,
    side: Side,
    question: &ClaimsPageQuestion<'_>,
) -> Result<ClaimsPage, Failure> {
    let vault = &dict.store.vault;
    let size = page_token::page_size(question.page_size, PAGE_DEFAULT)?;
    let words = words_of(side, question);
    let words: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
    let last = page_token::read(vault, caller, &words, question.page_token)?;
    let start = question.modified_after.unwrap_or(DateTime::UNIX_EPOCH);
    let after = match last {
        Some(last) => (last.at, Uuid::from_slice(&last.id).unwrap_or_default()),
        None => (start, Uuid::nil()),
    };
    let statuses = if question.statuses.is_empty() { ClaimStatus::ALL.to_vec() } else { question.statuses.clone() };
    let asked = ClaimsQuestion {
        side,
        participant: caller.participant,
        after,
        modified_before: question.modified_before.unwrap_or(LATEST),
        statuses,
        claim_types: question.claim_type.map_or_else(|| ClaimType::ALL.to_vec(), |only| vec![only]),
        // One more says whether there are more.
        most: size + 1,
    };
    let mut claims: Vec<Claim> = dict.store.claims(&asked).await?.into_iter().map(|stored| stored.claim).collect();
    let size = usize::try_from(size).unwrap_or_default();
    let more = claims.len() > size;
    claims.truncate(size);
    let next_page_token = match claims.last() {
        Some(last) if more => {
            let position = Position { at: last.last_modified, id: last.id.as_bytes().to_vec() };
            page_token::issue(vault, caller, &words, &position)
        }
        _ => String::new(),
    };
    Ok(ClaimsPage { claims, next_page_token })
}

/// Later than every claim, and a moment that PostgreSQL knows: the end of the year 9999.
const LATEST: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(latest) => latest,
    None => DateTime::UNIX_EPOCH,
};

/// What a page token is bound to.
fn words_of(side: Side, question: &ClaimsPageQuestion<'_>) -> Vec<String> {
    let moment = |moment: Option<DateTime<Utc>>| moment.map(|it| it.timestamp_micros().to_string()).unwrap_or_default();
    let mut words = vec![
        "claims".to_owned(),
        side.name().to_owned(),
        question.claim_type.map(ClaimType::name).unwrap_or_default().to_owned(),
        moment(question.modified_after),
        moment(question.modified_before),
    ];
    // In one order, and each once: the same question, however it is put.
    let asked = ClaimStatus::ALL.into_iter().filter(|status| question.statuses.contains(status));
    words.extend(asked.map(|status| status.name().to_owned()));
    words
}
