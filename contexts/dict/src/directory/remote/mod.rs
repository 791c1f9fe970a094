//! The directory behind Connect: a gRPC client with deadlines, attempts and a breaker.

mod call;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::random::Entropy;
use platform::resilience::breaker::Breaker;
use proto::connect;
use proto::connect::connect_service_client::ConnectServiceClient;
use proto::core;
use tonic::transport::{Channel, Endpoint};
use uuid::Uuid;

use self::call::Call;
use super::wire::{self, Read};
use super::{
    CidEvent, ClaimFilter, ClaimPage, CompletedClaim, Directory, DirectoryError, DirectoryMetrics, EntryQuery,
    EntryUpdate, FoundEntry, NewClaim, NewEntry, SyncVerification,
};
use crate::domain::cid::{Cid, VSync};
use crate::domain::claim::{Claim, Side};
use crate::domain::entry::Entry;
use crate::domain::ispb::Ispb;
use crate::domain::key::{Key, KeyType};
use crate::domain::reason::{ClaimReason, EntryReason};
use crate::domain::refusal::Violation;
use crate::domain::tax_id::TaxId;

/// How long the other side may be silent before it is asked whether it is there, and then to say so.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(20);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the list of all CIDs of a key type may take: ten million of them are some 700 MB.
const CIDS_TIMEOUT: Duration = Duration::from_secs(15 * 60);

/// How Connect is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteOptions {
    /// How long a call may take, all its attempts together. An attempt that may be repeated has half of it.
    pub timeout: Duration,
    /// Attempts after the first.
    pub max_retries: u32,
    /// After how many calls that failed in a row Connect is left alone, and for how long; none: never.
    pub breaker: Option<(u32, Duration)>,
}

/// That the address of Connect is none.
#[derive(Debug, thiserror::Error)]
#[error("the address of Connect is none: {0}")]
pub struct NotAnAddress(#[from] tonic::transport::Error);

/// Where Connect is: `http://host:port`. For a connection in the clear, `connect_lazy()` it; for TLS,
/// `connect_with_connector_lazy(…)` it with a connector that brings a connection with TLS spoken already, of which the
/// address then names only the host. Either way the connection is made when it is first needed, and made again.
///
/// # Errors
/// If the address is none.
pub fn endpoint(url: &str, connect_timeout: Duration) -> Result<Endpoint, NotAnAddress> {
    let endpoint = Endpoint::from_shared(url.to_owned())?;
    Ok(endpoint
        .connect_timeout(connect_timeout)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
        .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
        .keep_alive_while_idle(true))
}

/// The directory behind Connect. Clones share connection, breaker and metrics.
#[derive(Clone)]
pub struct RemoteDirectory {
    client: ConnectServiceClient<Channel>,
    timeout: Duration,
    max_retries: u32,
    breaker: Option<Breaker>,
    entropy: Arc<dyn Entropy>,
    metrics: DirectoryMetrics,
}

impl fmt::Debug for RemoteDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteDirectory").field("breaker", &self.breaker).finish_non_exhaustive()
    }
}

impl RemoteDirectory {
    /// Calls Connect over `channel`, which [`endpoint`] makes.
    #[must_use]
    pub fn new(channel: Channel, options: RemoteOptions, entropy: Arc<dyn Entropy>, metrics: DirectoryMetrics) -> Self {
        let breaker = options.breaker.map(|(failures, open_for)| Breaker::new(failures, open_for));
        if let Some(breaker) = &breaker {
            metrics.breaker(breaker.state());
        }
        Self {
            client: ConnectServiceClient::new(channel),
            timeout: options.timeout,
            max_retries: options.max_retries,
            breaker,
            entropy,
            metrics,
        }
    }

