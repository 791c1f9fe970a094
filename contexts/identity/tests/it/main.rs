//! Accounts and credentials against a real PostgreSQL, through the door. One executable for all.
#![expect(clippy::unwrap_used, reason = "a test ends where its step fails")]

mod accounts;
mod api_keys;
mod documented;
mod guessing;
mod keys;
mod logs;
mod operator;
mod passwords;
mod privileges;
mod sessions;
mod tokens;
mod world;
