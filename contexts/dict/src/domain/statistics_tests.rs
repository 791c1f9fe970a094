use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn windows(now: &str) -> [String; 3] {
    let windows = Windows::at(at(now));
    [windows.d90, windows.m12, windows.m60].map(|it| it.format("%FT%RZ").to_string())
}

#[test]
fn windows_are_counted_in_brasilia_s_days_and_months() {
    let august = ["2026-05-23T03:00Z", "2025-09-01T03:00Z", "2021-09-01T03:00Z"];
    assert_eq!(windows("2026-08-20T12:00:00Z"), august);
    // At 02:59:59 UTC it is still the day before in Brasília, here of the month before.
    assert_eq!(windows("2026-09-01T02:59:59Z"), ["2026-06-03T03:00Z", august[1], august[2]]);
    assert_eq!(windows("2026-09-01T03:00:00Z"), ["2026-06-04T03:00Z", "2025-10-01T03:00Z", "2021-10-01T03:00Z"]);
    assert_eq!(windows("2024-02-29T15:00:00Z"), ["2023-12-02T03:00Z", "2023-03-01T03:00Z", "2019-03-01T03:00Z"]);
}

#[test]
fn an_event_counts_in_the_windows_that_had_begun() {
    let windows = Windows::at(at("2026-08-20T12:00:00Z"));
    let second = TimeDelta::seconds(1);
    let times =
        [windows.d90, windows.d90 - second, windows.m12, windows.m12 - second, windows.m60, windows.m60 - second];
    assert_eq!(windows.count(times), WindowedCount { d90: 1, m12: 3, m60: 5 });
    assert_eq!(windows.count([]), WindowedCount::default());
}

#[test]
fn section_2_an_account_of_an_unknown_hour_was_opened_at_three_utc() {
    assert_eq!(start_of_day(NaiveDate::from_ymd_opt(2026, 8, 20).unwrap()), at("2026-08-20T03:00:00Z"));
}

proptest! {
    #[test]
    fn each_window_holds_the_shorter_ones(now_s in 1_000_000_000_i64..4_000_000_000) {
        let now = DateTime::from_timestamp(now_s, 0).unwrap();
        let windows = Windows::at(now);
        prop_assert!(windows.m60 < windows.m12 && windows.m12 < windows.d90 && windows.d90 < now);
        let ninety_days = now - windows.d90;
        prop_assert!(ninety_days >= TimeDelta::days(89) && ninety_days < TimeDelta::days(90));
    }
}
