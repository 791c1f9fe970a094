//! Integration tests of DICT: real servers, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod events;
mod events_world;
