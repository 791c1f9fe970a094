// This file was generated with `clorinde`. Do not modify.

pub mod access_log;
pub mod accounts;
pub mod api_keys;
pub mod attempts;
pub mod password_resets;
pub mod retention;
pub mod server_secrets;
pub mod sessions;
