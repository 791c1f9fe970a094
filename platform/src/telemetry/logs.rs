//! Log lines: one JSON object a line (or one line of text), on stderr.
//!
//! Every line begins `timestamp, level, service`. An event of the program goes on with `target`,
//! `message`, its own fields and, while a request is served, `trace_id`; a line of the access log
//! is exactly `timestamp, level, service, endpoint, method, duration_ms, status, user_agent,
//! query_params, trace_id`.

use std::cell::Cell;
use std::error::Error;
use std::fmt::{self, Debug};
use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;

use prometheus_client::metrics::counter::Counter;
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::Registry;

use super::sink::Sink;
use super::text::{push_escaped, push_json_string, push_timestamp, write_infallibly};
use super::trace::current_trace_id;
use crate::clock::Clock;

/// The `target` of the access log's events: `LOG_LEVEL=info,access=off` silences them.
pub const ACCESS_TARGET: &str = "access";

/// The longest value of a field that a line carries, in bytes: what is longer is cut.
const VALUE_LIMIT_BYTES: usize = 16 << 10;
/// The longest user agent the access log carries, in bytes.
pub(crate) const USER_AGENT_LIMIT_BYTES: usize = 256;
/// The longest value of a query parameter the access log carries, in bytes.
pub(crate) const PARAMETER_LIMIT_BYTES: usize = 128;

/// How a line is written (`LOG_FORMAT`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// One JSON object a line: for machines.
    #[default]
    Json,
    /// `timestamp LEVEL target: message key=value`: for a person at a terminal.
    Text,
}

impl FromStr for LogFormat {
    type Err = LogError;

    fn from_str(name: &str) -> Result<Self, LogError> {
        match name {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err(LogError::Format { given: name.to_owned() }),
        }
    }
}

/// What the lines say and how.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// The `service` of each line.
    pub service: String,
    /// `LOG_LEVEL`: a level (`error`, `warn`, `info`, `debug`, `trace`, `off`), or a list of
    /// `target=level` with a level for all others: `info,platform=debug,access=off`.
    pub level: String,
    /// `LOG_FORMAT`.
    pub format: LogFormat,
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// `LOG_LEVEL` is not understood.
    #[error(
        "LOG_LEVEL is `{given}`, which is not a level (error, warn, info, debug, trace, off) nor a list like `info,platform=debug`"
    )]
    Level {
        /// What was given.
        given: String,
        /// What the parser said.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// `LOG_FORMAT` is not understood.
    #[error("LOG_FORMAT is `{given}`: it must be `json` or `text`")]
    Format {
        /// What was given.
        given: String,
    },
    /// The thread that writes lines did not start.
    #[error("the thread that writes log lines did not start")]
    Writer(#[source] std::io::Error),
    /// Another part of this process has set up logging before.
    #[error("logging is already set up in this process")]
    AlreadySetUp,
}

/// Keeps the writer of log lines alive; on drop the last lines are written, for at most two seconds.
#[must_use = "lines are lost when the guard is dropped early"]
pub struct LogGuard(Sink);

impl LogGuard {
    /// Waits, at most two seconds, until every line so far has been written.
    pub fn flush(&self) {
        self.0.flush();
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Makes these logs the process's own: every `tracing` event and every panic from now on becomes a
/// line on stderr. `dropped` counts the lines that found the buffer full (see [`super::metrics::Metrics`]).
///
/// # Errors
/// If the level is not understood, the writer does not start, or it has been done before.
pub fn init(options: &LogOptions, clock: Arc<dyn Clock>, dropped: Counter) -> Result<LogGuard, LogError> {
    let (dispatch, guard) = subscriber(options, clock, Box::new(std::io::stderr()), dropped)?;
    tracing::dispatcher::set_global_default(dispatch).map_err(|_| LogError::AlreadySetUp)?;
    std::panic::set_hook(Box::new(|panic| {
        let message = panic_message(panic.payload());
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "panic", location, "panicked: {message}");
    }));
    Ok(guard)
}

/// The same logs without making them the process's own: for tests, with `tracing::dispatcher::with_default`.
///
/// # Errors
/// If the level is not understood or the writer does not start.
pub fn subscriber(
    options: &LogOptions,
    clock: Arc<dyn Clock>,
    output: Box<dyn Write + Send>,
    dropped: Counter,
) -> Result<(Dispatch, LogGuard), LogError> {
    let level =
        Targets::from_str(&options.level).map_err(|source| LogError::Level { given: options.level.clone(), source })?;
    let sink = Sink::start(output, dropped).map_err(LogError::Writer)?;
    let lines = Lines { service: options.service.clone(), format: options.format, clock, sink: sink.clone() };
    let dispatch = Dispatch::new(Registry::default().with(level).with(lines));
    Ok((dispatch, LogGuard(sink)))
}

/// What a panic said, where it said it in words.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&'static str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// One line of the access log.
pub(crate) struct AccessLine<'a> {
    pub endpoint: &'a str,
    pub method: &'a str,
    pub duration_ms: f64,
    pub status: u16,
    pub user_agent: &'a str,
    /// A JSON object.
    pub query_params: &'a str,
    pub trace_id: &'a str,
    /// A health probe or a scrape: said at `debug`, not at `info`.
    pub probe: bool,
}

/// Whether a line of the access log would be written: building one costs more than asking.
pub(crate) fn access_enabled(probe: bool) -> bool {
    if probe {
        tracing::enabled!(target: ACCESS_TARGET, Level::DEBUG)
    } else {
        tracing::enabled!(target: ACCESS_TARGET, Level::INFO)
    }
}

macro_rules! access_event {
    ($level:expr, $line:expr) => {
        tracing::event!(
            target: ACCESS_TARGET,
            $level,
            endpoint = $line.endpoint,
            method = $line.method,
            duration_ms = $line.duration_ms,
            status = $line.status,
            user_agent = $line.user_agent,
            query_params = $line.query_params,
            trace_id = $line.trace_id
        )
    };
}

/// Writes a line of the access log.
pub(crate) fn access(line: &AccessLine<'_>) {
    if line.probe {
        access_event!(Level::DEBUG, line);
    } else {
        access_event!(Level::INFO, line);
    }
}

/// The layer that turns events into lines.
struct Lines {
    service: String,
    format: LogFormat,
    clock: Arc<dyn Clock>,
    sink: Sink,
}

thread_local! {
    /// The line under construction. Taken while in use, so that an event inside a `Debug` gets its own.
    static SCRATCH: Cell<String> = const { Cell::new(String::new()) };
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut line = SCRATCH.take();
        line.clear();
        match self.format {
            LogFormat::Json => self.json(&mut line, event),
            LogFormat::Text => self.text(&mut line, event),
        }
        line.push('\n');
        self.sink.write(line.as_bytes());
        if line.capacity() <= 4 * VALUE_LIMIT_BYTES {
            SCRATCH.set(line);
        }
    }
}

