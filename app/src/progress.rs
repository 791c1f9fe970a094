//! Progress bars: only on a terminal, only for what takes longer than a second.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trade::ingest::summary::Progress;

/// Before this nobody needs a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that shows itself when it is needed, and goes when it is dropped.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    started: Instant,
    visible: bool,
    shown: AtomicBool,
}

impl Bar {
    /// For a file that is read.
    pub fn reading(label: &str) -> Self {
        Self::new(label, "{msg} {bar:32} {percent}% {prefix} rows, {eta} left")
    }

    /// For a file that is fetched.
    pub fn fetching(label: &str) -> Self {
        Self::new(label, "{msg} {bar:32} {percent}% {bytes} of {total_bytes} fetched, {eta} left")
    }

    fn new(label: &str, template: &str) -> Self {
        let bar = ProgressBar::new(0);
        // Drawn by hand from `PATIENCE` on: a bar that flashes up for a moment is noise.
        bar.set_draw_target(ProgressDrawTarget::hidden());
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(label.to_owned());
        let visible = std::io::stderr().is_terminal();
        Self { bar, started: Instant::now(), visible, shown: AtomicBool::new(false) }
    }

    /// Moves it.
    pub fn moved(&self, bytes: u64, total: u64, rows: Option<u64>) {
        if self.visible && self.started.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(total.max(bytes));
        if let Some(rows) = rows {
            self.bar.set_prefix(rows.to_string());
        }
        self.bar.set_position(bytes);
    }

    /// Takes it from the terminal.
    pub fn finish_and_clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish_and_clear();
    }
}

/// A bar for reading a file, and the function that moves it.
pub fn reading(label: &str) -> (Arc<Bar>, Arc<dyn Fn(Progress) + Send + Sync>) {
    let bar = Arc::new(Bar::reading(label));
    let moved = Arc::clone(&bar);
    let advance = move |progress: Progress| moved.moved(progress.bytes_read, progress.bytes_total, Some(progress.rows));
    (bar, Arc::new(advance))
}
