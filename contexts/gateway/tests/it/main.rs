//! Integration tests of the gateway: real servers, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod cache;
