//! Progress bars: only on a terminal, only for what takes longer than a second.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trade::ingest::summary::Progress;

/// Before this nobody needs a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar for reading a file, and the function that moves it.
pub fn reading(label: &str) -> (ProgressBar, Arc<dyn Fn(Progress) + Send + Sync>) {
    let bar = ProgressBar::new(0);
    // Drawn by hand from `PATIENCE` on: a bar that flashes up for a moment is noise.
    bar.set_draw_target(ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{msg} {bar:32} {percent}% {prefix} rows, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(label.to_owned());
    let started = Instant::now();
    let moved = bar.clone();
    let visible = std::io::stderr().is_terminal();
    let shown = std::sync::atomic::AtomicBool::new(false);
    let advance = move |progress: Progress| {
        if visible && started.elapsed() > PATIENCE && !shown.swap(true, std::sync::atomic::Ordering::Relaxed) {
            moved.set_draw_target(ProgressDrawTarget::stderr());
        }
        moved.set_length(progress.bytes_total);
        moved.set_prefix(progress.rows.to_string());
        moved.set_position(progress.bytes_read);
    };
    (bar, Arc::new(advance))
}
