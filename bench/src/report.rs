//! Figures, their rivals and their bounds.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    name: String,
    ours: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rival: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rival_name: Option<&'static str>,
    /// Ours ÷ rival where less is better, rival ÷ ours where a speed-up is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    bound: String,
    holds: bool,
}

/// Every figure of a run.
#[derive(Debug, Default)]
pub struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// A figure that must stay under a bound of its own.
    pub fn at_most(&mut self, name: impl Into<String>, ours: f64, unit: &'static str, bound: f64) {
        self.push(Figure {
            name: name.into(),
            ours,
            unit,
            rival: None,
            rival_name: None,
            ratio: None,
            bound: format!("≤ {bound} {unit}"),
            holds: ours <= bound,
        });
    }

    /// A figure that may be at most `bound` times its rival's.
    pub fn at_most_times(
        &mut self,
        name: impl Into<String>,
        ours: f64,
        unit: &'static str,
        rival: (&'static str, f64),
        bound: f64,
    ) {
        let ratio = ours / rival.1;
        self.push(Figure {
            name: name.into(),
            ours,
            unit,
            rival: Some(rival.1),
            rival_name: Some(rival.0),
            ratio: Some(ratio),
            bound: format!("≤ {bound} ×"),
            holds: ratio <= bound,
        });
    }

    /// A figure whose rival's must be at least `bound` times it (`bound` below 1 allows ours to be worse).
    pub fn times_faster(
        &mut self,
        name: impl Into<String>,
        ours: f64,
        unit: &'static str,
        rival: (&'static str, f64),
        bound: f64,
    ) {
        let ratio = rival.1 / ours;
        self.push(Figure {
            name: name.into(),
            ours,
            unit,
            rival: Some(rival.1),
            rival_name: Some(rival.0),
            ratio: Some(ratio),
            bound: format!("≥ {bound} × faster"),
            holds: ratio >= bound,
        });
    }

    /// A rate that must reach `bound` times its rival's.
    pub fn rate_at_least(
        &mut self,
        name: impl Into<String>,
        ours: f64,
        unit: &'static str,
        rival: (&'static str, f64),
        bound: f64,
    ) {
        let ratio = ours / rival.1;
        self.push(Figure {
            name: name.into(),
            ours,
            unit,
            rival: Some(rival.1),
            rival_name: Some(rival.0),
            ratio: Some(ratio),
            bound: format!("≥ {bound} ×"),
            holds: ratio >= bound,
        });
    }

    fn push(&mut self, figure: Figure) {
        crate::world::say(&line(&figure));
        self.figures.push(figure);
    }

    /// The table, then the JSON; failure when a bound does not hold.
    pub fn print(self, json: Option<&Path>) -> Result<ExitCode> {
        let text = serde_json::to_string_pretty(&self.figures)?;
        crate::world::say("\n--- figures ---");
        for figure in &self.figures {
            crate::world::say(&line(figure));
        }
        use std::io::Write;
        writeln!(std::io::stdout(), "{text}")?;
        if let Some(path) = json {
            std::fs::write(path, &text)?;
        }
        let all = self.figures.iter().all(|figure| figure.holds);
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn line(figure: &Figure) -> String {
    let rival = match (figure.rival, figure.rival_name, figure.ratio) {
        (Some(rival), Some(name), Some(ratio)) => format!("{rival:.4} {} ({name}), ratio {ratio:.2}", figure.unit),
        _ => String::new(),
    };
    let verdict = if figure.holds { "holds" } else { "MISSED" };
    format!("{:<58} {:>10.4} {:<7} {:<52} {:<16} {verdict}", figure.name, figure.ours, figure.unit, rival, figure.bound)
}

/// The value below which `share` of the durations lie, in the unit of one second ÷ `per_second`.
pub fn percentile(durations: &mut [Duration], share: f64, per_second: f64) -> f64 {
    durations.sort_unstable();
    let last = durations.len().saturating_sub(1);
    let at = ((durations.len() as f64 * share).ceil() as usize).saturating_sub(1).min(last);
    durations.get(at).map_or(0.0, |duration| duration.as_secs_f64() * per_second)
}
