//! Faults of a body.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};

use super::Fault;

/// What the cut waits for, so that the bytes before it have left: the server drops what it has not yet written.
const FLUSH: Duration = Duration::from_millis(30);
/// Bytes of one piece of an endless body.
const PIECE_BYTES: usize = 64 * 1024;
/// Bytes that are made unreadable.
const CORRUPTED_BYTES: usize = 32;

/// An answer with its body spoilt.
pub(super) async fn spoil(response: Response, fault: Fault) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else { panic!("the fake's own body cannot be read") };
    let mut length = Some(whole.len() as u64);
    let body = match fault {
        Fault::Drip { chunk_bytes, every } => drip(whole, chunk_bytes, every),
        Fault::DropAfter(count) => cut_after(&whole, count),
        Fault::Truncated(count) => {
            length = Some(count.min(whole.len()) as u64);
            Body::from(whole.slice(..count.min(whole.len())))
        }
        Fault::Corrupted => Body::from(corrupted(&whole)),
        Fault::Altered => Body::from(altered(&whole)),
        Fault::GzipBomb { mebibytes } => {
            let bomb = bomb(mebibytes);
            length = Some(bomb.len() as u64);
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Body::from(bomb)
        }
        Fault::Endless { bytes } => {
            length = None;
            endless(bytes)
        }
        Fault::Reply { .. } | Fault::Headers(_) | Fault::SlowFirstByte(_) | Fault::HangUp => Body::from(whole),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(length) = length {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, body)
}

fn drip(whole: Bytes, chunk_bytes: usize, every: Duration) -> Body {
    Body::from_stream(stream::unfold(whole, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(every).await;
        let piece = rest.split_to(chunk_bytes.clamp(1, rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    }))
}

/// A body that ends with an error: the server can only close the connection then.
fn cut_after(whole: &Bytes, count: usize) -> Body {
    let first = stream::iter([Ok(whole.slice(..count.min(whole.len())))]);
    let cut = stream::once(async {
        tokio::time::sleep(FLUSH).await;
        Err(io::Error::other("cut on purpose"))
    });
    Body::from_stream(first.chain(cut))
}

fn corrupted(whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let middle = bytes.len() / 2;
    bytes.iter_mut().skip(middle).take(CORRUPTED_BYTES).for_each(|byte| *byte = 0xff);
    bytes
}

fn altered(whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let ends_line = |at: &usize| bytes[*at].is_ascii_digit() && matches!(bytes.get(at + 1), Some(b'\r' | b'\n'));
    let Some(at) = (bytes.len() / 2..bytes.len()).find(ends_line) else {
        panic!("no line of the body's second half ends with a digit: there is nothing to alter");
    };
    bytes[at] = if bytes[at] == b'9' { b'8' } else { bytes[at] + 1 };
    bytes
}

/// Zeros, packed once for each size.
fn bomb(mebibytes: usize) -> Bytes {
    static MADE: Mutex<BTreeMap<usize, Bytes>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let pack = || {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        let zeros = vec![0; 1 << 20];
        (0..mebibytes).try_for_each(|_| packed.write_all(&zeros)).and_then(|()| packed.finish())
    };
    let bomb = made.entry(mebibytes).or_insert_with(|| match pack() {
        Ok(bytes) => Bytes::from(bytes),
        Err(error) => panic!("packing into memory failed: {error}"),
    });
    bomb.clone()
}

fn endless(bytes: u64) -> Body {
    let piece = Bytes::from(vec![b' '; PIECE_BYTES]);
    let pieces = usize::try_from(bytes.div_ceil(PIECE_BYTES as u64)).unwrap_or(usize::MAX);
    Body::from_stream(stream::repeat(piece).take(pieces).map(Ok::<_, io::Error>))
}
