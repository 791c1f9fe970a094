//! Secrets through one port: the environment, files, the Kubernetes API. Values cannot be printed.

use std::collections::HashMap;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::{Clock, SystemClock};
use secrecy::SecretString;

use crate::domain::connector::SecretName;

pub mod environment;
pub mod files;
#[cfg(feature = "k8s")]
pub mod kubernetes;

/// How long a value is used before it is read again: what is rotated is noticed without a restart.
const KEPT_S: i64 = 10;

/// Bytes of a value: a chain of certificates is far below.
const BYTES_MAX: usize = 64 * 1024;

/// Why a secret cannot be had. It never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No source has it.
    #[error("the secret {name} does not exist; looked in {looked_in}")]
    Missing {
        /// Which.
        name: SecretName,
        /// Where it was looked for, in words that tell an operator what to do.
        looked_in: String,
    },
    /// A source could not be asked.
    #[error("the secret {name} could not be read from {source_name}: {detail}")]
    Unreadable {
        /// Which.
        name: SecretName,
        /// The source.
        source_name: &'static str,
        /// Why.
        detail: String,
    },
}

/// What [`SecretSource::read`] answers; `None` where the source has no such secret.
pub type Read<'a> = Pin<Box<dyn Future<Output = Result<Option<SecretString>, SecretError>> + Send + 'a>>;

/// A place where secrets are.
pub trait SecretSource: Debug + Send + Sync + 'static {
    /// What it is called in messages.
    fn name(&self) -> &'static str;
    /// Where in it a secret would be, so that an operator can put it there.
    fn place(&self, _name: &SecretName) -> String {
        self.name().to_owned()
    }
    /// The value now. It ends within a few seconds.
    fn read<'a>(&'a self, name: &'a SecretName) -> Read<'a>;
}

/// Every source, in order: the first that has a secret gives it.
pub struct Secrets {
    sources: Vec<Arc<dyn SecretSource>>,
    clock: Arc<dyn Clock>,
    slots: Mutex<HashMap<SecretName, Arc<Slot>>>,
}

/// What is known of one secret.
#[derive(Default)]
struct Slot {
    kept: Mutex<Option<Kept>>,
    /// Held while the sources are asked, so that a thousand calls ask once.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    value: SecretString,
    read_at: DateTime<Utc>,
}

impl Secrets {
    /// Secrets of these sources.
    #[must_use]
    pub fn new(sources: Vec<Arc<dyn SecretSource>>) -> Self {
        Self::with_clock(sources, Arc::new(SystemClock))
    }

    /// As [`Secrets::new`], by another clock.
    #[must_use]
    pub fn with_clock(sources: Vec<Arc<dyn SecretSource>>, clock: Arc<dyn Clock>) -> Self {
        Self { sources, clock, slots: Mutex::default() }
    }

    /// A secret's value, read at most ten seconds ago. While a source cannot be asked, the value known last still
    /// counts, unless it was forgotten.
    ///
    /// # Errors
    /// When no source has it, or one that comes before those that do cannot be asked.
    pub async fn get(&self, name: &SecretName) -> Result<SecretString, SecretError> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(name.clone()).or_default())
        };
        if let Some(value) = slot.fresh(self.clock.now()) {
            return Ok(value);
        }
        let _turn = slot.reading.lock().await;
        if let Some(value) = slot.fresh(self.clock.now()) {
            return Ok(value);
        }
        match self.read(name).await {
            Ok(value) => {
                slot.set(Some(Kept { value: value.clone(), read_at: self.clock.now() }));
                Ok(value)
            }
            Err(error @ SecretError::Unreadable { .. }) => {
                let Some(known) = slot.kept() else { return Err(error) };
                tracing::warn!(secret = %name, %error, "a secret cannot be read again; its last value is used");
                // It counts as read now: the source is asked again in ten seconds, and not by everybody who waits.
                slot.set(Some(Kept { value: known.value.clone(), read_at: self.clock.now() }));
                Ok(known.value)
            }
            Err(error) => {
                slot.set(None);
                Err(error)
            }
        }
    }

    /// Forgets a value that was refused: the next call reads it again.
    pub fn forget(&self, name: &SecretName) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    async fn read(&self, name: &SecretName) -> Result<SecretString, SecretError> {
        for source in &self.sources {
            if let Some(value) = source.read(name).await? {
                return Ok(value);
            }
        }
        let places: Vec<String> = self.sources.iter().map(|source| source.place(name)).collect();
        let looked_in = if places.is_empty() { "no place at all".to_owned() } else { places.join(", ") };
        Err(SecretError::Missing { name: name.clone(), looked_in })
    }
}

impl Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Secrets").field("sources", &self.sources).finish_non_exhaustive()
    }
}

impl Slot {
    fn kept(&self) -> Option<Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, kept: Option<Kept>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// The value unless it is too old, or from after now because the clock was set back.
    fn fresh(&self, now: DateTime<Utc>) -> Option<SecretString> {
        let young = |kept: &Kept| (TimeDelta::zero()..TimeDelta::seconds(KEPT_S)).contains(&(now - kept.read_at));
        self.kept().filter(young).map(|kept| kept.value)
    }
}

/// A value of bytes: text, without the line feed that editors and `echo` leave at its end. `Err` says why it is none.
fn value(bytes: &[u8]) -> Result<SecretString, String> {
    if bytes.len() > BYTES_MAX {
        return Err(format!("it has more than {BYTES_MAX} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(SecretString::from(text)) }
}

#[cfg(test)]
mod tests;
