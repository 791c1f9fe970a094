//! Writes of an HTTP/2 connection gathered: what is ready to be sent at the same moment leaves in one packet.
//!
//! A call or an answer that is ready wakes its connection, which the runtime lets run next, before whoever else is ready:
//! under load each would be a system call and a packet of its own, and wake the other side by itself.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream of bytes whose writer lets every task that is ready now run before it writes. It waits for nobody else.
#[derive(Debug)]
pub struct Gather<S> {
    inner: S,
    /// Whether the others had their turn.
    turn_given: bool,
    /// Whether all was written since.
    flushed: bool,
}

impl<S> Gather<S> {
    pub fn new(inner: S) -> Self {
        Self { inner, turn_given: false, flushed: false }
    }

    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.turn_given, true) {
            return Poll::Ready(());
        }
        // Woken while it runs, a task goes to the end of the queue.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gather<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // A connection reads before it writes, each time it runs. What it writes then all belongs together, also where a
        // large message has it flush in between.
        if std::mem::take(&mut self.flushed) {
            self.turn_given = false;
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gather<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_turn(context));
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_turn(context));
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushed = true;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