impl Lines {
    fn json(&self, line: &mut String, event: &Event<'_>) {
        let metadata = event.metadata();
        let access = metadata.target() == ACCESS_TARGET;
        line.push_str("{\"timestamp\":\"");
        push_timestamp(line, self.clock.now());
        line.push_str("\",\"level\":\"");
        line.push_str(level_name(metadata.level()));
        line.push_str("\",\"service\":");
        push_json_string(line, &self.service);
        if !access {
            line.push_str(",\"target\":");
            push_json_string(line, metadata.target());
        }
        event.record(&mut JsonFields { line, access });
        if !access && let Some(trace_id) = current_trace_id() {
            line.push_str(",\"trace_id\":");
            push_json_string(line, &trace_id);
        }
        line.push('}');
    }

    fn text(&self, line: &mut String, event: &Event<'_>) {
        let metadata = event.metadata();
        push_timestamp(line, self.clock.now());
        write_infallibly(line, format_args!(" {:>5} {}:", metadata.level(), metadata.target()));
        event.record(&mut TextFields { line });
        if metadata.target() != ACCESS_TARGET
            && let Some(trace_id) = current_trace_id()
        {
            line.push_str(" trace_id=");
            push_escaped(line, &trace_id);
        }
    }
}

fn level_name(level: &Level) -> &'static str {
    match *level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// An error with its causes, as one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        write_infallibly(&mut text, format_args!(": {error}"));
        cause = error.source();
    }
    text
}

fn cut(value: &str) -> &str {
    super::text::truncated(value, VALUE_LIMIT_BYTES)
}

struct JsonFields<'a> {
    line: &'a mut String,
    access: bool,
}

impl JsonFields<'_> {
    fn name(&mut self, field: &Field) {
        self.line.push_str(",\"");
        self.line.push_str(field.name());
        if matches!(field.name(), "timestamp" | "level" | "service" | "target") {
            // The line has this key already: a parser would keep either one of the two.
            self.line.push('_');
        }
        self.line.push_str("\":");
    }

    fn raw(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        self.name(field);
        write_infallibly(self.line, value);
    }
}

impl Visit for JsonFields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.raw(field, format_args!("{value}"));
        } else {
            self.raw(field, format_args!("null"));
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.raw(field, format_args!("{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.raw(field, format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.raw(field, format_args!("{value}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.name(field);
        if self.access && field.name() == "query_params" {
            self.line.push_str(value);
        } else {
            push_json_string(self.line, cut(value));
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.name(field);
        push_json_string(self.line, cut(&chain(value)));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write_infallibly(&mut text, format_args!("{value:?}"));
        self.name(field);
        push_json_string(self.line, cut(&text));
    }
}

struct TextFields<'a> {
    line: &'a mut String,
}

impl Visit for TextFields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.line.push(' ');
        if field.name() != "message" {
            self.line.push_str(field.name());
            self.line.push('=');
        }
        push_escaped(self.line, cut(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.record_str(field, &chain(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write_infallibly(&mut text, format_args!("{value:?}"));
        self.record_str(field, &text);
    }
}

#[cfg(test)]
#[path = "logs_tests.rs"]
mod tests;
