use proptest::prelude::*;

use super::*;
use crate::domain::fixture::{BANK, account};

fn wrong(branch: Option<&str>, number: &str) -> Vec<String> {
    let account = Account { branch: branch.map(str::to_owned), number: number.to_owned(), ..account(BANK) };
    account.check().err().unwrap_or_default().into_iter().map(|it| it.property).collect()
}

#[test]
fn section_2_branch_and_number() {
    for (branch, number) in [(None, "1"), (Some("1"), "0007654321"), (Some("0001"), "12345678901234567890")] {
        assert!(wrong(branch, number).is_empty());
    }
    assert!(wrong(None, "12345X").is_empty());
    for branch in ["", "00001", "12a", "1 2", "1²", "٣"] {
        assert_eq!(wrong(Some(branch), "1"), ["branch"], "{branch:?}");
    }
    for number in ["", "123456789012345678901", "12-3", "12 3", "é", "٣"] {
        assert_eq!(wrong(None, number), ["number"], "{number:?}");
    }
    assert_eq!(wrong(Some("-"), "-"), ["branch", "number"]);
}

#[test]
fn section_2_account_types() {
    assert_eq!(AccountType::ALL.map(AccountType::name), ["CACC", "TRAN", "SLRY", "SVGS", "OTHR"]);
    assert!(AccountType::ALL.iter().all(|it| AccountType::parse(it.name()) == Some(*it)));
    assert_eq!(AccountType::parse("cacc"), None);
}

proptest! {
    #[test]
    fn what_the_patterns_allow_passes(branch in proptest::option::of("[0-9]{1,4}"), number in "[a-zA-Z0-9]{1,20}") {
        prop_assert!(wrong(branch.as_deref(), &number).is_empty());
    }
}