    async fn all_cids(&self, participant: Ispb, key_type: KeyType) -> Result<Vec<Cid>, DirectoryError> {
        let question = connect::ListCidsRequest {
            participant: participant.to_string(),
            key_type: wire::key_type_to_proto(key_type).into(),
        };
        let ask = |mut client: ConnectServiceClient<Channel>, mut request: tonic::Request<connect::ListCidsRequest>| {
            // The answer as a whole takes longer than its beginning.
            request.set_timeout(CIDS_TIMEOUT);
            async move { client.list_cids(request).await }
        };
        let mut parts = self.answer(Call::repeatable("ListCids"), question, ask).await?;
        let mut cids = Vec::new();
        loop {
            // A read: when it breaks off, nothing has been done.
            let lost = DirectoryError::Unavailable { retry_after_ms: None };
            match tokio::time::timeout(self.timeout, parts.message()).await {
                Ok(Ok(Some(part))) => {
                    for cid in &part.cids {
                        let broken = || DirectoryError::Broken("ListCids: cids (not 64 hexadecimal digits)".to_owned());
                        cids.push(Cid::from_hex(cid).ok_or_else(broken)?);
                    }
                }
                Ok(Ok(None)) => return Ok(cids),
                Ok(Err(_)) | Err(_) => return Err(lost),
            }
        }
    }
}

fn entry(answer: &connect::EntryResponse) -> Read<Entry> {
    wire::entry_from_proto(answer.entry.as_ref(), "entry")
}

fn claim(answer: &connect::ClaimResponse) -> Read<Claim> {
    wire::claim_from_proto(answer.claim.as_ref(), "claim")
}

