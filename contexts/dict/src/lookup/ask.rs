//! A look-up in the directory: admitted, asked, charged, kept where it may be.

use std::sync::Arc;

use platform::grpc::Deadline;
use platform::telemetry::trace::carried;

use super::answer::Known;
use super::{KEY, Lookups};
use crate::Dict;
use crate::directory::{Directory, DirectoryError, EntryQuery};
use crate::domain::bucket::Outcome;
use crate::domain::end_to_end_id::EndToEndId;
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;
use crate::domain::refusal::{RefusalKind, Violation};
use crate::domain::tax_id::TaxId;
use crate::failure::Failure;
use crate::limits::antiscan::NotAdmitted;
use crate::store::AnsweredLookup;
use crate::vault::Hash;

/// What the directory wants to know of a look-up, whatever it is for.
pub struct Question {
    pub participant: Ispb,
    pub key: Key,
    pub key_hash: Hash,
    pub payer: TaxId,
    pub end_to_end_id: EndToEndId,
}

impl From<NotAdmitted> for Failure {
    fn from(refused: NotAdmitted) -> Self {
        match refused {
            NotAdmitted::Empty { policy, retry_after_ms } => {
                Self::Quota { limit: policy.name().to_owned(), retry_after_ms }
            }
            NotAdmitted::Unavailable { retry_after_ms } => {
                Self::Unavailable { what: "antiscan buckets", retry_after_ms: Some(retry_after_ms) }
            }
            NotAdmitted::Entropy(error) => Self::Internal(error.to_string()),
        }
    }
}

/// The payer and the payment, where they are needed for that reason.
///
/// # Errors
/// `Invalid` for each that is missing; nothing was charged.
pub fn payment_of(
    payer: Option<TaxId>,
    end_to_end_id: Option<EndToEndId>,
    reason: &str,
) -> Result<(TaxId, EndToEndId), Failure> {
    match (payer, end_to_end_id) {
        (Some(payer), Some(end_to_end_id)) => Ok((payer, end_to_end_id)),
        (payer, end_to_end_id) => {
            let missing = [("payer_tax_id", payer.is_none()), ("end_to_end_id", end_to_end_id.is_none())];
            let missing = missing.into_iter().filter(|(_, missing)| *missing);
            Err(Failure::Invalid(missing.map(|(field, _)| Violation::new(field, reason)).collect()))
        }
    }
}

/// Asks in a task of its own: a caller that hangs up leaves no look-up uncharged. The directory still has no longer than
/// the caller.
///
/// # Errors
/// If a bucket is empty, or the directory does not say whose the key is.
pub async fn ask(
    dict: &Dict,
    lookups: &Lookups,
    directory: &Arc<dyn Directory>,
    question: Question,
) -> Result<Known, Failure> {
    let (dict, lookups, directory) = (dict.clone(), lookups.clone(), Arc::clone(directory));
    let tasks = lookups.0.tasks.clone();
    let work = carried(async move { admitted(&dict, &lookups, &*directory, question).await });
    let asked = match Deadline::current() {
        Some(deadline) => tasks.spawn(deadline.holds(work)),
        None => tasks.spawn(work),
    };
    asked.await.unwrap_or_else(|error| Err(Failure::Internal(format!("a look-up ended in the middle: {error}"))))
}

async fn admitted(
    dict: &Dict,
    lookups: &Lookups,
    directory: &dyn Directory,
    question: Question,
) -> Result<Known, Failure> {
    let Question { participant, key, key_hash, payer, end_to_end_id } = question;
    let key_type = key.key_type();
    let admission = lookups.0.antiscan.admit(participant, &payer, key_type).await?;
    let asking = lookups.0.cache.asking(key_hash, dict.clock.now());
    let end_to_end = end_to_end_id.as_str().to_owned();
    let query = EntryQuery { participant, key, payer, end_to_end_id: end_to_end };
    let answer = directory.get_entry(&query).await;
    let (outcome, name) = outcome_of(&answer.as_ref().map(drop));
    admission.settle(outcome).await;
    lookups.0.metrics.asked(participant, name);
    let found = match answer {
        Ok(found) => found,
        Err(DirectoryError::Refused(refusal)) if refusal.kind == RefusalKind::NotFound => {
            return Err(Failure::NotFound(KEY));
        }
        Err(error) => return Err(error.into()),
    };
    asking.keep(&found);
    let lookup = AnsweredLookup { participant, payer: &query.payer, end_to_end_id: &end_to_end_id };
    if let Err(error) = dict.store.remember_lookup(&lookup, key_type, dict.clock.now()).await {
        tracing::warn!(%error, "a look-up could not be remembered; a payment will not pay it back");
    }
    let Entry { account, owner, created_at, key_owned_since, blocked, .. } = found.entry;
    if blocked {
        return Err(RefusalKind::EntryBlocked.into());
    }
    Ok(Known { account, owner, created_at, key_owned_since })
}

/// What is charged, and the outcome's name. Where it is not known what the directory answered, the worst: it may have
/// charged as much, and no less strict than its own is the rule (Manual Operacional do DICT, 13.2.2).
fn outcome_of(answer: &Result<(), &DirectoryError>) -> (Option<Outcome>, &'static str) {
    match answer {
        Ok(()) => (Some(Outcome::Found), "found"),
        Err(DirectoryError::Refused(refusal)) if refusal.kind == RefusalKind::NotFound => {
            (Some(Outcome::NotFound), "not_found")
        }
        Err(DirectoryError::Refused(_)) => (None, "refused"),
        Err(DirectoryError::Unavailable { .. }) => (None, "unavailable"),
        Err(DirectoryError::Unknown | DirectoryError::Broken(_)) => (Some(Outcome::NotFound), "unknown"),
    }
}
