//! Integration tests of the DICT: real stores, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod limits;
mod limits_faults;
