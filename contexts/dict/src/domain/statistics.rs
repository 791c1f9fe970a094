//! The windows that the directory counts in (DICT API 2.6.1, schema WindowedValue; Manual Operacional do DICT, 18).

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Brasília's time, which days and months are counted in: three hours behind UTC, all year.
pub const BRT_BEHIND_UTC: TimeDelta = TimeDelta::hours(3);

/// The instant at which a day begins in Brasília: 03:00 UTC. An account whose opening time is not known was opened then
/// (schema BrazilianAccount).
#[must_use]
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + BRT_BEHIND_UTC
}

/// When each window begins; all reach to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Ninety days: today and the 89 before it.
    pub d90: DateTime<Utc>,
    /// Twelve months: this one and the eleven whole ones before it.
    pub m12: DateTime<Utc>,
    /// Sixty months: this one and the 59 whole ones before it.
    pub m60: DateTime<Utc>,
}

/// How many there were in each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowedCount {
    /// In ninety days.
    pub d90: u64,
    /// In twelve months.
    pub m12: u64,
    /// In sixty months.
    pub m60: u64,
}

impl Windows {
    /// The windows that end at `now`.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        let today = (now - BRT_BEHIND_UTC).date_naive();
        let this_month = today - Days::new(u64::from(today.day0()));
        Self {
            d90: start_of_day(today - Days::new(89)),
            m12: start_of_day(this_month - Months::new(11)),
            m60: start_of_day(this_month - Months::new(59)),
        }
    }

    /// How many of `times`, none of them later than now, are in each window.
    #[must_use]
    pub fn count(&self, times: impl IntoIterator<Item = DateTime<Utc>>) -> WindowedCount {
        let mut count = WindowedCount::default();
        for time in times {
            count.d90 += u64::from(time >= self.d90);
            count.m12 += u64::from(time >= self.m12);
            count.m60 += u64::from(time >= self.m60);
        }
        count
    }
}

#[cfg(test)]
#[path = "statistics_tests.rs"]
mod tests;
