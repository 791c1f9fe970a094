//! Token buckets that may go into debt, and the directory's policies (DICT API 2.6.1, "Limitação de requisições";
//! Manual Operacional do DICT, 13.1 and 14).

use chrono::{DateTime, TimeDelta, Utc};

use super::key::KeyType;
use super::owner::PersonType;

/// Tokens are counted in millionths.
pub const MICRO_TOKENS_PER_TOKEN: i64 = 1_000_000;

/// One of the directory's policies. All count calls of a participant but the two of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyName {
    /// Look-ups of e-mails and phones, by user.
    EntriesReadUserAntiscan,
    /// Look-ups of CPF, CNPJ and random keys, by user.
    EntriesReadUserAntiscanV2,
    /// Look-ups of every kind of key, by participant.
    EntriesReadParticipantAntiscan,
    /// getEntryStatistics.
    EntriesStatisticsRead,
    /// createEntry, deleteEntry.
    EntriesWrite,
    /// updateEntry.
    EntriesUpdate,
    /// getClaim.
    ClaimsRead,
    /// createClaim, acknowledgeClaim, cancelClaim, confirmClaim, completeClaim.
    ClaimsWrite,
    /// listClaims as donor or as claimer.
    ClaimsListWithRole,
    /// listClaims without saying as what.
    ClaimsListWithoutRole,
    /// createSyncVerification.
    SyncVerificationsWrite,
    /// createCidSetFile.
    CidsFilesWrite,
    /// getCidSetFile.
    CidsFilesRead,
    /// listCidSetEvents.
    CidsEventsList,
    /// getEntryByCid.
    CidsEntriesRead,
    /// getInfractionReport.
    InfractionReportsRead,
    /// createInfractionReport and what follows it.
    InfractionReportsWrite,
    /// listInfractionReports in a role.
    InfractionReportsListWithRole,
    /// listInfractionReports without one.
    InfractionReportsListWithoutRole,
    /// checkKeys.
    KeysCheck,
    /// getRefund.
    RefundsRead,
    /// createRefund, cancelRefund, closeRefund.
    RefundsWrite,
    /// listRefunds in a role.
    RefundListWithRole,
    /// listRefunds without one.
    RefundListWithoutRole,
    /// getFraudMarker.
    FraudMarkersRead,
    /// createFraudMarker, cancelFraudMarker.
    FraudMarkersWrite,
    /// listFrauds.
    FraudMarkersList,
    /// getPersonStatistics.
    PersonsStatisticsRead,
    /// getBucketState.
    PoliciesRead,
    /// listBucketStates.
    PoliciesList,
}

/// The size class that the directory puts a participant in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The largest.
    A,
    /// See [`Category::rate`].
    B,
    /// See [`Category::rate`].
    C,
    /// See [`Category::rate`].
    D,
    /// See [`Category::rate`].
    E,
    /// See [`Category::rate`].
    F,
    /// See [`Category::rate`].
    G,
    /// The smallest.
    H,
}

impl Category {
    /// All, the largest first.
    pub const ALL: [Category; 8] =
        [Category::A, Category::B, Category::C, Category::D, Category::E, Category::F, Category::G, Category::H];

    /// Tokens a minute, and the most there can be.
    #[must_use]
    pub const fn rate(self) -> (i64, i64) {
        match self {
            Category::A => (25_000, 50_000),
            Category::B => (20_000, 40_000),
            Category::C => (15_000, 30_000),
            Category::D => (8_000, 16_000),
            Category::E => (2_500, 5_000),
            Category::F => (250, 500),
            Category::G => (25, 250),
            Category::H => (2, 50),
        }
    }

    /// Its letter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Category::A => "A",
            Category::B => "B",
            Category::C => "C",
            Category::D => "D",
            Category::E => "E",
            Category::F => "F",
            Category::G => "G",
            Category::H => "H",
        }
    }

    /// The category of that letter.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What became of a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The directory has the key (200).
    Found,
    /// It has not (404).
    NotFound,
    /// A payment order followed.
    PaymentSent,
}

