//! What a context's store can fail with.

use std::sync::Arc;

/// Why a store did not do what it was asked. What PostgreSQL says of rows is left out: it would repeat what is in them.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had in time.
    #[error("no connection to PostgreSQL: {}", super::pool::describe(.0))]
    Pool(deadpool_postgres::PoolError),
    /// A statement failed, or the connection under it.
    #[error("{}", statement_failed(.0))]
    Postgres(tokio_postgres::Error),
    /// A statement, by its name, was not answered in time; whether it was carried out is not known.
    #[error("PostgreSQL did not answer {0} in time")]
    TimedOut(&'static str),
    /// The store holds what no version of this program writes.
    #[error("the store is inconsistent: {0}")]
    Inconsistent(String),
    /// What several were to do together failed as a whole.
    #[error("{0}")]
    Together(Arc<StoreError>),
}

// By hand: `#[from]` would make them causes, and those say more than may be logged.
impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl StoreError {
    /// Whether trying again later may help: the store could not be reached or did not answer in time.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            StoreError::Pool(_) | StoreError::TimedOut(_) => true,
            StoreError::Postgres(error) => match error.code() {
                None => true,
                Some(code) => ["08", "40", "53", "57"].iter().any(|class| code.code().starts_with(class)),
            },
            StoreError::Inconsistent(_) => false,
            StoreError::Together(error) => error.is_passing(),
        }
    }
}

/// Without the server's detail, which quotes rows.
fn statement_failed(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(server) => format!("PostgreSQL refused a statement: SQLSTATE {}", server.code().code()),
        None => format!("the connection to PostgreSQL failed: {}", super::describe(error)),
    }
}
