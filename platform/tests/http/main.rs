//! The HTTP house from outside: real listeners, raw bytes where a client would not send them.
//!
//! The attributes tell clippy that helpers are tests too.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod client;
#[cfg(test)]
mod guard;
mod listener;
#[cfg(test)]
mod server;
#[cfg(test)]
mod shutdown;