impl PolicyName {
    /// All, in the order of the directory's table.
    pub const ALL: [PolicyName; 30] = [
        PolicyName::EntriesReadUserAntiscan,
        PolicyName::EntriesReadUserAntiscanV2,
        PolicyName::EntriesReadParticipantAntiscan,
        PolicyName::EntriesStatisticsRead,
        PolicyName::EntriesWrite,
        PolicyName::EntriesUpdate,
        PolicyName::ClaimsRead,
        PolicyName::ClaimsWrite,
        PolicyName::ClaimsListWithRole,
        PolicyName::ClaimsListWithoutRole,
        PolicyName::SyncVerificationsWrite,
        PolicyName::CidsFilesWrite,
        PolicyName::CidsFilesRead,
        PolicyName::CidsEventsList,
        PolicyName::CidsEntriesRead,
        PolicyName::InfractionReportsRead,
        PolicyName::InfractionReportsWrite,
        PolicyName::InfractionReportsListWithRole,
        PolicyName::InfractionReportsListWithoutRole,
        PolicyName::KeysCheck,
        PolicyName::RefundsRead,
        PolicyName::RefundsWrite,
        PolicyName::RefundListWithRole,
        PolicyName::RefundListWithoutRole,
        PolicyName::FraudMarkersRead,
        PolicyName::FraudMarkersWrite,
        PolicyName::FraudMarkersList,
        PolicyName::PersonsStatisticsRead,
        PolicyName::PoliciesRead,
        PolicyName::PoliciesList,
    ];

    /// As in the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PolicyName::EntriesReadUserAntiscan => "ENTRIES_READ_USER_ANTISCAN",
            PolicyName::EntriesReadUserAntiscanV2 => "ENTRIES_READ_USER_ANTISCAN_V2",
            PolicyName::EntriesReadParticipantAntiscan => "ENTRIES_READ_PARTICIPANT_ANTISCAN",
            PolicyName::EntriesStatisticsRead => "ENTRIES_STATISTICS_READ",
            PolicyName::EntriesWrite => "ENTRIES_WRITE",
            PolicyName::EntriesUpdate => "ENTRIES_UPDATE",
            PolicyName::ClaimsRead => "CLAIMS_READ",
            PolicyName::ClaimsWrite => "CLAIMS_WRITE",
            PolicyName::ClaimsListWithRole => "CLAIMS_LIST_WITH_ROLE",
            PolicyName::ClaimsListWithoutRole => "CLAIMS_LIST_WITHOUT_ROLE",
            PolicyName::SyncVerificationsWrite => "SYNC_VERIFICATIONS_WRITE",
            PolicyName::CidsFilesWrite => "CIDS_FILES_WRITE",
            PolicyName::CidsFilesRead => "CIDS_FILES_READ",
            PolicyName::CidsEventsList => "CIDS_EVENTS_LIST",
            PolicyName::CidsEntriesRead => "CIDS_ENTRIES_READ",
            PolicyName::InfractionReportsRead => "INFRACTION_REPORTS_READ",
            PolicyName::InfractionReportsWrite => "INFRACTION_REPORTS_WRITE",
            PolicyName::InfractionReportsListWithRole => "INFRACTION_REPORTS_LIST_WITH_ROLE",
            PolicyName::InfractionReportsListWithoutRole => "INFRACTION_REPORTS_LIST_WITHOUT_ROLE",
            PolicyName::KeysCheck => "KEYS_CHECK",
            PolicyName::RefundsRead => "REFUNDS_READ",
            PolicyName::RefundsWrite => "REFUNDS_WRITE",
            PolicyName::RefundListWithRole => "REFUND_LIST_WITH_ROLE",
            PolicyName::RefundListWithoutRole => "REFUND_LIST_WITHOUT_ROLE",
            PolicyName::FraudMarkersRead => "FRAUD_MARKERS_READ",
            PolicyName::FraudMarkersWrite => "FRAUD_MARKERS_WRITE",
            PolicyName::FraudMarkersList => "FRAUD_MARKERS_LIST",
            PolicyName::PersonsStatisticsRead => "PERSONS_STATISTICS_READ",
            PolicyName::PoliciesRead => "POLICIES_READ",
            PolicyName::PoliciesList => "POLICIES_LIST",
        }
    }

    /// The policy of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Which of a user's two buckets look-ups of such a key are charged to.
    #[must_use]
    pub const fn of_user(key_type: KeyType) -> Self {
        match key_type {
            KeyType::Email | KeyType::Phone => PolicyName::EntriesReadUserAntiscan,
            KeyType::Cpf | KeyType::Cnpj | KeyType::Evp => PolicyName::EntriesReadUserAntiscanV2,
        }
    }

    /// Whether it is charged by what a look-up finds, and not by the call.
    #[must_use]
    pub const fn is_antiscan(self) -> bool {
        matches!(
            self,
            PolicyName::EntriesReadUserAntiscan
                | PolicyName::EntriesReadUserAntiscanV2
                | PolicyName::EntriesReadParticipantAntiscan
        )
    }

    /// What a call costs, in tokens, that the directory answered with that HTTP status. Look-ups are charged by
    /// [`lookup_cost`] instead.
    #[must_use]
    pub const fn call_cost(self, http_status: u16) -> i64 {
        if self.is_antiscan() || http_status == 500 { 0 } else { 1 }
    }
}

