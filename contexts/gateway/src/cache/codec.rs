//! An entry as bytes, for a store that anybody may have written to.
//!
//! `bgc1`, CRC-32 of the key's text and of all that follows, then big-endian: kind (1 byte), fetched, source time,
//! fresh until, keep until (each 8 bytes, microseconds since 1970), and the body to the end. The fields stand at fixed
//! places so that Redis can compare the moments of two values without us.

use bytes::{BufMut, Bytes, BytesMut};
use chrono::{DateTime, Utc};
use flate2::Crc;

use crate::domain::entry::{Entry, EntryKind};

/// The first bytes of every value.
pub const MAGIC: &[u8; 4] = b"bgc1";
/// Where the CRC ends and what it covers begins.
const COVERED: usize = 8;
/// Where the moment of fetching stands.
pub const FETCHED_AT: usize = COVERED + 1;
/// What stands before the body.
pub const HEAD: usize = FETCHED_AT + 4 * 8;

const FOUND: u8 = 1;
const MISSING: u8 = 2;
const EMPTY: u8 = 3;

/// The bytes of an entry under a key.
pub fn encode(key: &str, entry: &Entry) -> Bytes {
    let mut out = BytesMut::with_capacity(HEAD + entry.body.len());
    out.put_slice(MAGIC);
    out.put_u32(0);
    out.put_u8(match entry.kind {
        EntryKind::Found => FOUND,
        EntryKind::Missing => MISSING,
        EntryKind::Empty => EMPTY,
    });
    for moment in [entry.fetched_at, entry.source_time, entry.fresh_until, entry.keep_until] {
        out.put_i64(moment.timestamp_micros());
    }
    out.put_slice(&entry.body);
    let sum = checksum(key, &out[COVERED..]);
    out[MAGIC.len()..COVERED].copy_from_slice(&sum.to_be_bytes());
    out.freeze()
}

/// The entry of some bytes under a key; the body is not copied.
///
/// # Errors
/// When they were not written by [`encode`] for this key, or were changed since.
pub fn decode(key: &str, bytes: &Bytes) -> Result<Entry, &'static str> {
    if bytes.len() < HEAD || !bytes.starts_with(MAGIC) {
        return Err("it does not begin as one");
    }
    let word = |at: usize| bytes[at..].first_chunk().map_or(0, |word| i64::from_be_bytes(*word));
    let sum = bytes[MAGIC.len()..].first_chunk().map_or(0, |sum| u32::from_be_bytes(*sum));
    if sum != checksum(key, &bytes[COVERED..]) {
        return Err("its checksum is another");
    }
    let moment = |index: usize| -> Result<DateTime<Utc>, &'static str> {
        DateTime::from_timestamp_micros(word(FETCHED_AT + 8 * index)).ok_or("a moment in it is none")
    };
    let kind = match bytes[COVERED] {
        FOUND => EntryKind::Found,
        MISSING => EntryKind::Missing,
        EMPTY => EntryKind::Empty,
        _ => return Err("its kind is unknown"),
    };
    Ok(Entry {
        kind,
        body: bytes.slice(HEAD..),
        fetched_at: moment(0)?,
        source_time: moment(1)?,
        fresh_until: moment(2)?,
        keep_until: moment(3)?,
    })
}

fn checksum(key: &str, covered: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(key.as_bytes());
    sum.update(covered);
    sum.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: EntryKind, body: &'static [u8]) -> Entry {
        let moment = |seconds| DateTime::from_timestamp(seconds, 123_456_000).unwrap();
        Entry {
            kind,
            body: Bytes::from_static(body),
            fetched_at: moment(1_742_000_000),
            source_time: moment(-1),
            fresh_until: moment(1_742_000_300),
            keep_until: moment(1_742_086_400),
        }
    }

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let (found, empty) = (br#"{"fob":"12.50"}"#, br#"{"rows":[]}"#);
        for (kind, body) in [(EntryKind::Found, &found[..]), (EntryKind::Empty, empty), (EntryKind::Missing, b"")] {
            let entry = entry(kind, body);
            assert_eq!(decode("a:b", &encode("a:b", &entry)).unwrap(), entry);
        }
    }

    #[test]
    fn whatever_was_changed_is_not_an_entry() {
        let good = encode("a:b", &entry(EntryKind::Found, b"{}"));
        assert!(decode("a:c", &good).is_err(), "another key's value");
        for at in 0..good.len() {
            let mut bad = good.to_vec();
            bad[at] ^= 0x10;
            assert!(decode("a:b", &Bytes::from(bad)).is_err(), "byte {at}");
            assert!(decode("a:b", &good.slice(..at)).is_err(), "cut at {at}");
        }
        let longer = [&good[..], b"x"].concat();
        assert!(decode("a:b", &Bytes::from(longer)).is_err());
    }
}
