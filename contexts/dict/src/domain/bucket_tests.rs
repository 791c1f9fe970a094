use proptest::prelude::*;

use super::*;
use crate::domain::fixture::noon;

use PersonType::{Legal, Natural};

fn row(name: &str, refill_tokens: i64, refill_period_seconds: i64, capacity: i64) {
    let policy = PolicyName::parse(name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(policy.name(), name);
    let expected = Policy { capacity, refill_tokens, refill_period_seconds };
    for (category, person) in [(Category::A, Natural), (Category::H, Legal)] {
        assert_eq!(Policy::of(policy, category, person), expected, "{name}");
    }
}

fn seconds(count: i64) -> TimeDelta {
    TimeDelta::seconds(count)
}

#[test]
fn section_8_user_antiscan_of_a_natural_and_a_legal_person() {
    for name in [PolicyName::EntriesReadUserAntiscan, PolicyName::EntriesReadUserAntiscanV2] {
        let of = |person| Policy::of(name, Category::A, person);
        assert_eq!(of(Natural), Policy { capacity: 100, refill_tokens: 2, refill_period_seconds: 60 });
        assert_eq!(of(Legal), Policy { capacity: 1_000, refill_tokens: 20, refill_period_seconds: 60 });
        assert_eq!(lookup_cost(name, Outcome::Found, Natural), 1);
        assert_eq!(lookup_cost(name, Outcome::NotFound, Natural), 20);
        assert_eq!(lookup_cost(name, Outcome::NotFound, Legal), 20);
        assert_eq!(lookup_cost(name, Outcome::PaymentSent, Natural), -1);
        assert_eq!(lookup_cost(name, Outcome::PaymentSent, Legal), -2);
    }
}

#[test]
fn section_8_a_user_has_two_buckets_by_kind_of_key() {
    for (key_type, name) in [
        (KeyType::Email, "ENTRIES_READ_USER_ANTISCAN"),
        (KeyType::Phone, "ENTRIES_READ_USER_ANTISCAN"),
        (KeyType::Cpf, "ENTRIES_READ_USER_ANTISCAN_V2"),
        (KeyType::Cnpj, "ENTRIES_READ_USER_ANTISCAN_V2"),
        (KeyType::Evp, "ENTRIES_READ_USER_ANTISCAN_V2"),
    ] {
        assert_eq!(PolicyName::of_user(key_type).name(), name);
    }
}

#[test]
fn section_8_participant_antiscan_by_category() {
    let rates = [(25_000, 50_000), (20_000, 40_000), (15_000, 30_000), (8_000, 16_000)];
    let smaller = [(2_500, 5_000), (250, 500), (25, 250), (2, 50)];
    for (category, (refill_tokens, capacity)) in Category::ALL.into_iter().zip(rates.into_iter().chain(smaller)) {
        for name in [PolicyName::EntriesReadParticipantAntiscan, PolicyName::EntriesStatisticsRead] {
            let expected = Policy { capacity, refill_tokens, refill_period_seconds: 60 };
            assert_eq!(Policy::of(name, category, Natural), expected, "{category:?}");
        }
        assert_eq!(Category::parse(category.name()), Some(category));
    }
    assert_eq!(Category::ALL.map(Category::name).concat(), "ABCDEFGH");
    assert_eq!(Category::parse("I"), None);
}

#[test]
fn section_8_participant_antiscan_costs() {
    let cost = |outcome, payer| lookup_cost(PolicyName::EntriesReadParticipantAntiscan, outcome, payer);
    for payer in [Natural, Legal] {
        assert_eq!([Outcome::Found, Outcome::NotFound, Outcome::PaymentSent].map(|it| cost(it, payer)), [1, 3, -1]);
    }
}

#[test]
fn section_8_entries() {
    row("ENTRIES_WRITE", 1_200, 60, 36_000);
    row("ENTRIES_UPDATE", 600, 60, 600);
    row("KEYS_CHECK", 70, 60, 70);
}

#[test]
fn section_8_claims() {
    row("CLAIMS_READ", 600, 60, 18_000);
    row("CLAIMS_WRITE", 1_200, 60, 36_000);
    row("CLAIMS_LIST_WITH_ROLE", 40, 60, 200);
    row("CLAIMS_LIST_WITHOUT_ROLE", 10, 60, 50);
}

#[test]
fn section_8_reconciliation() {
    row("SYNC_VERIFICATIONS_WRITE", 10, 60, 50);
    row("CIDS_FILES_WRITE", 40, 86_400, 200);
    row("CIDS_FILES_READ", 10, 60, 50);
    row("CIDS_EVENTS_LIST", 20, 60, 100);
    row("CIDS_ENTRIES_READ", 1_200, 60, 36_000);
}

#[test]
fn section_8_infractions_refunds_and_frauds() {
    row("INFRACTION_REPORTS_READ", 600, 60, 18_000);
    row("INFRACTION_REPORTS_WRITE", 1_200, 60, 36_000);
    row("INFRACTION_REPORTS_LIST_WITH_ROLE", 40, 60, 200);
    row("INFRACTION_REPORTS_LIST_WITHOUT_ROLE", 10, 60, 50);
    row("REFUNDS_READ", 1_200, 60, 36_000);
    row("REFUNDS_WRITE", 2_400, 60, 72_000);
    row("REFUND_LIST_WITH_ROLE", 40, 60, 200);
    row("REFUND_LIST_WITHOUT_ROLE", 10, 60, 50);
    row("FRAUD_MARKERS_READ", 600, 60, 18_000);
    row("FRAUD_MARKERS_WRITE", 1_200, 60, 36_000);
    row("FRAUD_MARKERS_LIST", 600, 60, 18_000);
}

#[test]
fn section_8_statistics_and_policies() {
    row("PERSONS_STATISTICS_READ", 12_000, 60, 36_000);
    row("POLICIES_READ", 60, 60, 200);
    row("POLICIES_LIST", 6, 60, 20);
    assert!(PolicyName::ALL.iter().all(|it| PolicyName::parse(it.name()) == Some(*it)));
    assert_eq!(PolicyName::parse("EVENT_LIST"), None);
}

#[test]
fn section_8_other_policies_count_every_answer_but_500() {
    for policy in PolicyName::ALL {
        let by_call = i64::from(!policy.is_antiscan());
        assert_eq!([200, 201, 400, 404, 429, 503].map(|it| policy.call_cost(it)), [by_call; 6]);
        assert_eq!(policy.call_cost(500), 0);
        assert!(policy.is_antiscan() || lookup_cost(policy, Outcome::NotFound, Natural) == 0);
    }
}

#[test]
fn section_8_five_tokens_less_twenty_are_fifteen_of_debt_and_eight_minutes() {
    let policy = Policy::of(PolicyName::EntriesReadUserAntiscanV2, Category::A, Natural);
    let mut bucket = TokenBucket { micro_tokens: 5_000_000, refilled_at: noon() };
    bucket.try_take(&policy).unwrap();
    bucket.charge(&policy, lookup_cost(PolicyName::EntriesReadUserAntiscanV2, Outcome::NotFound, Natural) - 1);
    assert_eq!(bucket.tokens(), -15);
    assert_eq!(bucket.try_take(&policy), Err(8 * 60_000));
    bucket.refill(&policy, noon() + seconds(477));
    assert_eq!((bucket.tokens(), bucket.try_take(&policy)), (0, Err(3_000)));
    bucket.refill(&policy, noon() + seconds(480));
    assert_eq!((bucket.tokens(), bucket.try_take(&policy)), (1, Ok(())));
}

#[test]
fn section_8_the_write_policy_lets_through_its_size_and_what_came_meanwhile() {
    let policy = Policy::of(PolicyName::EntriesWrite, Category::H, Natural);
    let mut bucket = TokenBucket::full(&policy, noon());
    let refused = (0_i64..).find(|call| {
        bucket.refill(&policy, noon() + TimeDelta::milliseconds(*call));
        bucket.try_take(&policy).is_err()
    });
    // A thousand calls a second: 36,000, and 20 a second for 36.7 seconds (the first call is number 0).
    assert_eq!(refused, Some(36_734));
}

#[test]
fn a_bucket_never_runs_backwards_with_the_clock() {
    let policy = Policy::of(PolicyName::PoliciesList, Category::A, Natural);
    let mut bucket = TokenBucket { micro_tokens: 0, refilled_at: noon() };
    let before = bucket;
    bucket.refill(&policy, noon() - seconds(3_600));
    assert_eq!(bucket, before);
    bucket.refill(&policy, DateTime::<Utc>::MAX_UTC);
    assert_eq!(bucket.tokens(), policy.capacity);
}

#[test]
fn what_is_paid_back_does_not_overflow() {
    let policy = Policy::of(PolicyName::EntriesReadUserAntiscan, Category::A, Legal);
    let mut bucket = TokenBucket::full(&policy, noon());
    bucket.charge(&policy, -2);
    assert_eq!(bucket.tokens(), 1_000);
    bucket.charge(&policy, 1);
    bucket.charge(&policy, -2);
    assert_eq!(bucket.tokens(), 1_000);
    bucket.charge(&policy, i64::MAX);
    assert!(bucket.try_take(&policy).is_err());
}

fn policies() -> impl Strategy<Value = Policy> {
    let names = proptest::sample::select(&PolicyName::ALL[..]);
    let categories = proptest::sample::select(&Category::ALL[..]);
    (names, categories, proptest::sample::select(&[Natural, Legal][..])).prop_map(|(n, c, p)| Policy::of(n, c, p))
}

proptest! {
    #[test]
    fn refilling_is_exact_however_often(policy in policies(), micro_tokens in -50_000_000_i64..50_000_000,
                                        steps_us in proptest::collection::vec(0_i64..200_000_000, 1..20)) {
        let start = TokenBucket { micro_tokens: micro_tokens.min(policy.capacity * 1_000_000), refilled_at: noon() };
        let (mut often, mut once, mut now) = (start, start, noon());
        for step_us in steps_us {
            let before = often;
            now += TimeDelta::microseconds(step_us);
            often.refill(&policy, now);
            prop_assert!(often.micro_tokens >= before.micro_tokens && often.refilled_at >= before.refilled_at);
            prop_assert!(often.refilled_at <= now);
        }
        once.refill(&policy, now);
        prop_assert_eq!(often, once);
        // Where it did not overflow: exactly as many micro-tokens as the rate says, rounded down to what a unit brings.
        let (unit_us, unit_tokens) = policy.refill_unit();
        let came = (now - noon()).num_microseconds().unwrap() / unit_us * unit_tokens;
        prop_assert_eq!(once.micro_tokens, (start.micro_tokens + came).min(policy.capacity * 1_000_000));
        prop_assert_eq!(unit_us * policy.refill_tokens, unit_tokens * policy.refill_period_seconds);
    }

    #[test]
    fn a_bucket_is_never_above_its_size_and_says_when_to_come_again(
        policy in policies(),
        acts in proptest::collection::vec((0_i64..400_000_000, -5_i64..60, any::<bool>()), 1..60),
    ) {
        let (mut bucket, mut now) = (TokenBucket::full(&policy, noon()), noon());
        for (step_us, tokens, take) in acts {
            now += TimeDelta::microseconds(step_us);
            bucket.refill(&policy, now);
            let before = bucket;
            if take {
                match bucket.try_take(&policy) {
                    Ok(()) => prop_assert_eq!(bucket.micro_tokens, before.micro_tokens - MICRO_TOKENS_PER_TOKEN),
                    Err(wait_ms) => {
                        prop_assert!(before.tokens() <= 0 && bucket == before);
                        let wait = TimeDelta::milliseconds(i64::try_from(wait_ms).unwrap());
                        let mut later = bucket;
                        later.refill(&policy, bucket.refilled_at + wait);
                        prop_assert!(later.try_take(&policy).is_ok());
                        let mut earlier = bucket;
                        earlier.refill(&policy, bucket.refilled_at + wait - TimeDelta::milliseconds(4));
                        prop_assert!(wait_ms < 4 || earlier.try_take(&policy).is_err());
                    }
                }
            } else {
                bucket.charge(&policy, tokens);
                let most = policy.capacity * MICRO_TOKENS_PER_TOKEN;
                prop_assert_eq!(bucket.micro_tokens, (before.micro_tokens - tokens * MICRO_TOKENS_PER_TOKEN).min(most));
            }
            prop_assert!(bucket.tokens() <= policy.capacity);
        }
    }
}
