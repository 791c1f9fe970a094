//! A participant's bucket is touched by every look-up: each replica takes a block of tokens from it at once, gives its
//! look-ups of that, and settles the whole with what they came to.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Bucket;
use super::fail_over::Place;

/// Tokens that were taken together, in millionths.
#[derive(Debug)]
pub struct Block {
    pub bucket: Bucket,
    pub hold: (Place, Uuid),
    granted: i64,
    /// Until when look-ups may be given of it, so that they end before the hold does.
    usable_until: DateTime<Utc>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What look-ups under way may cost at worst.
    reserved: i64,
    /// What those that ended came to.
    spent: i64,
    /// Nothing more is given of it.
    retired: bool,
    settled: bool,
}

/// What is to be charged for a block that is over.
pub type Bill = i64;

impl Block {
    pub fn new(bucket: Bucket, hold: (Place, Uuid), granted: i64, usable_until: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { bucket, hold, granted, usable_until, state: Mutex::default() })
    }

    /// A share for one look-up that may cost `worst`, if there is as much.
    pub fn share(self: &Arc<Self>, worst: i64, now: DateTime<Utc>) -> Option<Share> {
        self.with(|state| {
            let free = self.granted - state.spent - state.reserved;
            let given = !state.retired && now < self.usable_until && free >= worst;
            given.then(|| state.reserved += worst)
        })?;
        Some(Share { block: Some(Arc::clone(self)), worst })
    }

    /// Gives nothing more of it. What is to be charged, where no look-up is under way.
    pub fn retire(&self) -> Option<Bill> {
        self.with(|state| {
            state.retired = true;
            state.bill()
        })
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    /// Once.
    fn bill(&mut self) -> Option<Bill> {
        let over = self.retired && self.reserved == 0 && !self.settled;
        over.then(|| {
            self.settled = true;
            self.spent
        })
    }
}

/// A look-up's part of a block. One that is dropped costs the worst.
#[derive(Debug)]
pub struct Share {
    block: Option<Arc<Block>>,
    worst: i64,
}

impl Share {
    /// Ends it with what the look-up cost. The block and its bill, where it was the last of one that is over.
    pub fn end(mut self, cost: i64) -> Option<(Arc<Block>, Bill)> {
        let block = self.block.take()?;
        let bill = self.spend(&block, cost)?;
        Some((block, bill))
    }

    fn spend(&self, block: &Block, cost: i64) -> Option<Bill> {
        block.with(|state| {
            state.reserved -= self.worst;
            state.spent += cost;
            state.bill()
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // Whose bill this makes is not settled here: its hold ends by itself, and is charged in full.
        if let Some(block) = self.block.take()
            && self.spend(&block, self.worst).is_some()
        {}
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::bucket::Policy;

    fn block(granted: i64) -> Arc<Block> {
        let policy = Policy { capacity: 50, refill_tokens: 2, refill_period_seconds: 60 };
        let hold = (Place::First, Uuid::nil());
        Block::new(Bucket { hash: [0; 32], policy }, hold, granted, DateTime::UNIX_EPOCH + TimeDelta::seconds(30))
    }

    #[test]
    fn no_more_is_given_than_was_granted_whatever_is_under_way() {
        let (block, now) = (block(7), DateTime::UNIX_EPOCH);
        let (first, second) = (block.share(3, now).unwrap(), block.share(3, now).unwrap());
        assert!(block.share(3, now).is_none(), "6 of 7 are reserved");
        assert!(first.end(1).is_none(), "it is not over yet");
        let third = block.share(3, now).unwrap();
        assert!(second.end(3).is_none());
        assert!(block.share(3, now).is_none(), "4 are spent and 3 reserved");
        assert_eq!(block.retire(), None, "one is under way");
        assert_eq!(third.end(0).map(|(_, bill)| bill), Some(4));
        assert_eq!(block.retire(), None, "it is charged once");
    }

    #[test]
    fn a_look_up_that_vanishes_costs_the_worst_and_an_old_block_gives_nothing() {
        let (block, now) = (block(9), DateTime::UNIX_EPOCH);
        drop(block.share(3, now).unwrap());
        assert!(block.share(3, now + TimeDelta::seconds(30)).is_none());
        assert_eq!(block.retire(), Some(3));
    }
}
