//! Integration tests of the gateway: real servers, one executable.
