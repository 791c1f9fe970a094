//! `bgc dict load-test`: calls at a steady rate, timed from the moment each was due, so that waiting counts.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use platform::random::{Entropy, OsEntropy};
use proto::core as message;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tonic::Code;

use super::client::{Client, Core};
use crate::cli::dict::{LoadKind, LoadTestOptions};
use crate::print;

/// Keys that a look-up test creates first.
const LOOKED_UP_KEYS: usize = 1000;
/// Calls under way at once; past this the server is far behind, and more would only fill our memory.
const UNDER_WAY_MAX: usize = 20_000;
/// How long the last calls are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of the calls so far.
#[derive(Debug, Default)]
struct Tally {
    micros: Vec<u32>,
    failed: BTreeMap<String, u64>,
}

/// Runs the test and prints its result.
pub async fn run(client: Client, options: LoadTestOptions) -> Result<ExitCode> {
    if options.rate == 0 || options.seconds == 0 || options.connections == 0 {
        bail!("rate, seconds and connections must be at least 1");
    }
    let mut cores = Vec::new();
    for _ in 0..options.connections {
        cores.push(client.core());
    }
    let keys = match (options.what, options.population) {
        (LoadKind::Create, _) => Keys::New(random_number()?),
        (LoadKind::Lookup, Some(population)) => Keys::Sample(population),
        (LoadKind::Lookup, None) => Keys::Made(create_keys(&mut cores[0], &client.ispb).await?),
    };
    let plan = Arc::new(Plan { ispb: client.ispb.clone(), keys });
    let (tally, took) = match options.callers {
        None => at_a_rate(&cores, &plan, &options).await,
        Some(callers) => one_after_the_other(&cores, &plan, &options, callers).await,
    };
    let tally = std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner));
    report(tally, took, &options)
}

async fn create_keys(core: &mut Core, ispb: &str) -> Result<Vec<message::Key>> {
    let mut keys = Vec::with_capacity(LOOKED_UP_KEYS);
    let first = random_number()?;
    for number in 0..LOOKED_UP_KEYS as u64 {
        let request = new_key(ispb, first.wrapping_add(number))?;
        keys.extend(request.key.clone());
        core.create_key(request).await?;
    }
    Ok(keys)
}

/// What is called for.
struct Plan {
    ispb: String,
    keys: Keys,
}

enum Keys {
    /// A new one for each call, from this number on: two of a run are never the same.
    New(u64),
    /// One of these.
    Made(Vec<message::Key>),
    /// One of so many of the sample, which are there already.
    Sample(u64),
}

impl Plan {
    async fn call(&self, core: &mut Core, number: u64) -> Result<(), String> {
        // Spread: neighbours in time are no neighbours in the table.
        let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
        match &self.keys {
            Keys::New(first) => create(core, &self.ispb, first.wrapping_add(number)).await,
            Keys::Sample(population) => look_up(core, ::dict::sample::key(spread % population.max(&1))).await,
            Keys::Made(keys) => {
                let place = usize::try_from(spread).unwrap_or(0) % keys.len().max(1);
                look_up(core, keys[place].clone()).await
            }
        }
    }
}

impl Tally {
    fn note(tally: &Mutex<Tally>, due: Instant, outcome: Result<(), String>) {
        let micros = u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX);
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(()) => tally.micros.push(micros),
            Err(why) => *tally.failed.entry(why).or_default() += 1,
        }
    }
}

/// Each call is sent when it is due, whether earlier ones were answered or not.
async fn at_a_rate(cores: &[Core], plan: &Arc<Plan>, options: &LoadTestOptions) -> (Arc<Mutex<Tally>>, Duration) {
    let tally = Arc::new(Mutex::new(Tally::default()));
    let total = u64::from(options.rate) * u64::from(options.seconds);
    let began = Instant::now();
    let mut calls: JoinSet<()> = JoinSet::new();
    let mut due_calls = paced(began, total, options.rate);
    while let Some((number, due)) = due_calls.recv().await {
        while calls.try_join_next().is_some() {}
        if calls.len() >= UNDER_WAY_MAX {
            calls.join_next().await;
        }
        let mut core = cores[usize::try_from(number).unwrap_or(0) % cores.len()].clone();
        let (tally, plan) = (Arc::clone(&tally), Arc::clone(plan));
        calls.spawn(async move {
            let outcome = plan.call(&mut core, number).await;
            Tally::note(&tally, due, outcome);
        });
    }
    let finished = tokio::time::timeout(PATIENCE, async { while calls.join_next().await.is_some() {} }).await;
    if finished.is_err() {
        let unanswered = u64::try_from(calls.len()).unwrap_or(u64::MAX);
        tally.lock().unwrap_or_else(PoisonError::into_inner).failed.insert("unanswered".to_owned(), unanswered);
    }
    (tally, began.elapsed())
}

