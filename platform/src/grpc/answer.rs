//! The body of an answer: its end says how the call went.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::Code as GrpcCode;

use super::call::Call;
use super::status::{code_of, refusal};
use crate::problem::Code;

/// A body that tells its call when the status goes out, and that is ended where it still waits for more when the
/// server stops: a stream that watches something would otherwise hold up every stop until it is cut.
pub(super) struct Answer {
    inner: Body,
    call: Call,
    stop: Arc<CancellationToken>,
    /// Only a stream ever waits for the stop: a unary answer is there whole.
    stopping: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    ended: bool,
}

impl Answer {
    pub fn new(inner: Body, call: Call, stop: Arc<CancellationToken>) -> Self {
        Self { inner, call, stop, stopping: None, ended: false }
    }

    fn poll_stop(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let stop = &self.stop;
        let waiting = || Box::pin(CancellationToken::clone(stop).cancelled_owned());
        self.stopping.get_or_insert_with(waiting).as_mut().poll(context)
    }

    fn stopped(&mut self) -> Frame<Bytes> {
        self.ended = true;
        let status = refusal(Code::Overloaded, "the server is stopping; ask another one, or again");
        self.call.end(status.code());
        Frame::trailers(status.into_http::<()>().into_parts().0.headers)
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let Poll::Ready(polled) = Pin::new(&mut self.inner).poll_frame(context) else {
            ready!(self.poll_stop(context));
            return Poll::Ready(Some(Ok(self.stopped())));
        };
        match &polled {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    self.call.end(code_of(trailers).unwrap_or(GrpcCode::Unknown));
                }
            }
            Some(Err(_)) => self.call.end(GrpcCode::Internal),
            None => self.call.end(GrpcCode::Unknown),
        }
        Poll::Ready(polled)
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
