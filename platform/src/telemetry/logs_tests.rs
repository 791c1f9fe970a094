//! What a line looks like, field by field.

use chrono::{DateTime, Utc};

use super::super::sink::tests::Memory;
use super::super::trace::with_trace_id;
use super::*;

#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_740_744_000, 7_000).unwrap_or_default()
    }
}

/// The lines that `act` leaves behind.
fn lines_of(level: &str, format: LogFormat, act: impl FnOnce()) -> String {
    let options = LogOptions { service: "bgc".into(), level: level.into(), format };
    let memory = Memory::default();
    let (dispatch, guard) =
        subscriber(&options, Arc::new(Stopped), Box::new(memory.clone()), Counter::default()).unwrap();
    tracing::dispatcher::with_default(&dispatch, act);
    drop(guard);
    String::from_utf8(memory.0.lock().unwrap().clone()).unwrap()
}

fn line<'a>() -> AccessLine<'a> {
    AccessLine {
        endpoint: "/v1/exports",
        method: "GET",
        duration_ms: 0.312,
        status: 200,
        user_agent: "curl/8\n\u{1b}[31m",
        query_params: r#"{"ncm":"17011400"}"#,
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
        probe: false,
    }
}

#[test]
fn the_access_line_has_exactly_its_fields_in_order() {
    let text = lines_of("info", LogFormat::Json, || access(&line()));
    assert_eq!(
        text,
        concat!(
            r#"{"timestamp":"2025-02-28T12:00:00.000007Z","level":"info","service":"bgc","#,
            r#""endpoint":"/v1/exports","method":"GET","duration_ms":0.312,"status":200,"#,
            r#""user_agent":"curl/8\n\u001b[31m","query_params":{"ncm":"17011400"},"#,
            r#""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}"#,
            "\n"
        )
    );
}

#[test]
fn probes_are_said_at_debug_only() {
    assert_eq!(lines_of("info", LogFormat::Json, || access(&AccessLine { probe: true, ..line() })), "");
    assert_ne!(lines_of("debug", LogFormat::Json, || access(&AccessLine { probe: true, ..line() })), "");
    assert_eq!(lines_of("info,access=off", LogFormat::Json, || access(&line())), "");
}

#[test]
fn an_event_carries_its_fields_its_causes_and_the_request() {
    let error = std::io::Error::other("no space left");
    let cause: &(dyn Error + 'static) = &error;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let text = lines_of("info", LogFormat::Json, || {
        runtime.block_on(with_trace_id(Arc::from("abc"), async {
            tracing::warn!(rows = 3, level = "odd", ratio = f64::NAN, error = cause, "loaded \"{}\"", "a\nb");
            tracing::debug!("not at this level");
        }));
    });
    assert_eq!(
        text,
        concat!(
            r#"{"timestamp":"2025-02-28T12:00:00.000007Z","level":"warn","service":"bgc","#,
            r#""target":"platform::telemetry::logs::tests","message":"loaded \"a\nb\"","#,
            r#""rows":3,"level_":"odd","ratio":null,"error":"no space left","trace_id":"abc"}"#,
            "\n"
        )
    );
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
}

#[test]
fn text_lines_stay_one_line() {
    let text = lines_of("info", LogFormat::Text, || tracing::info!(file = "a\nb.csv", rows = 2, "loaded"));
    assert_eq!(
        text,
        "2025-02-28T12:00:00.000007Z  INFO platform::telemetry::logs::tests: loaded file=a\\nb.csv rows=2\n"
    );
}

#[test]
fn what_is_not_understood_is_named() {
    let options = LogOptions { service: "bgc".into(), level: "loud=very".into(), format: LogFormat::Json };
    let refused = subscriber(&options, Arc::new(Stopped), Box::new(Memory::default()), Counter::default());
    assert!(refused.err().unwrap().to_string().contains("`loud=very`"));
    assert!("yaml".parse::<LogFormat>().unwrap_err().to_string().contains("`json` or `text`"));
}