/// Says when each call is due, from a thread of its own: the runtime's timer has steps of a millisecond, and calls that
/// come in clumps wait for each other.
fn paced(began: Instant, total: u64, rate: u32) -> mpsc::Receiver<(u64, Instant)> {
    let (due_calls, receiver) = mpsc::channel(UNDER_WAY_MAX);
    std::thread::spawn(move || {
        for number in 0..total {
            let due = began + Duration::from_nanos(number * 1_000_000_000 / u64::from(rate));
            let wait = due.saturating_duration_since(Instant::now());
            if !wait.is_zero() {
                std::thread::sleep(wait);
            }
            if due_calls.blocking_send((number, due)).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Each of `callers` calls again as soon as it was answered: the most that the server can do.
async fn one_after_the_other(
    cores: &[Core],
    plan: &Arc<Plan>,
    options: &LoadTestOptions,
    callers: u32,
) -> (Arc<Mutex<Tally>>, Duration) {
    let tally = Arc::new(Mutex::new(Tally::default()));
    let began = Instant::now();
    let end = began + Duration::from_secs(options.seconds.into());
    let mut running: JoinSet<()> = JoinSet::new();
    for caller in 0..callers {
        let mut core = cores[usize::try_from(caller).unwrap_or(0) % cores.len()].clone();
        let (tally, plan) = (Arc::clone(&tally), Arc::clone(plan));
        running.spawn(async move {
            let mut number = u64::from(caller);
            while Instant::now() < end {
                let due = Instant::now();
                let outcome = plan.call(&mut core, number).await;
                Tally::note(&tally, due, outcome);
                number += u64::from(callers);
            }
        });
    }
    while running.join_next().await.is_some() {}
    (tally, began.elapsed())
}

async fn create(core: &mut Core, ispb: &str, number: u64) -> Result<(), String> {
    let request = new_key(ispb, number).map_err(|_| "randomness".to_owned())?;
    core.create_key(request).await.map(drop).map_err(|status| why(status.code()))
}

async fn look_up(core: &mut Core, key: message::Key) -> Result<(), String> {
    let request = message::LookupKeyRequest {
        key: Some(key),
        purpose: message::LookupPurpose::Display.into(),
        ..message::LookupKeyRequest::default()
    };
    core.lookup_key(request).await.map(drop).map_err(|status| why(status.code()))
}

fn why(code: Code) -> String {
    format!("{code:?}")
}

fn random_number() -> Result<u64> {
    let mut bytes = [0; 8];
    OsEntropy.fill(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// A CPF key of a person and an account of its own.
fn new_key(ispb: &str, number: u64) -> Result<message::CreateKeyRequest> {
    let mut request = ::dict::sample::create_key(ispb, number);
    request.request_id = ::dict::random::uuid(&OsEntropy)?.to_string();
    Ok(request)
}

fn report(mut tally: Tally, took: Duration, options: &LoadTestOptions) -> Result<ExitCode> {
    tally.micros.sort_unstable();
    let answered = tally.micros.len();
    let at = |per_mille: usize| {
        let place = (answered * per_mille / 1000).min(answered.saturating_sub(1));
        tally.micros.get(place).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    };
    let failed: u64 = tally.failed.values().sum();
    #[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^52")]
    let rate = answered as f64 / took.as_secs_f64();
    let (p50, p95, p99, most) = (at(500), at(950), at(990), at(1000));
    print(&if options.connection.json {
        serde_json::json!({"answered": answered, "failed": failed, "failures": tally.failed, "asked_per_second": options.rate,
            "answered_per_second": rate, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "max_ms": most, "seconds": took.as_secs_f64()})
        .to_string()
    } else {
        let failures = if tally.failed.is_empty() { String::new() } else { format!(" {:?}", tally.failed) };
        format!(
            "{answered} answered ({rate:.0}/s), {failed} failed{failures}; p50 {p50:.2} ms, p95 {p95:.2} ms, p99 {p99:.2} ms, longest {most:.2} ms"
        )
    })?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