#[tonic::async_trait]
impl Directory for RemoteDirectory {
    async fn create_entry(&self, new: &NewEntry) -> Result<Entry, DirectoryError> {
        let key = new.key.as_ref().map(wire::key_to_proto);
        let made = || core::Key { r#type: wire::key_type_to_proto(new.key_type).into(), value: String::new() };
        let question = connect::CreateEntryRequest {
            participant: new.account.participant.to_string(),
            request_id: new.request_id.to_string(),
            key: Some(key.unwrap_or_else(made)),
            account: Some(wire::account_to_proto(&new.account)),
            owner: Some(wire::owner_to_proto(&new.owner)),
            reason: wire::entry_reason_to_proto(new.reason).into(),
        };
        let call = Call::repeatable("CreateEntry");
        self.call(call, question, |mut client, it| async move { client.create_entry(it).await }, entry).await
    }

    async fn update_entry(&self, update: &EntryUpdate) -> Result<Entry, DirectoryError> {
        let question = connect::UpdateEntryRequest {
            participant: update.account.participant.to_string(),
            key: Some(wire::key_to_proto(&update.key)),
            account: Some(wire::account_to_proto(&update.account)),
            owner_name: update.name.clone(),
            owner_trade_name: update.trade_name.clone().unwrap_or_default(),
            reason: wire::entry_reason_to_proto(update.reason).into(),
        };
        // It says what is to be there, so that saying it twice changes nothing.
        let call = Call::repeatable("UpdateEntry");
        self.call(call, question, |mut client, it| async move { client.update_entry(it).await }, entry).await
    }

    async fn delete_entry(&self, participant: Ispb, key: &Key, reason: EntryReason) -> Result<(), DirectoryError> {
        let question = connect::DeleteEntryRequest {
            participant: participant.to_string(),
            key: Some(wire::key_to_proto(key)),
            reason: wire::entry_reason_to_proto(reason).into(),
        };
        let ask = |mut client: ConnectServiceClient<Channel>, it| async move { client.delete_entry(it).await };
        self.call(Call::once("DeleteEntry"), question, ask, |_| Ok(())).await
    }

    async fn get_entry(&self, query: &EntryQuery) -> Result<FoundEntry, DirectoryError> {
        let question = connect::GetEntryRequest {
            requesting_participant: query.participant.to_string(),
            key: Some(wire::key_to_proto(&query.key)),
            payer_tax_id: query.payer.as_str().to_owned(),
            end_to_end_id: query.end_to_end_id.clone(),
            include_statistics: false,
        };
        let read = |answer: &connect::GetEntryResponse| {
            let entry = wire::entry_from_proto(answer.entry.as_ref(), "entry")?;
            // Less than nothing is nothing: it is not kept.
            let cache_max_age_seconds = u32::try_from(answer.cache_max_age_seconds).unwrap_or_default();
            Ok(FoundEntry { entry, cache_max_age_seconds })
        };
        // A read, and yet not repeated after a lost answer: the directory charges each that it carried out, and ours only one.
        let call = Call::once("GetEntry");
        self.call(call, question, |mut client, it| async move { client.get_entry(it).await }, read).await
    }

    async fn check_keys(&self, participant: Ispb, keys: &[Key]) -> Result<Vec<bool>, DirectoryError> {
        let question = connect::CheckKeysRequest {
            participant: participant.to_string(),
            keys: keys.iter().map(wire::key_to_proto).collect(),
        };
        let read = |answer: &connect::CheckKeysResponse| {
            if answer.has_entry.len() == keys.len() {
                return Ok(answer.has_entry.clone());
            }
            Err(vec![Violation::new("has_entry", "not one for each key")])
        };
        let call = Call::repeatable("CheckKeys");
        self.call(call, question, |mut client, it| async move { client.check_keys(it).await }, read).await
    }

    async fn create_claim(&self, new: &NewClaim) -> Result<Claim, DirectoryError> {
        let question = connect::CreateClaimRequest {
            participant: new.claimer_account.participant.to_string(),
            r#type: wire::claim_type_to_proto(new.claim_type).into(),
            key: Some(wire::key_to_proto(&new.key)),
            claimer: Some(wire::owner_to_proto(&new.claimer)),
            claimer_account: Some(wire::account_to_proto(&new.claimer_account)),
        };
        let call = Call::once("CreateClaim");
        self.call(call, question, |mut client, it| async move { client.create_claim(it).await }, claim).await
    }

    async fn acknowledge_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, DirectoryError> {
        let question =
            connect::AcknowledgeClaimRequest { participant: participant.to_string(), claim_id: id.to_string() };
        let call = Call::repeatable("AcknowledgeClaim");
        self.call(call, question, |mut client, it| async move { client.acknowledge_claim(it).await }, claim).await
    }

    async fn confirm_claim(&self, participant: Ispb, id: Uuid, reason: ClaimReason) -> Result<Claim, DirectoryError> {
        let question = connect::ConfirmClaimRequest {
            participant: participant.to_string(),
            claim_id: id.to_string(),
            reason: wire::claim_reason_to_proto(reason).into(),
        };
        let call = Call::repeatable("ConfirmClaim");
        self.call(call, question, |mut client, it| async move { client.confirm_claim(it).await }, claim).await
    }

    async fn cancel_claim(
        &self,
        participant: Ispb,
        id: Uuid,
        side: Side,
        reason: ClaimReason,
    ) -> Result<Claim, DirectoryError> {
        let question = connect::CancelClaimRequest {
            participant: participant.to_string(),
            claim_id: id.to_string(),
            reason: wire::claim_reason_to_proto(reason).into(),
            role: wire::side_to_proto(side).into(),
        };
        let call = Call::repeatable("CancelClaim");
        self.call(call, question, |mut client, it| async move { client.cancel_claim(it).await }, claim).await
    }

    async fn complete_claim(
        &self,
        participant: Ispb,
        id: Uuid,
        request_id: Uuid,
    ) -> Result<CompletedClaim, DirectoryError> {
        let question = connect::CompleteClaimRequest {
            participant: participant.to_string(),
            claim_id: id.to_string(),
            request_id: request_id.to_string(),
        };
        let read = |answer: &connect::CompleteClaimResponse| {
            Ok(CompletedClaim {
                claim: wire::claim_from_proto(answer.claim.as_ref(), "claim")?,
                entry_created_at: wire::moment_from_proto(answer.entry_created_at.as_ref(), "entry_created_at")?,
                key_owned_since: wire::moment_from_proto(answer.key_owned_since.as_ref(), "key_owned_since")?,
            })
        };
        let call = Call::repeatable("CompleteClaim");
        self.call(call, question, |mut client, it| async move { client.complete_claim(it).await }, read).await
    }

    async fn get_claim(&self, participant: Ispb, id: Uuid) -> Result<Claim, DirectoryError> {
        let question = connect::GetClaimRequest { participant: participant.to_string(), claim_id: id.to_string() };
        let call = Call::repeatable("GetClaim");
        self.call(call, question, |mut client, it| async move { client.get_claim(it).await }, claim).await
    }

    async fn list_claims(&self, participant: Ispb, filter: &ClaimFilter) -> Result<ClaimPage, DirectoryError> {
        let question = connect::ListClaimsRequest {
            participant: participant.to_string(),
            is_donor: filter.side == Some(Side::Donor),
            is_claimer: filter.side == Some(Side::Claimer),
            statuses: filter.statuses.iter().map(|&it| wire::claim_status_to_proto(it).into()).collect(),
            r#type: filter.claim_type.map(wire::claim_type_to_proto).unwrap_or_default().into(),
            modified_after: filter.modified_after.map(wire::moment_to_proto),
            modified_before: filter.modified_before.map(wire::moment_to_proto),
            limit: i32::try_from(filter.limit).unwrap_or(i32::MAX),
        };
        let read = |answer: &connect::ListClaimsResponse| {
            let claims = answer.claims.iter().map(|it| wire::claim_from_proto(Some(it), "claims"));
            Ok(ClaimPage { claims: claims.collect::<Read<_>>()?, more: answer.has_more_elements })
        };
        let call = Call::repeatable("ListClaims");
        self.call(call, question, |mut client, it| async move { client.list_claims(it).await }, read).await
    }

    async fn verify_sync(
        &self,
        participant: Ispb,
        key_type: KeyType,
        vsync: VSync,
    ) -> Result<SyncVerification, DirectoryError> {
        let question = connect::CreateSyncVerificationRequest {
            participant: participant.to_string(),
            key_type: wire::key_type_to_proto(key_type).into(),
            vsync: vsync.to_string(),
        };
        let read = |answer: &connect::CreateSyncVerificationResponse| {
            let verified_at = wire::moment_from_proto(answer.verified_at.as_ref(), "verified_at")?;
            Ok(SyncVerification { agreed: answer.agreed, verified_at })
        };
        let call = Call::repeatable("CreateSyncVerification");
        self.call(call, question, |mut client, it| async move { client.create_sync_verification(it).await }, read).await
    }

    async fn list_cid_events(
        &self,
        participant: Ispb,
        key_type: KeyType,
        from: DateTime<Utc>,
        limit: u32,
    ) -> Result<(Vec<CidEvent>, bool), DirectoryError> {
        let question = connect::ListCidEventsRequest {
            participant: participant.to_string(),
            key_type: wire::key_type_to_proto(key_type).into(),
            from: Some(wire::moment_to_proto(from)),
            limit: i32::try_from(limit).unwrap_or(i32::MAX),
        };
        let read = |answer: &connect::ListCidEventsResponse| {
            let events = answer.events.iter().map(|it| wire::cid_event_from_proto(it, "events"));
            Ok((events.collect::<Read<_>>()?, answer.has_more_elements))
        };
        let call = Call::repeatable("ListCidEvents");
        self.call(call, question, |mut client, it| async move { client.list_cid_events(it).await }, read).await
    }

    async fn list_cids(&self, participant: Ispb, key_type: KeyType) -> Result<Vec<Cid>, DirectoryError> {
        let result = self.all_cids(participant, key_type).await;
        self.metrics.ended("ListCids", &result);
        result
    }

    async fn get_entry_by_cid(&self, participant: Ispb, cid: Cid) -> Result<Entry, DirectoryError> {
        let question = connect::GetEntryByCidRequest { participant: participant.to_string(), cid: cid.to_string() };
        let call = Call::repeatable("GetEntryByCid");
        self.call(call, question, |mut client, it| async move { client.get_entry_by_cid(it).await }, entry).await
    }

    async fn report_payment_sent(
        &self,
        participant: Ispb,
        payer: &TaxId,
        end_to_end_id: &str,
    ) -> Result<(), DirectoryError> {
        let question = connect::ReportPaymentSentRequest {
            participant: participant.to_string(),
            payer_tax_id: payer.as_str().to_owned(),
            end_to_end_id: end_to_end_id.to_owned(),
        };
        let ask = |mut client: ConnectServiceClient<Channel>, it| async move { client.report_payment_sent(it).await };
        self.call(Call::repeatable("ReportPaymentSent"), question, ask, |_| Ok(())).await
    }
}
