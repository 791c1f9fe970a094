//! Saved products in PostgreSQL. Every statement names its subject.

use chrono::{DateTime, Utc};
use trade_queries::queries::saved;

use crate::domain::code::Ncm;
use crate::free_use::user_subject;
use crate::store::{Store, StoreError};

/// Most products that one subject keeps.
pub const PRODUCTS_MAX: u32 = 200;

/// A product that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedProduct {
    /// The product.
    pub ncm: Ncm,
    /// Since when.
    pub saved_at: DateTime<Utc>,
}

impl Store {
    /// The products of a principal's subject, the last saved first.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn saved_products(&self, subject: &str) -> Result<Vec<SavedProduct>, StoreError> {
        let client = self.pool.get().await?;
        let subject = user_subject(subject);
        let (statement, most) = (saved::saved_products(), i64::from(PRODUCTS_MAX));
        let query = statement.bind(&client, &subject, &most);
        let rows = self.queries.timed("saved_products", query.all()).await?;
        rows.into_iter()
            .map(|row| {
                let ncm = Ncm::parse(&row.ncm)
                    .ok_or_else(|| StoreError::Inconsistent(format!("the saved product {:?}", row.ncm)))?;
                Ok(SavedProduct { ncm, saved_at: row.saved_at })
            })
            .collect()
    }

    /// Keeps a product for a principal's subject; whether it is kept now. One that was kept already stays as it is.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn save_product(&self, subject: &str, ncm: Ncm, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let client = self.pool.get().await?;
        let (subject, ncm) = (user_subject(subject), ncm.to_string());
        let most = i32::try_from(PRODUCTS_MAX).unwrap_or(i32::MAX);
        let statement = saved::save_product();
        let query = statement.bind(&client, &subject, &ncm, &now, &most);
        Ok(self.queries.timed("save_product", query.one()).await?)
    }

    /// Lets go of a product of a principal's subject, if it is kept.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn remove_product(&self, subject: &str, ncm: Ncm) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let (subject, ncm) = (user_subject(subject), ncm.to_string());
        self.queries.timed("remove_product", saved::remove_product().bind(&client, &subject, &ncm).one()).await?;
        Ok(())
    }
}
