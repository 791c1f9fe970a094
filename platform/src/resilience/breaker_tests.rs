use super::*;

const OPEN_FOR: Duration = Duration::from_secs(30);

fn fail(breaker: &Breaker, now: Instant) -> Option<BreakerState> {
    breaker.admit(now).unwrap().failed(now)
}

#[test]
fn it_opens_tries_once_and_closes() {
    let (breaker, start) = (Breaker::new(3, OPEN_FOR), Instant::now());
    assert_eq!(fail(&breaker, start), None);
    assert_eq!(fail(&breaker, start), None);
    // A success in between starts the count anew.
    assert_eq!(breaker.admit(start).unwrap().succeeded(), None);
    assert_eq!([(); 3].map(|()| fail(&breaker, start)), [None, None, Some(BreakerState::Open)]);
    let half = start + OPEN_FOR / 2;
    assert_eq!(breaker.admit(half).unwrap_err(), Resting { failures: 3, retry_after: OPEN_FOR / 2 });
    assert_eq!(breaker.resting(half), Some(Resting { failures: 3, retry_after: OPEN_FOR / 2 }));
    let later = start + OPEN_FOR;
    assert_eq!(breaker.resting(later), None);
    let probe = breaker.admit(later).unwrap();
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    assert_eq!(breaker.admit(later).unwrap_err(), Resting { failures: 3, retry_after: Duration::ZERO });
    assert_eq!(probe.succeeded(), Some(BreakerState::Closed));
    assert!(breaker.admit(later).is_ok());
}

#[test]
fn a_failed_try_opens_again_for_the_whole_time() {
    let (breaker, start) = (Breaker::new(1, OPEN_FOR), Instant::now());
    assert_eq!(fail(&breaker, start), Some(BreakerState::Open));
    let later = start + OPEN_FOR;
    assert_eq!(fail(&breaker, later), Some(BreakerState::Open));
    assert_eq!(breaker.admit(later).unwrap_err(), Resting { failures: 2, retry_after: OPEN_FOR });
}

#[test]
fn a_try_whose_caller_vanished_leaves_its_place_to_the_next() {
    let (breaker, start) = (Breaker::new(1, OPEN_FOR), Instant::now());
    fail(&breaker, start);
    let later = start + OPEN_FOR;
    drop(breaker.admit(later).unwrap());
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    let next = breaker.admit(later).unwrap();
    assert!(breaker.admit(later).is_err());
    assert_eq!(next.succeeded(), Some(BreakerState::Closed));
}

#[test]
fn verdicts_of_calls_from_before_do_not_count() {
    let (breaker, start) = (Breaker::new(1, OPEN_FOR), Instant::now());
    let slow_good = breaker.admit(start).unwrap();
    let slow_bad = breaker.admit(start).unwrap();
    let slow_gone = breaker.admit(start).unwrap();
    fail(&breaker, start);
    let probe = breaker.admit(start + OPEN_FOR).unwrap();
    assert_eq!(slow_good.succeeded(), None);
    assert_eq!(slow_bad.failed(start + OPEN_FOR), None);
    drop(slow_gone);
    assert!(breaker.admit(start + OPEN_FOR).is_err(), "the try is still under way");
    assert_eq!(probe.succeeded(), Some(BreakerState::Closed));
}

/// Random calls against a breaker, beside a model that says what must hold.
#[test]
fn whatever_happens_one_at_most_tries_and_no_state_is_a_dead_end() {
    for seed in 0..200 {
        let mut random = seed;
        let mut roll = |below: u64| {
            random = splitmix(random);
            random % below
        };
        let (breaker, mut now) = (Breaker::new(1 + u32::try_from(roll(4)).unwrap(), OPEN_FOR), Instant::now());
        let mut under_way: Vec<(Permit, BreakerState)> = Vec::new();
        let mut opened_at: Option<Instant> = None;
        for _ in 0..300 {
            now += Duration::from_secs(roll(12));
            if roll(2) == 0 {
                let resting = breaker.resting(now);
                match breaker.admit(now) {
                    Ok(permit) => {
                        assert_eq!(resting, None);
                        if let Some(opened_at) = opened_at {
                            assert!(now >= opened_at + OPEN_FOR || breaker.state() != BreakerState::Open);
                        }
                        under_way.push((permit, breaker.state()));
                    }
                    Err(refused) => assert_eq!(resting, Some(refused)),
                }
            } else if !under_way.is_empty() {
                let at = usize::try_from(roll(under_way.len() as u64)).unwrap();
                let (permit, _) = under_way.swap_remove(at);
                let change = match roll(3) {
                    0 => permit.succeeded(),
                    1 => permit.failed(now),
                    _ => {
                        drop(permit);
                        None
                    }
                };
                match change {
                    Some(BreakerState::Open) => opened_at = Some(now),
                    Some(BreakerState::Closed) => opened_at = None,
                    _ => {}
                }
            }
        }
        // Everybody goes away and time passes: the next call is let through.
        under_way.clear();
        assert!(breaker.admit(now + OPEN_FOR).is_ok(), "seed {seed}: {breaker:?}");
    }
}

fn splitmix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