/// What a look-up costs, in tokens; negative is paid back. Other answers than these cost nothing, and other policies do
/// not count look-ups.
#[must_use]
pub const fn lookup_cost(policy: PolicyName, outcome: Outcome, payer: PersonType) -> i64 {
    match (policy, outcome) {
        (PolicyName::EntriesReadParticipantAntiscan, Outcome::Found) => 1,
        (PolicyName::EntriesReadParticipantAntiscan, Outcome::NotFound) => 3,
        (PolicyName::EntriesReadParticipantAntiscan, Outcome::PaymentSent) => -1,
        (policy, _) if !policy.is_antiscan() => 0,
        (_, Outcome::Found) => 1,
        (_, Outcome::NotFound) => 20,
        (_, Outcome::PaymentSent) => match payer {
            PersonType::Natural => -1,
            PersonType::Legal => -2,
        },
    }
}

/// How large a bucket is and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The most tokens there can be.
    pub capacity: i64,
    /// How many come in a period.
    pub refill_tokens: i64,
    /// How long a period is.
    pub refill_period_seconds: i64,
}

impl Policy {
    /// The policy of that name, for a participant of that category or a user who is such a person. Where the manual's
    /// section 14 says otherwise than the API's own table, the API's counts.
    #[must_use]
    pub const fn of(name: PolicyName, category: Category, person: PersonType) -> Self {
        use PolicyName as P;
        let (refill_tokens, capacity) = match name {
            P::EntriesReadUserAntiscan | P::EntriesReadUserAntiscanV2 => match person {
                PersonType::Natural => (2, 100),
                PersonType::Legal => (20, 1_000),
            },
            P::EntriesReadParticipantAntiscan | P::EntriesStatisticsRead => category.rate(),
            P::EntriesWrite | P::ClaimsWrite | P::CidsEntriesRead => (1_200, 36_000),
            P::InfractionReportsWrite | P::RefundsRead | P::FraudMarkersWrite => (1_200, 36_000),
            P::EntriesUpdate => (600, 600),
            P::ClaimsRead | P::InfractionReportsRead | P::FraudMarkersRead | P::FraudMarkersList => (600, 18_000),
            P::ClaimsListWithRole | P::InfractionReportsListWithRole | P::RefundListWithRole => (40, 200),
            P::ClaimsListWithoutRole | P::InfractionReportsListWithoutRole | P::RefundListWithoutRole => (10, 50),
            P::SyncVerificationsWrite | P::CidsFilesRead => (10, 50),
            P::CidsFilesWrite => (40, 200),
            P::CidsEventsList => (20, 100),
            P::KeysCheck => (70, 70),
            P::RefundsWrite => (2_400, 72_000),
            P::PersonsStatisticsRead => (12_000, 36_000),
            P::PoliciesRead => (60, 200),
            P::PoliciesList => (6, 20),
        };
        let refill_period_seconds = if matches!(name, P::CidsFilesWrite) { 86_400 } else { 60 };
        Self { capacity, refill_tokens, refill_period_seconds }
    }

