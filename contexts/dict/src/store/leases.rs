//! Who leads which job.

use chrono::{DateTime, TimeDelta, Utc};
use dict_queries::queries::leases;

use super::{Store, StoreError};

impl Store {
    /// Takes or keeps the lease `name` for `holder` until `now + lasts`; whether it is the holder's now.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: DateTime<Utc>,
        lasts: TimeDelta,
    ) -> Result<bool, StoreError> {
        let client = self.client().await?;
        // Servers' clocks may differ, by less than a lease lasts.
        let (until, latest) = (now + lasts, now + lasts * 2);
        let asked = async { leases::take_lease().bind(&client, &name, &holder, &until, &now, &latest).opt().await };
        Ok(self.queries.timed("take_lease", asked).await?.is_some())
    }

    /// Gives a lease up, so that another need not wait for its end.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn give_up_lease(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        let client = self.client().await?;
        let asked = async { leases::give_up_lease().bind(&client, &name, &holder).opt().await };
        self.queries.timed("give_up_lease", asked).await?;
        Ok(())
    }
}
