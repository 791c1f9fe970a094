//! Tokens whose signatures were found right. A program sends the same one with every request, and checking a signature
//! costs tens of microseconds (of RSA more), finding it here two.
//!
//! Only the signature is remembered: whether a token is in time and for us is checked every time, and keys do not
//! change while the program runs.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use platform::auth::Principal;

use crate::domain::claims::Claims;
use crate::secrets::Hash;

/// Tokens of one generation; two are kept, at about a kilobyte each.
const GENERATION: usize = 2048;

/// What a token says that is its issuer's.
#[derive(Debug)]
pub(super) struct Signed {
    pub claims: Claims,
    pub principal: Principal,
}

/// The tokens of late, by their hashes. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Verified(Arc<Mutex<Generations>>);

#[derive(Default)]
struct Generations {
    young: HashMap<Hash, Arc<Signed>>,
    old: HashMap<Hash, Arc<Signed>>,
}

impl fmt::Debug for Verified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Verified(…)")
    }
}

impl Verified {
    pub fn get(&self, hash: &Hash) -> Option<Arc<Signed>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = generations.young.get(hash) {
            return Some(Arc::clone(found));
        }
        let found = generations.old.remove(hash)?;
        generations.keep(*hash, Arc::clone(&found));
        Some(found)
    }

    pub fn keep(&self, hash: Hash, signed: Arc<Signed>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(hash, signed);
    }
}

#[cfg(test)]
impl Verified {
    pub fn len(&self) -> usize {
        let generations = self.0.lock().unwrap();
        generations.young.len() + generations.old.len()
    }
}

impl Generations {
    /// Those that nobody asked for during a whole generation are forgotten.
    fn keep(&mut self, hash: Hash, signed: Arc<Signed>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(hash, signed);
    }
}
