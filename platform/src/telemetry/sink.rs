//! Where log lines go: a bounded buffer that a thread of its own empties.
//!
//! A request never waits for the terminal or the pipe behind stderr: a line is a copy into memory,
//! and when the buffer is full it is counted and dropped.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;

/// Bytes of lines that may wait for the writer.
const BUFFER_LIMIT_BYTES: usize = 4 << 20;
/// How long the writer lets lines gather: one wake-up and one write serve all of them.
const GATHER: Duration = Duration::from_millis(2);
/// How long the end of the process waits for the last lines.
const FLUSH_DEADLINE: Duration = Duration::from_secs(2);

#[derive(Default)]
struct State {
    pending: Vec<u8>,
    /// The writer holds lines it has not handed to the output yet.
    writing: bool,
    /// Someone waits for an empty buffer: do not gather.
    urgent: bool,
    closed: bool,
}

struct Shared {
    state: Mutex<State>,
    /// Signalled when the buffer stops being empty, becomes urgent or is closed.
    wanted: Condvar,
    /// Signalled when everything taken so far has been written.
    written: Condvar,
    dropped: Counter,
}

impl Shared {
    /// A panic while holding the lock leaves whole lines behind: the state is good.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The buffer. Clones write to the same one.
#[derive(Clone)]
pub(crate) struct Sink(Arc<Shared>);

impl Sink {
    /// Starts the thread that writes to `output`. `dropped` counts the lines that found no room.
    pub(crate) fn start(output: Box<dyn Write + Send>, dropped: Counter) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State::default()),
            wanted: Condvar::new(),
            written: Condvar::new(),
            dropped,
        });
        let of_writer = Arc::clone(&shared);
        // Not joined: an output that blocks for ever must not keep the process alive.
        thread::Builder::new().name("log-writer".to_owned()).spawn(move || write_lines(&of_writer, output))?;
        Ok(Self(shared))
    }

    /// Hands over one line, its newline included. Never blocks on the output.
    pub(crate) fn write(&self, line: &[u8]) {
        let mut state = self.0.lock();
        if state.closed || state.pending.len() + line.len() > BUFFER_LIMIT_BYTES {
            drop(state);
            self.0.dropped.inc();
            return;
        }
        let was_empty = state.pending.is_empty();
        state.pending.extend_from_slice(line);
        drop(state);
        if was_empty {
            self.0.wanted.notify_one();
        }
    }

    /// Waits, at most two seconds, until every line handed over so far has been written.
    pub(crate) fn flush(&self) {
        let until = Instant::now() + FLUSH_DEADLINE;
        let mut state = self.0.lock();
        state.urgent = true;
        self.0.wanted.notify_one();
        while !state.pending.is_empty() || state.writing {
            let Some(left) = until.checked_duration_since(Instant::now()) else { break };
            state = self.0.written.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.urgent = false;
    }

    /// Flushes and stops the thread; lines after this are dropped.
    pub(crate) fn close(&self) {
        self.flush();
        self.0.lock().closed = true;
        self.0.wanted.notify_one();
    }
}

fn write_lines(shared: &Shared, mut output: Box<dyn Write + Send>) {
    let mut taken = Vec::new();
    loop {
        let mut state = shared.lock();
        while state.pending.is_empty() {
            if state.closed {
                return;
            }
            state = shared.wanted.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.urgent && !state.closed {
            state = shared.wanted.wait_timeout(state, GATHER).unwrap_or_else(PoisonError::into_inner).0;
        }
        std::mem::swap(&mut state.pending, &mut taken);
        state.writing = true;
        drop(state);
        if output.write_all(&taken).and_then(|()| output.flush()).is_err() {
            // Nobody can be told that stderr is gone; the count stays visible in the metrics.
            shared.dropped.inc_by(taken.iter().filter(|&&byte| byte == b'\n').count() as u64);
        }
        taken.clear();
        taken.shrink_to(BUFFER_LIMIT_BYTES / 4);
        shared.lock().writing = false;
        shared.written.notify_all();
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An output a test can read.
    #[derive(Clone, Default)]
    pub(crate) struct Memory(pub(crate) Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// An output whose reader has stopped.
    struct Stuck(std::sync::mpsc::Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.recv().ok();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_arrive_whole_and_in_order() {
        let memory = Memory::default();
        let sink = Sink::start(Box::new(memory.clone()), Counter::default()).unwrap();
        for number in 0..1000 {
            sink.write(format!("{number}\n").as_bytes());
        }
        sink.close();
        let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
        assert!(text.lines().eq((0..1000).map(|n| n.to_string())), "{text}");
    }

    #[test]
    fn a_stuck_output_drops_and_counts_and_never_blocks() {
        let dropped = Counter::default();
        let (unstick, stuck) = std::sync::mpsc::channel();
        let sink = Sink::start(Box::new(Stuck(stuck)), dropped.clone()).unwrap();
        let line = vec![b'x'; 1 << 20];
        let started = Instant::now();
        for _ in 0..20 {
            sink.write(&line);
        }
        assert!(started.elapsed() < Duration::from_secs(1));
        assert!(dropped.get() >= 12, "{}", dropped.get());
        drop(unstick);
    }
}