    /// The shortest time, in microseconds, in which a whole number of micro-tokens comes, and that number. Refilling by
    /// whole such times alone loses nothing to rounding.
    #[must_use]
    pub const fn refill_unit(&self) -> (i64, i64) {
        let (mut a, mut b) = (self.refill_period_seconds, self.refill_tokens);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        (self.refill_period_seconds / a, self.refill_tokens / a)
    }
}

/// A bucket as it stood at a moment. Nothing in it runs backwards with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenBucket {
    /// Millionths of a token; below zero in debt.
    pub micro_tokens: i64,
    /// Up to when it was refilled.
    pub refilled_at: DateTime<Utc>,
}

impl TokenBucket {
    /// A full one.
    #[must_use]
    pub const fn full(policy: &Policy, now: DateTime<Utc>) -> Self {
        Self { micro_tokens: policy.capacity * MICRO_TOKENS_PER_TOKEN, refilled_at: now }
    }

    /// Adds what came since it was last refilled; where `now` is before that, nothing.
    pub fn refill(&mut self, policy: &Policy, now: DateTime<Utc>) {
        let (unit_us, micro_tokens) = policy.refill_unit();
        let elapsed_us = (now - self.refilled_at).num_microseconds().unwrap_or(i64::MAX);
        let units = elapsed_us.max(0) / unit_us;
        self.refilled_at += TimeDelta::microseconds(units * unit_us);
        self.add(policy, units.saturating_mul(micro_tokens));
    }

    /// Whole tokens; negative in debt.
    #[must_use]
    pub const fn tokens(&self) -> i64 {
        self.micro_tokens.div_euclid(MICRO_TOKENS_PER_TOKEN)
    }

    /// Takes one token of what was there when it was last refilled.
    ///
    /// # Errors
    /// If there is no whole one: after how many milliseconds there is. Nothing is taken then.
    pub const fn try_take(&mut self, policy: &Policy) -> Result<(), u64> {
        if self.micro_tokens >= MICRO_TOKENS_PER_TOKEN {
            self.micro_tokens -= MICRO_TOKENS_PER_TOKEN;
            return Ok(());
        }
        let (unit_us, micro_tokens) = policy.refill_unit();
        let missing = MICRO_TOKENS_PER_TOKEN.abs_diff(self.micro_tokens);
        let units = missing.div_ceil(micro_tokens.unsigned_abs());
        Err(units.saturating_mul(unit_us.unsigned_abs()).div_ceil(1_000))
    }

    /// Charges `tokens`, into debt if need be; negative ones are paid back, up to what it can hold. After
    /// [`TokenBucket::try_take`], charge what the call cost less the one that was taken.
    pub fn charge(&mut self, policy: &Policy, tokens: i64) {
        self.add(policy, tokens.saturating_mul(-MICRO_TOKENS_PER_TOKEN));
    }

    fn add(&mut self, policy: &Policy, micro_tokens: i64) {
        let most = policy.capacity * MICRO_TOKENS_PER_TOKEN;
        self.micro_tokens = self.micro_tokens.saturating_add(micro_tokens).min(most);
    }
}

#[cfg(test)]
#[path = "bucket_tests.rs"]
mod tests;
