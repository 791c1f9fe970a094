//! What the cache holds, and where an answer came from.

use bytes::Bytes;
use chrono::{DateTime, Utc};

/// What a source said, kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// An answer, or that there is none.
    pub kind: EntryKind,
    /// Our JSON, mapped; empty for [`EntryKind::Missing`].
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
    /// The source says that there is no such thing (negative caching).
    Missing,
}

impl EntryKind {
    /// As the store has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EntryKind::Found => "found",
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

    /// Whether it may be answered when the source fails. A missing thing is not: the failure is the better answer.
    #[must_use]
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        self.kind == EntryKind::Found && now < self.keep_until
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
