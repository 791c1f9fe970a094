//! A way to the directory that stops calls where a test wants them: before the directory hears of them, or before its
//! answer is heard. A call that is dropped there is what a crash leaves.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use dict::directory::{
    CidEvent, ClaimFilter, ClaimPage, CompletedClaim, Directory, DirectoryError, EntryQuery, EntryUpdate, FoundEntry,
    NewClaim, NewEntry, SyncVerification,
};
use dict::domain::cid::{Cid, VSync};
use dict::domain::claim::{Claim, Side};
use dict::domain::entry::Entry;
use dict::domain::ispb::Ispb;
use dict::domain::key::{Key, KeyType};
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::domain::tax_id::TaxId;
use dict::simulator::Simulator;
use platform::telemetry::trace::current_trace_id;
use tokio::sync::Semaphore;
use uuid::Uuid;

type Answer<T> = Result<T, DirectoryError>;

/// Calls that change entries come to two gates, each with a count of those who came and of those who may pass.
#[derive(Debug)]
pub struct Gate {
    inner: Simulator,
    arrived: Semaphore,
    may_ask: Semaphore,
    answered: Semaphore,
    may_hear: Semaphore,
    /// For which request each of the calls came that a test asks about.
    traces: Mutex<Vec<Option<Arc<str>>>>,
}

impl Gate {
    /// `asking` calls may pass the first gate, `hearing` the second.
    pub fn before(inner: Simulator, asking: usize, hearing: usize) -> Self {
        let gate = Semaphore::new;
        let traces = Mutex::default();
        Self { inner, arrived: gate(0), may_ask: gate(asking), answered: gate(0), may_hear: gate(hearing), traces }
    }

    /// The requests that look-ups and changes of entries were part of.
    pub fn traces(&self) -> Vec<Option<Arc<str>>> {
        self.traces.lock().unwrap().clone()
    }

    /// Waits for a call at the first gate.
    pub async fn arrival(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    /// Waits for a call at the second gate.
    pub async fn answer(&self) {
        self.answered.acquire().await.unwrap().forget();
    }

    /// Lets calls pass both.
    pub fn open(&self, calls: usize) {
        self.may_ask.add_permits(calls);
        self.may_hear.add_permits(calls);
    }

    async fn pass<T>(&self, call: impl Future<Output = Answer<T>> + Send) -> Answer<T> {
        self.traces.lock().unwrap().push(current_trace_id());
        self.arrived.add_permits(1);
        self.may_ask.acquire().await.unwrap().forget();
        let answer = call.await;
        self.answered.add_permits(1);
        self.may_hear.acquire().await.unwrap().forget();
        answer
    }
}

#[tonic::async_trait]
impl Directory for Gate {
    async fn create_entry(&self, entry: &NewEntry) -> Answer<Entry> {
        self.pass(self.inner.create_entry(entry)).await
    }
    async fn update_entry(&self, update: &EntryUpdate) -> Answer<Entry> {
        self.pass(self.inner.update_entry(update)).await
    }
    async fn delete_entry(&self, participant: Ispb, key: &Key, reason: EntryReason) -> Answer<()> {
        self.pass(self.inner.delete_entry(participant, key, reason)).await
    }
    async fn get_entry(&self, query: &EntryQuery) -> Answer<FoundEntry> {
        self.traces.lock().unwrap().push(current_trace_id());
        self.inner.get_entry(query).await
    }
    async fn check_keys(&self, participant: Ispb, keys: &[Key]) -> Answer<Vec<bool>> {
        self.inner.check_keys(participant, keys).await
    }
    async fn create_claim(&self, claim: &NewClaim) -> Answer<Claim> {
        self.inner.create_claim(claim).await
    }
    async fn acknowledge_claim(&self, participant: Ispb, id: Uuid) -> Answer<Claim> {
        self.inner.acknowledge_claim(participant, id).await
    }
    async fn confirm_claim(&self, participant: Ispb, id: Uuid, reason: ClaimReason) -> Answer<Claim> {
        self.inner.confirm_claim(participant, id, reason).await
    }
    async fn cancel_claim(&self, participant: Ispb, id: Uuid, side: Side, reason: ClaimReason) -> Answer<Claim> {
        self.inner.cancel_claim(participant, id, side, reason).await
    }
    async fn complete_claim(&self, participant: Ispb, id: Uuid, request_id: Uuid) -> Answer<CompletedClaim> {
        self.inner.complete_claim(participant, id, request_id).await
    }
    async fn get_claim(&self, participant: Ispb, id: Uuid) -> Answer<Claim> {
        self.inner.get_claim(participant, id).await
    }
    async fn list_claims(&self, participant: Ispb, filter: &ClaimFilter) -> Answer<ClaimPage> {
        self.inner.list_claims(participant, filter).await
    }
    async fn verify_sync(&self, participant: Ispb, key_type: KeyType, vsync: VSync) -> Answer<SyncVerification> {
        self.inner.verify_sync(participant, key_type, vsync).await
    }
    async fn list_cid_events(
        &self,
        participant: Ispb,
        key_type: KeyType,
        from: DateTime<Utc>,
        limit: u32,
    ) -> Answer<(Vec<CidEvent>, bool)> {
        self.inner.list_cid_events(participant, key_type, from, limit).await
    }
    async fn list_cids(&self, participant: Ispb, key_type: KeyType) -> Answer<Vec<Cid>> {
        self.inner.list_cids(participant, key_type).await
    }
    async fn get_entry_by_cid(&self, participant: Ispb, cid: Cid) -> Answer<Entry> {
        self.inner.get_entry_by_cid(participant, cid).await
    }
    async fn report_payment_sent(&self, participant: Ispb, payer: &TaxId, end_to_end_id: &str) -> Answer<()> {
        self.inner.report_payment_sent(participant, payer, end_to_end_id).await
    }
}
