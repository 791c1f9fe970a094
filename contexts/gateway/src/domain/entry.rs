//! What the cache holds, and where an answer came from.

use bytes::Bytes;
use chrono::{DateTime, Utc};

/// What a source said, kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// An answer, or that there is none.
    pub kind: EntryKind,
    /// Our JSON, mapped; without a byte for [`EntryKind::Missing`].
    pub body: Bytes,
    /// When we got it.
    pub fetched_at: DateTime<Utc>,
    /// When the source says that it made it (`Last-Modified`, else `Date`); `fetched_at` when it says neither.
    pub source_time: DateTime<Utc>,
    /// Answered as it is until here.
    pub fresh_until: DateTime<Utc>,
    /// Answered until here when the source fails; then forgotten.
    pub keep_until: DateTime<Utc>,
}

/// What an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// The source answered.
    Found,
    /// The source answered with nothing in it, where it may only have failed to look: answered as it is for a short time,
    /// never when the source fails.
    Empty,
    /// The source says that there is no such thing (negative caching).
    Missing,
}

impl EntryKind {
    /// As the store has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EntryKind::Found => "found",
            EntryKind::Empty => "empty",
            EntryKind::Missing => "missing",
        }
    }
}

impl Entry {
    /// Whether it is as good as new.
    #[must_use]
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now < self.fresh_until
    }

    /// Whether it may be answered when the source fails. A missing thing and a doubtful nothing are not: the failure is
    /// the better answer.
    #[must_use]
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        self.kind == EntryKind::Found && now < self.keep_until
    }

    /// Whether it may take the place of an older one for good. A source that says "nothing" of what it told before may
    /// only be broken: what can still be answered when it fails is not given up for that.
    #[must_use]
    pub fn may_replace(&self, older: &Entry, now: DateTime<Utc>) -> bool {
        self.kind == EntryKind::Found || !older.is_usable(now)
    }
}

/// A level of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Memory of this process.
    L1,
    /// Redis.
    L2,
    /// PostgreSQL.
    L3,
}

impl Level {
    /// As metrics and `X-Cache` say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::L1 => "L1",
            Level::L2 => "L2",
            Level::L3 => "L3",
        }
    }
}

/// Where an answer came from: the header `X-Cache`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A level of the cache, fresh.
    Hit(Level),
    /// The source, just now.
    Miss,
    /// The cache, past its time, because the source fails.
    Stale,
}

impl Origin {
    /// The value of `X-Cache`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Origin::Hit(level) => level.name(),
            Origin::Miss => "MISS",
            Origin::Stale => "STALE",
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn nothing_replaces_only_what_is_of_no_use_any_more() {
        let now = DateTime::UNIX_EPOCH;
        let entry = |kind, keep_until| Entry {
            kind,
            body: Bytes::new(),
            fetched_at: now,
            source_time: now,
            fresh_until: now,
            keep_until,
        };
        let (usable, over) = (now + TimeDelta::seconds(1), now);
        use EntryKind::{Empty, Found, Missing};
        for (new, old, keep_until, expected) in [
            (Found, Found, usable, true),
            (Empty, Found, usable, false),
            (Missing, Found, usable, false),
            (Empty, Found, over, true),
            (Missing, Found, over, true),
            (Missing, Empty, usable, true),
            (Empty, Missing, usable, true),
        ] {
            let may = entry(new, usable).may_replace(&entry(old, keep_until), now);
            assert_eq!(may, expected, "{new:?} over {old:?} until {keep_until}");
        }
        assert!(!entry(Empty, usable).is_usable(now) && !entry(Missing, usable).is_usable(now));
    }
}
