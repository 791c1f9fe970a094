//! The bodies of answers, never more of them than allowed.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::UpstreamError;
use super::failure::Failure;

/// Reads a body whole. What counts is its decompressed size, and reading ends where it passes the limit: a bomb is
/// never held in memory.
pub(super) async fn read(response: &mut Response, bytes_max: u64) -> Result<Bytes, Failure> {
    let too_large = || Failure::answered(UpstreamError::TooLarge(bytes_max));
    let announced = response.content_length();
    if announced.is_some_and(|announced| announced > bytes_max) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error, None))? {
        if (body.len() + chunk.len()) as u64 > bytes_max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The beginning of a body, as far as it comes: for messages about refusals.
pub(super) async fn beginning(response: &mut Response, bytes_max: usize) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = bytes_max - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == bytes_max {
            break;
        }
    }
    body
}
