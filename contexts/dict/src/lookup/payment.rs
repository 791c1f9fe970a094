//! A payment order was sent after a look-up: tokens are paid back (Manual Operacional do DICT, 13.1).

use super::Lookups;
use crate::Dict;
use crate::caller::CallerOf;
use crate::domain::end_to_end_id::EndToEndId;
use crate::domain::tax_id::TaxId;
use crate::failure::Failure;
use crate::store::AnsweredLookup;

/// Pays back what a payment pays for the look-up of the last day that it followed, once: 1 to a natural person's bucket, 2
/// to a legal one's, 1 to the participant's. Whether this call did; a payment after a look-up that the own base or the
/// cache answered pays nothing, as nothing was charged.
///
/// # Errors
/// If the stores or the directory cannot be reached. The look-up is still unpaid then, unless it was the buckets' store
/// that failed at the end: then the tokens are lost, which is no less strict.
pub async fn report_payment_sent(
    dict: &Dict,
    lookups: &Lookups,
    caller: &CallerOf,
    payer: &TaxId,
    end_to_end_id: &EndToEndId,
) -> Result<bool, Failure> {
    let participant = caller.participant;
    let lookup = AnsweredLookup { participant, payer, end_to_end_id };
    let Some(key_type) = dict.store.unpaid_lookup(&lookup, dict.clock.now()).await? else { return Ok(false) };
    // The directory first: what it does not know of, ours may not either. Told twice, it counts once.
    if let Some(directory) = &dict.directory {
        directory.report_payment_sent(participant, payer, end_to_end_id.as_str()).await?;
    }
    if !dict.store.pay_lookup_back(&lookup, dict.clock.now()).await? {
        return Ok(false);
    }
    lookups.0.metrics.paid(participant);
    if let Err(error) = lookups.0.antiscan.pay_back(participant, payer, key_type).await {
        tracing::warn!(%error, "tokens of a look-up could not be paid back; they are lost");
    }
    Ok(true)
}
