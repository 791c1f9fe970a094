//! Rows in and out of PostgreSQL. One method is one statement or one transaction; the SQL is in `queries/`.

mod change_intents;
mod claim_moves;
mod claim_requests;
mod claims;
pub(crate) mod entries;
mod keys;
mod leases;
mod lookups;
mod outbox;
mod possessions;
mod reconciliation;
mod requests;
mod reseal;
mod retention;
mod together;

use std::sync::Arc;

use deadpool_postgres::Pool;
pub use platform::postgres::StoreError;
use platform::postgres::pool::QueryMetrics;

pub use change_intents::ChangeIntent;
pub use claim_moves::{ClaimNews, Decided, Heard};
pub use claim_requests::{ClaimRequest, Reserved};
pub use claims::{ClaimsQuestion, StoredClaim};
pub use entries::{EntryStatus, Put, StoredEntry, seal_entry};
pub use keys::WrappedKey;
pub(crate) use keys::{offer_key, wrapped_keys};
pub use lookups::AnsweredLookup;
pub use outbox::{BACKLOG_COUNT_MAX, Backlog, set_entry_blocked};
pub(crate) use outbox::{OutboxTurn, mark_consumed};
pub use possessions::{NewPossession, PossessionOf};
pub use reconciliation::Verification;
pub use requests::{Activation, PendingKey, PendingRequest, Registered, Registration, Reservation};
pub use retention::Forgettable;

use self::together::Writer;
use crate::vault::Vault;

/// The dict context's PostgreSQL, as `app_rw`, with what seals its columns.
#[derive(Debug, Clone)]
pub struct Store {
    /// Connections.
    pub pool: Pool,
    /// How long statements take.
    pub queries: QueryMetrics,
    /// Seals and hashes personal data.
    pub vault: Arc<Vault>,
    registrations: Writer<Registration>,
    activations: Writer<Activation>,
}

impl Store {
    /// Call it within the runtime.
    #[must_use]
    pub fn new(pool: Pool, queries: QueryMetrics, vault: Arc<Vault>) -> Self {
        let (registrations, activations) = (Writer::start(&pool, &queries), Writer::start(&pool, &queries));
        Self { pool, queries, vault, registrations, activations }
    }

    pub(crate) async fn client(&self) -> Result<deadpool_postgres::Object, StoreError> {
        Ok(self.pool.get().await?)
    }

    /// Whether PostgreSQL answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.client().await?.check_connection().await?)
    }
}
