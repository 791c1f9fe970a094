//! Look-ups over a store and a directory of a test's own.

use std::sync::Arc;

use dict::Dict;
use dict::caller::CallerOf;
use dict::directory::Directory as _;
use dict::domain::bucket::{Category, MICRO_TOKENS_PER_TOKEN};
use dict::domain::entry::Entry;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::failure::Failure;
use dict::limits::antiscan::{Antiscan, AntiscanParts};
use dict::limits::postgres::PostgresBuckets;
use dict::lookup::own_base::OwnBase;
use dict::lookup::{LookupMetrics, LookupParts, Lookups, OwnBaseRates, grpc};
use dict::store::Store;
use platform::postgres::Role;
use platform::postgres::pool::QueryMetrics;
use prometheus_client::registry::Registry;
use proto::core;
use testkit::CountingEntropy;
use tokio_util::task::TaskTracker;

use crate::entries_world::{ANA, OURS, Wish, World, account, ispb};
use crate::limits::{LONG, tax_id, whole};

/// Another institution, which this installation does not serve.
pub const THEIRS: &str = "99999999";
pub const DISPLAY: &str = "dict.lookup.display";
pub const PAYMENT: &str = "dict.lookup.payment";

/// A server that looks keys up, and what its tests look at.
pub struct Server {
    pub world: World,
    pub lookups: Lookups,
    pub tasks: TaskTracker,
    registry: Registry,
}

impl Server {
    pub async fn with_directory() -> Self {
        Self::over(World::with_directory().await, OwnBaseRates::default()).await
    }

    pub async fn alone() -> Self {
        Self::over(World::alone().await, OwnBaseRates::default()).await
    }

    pub async fn over(world: World, own_base_rates: OwnBaseRates) -> Self {
        let mut registry = Registry::default();
        let queries = QueryMetrics::register(&mut registry);
        let metrics = LookupMetrics::register(&mut registry);
        let tasks = TaskTracker::new();
        let own_base = OwnBase::start(&world.database.target(Role::AppRw), 2, &queries);
        let antiscan = antiscan(&world, &tasks);
        let parts = LookupParts { own_base, own_base_rates, antiscan, metrics, tasks: tasks.clone() };
        Self { lookups: Lookups::new(parts), world, tasks, registry }
    }

    pub fn dict(&self) -> &Dict {
        &self.world.dict
    }

    pub async fn look_up(
        &self,
        scope: &str,
        message: core::LookupKeyRequest,
    ) -> Result<core::LookupKeyResponse, Failure> {
        grpc::lookup_key(self.dict(), &self.lookups, &caller(scope), message).await
    }

    /// For a person who is to be shown whose key it is, with all that the directory wants.
    pub async fn shown(&self, key: &Key) -> Result<core::LookupKeyResponse, Failure> {
        self.look_up(DISPLAY, of(key, core::LookupPurpose::Display)).await
    }

    /// For a payment.
    pub async fn to_pay(&self, key: &Key) -> Result<core::LookupKeyResponse, Failure> {
        self.look_up(PAYMENT, of(key, core::LookupPurpose::Payment)).await
    }

    pub async fn report(&self, message: core::ReportPaymentSentRequest) -> Result<bool, Failure> {
        let caller = caller("dict.payment.report");
        Ok(grpc::report_payment_sent(self.dict(), &self.lookups, &caller, message).await?.paid_back)
    }

    /// Whole tokens of Ana's bucket for keys of that kind, and of our institution's.
    pub async fn tokens(&self, key_type: KeyType) -> (i64, i64) {
        let antiscan = self.lookups.antiscan();
        antiscan.return_blocks().await;
        let user = antiscan.user_level(&tax_id(ANA), key_type).await.unwrap();
        let participant = antiscan.participant_level(ispb(OURS)).await.unwrap();
        assert_eq!(user.micro_tokens, user.free_micro_tokens, "nothing is held");
        assert_eq!(participant.micro_tokens, participant.free_micro_tokens, "nothing is held");
        assert_eq!(user.micro_tokens % MICRO_TOKENS_PER_TOKEN, 0);
        (whole(user), whole(participant))
    }

    /// Registers another institution's key in the directory.
    pub async fn theirs(&self, key: &Key, owner: &Owner) -> Entry {
        let wish = Wish::key(key.clone()).owned_by(owner.clone()).to(account(THEIRS, "777"));
        self.world.simulator().create_entry(&wish.0).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The value of a metric, as a scrape sees it; 0 where there is none.
    pub fn metric(&self, sample: &str) -> f64 {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(&format!("{sample} ")));
        value.map_or(0.0, |value| value.parse().unwrap())
    }
}

fn antiscan(world: &World, tasks: &TaskTracker) -> Antiscan {
    let store: Store = world.dict.store.clone();
    Antiscan::new(AntiscanParts {
        first: Arc::new(PostgresBuckets::new(store.clone(), LONG)),
        second: None,
        category: Category::A,
        vault: store.vault,
        clock: Arc::new(world.clock.clone()),
        entropy: Arc::new(CountingEntropy::default()),
        tasks: tasks.clone(),
    })
}

pub fn caller(scope: &str) -> CallerOf {
    CallerOf { participant: ispb(OURS), subject: "app".to_owned(), scopes: vec![scope.to_owned()] }
}

/// An EndToEndId of ours, by number.
pub fn end_to_end_id(number: u32) -> String {
    format!("E{OURS}202503151200{number:011}")
}

/// A look-up for Ana, with all that the directory wants.
pub fn of(key: &Key, purpose: core::LookupPurpose) -> core::LookupKeyRequest {
    core::LookupKeyRequest {
        key: Some(core::Key { r#type: 0, value: key.value().to_owned() }),
        purpose: purpose.into(),
        payer_tax_id: ANA.to_owned(),
        end_to_end_id: end_to_end_id(1),
    }
}

/// The same without payer and payment.
pub fn bare(key: &Key) -> core::LookupKeyRequest {
    let request = of(key, core::LookupPurpose::Display);
    core::LookupKeyRequest { payer_tax_id: String::new(), end_to_end_id: String::new(), ..request }
}

/// A failure, where there must be one. (Messages have no `Debug`.)
#[track_caller]
pub fn failure<T>(outcome: Result<T, Failure>) -> Failure {
    match outcome {
        Ok(_) => panic!("it was answered"),
        Err(failure) => failure,
    }
}

#[track_caller]
pub fn found(outcome: Result<core::LookupKeyResponse, Failure>) -> core::LookupKeyResponse {
    outcome.unwrap_or_else(|failure| panic!("{failure}"))
}
