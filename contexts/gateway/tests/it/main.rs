//! Integration tests of the gateway: real servers, one executable.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod cache;
mod upstream_auth;
mod upstream_calls;
mod upstream_files;
mod upstream_guards;
mod upstream_issuers;
mod upstream_tls;
mod upstream_world;
