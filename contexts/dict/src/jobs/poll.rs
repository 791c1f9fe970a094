//! Hearing of claims: the directory tells nobody, so it is asked (Manual Operacional do DICT, sections 5 and 6: at least
//! once a minute; Instrução Normativa 508/2024, article 16: every claim is acknowledged within a minute).

use std::collections::{HashMap, HashSet};

use chrono::{SubsecRound as _, TimeDelta};
use futures_util::StreamExt as _;
use uuid::Uuid;

use crate::Dict;
use crate::claims::mirror::hear;
use crate::claims::start::{PAGE, next_page};
use crate::directory::{ClaimFilter, ClaimPage, Directory, DirectoryError};
use crate::domain::claim::{Claim, ClaimStatus, Side};
use crate::domain::ispb::Ispb;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;

/// How far behind the last claim heard of the next poll begins: changes that the directory made at the same time may
/// become visible one after the other. What is heard twice changes nothing.
const OVERLAP: TimeDelta = TimeDelta::minutes(2);
/// Claims that are acknowledged at the same time.
const AT_ONCE: usize = 8;

/// What a poll did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Polled {
    /// Claims that were acknowledged.
    pub acknowledged: usize,
    /// Claims whose change was news.
    pub heard: usize,
}

/// Acknowledges every open claim of keys of ours, and mirrors every change of claims in which an institution of ours takes
/// part. Without a directory there is nothing to hear.
///
/// # Errors
/// The first failure, after everything that could be done was done. What failed is asked for again by the next poll.
pub async fn poll_and_acknowledge(dict: &Dict) -> Result<Polled, Failure> {
    let mut polled = Polled::default();
    let Some(directory) = &dict.directory else { return Ok(polled) };
    let mut first = None;
    for &participant in &dict.participants {
        match acknowledge_open(dict, &**directory, participant).await {
            Ok(acknowledged) => polled.acknowledged += acknowledged,
            Err(failure) => first = first.or(Some(failure)),
        }
        for side in Side::ALL {
            match hear_changes(dict, &**directory, participant, side).await {
                Ok(heard) => polled.heard += heard,
                Err(failure) => first = first.or(Some(failure)),
            }
        }
    }
    first.map_or(Ok(polled), Err)
}

/// Open claims are asked for by their state, not by their time: whatever was missed before is found here.
async fn acknowledge_open(dict: &Dict, directory: &dyn Directory, participant: Ispb) -> Result<usize, Failure> {
    let filter = ClaimFilter {
        side: Some(Side::Donor),
        statuses: vec![ClaimStatus::Open],
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit: PAGE,
    };
    let mut tried = HashSet::new();
    let (mut acknowledged, mut first) = (0, None);
    loop {
        let ClaimPage { claims, more } = directory.list_claims(participant, &filter).await?;
        // Those that are acknowledged are no longer in the list, so that its first page is always the next one.
        let new: Vec<Claim> = claims.into_iter().filter(|claim| tried.insert(claim.id)).collect();
        if new.is_empty() {
            break;
        }
        let asked: Vec<_> = new.into_iter().map(|claim| acknowledge(dict, directory, participant, claim)).collect();
        for outcome in futures_util::stream::iter(asked).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await {
            match outcome {
                Ok(()) => acknowledged += 1,
                Err(failure) => first = first.or(Some(failure)),
            }
        }
        if !more {
            break;
        }
    }
    first.map_or(Ok(acknowledged), Err)
}

async fn acknowledge(dict: &Dict, directory: &dyn Directory, participant: Ispb, claim: Claim) -> Result<(), Failure> {
    // First that it was opened, so that the world hears of that too.
    hear(dict, directory, &claim, None).await?;
    match directory.acknowledge_claim(participant, claim.id).await {
        Ok(acknowledged) => hear(dict, directory, &acknowledged, None).await,
        // It was cancelled a moment ago; that is heard of with the changes.
        Err(DirectoryError::Refused(refusal)) if refusal.kind == RefusalKind::ClaimOperationInvalid => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn hear_changes(dict: &Dict, directory: &dyn Directory, participant: Ispb, side: Side) -> Result<usize, Failure> {
    let name = match side {
        Side::Donor => "claims.donor",
        Side::Claimer => "claims.claimer",
    };
    let cursor = dict.store.cursor(participant, name).await?;
    let mut filter = ClaimFilter {
        side: Some(side),
        statuses: Vec::new(),
        claim_type: None,
        modified_after: cursor.map(|at| at - OVERLAP),
        modified_before: None,
        limit: PAGE,
    };
    let (mut heard, mut newest, mut first) = (0, cursor, None);
    loop {
        let ClaimPage { claims, more } = directory.list_claims(participant, &filter).await?;
        let ids: Vec<Uuid> = claims.iter().map(|claim| claim.id).collect();
        let known = dict.store.known_claims(&ids).await?;
        let known: HashMap<_, _> = known.into_iter().map(|(id, status, at)| (id, (status, at))).collect();
        for claim in &claims {
            if known.get(&claim.id) == Some(&(claim.status, claim.last_modified.trunc_subsecs(6))) {
                continue;
            }
            match hear(dict, directory, claim, None).await {
                Ok(()) => heard += 1,
                Err(failure) => {
                    tracing::warn!(claim_id = %claim.id, %failure, "a change of a claim was not taken over; trying again");
                    first = first.or(Some(failure));
                }
            }
        }
        let Some(last) = claims.last() else { break };
        newest = newest.max(Some(last.last_modified.trunc_subsecs(6)));
        if !more {
            break;
        }
        filter.modified_after = next_page(&filter, last.last_modified);
    }
    if let Some(failure) = first {
        // The cursor stays, so that nothing is lost.
        return Err(failure);
    }
    if let Some(newest) = newest.filter(|_| newest > cursor) {
        dict.store.put_cursor(participant, name, newest).await?;
    }
    Ok(heard)
}
