//! LookupKey and ReportPaymentSent, as the contract has them: messages in, messages out.

use proto::core;

use super::{Found, Lookup, Lookups, PaymentDetails, Purpose};
use crate::Dict;
use crate::caller::CallerOf;
use crate::directory::wire::{self, Faults, Read};
use crate::domain::end_to_end_id::EndToEndId;
use crate::domain::refusal::Violation;
use crate::domain::tax_id::TaxId;
use crate::failure::Failure;

const PAYER: &str = "payer_tax_id";
const END_TO_END_ID: &str = "end_to_end_id";

/// LookupKey.
///
/// # Errors
/// As [`super::lookup_key`], and `Invalid` for fields that cannot be read.
pub async fn lookup_key(
    dict: &Dict,
    lookups: &Lookups,
    caller: &CallerOf,
    message: core::LookupKeyRequest,
) -> Result<core::LookupKeyResponse, Failure> {
    let mut faults = Faults::default();
    let purpose = faults.take(purpose(message.purpose));
    // Whoever may not ask for this is told so, and not which fields are wrong.
    if let Some(scope) = purpose.map(Purpose::scope).filter(|scope| !caller.may(scope)) {
        return Err(Failure::MissingScope(scope));
    }
    let key = faults.take(wire::inferred_key_from_proto(message.key.as_ref(), "key"));
    let payer = faults.take(given(&message.payer_tax_id, payer));
    let end_to_end_id = faults.take(given(&message.end_to_end_id, |text| end_to_end_id(text, caller)));
    let (Some(purpose), Some(key), Some(payer), Some(end_to_end_id)) = (purpose, key, payer, end_to_end_id) else {
        return Err(Failure::Invalid(faults.found()));
    };
    let found = super::lookup_key(dict, lookups, caller, Lookup { key, purpose, payer, end_to_end_id }).await?;
    Ok(found_to_proto(found))
}

/// ReportPaymentSent.
///
/// # Errors
/// As [`super::report_payment_sent`], and `Invalid` for fields that cannot be read.
pub async fn report_payment_sent(
    dict: &Dict,
    lookups: &Lookups,
    caller: &CallerOf,
    message: core::ReportPaymentSentRequest,
) -> Result<core::ReportPaymentSentResponse, Failure> {
    let mut faults = Faults::default();
    let payer = faults.take(payer(&message.payer_tax_id));
    let end_to_end_id = faults.take(end_to_end_id(&message.end_to_end_id, caller));
    let (Some(payer), Some(end_to_end_id)) = (payer, end_to_end_id) else {
        return Err(Failure::Invalid(faults.found()));
    };
    let paid_back = super::report_payment_sent(dict, lookups, caller, &payer, &end_to_end_id).await?;
    Ok(core::ReportPaymentSentResponse { paid_back })
}

fn purpose(number: i32) -> Read<Purpose> {
    match core::LookupPurpose::try_from(number) {
        Ok(core::LookupPurpose::Display) => Ok(Purpose::Display),
        Ok(core::LookupPurpose::Payment) => Ok(Purpose::Payment),
        _ => Err(vec![Violation::new("purpose", "it is DISPLAY or PAYMENT")]),
    }
}

fn given<T>(text: &str, read: impl FnOnce(&str) -> Read<T>) -> Read<Option<T>> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

/// The payer is a customer of ours: the check digits must be right.
fn payer(text: &str) -> Read<TaxId> {
    TaxId::parse_new(text).map_err(|error| vec![Violation::new(PAYER, &error.to_string())])
}

fn end_to_end_id(text: &str, caller: &CallerOf) -> Read<EndToEndId> {
    let read = EndToEndId::parse(text, caller.participant);
    read.map_err(|error| vec![Violation::new(END_TO_END_ID, &error.to_string())])
}

fn found_to_proto(found: Found) -> core::LookupKeyResponse {
    core::LookupKeyResponse {
        key: Some(wire::key_to_proto(&found.key)),
        owner_type: wire::person_type_to_proto(found.owner_type).into(),
        owner_tax_id_masked: found.owner_tax_id_masked,
        owner_name: found.owner_name,
        owner_trade_name: found.owner_trade_name.unwrap_or_default(),
        participant: found.participant.to_string(),
        payment: found.payment.as_ref().map(details_to_proto),
        own_base: found.own_base,
    }
}

fn details_to_proto(details: &PaymentDetails) -> core::PaymentDetails {
    core::PaymentDetails {
        account: Some(wire::account_to_proto(&details.account)),
        owner: Some(wire::owner_to_proto(&details.owner)),
        key_created_at: Some(wire::moment_to_proto(details.key_created_at)),
        key_owned_since: Some(wire::moment_to_proto(details.key_owned_since)),
    }
}
