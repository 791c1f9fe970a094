use super::*;

fn message() -> core::Account {
    core::Account {
        participant: "1234567a".to_owned(),
        branch: String::new(),
        number: "1".to_owned(),
        r#type: core::AccountType::Othr.into(),
        opened_at: Some(Timestamp { seconds: 1_577_847_600, nanos: 5_000 }),
    }
}

#[test]
fn what_is_written_is_read_back() {
    let account = account_from_proto(Some(&message()), "account").unwrap_or_else(|_| panic!("an account"));
    assert_eq!((account.participant.as_str(), account.branch.as_deref()), ("1234567A", None));
    assert!(account_from_proto(Some(&account_to_proto(&account)), "") == Ok(account));
}

#[test]
fn all_faults_are_found_and_named_by_their_path() {
    let wrong = core::Account { participant: String::new(), r#type: 0, opened_at: None, ..message() };
    let Err(found) = account_from_proto(Some(&wrong), "claimer_account") else { panic!("it is wrong") };
    let names: Vec<_> = found.iter().map(|it| it.property.as_str()).collect();
    assert_eq!(names, ["claimer_account.participant", "claimer_account.type", "claimer_account.opened_at"]);
    let Err(found) = account_from_proto(None, "account") else { panic!("it is missing") };
    assert_eq!(found, [Violation::new("account", "it is required")]);
    let mut faults = Faults::default();
    assert!(faults.take(uuid_from_proto("x", "request_id")).is_none());
    faults.add("key", "it is missing");
    assert_eq!(faults.or(()).err().map(|it| it.len()), Some(2));
}

#[test]
fn moments_are_those_of_the_years_1_to_9999() {
    let read = |seconds, nanos| moment_from_proto(Some(&Timestamp { seconds, nanos }), "at");
    for (seconds, nanos) in [
        (i64::MIN, 0),
        (i64::MAX, 0),
        (*SECONDS.start() - 1, 0),
        (*SECONDS.end() + 1, 0),
        (0, -1),
        (0, 1_000_000_000),
        (0, i32::MAX),
    ] {
        assert!(read(seconds, nanos).is_err(), "{seconds} {nanos}");
    }
    for seconds in [*SECONDS.start(), -1, 0, *SECONDS.end()] {
        let moment = read(seconds, 999_999_999).unwrap();
        assert_eq!(moment_to_proto(moment), Timestamp { seconds, nanos: 999_999_999 });
    }
    assert_eq!(moment_to_proto(DateTime::<Utc>::MIN_UTC).seconds, *SECONDS.start());
    assert_eq!(moment_to_proto(DateTime::<Utc>::MAX_UTC).seconds, *SECONDS.end());
}

#[test]
fn a_uuid_has_one_form() {
    assert!(uuid_from_proto("123e4567-e89b-42d3-a456-426655440000", "id").is_ok());
    for other in [
        "",
        "123e4567e89b42d3a456426655440000",
        "{123e4567-e89b-42d3-a456-426655440000}",
        "urn:uuid:123e4567-e89b-42d3-a456-426655440000",
        "123e4567-e89b-42d3-a456-42665544000g",
        "１23e4567-e89b-42d3-a456-4266554400",
    ] {
        assert!(uuid_from_proto(other, "id").is_err(), "{other}");
    }
}

#[test]
fn numbers_that_no_contract_knows_are_faults_and_zero_is_left_to_the_caller() {
    assert_eq!(entry_reason_from_proto(0, "reason"), Ok(None));
    for number in [-1, 7, i32::MAX] {
        assert!(entry_reason_from_proto(number, "reason").is_err());
        assert!(key_type_from_proto(number, "type").is_err());
        assert!(claim_status_from_proto(number, "status").is_err());
    }
    for reason in EntryReason::ALL {
        assert_eq!(entry_reason_from_proto(entry_reason_to_proto(reason).into(), ""), Ok(Some(reason)));
    }
    for reason in ClaimReason::ALL {
        assert_eq!(claim_reason_from_proto(claim_reason_to_proto(reason).into(), ""), Ok(Some(reason)));
    }
}
