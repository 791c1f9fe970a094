//! Integration tests of the gateway: real servers, one executable.

mod upstream_auth;
mod upstream_calls;
mod upstream_files;
mod upstream_guards;
mod upstream_tls;
mod upstream_world;
