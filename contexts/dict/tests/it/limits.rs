//! Antiscan buckets (facts of the directory: "Limitação de requisições"), the same in Redis and in PostgreSQL.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use dict::domain::bucket::{Category, MICRO_TOKENS_PER_TOKEN, Outcome, Policy, PolicyName, TokenBucket};
use dict::domain::ispb::Ispb;
use dict::domain::key::KeyType;
use dict::domain::owner::PersonType;
use dict::domain::tax_id::TaxId;
use dict::limits::antiscan::{Antiscan, AntiscanParts, NotAdmitted};
use dict::limits::postgres::PostgresBuckets;
use dict::limits::redis::RedisBuckets;
use dict::limits::{Bucket, Buckets, Level, Moment, Wanted};
use dict::store::Store;
use dict::vault::{MasterKey, Vault};
use platform::clock::Clock as _;
use platform::postgres::Role;
use platform::postgres::pool::{self, PoolOptions, QueryMetrics};
use platform::postgres::settings::PoolSize;
use platform::random::OsEntropy;
use platform::redis::{Redis, RedisSettings, connect};
use prometheus_client::registry::Registry;
use testkit::redis::TestRedis;
use testkit::{FakeClock, TestDatabase};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Longer than anything takes on a busy machine.
pub const LONG: Duration = Duration::from_secs(20);

/// A natural person, a legal one.
pub const PERSON: &str = "52998224725";
pub const COMPANY: &str = "12ABC34501DE35";

/// Both stores, empty, and the time.
pub struct World {
    pub redis: TestRedis,
    pub database: TestDatabase,
    pub clock: FakeClock,
    pub store: Store,
}

/// Where a test's buckets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    Redis,
    Postgres,
}

impl World {
    pub async fn create() -> Self {
        let (redis, database) = tokio::join!(TestRedis::start(), TestDatabase::create(&[dict::MIGRATIONS]));
        let clock = FakeClock::default();
        let size = PoolSize { min_connections: 0, max_connections: 10 };
        let pool = pool::build(&database.target(Role::AppRw), &PoolOptions::new(size, "dict test")).unwrap();
        let vault = Vault::load(&pool, &MasterKey([7; 32]), &OsEntropy, clock.now()).await.unwrap();
        let store = Store::new(pool, QueryMetrics::register(&mut Registry::default()), Arc::new(vault));
        Self { redis, database, clock, store }
    }

    /// A connection of a replica's own.
    pub async fn redis(&self) -> Redis {
        let redis = connect(&RedisSettings::from_url(&self.redis.url()).unwrap()).unwrap();
        until("Redis is there", async || redis.ping().await.is_ok()).await;
        redis
    }

    pub async fn buckets(&self, place: In) -> Arc<dyn Buckets> {
        match place {
            In::Redis => Arc::new(RedisBuckets::new(self.redis().await, LONG)),
            In::Postgres => Arc::new(PostgresBuckets::new(self.store.clone(), LONG)),
        }
    }

    /// A replica of its own.
    pub async fn replica(&self, place: In, category: Category) -> Antiscan {
        self.replica_over(self.buckets(place).await, None, category)
    }

    pub fn replica_over(
        &self,
        first: Arc<dyn Buckets>,
        second: Option<Arc<dyn Buckets>>,
        category: Category,
    ) -> Antiscan {
        Antiscan::new(AntiscanParts {
            first,
            second,
            category,
            vault: Arc::clone(&self.store.vault),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(OsEntropy),
            tasks: TaskTracker::new(),
        })
    }

    /// The bucket of a payer as the antiscan has it, to be set by a test.
    pub fn bucket_of(&self, whose: &str, policy: PolicyName, category: Category) -> Bucket {
        let person = if whose.len() == 11 { PersonType::Natural } else { PersonType::Legal };
        let hash = self.store.vault.hash("bucket", &[policy.name().as_bytes(), whose.as_bytes()]);
        Bucket { hash, policy: Policy::of(policy, category, person) }
    }

    pub fn at(&self) -> Moment {
        Moment { now: self.clock.now(), known_since: None }
    }

    /// Leaves so many tokens of a full bucket.
    pub async fn leave(&self, buckets: &dyn Buckets, bucket: &Bucket, tokens: i64) {
        let cost = (bucket.policy.capacity - tokens) * MICRO_TOKENS_PER_TOKEN;
        assert_eq!(whole(buckets.settle(bucket, None, cost, &self.at()).await.unwrap()), tokens);
    }
}

pub fn tax_id(text: &str) -> TaxId {
    TaxId::parse(text).unwrap()
}

pub fn bank() -> Ispb {
    "12345678".parse().unwrap()
}

/// Whole tokens that were not charged.
pub fn whole(level: Level) -> i64 {
    level.micro_tokens.div_euclid(MICRO_TOKENS_PER_TOKEN)
}

/// Waits for what must come.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < LONG, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Each test twice: in Redis and in PostgreSQL.
macro_rules! in_both {
    ($($name:ident),+ $(,)?) => {
        mod in_redis {
            $(#[tokio::test] async fn $name() { super::$name(super::In::Redis).await; })+
        }
        mod in_postgres {
            $(#[tokio::test] async fn $name() { super::$name(super::In::Postgres).await; })+
        }
    };
}

in_both!(
    five_tokens_and_a_key_that_is_not_there_lead_to_minus_fifteen_and_eight_minutes,
    request_21_of_20_is_never_sent_by_three_replicas,
    three_replicas_share_a_participants_bucket_to_the_last_token,
    debts_of_three_replicas_add_up_exactly,
    what_each_outcome_costs,
    each_kind_of_key_has_its_own_bucket,
    a_payment_pays_back_one_for_a_person_and_two_for_a_company_and_never_above_the_size,
    a_clock_set_back_adds_nothing_and_takes_nothing,
    a_hold_that_nobody_settles_is_charged_in_full_and_only_once,
    a_store_does_what_the_rules_say_whatever_comes,
    no_person_can_be_read_in_the_store,
);

async fn five_tokens_and_a_key_that_is_not_there_lead_to_minus_fifteen_and_eight_minutes(place: In) {
    let world = World::create().await;
    let (buckets, replica) = (world.buckets(place).await, world.replica(place, Category::A).await);
    let bucket = world.bucket_of(PERSON, PolicyName::EntriesReadUserAntiscan, Category::A);
    world.leave(&*buckets, &bucket, 5).await;
    let admit = async || replica.admit(bank(), &tax_id(PERSON), KeyType::Phone).await;
    admit().await.unwrap().settle(Some(Outcome::NotFound)).await;
    assert_eq!(whole(replica.user_level(&tax_id(PERSON), KeyType::Phone).await.unwrap()), -15);
    let Err(NotAdmitted::Empty { policy, retry_after_ms }) = admit().await else { panic!("it is in debt") };
    assert_eq!((policy, retry_after_ms), (PolicyName::EntriesReadUserAntiscan, 8 * 60_000));
    world.clock.advance(TimeDelta::milliseconds(8 * 60_000 - 1));
    assert!(admit().await.is_err(), "a moment before the eighth minute is over");
    world.clock.advance(TimeDelta::milliseconds(1));
    admit().await.unwrap().settle(Some(Outcome::Found)).await;
    assert!(admit().await.is_err(), "there was one token");
}

async fn request_21_of_20_is_never_sent_by_three_replicas(place: In) {
    let world = World::create().await;
    let buckets = world.buckets(place).await;
    let bucket = world.bucket_of(PERSON, PolicyName::EntriesReadUserAntiscanV2, Category::A);
    world.leave(&*buckets, &bucket, 20).await;
    let mut asking = Vec::new();
    for _ in 0..3 {
        let replica = world.replica(place, Category::A).await;
        for _ in 0..5 {
            let replica = replica.clone();
            asking.push(tokio::spawn(async move {
                let mut sent = 0;
                loop {
                    match replica.admit(bank(), &tax_id(PERSON), KeyType::Cpf).await {
                        Ok(admission) => {
                            sent += 1;
                            tokio::task::yield_now().await;
                            admission.settle(Some(Outcome::Found)).await;
                        }
                        // Only another's hold is in the way: a little later there is a token.
                        Err(NotAdmitted::Empty { retry_after_ms, .. }) if retry_after_ms <= 1_000 => {
                            tokio::task::yield_now().await;
                        }
                        Err(_) => return sent,
                    }
                }
            }));
        }
    }
    let mut sent = 0;
    for asking in asking {
        sent += asking.await.unwrap();
    }
    let level = buckets.settle(&bucket, None, 0, &world.at()).await.unwrap();
    assert_eq!((sent, level), (20, Level { micro_tokens: 0, free_micro_tokens: 0 }));
}

/// Looks up from three replicas at once, for ever other payers, until no replica is let through. How many were.
async fn exhaust(world: &World, place: In, outcome: Outcome) -> i64 {
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(world.replica(place, Category::H).await);
    }
    let mut sent = 0;
    loop {
        let ask = |(number, replica): (usize, &Antiscan)| {
            let replica = replica.clone();
            async move {
                let mut sent = 0;
                let mut payer = 1_000 * number;
                while let Ok(admission) = replica.admit(bank(), &tax_id(&format!("{payer:014}")), KeyType::Email).await
                {
                    admission.settle(Some(outcome)).await;
                    (sent, payer) = (sent + 1, payer + 1);
                }
                sent
            }
        };
        let round: i64 = futures_util::future::join_all(replicas.iter().enumerate().map(ask)).await.iter().sum();
        // What one had left the others may have had no token for.
        for replica in &replicas {
            replica.return_blocks().await;
        }
        if round == 0 {
            return sent;
        }
        sent += round;
    }
}

async fn three_replicas_share_a_participants_bucket_to_the_last_token(place: In) {
    let world = World::create().await;
    assert_eq!(exhaust(&world, place, Outcome::Found).await, 50, "the size of category H");
    let replica = world.replica(place, Category::H).await;
    let level = replica.participant_level(bank()).await.unwrap();
    assert_eq!(level, Level { micro_tokens: 0, free_micro_tokens: 0 });
    let refused = replica.admit(bank(), &tax_id(COMPANY), KeyType::Phone).await;
    let Err(NotAdmitted::Empty { policy, retry_after_ms }) = refused else { panic!("the bucket is empty") };
    assert_eq!((policy, retry_after_ms), (PolicyName::EntriesReadParticipantAntiscan, 30_000));
    world.clock.advance(TimeDelta::seconds(30));
    assert_eq!(exhaust(&world, place, Outcome::Found).await, 1);
}

async fn debts_of_three_replicas_add_up_exactly(place: In) {
    let world = World::create().await;
    let sent = exhaust(&world, place, Outcome::NotFound).await;
    let level = world.replica(place, Category::H).await.participant_level(bank()).await.unwrap();
    assert_eq!(level.micro_tokens, level.free_micro_tokens, "nothing is held any more");
    assert_eq!(whole(level), 50 - 3 * sent, "three for each, to the token");
    assert!((-2..=0).contains(&whole(level)), "the last may lead into debt, none after it: {}", whole(level));
}

async fn what_each_outcome_costs(place: In) {
    let world = World::create().await;
    let replica = world.replica(place, Category::G).await;
    let payer = tax_id(COMPANY);
    let levels = async || {
        replica.return_blocks().await;
        let user = replica.user_level(&payer, KeyType::Evp).await.unwrap();
        (whole(user), whole(replica.participant_level(bank()).await.unwrap()))
    };
    let costs = [(Some(Outcome::Found), (1, 1)), (Some(Outcome::NotFound), (20, 3)), (None, (0, 0))];
    for (outcome, (user, participant)) in costs {
        let before = levels().await;
        replica.admit(bank(), &payer, KeyType::Evp).await.unwrap().settle(outcome).await;
        assert_eq!(levels().await, (before.0 - user, before.1 - participant), "{outcome:?}");
    }
}

async fn each_kind_of_key_has_its_own_bucket(place: In) {
    let world = World::create().await;
    let replica = world.replica(place, Category::A).await;
    let payer = tax_id(PERSON);
    for key_type in [KeyType::Phone, KeyType::Email, KeyType::Cpf, KeyType::Cnpj, KeyType::Evp] {
        replica.admit(bank(), &payer, key_type).await.unwrap().settle(Some(Outcome::Found)).await;
    }
    let left = async |key_type| whole(replica.user_level(&payer, key_type).await.unwrap());
    assert_eq!((left(KeyType::Phone).await, left(KeyType::Email).await), (98, 98));
    assert_eq!((left(KeyType::Cpf).await, left(KeyType::Cnpj).await, left(KeyType::Evp).await), (97, 97, 97));
    assert_eq!(whole(replica.user_level(&tax_id(COMPANY), KeyType::Evp).await.unwrap()), 1_000);
    replica.return_blocks().await;
    assert_eq!(whole(replica.participant_level(bank()).await.unwrap()), 49_995, "the participant's counts all");
}

async fn a_payment_pays_back_one_for_a_person_and_two_for_a_company_and_never_above_the_size(place: In) {
    let world = World::create().await;
    let replica = world.replica(place, Category::F).await;
    for (payer, paid_back) in [(PERSON, 1), (COMPANY, 2)] {
        let payer = tax_id(payer);
        let full = whole(replica.user_level(&payer, KeyType::Phone).await.unwrap());
        for _ in 0..3 {
            replica.admit(bank(), &payer, KeyType::Phone).await.unwrap().settle(Some(Outcome::Found)).await;
        }
        // Until a block is returned its bucket is as full as it was, and takes nothing back.
        replica.return_blocks().await;
        let left = async || whole(replica.user_level(&payer, KeyType::Phone).await.unwrap());
        assert_eq!(left().await, full - 3);
        replica.pay_back(bank(), &payer, KeyType::Phone).await.unwrap();
        assert_eq!(left().await, full - 3 + paid_back);
        for _ in 0..4 {
            replica.pay_back(bank(), &payer, KeyType::Phone).await.unwrap();
        }
        assert_eq!(left().await, full);
    }
    replica.return_blocks().await;
    assert_eq!(whole(replica.participant_level(bank()).await.unwrap()), 500, "one for each, up to its size");
}

async fn a_clock_set_back_adds_nothing_and_takes_nothing(place: In) {
    let world = World::create().await;
    let (buckets, replica) = (world.buckets(place).await, world.replica(place, Category::A).await);
    let bucket = world.bucket_of(PERSON, PolicyName::EntriesReadUserAntiscan, Category::A);
    world.leave(&*buckets, &bucket, 0).await;
    let (payer, began) = (tax_id(PERSON), world.clock.now());
    let tokens = async || whole(replica.user_level(&payer, KeyType::Phone).await.unwrap());
    for _ in 0..5 {
        world.clock.set(began - TimeDelta::hours(1));
        assert_eq!(tokens().await, 0);
        world.clock.set(began + TimeDelta::seconds(29));
        assert_eq!(tokens().await, 0, "going to and fro makes no time");
    }
    world.clock.set(began + TimeDelta::seconds(30));
    assert_eq!(tokens().await, 1);
}

async fn a_hold_that_nobody_settles_is_charged_in_full_and_only_once(place: In) {
    let world = World::create().await;
    let buckets = world.buckets(place).await;
    let bucket = world.bucket_of(COMPANY, PolicyName::EntriesReadUserAntiscan, Category::A);
    let (kept, lost) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let twenty = 20 * MICRO_TOKENS_PER_TOKEN;
    for hold in [kept, lost] {
        let held_until = world.clock.now() + TimeDelta::seconds(60);
        let wanted = Wanted { hold, least: twenty, most: twenty, held_until };
        assert_eq!(buckets.hold(&bucket, &wanted, &world.at()).await.unwrap().granted, twenty);
    }
    let settle = async |hold, cost: i64| {
        let level = buckets.settle(&bucket, hold, cost * MICRO_TOKENS_PER_TOKEN, &world.at()).await.unwrap();
        (whole(level), level.free_micro_tokens / MICRO_TOKENS_PER_TOKEN)
    };
    assert_eq!(settle(Some(kept), 1).await, (999, 979));
    assert_eq!(settle(Some(kept), 1).await, (999, 979), "it was settled");
    world.clock.advance(TimeDelta::seconds(60));
    // 20 a minute came: up to 1,000, and then the lost hold was charged.
    assert_eq!(settle(None, 0).await, (980, 980));
    assert_eq!(settle(Some(lost), 1).await, (980, 980), "too late: it was charged");
}

/// Random wishes, against the domain's own bucket and a list of holds.
async fn a_store_does_what_the_rules_say_whatever_comes(place: In) {
    let world = World::create().await;
    let buckets = world.buckets(place).await;
    let category = |index: u64| Category::ALL[usize::try_from(index).unwrap() % Category::ALL.len()];
    let mut random = Random(0x5eed);
    for round in 0..24_u64 {
        let policy = Policy::of(PolicyName::EntriesReadParticipantAntiscan, category(round), PersonType::Legal);
        let bucket = Bucket { hash: [u8::try_from(round).unwrap(); 32], policy };
        buckets.settle(&bucket, None, 0, &world.at()).await.unwrap();
        let mut model = Model { bucket: TokenBucket::full(&policy, world.clock.now()), holds: BTreeMap::new() };
        for step in 0..40 {
            world.clock.advance(TimeDelta::microseconds(random.below(40_000_000) - 5_000_000));
            let (now, at) = (world.clock.now(), world.at());
            model.pass(&policy, now);
            let named = model.holds.keys().next().copied().filter(|_| random.below(4) > 0);
            let context = format!("{place:?}, round {round}, step {step}");
            if random.below(2) == 0 {
                let hold = Uuid::from_u128(u128::from(round) << 64 | step);
                let least = (1 + random.below(20)) * MICRO_TOKENS_PER_TOKEN;
                let most = least + random.below(300) * MICRO_TOKENS_PER_TOKEN;
                let held_until = now + TimeDelta::seconds(random.below(90));
                let held = buckets.hold(&bucket, &Wanted { hold, least, most, held_until }, &at).await.unwrap();
                assert_eq!(held.level, model.level(), "{context}");
                assert_eq!(held.granted, model.hold(hold, least, most, held_until), "{context}");
            } else {
                let cost = (random.below(40) - 10) * MICRO_TOKENS_PER_TOKEN + random.below(1_000);
                let level = buckets.settle(&bucket, named, cost, &at).await.unwrap();
                model.settle(&policy, named, cost);
                assert_eq!(level, model.level(), "{context}");
            }
        }
    }
}

/// What a bucket and its holds should be.
struct Model {
    bucket: TokenBucket,
    holds: BTreeMap<Uuid, (i64, DateTime<Utc>)>,
}

impl Model {
    fn pass(&mut self, policy: &Policy, now: DateTime<Utc>) {
        self.bucket.refill(policy, now);
        let over = self.holds.extract_if(.., |_, (_, until)| *until <= now);
        self.bucket.micro_tokens -= over.map(|(_, (held, _))| held).sum::<i64>();
    }

    fn level(&self) -> Level {
        let held: i64 = self.holds.values().map(|(held, _)| held).sum();
        let micro_tokens = self.bucket.micro_tokens;
        Level { micro_tokens, free_micro_tokens: micro_tokens - held }
    }

    fn hold(&mut self, hold: Uuid, least: i64, most: i64, until: DateTime<Utc>) -> i64 {
        let free = self.level().free_micro_tokens;
        if free < MICRO_TOKENS_PER_TOKEN {
            return 0;
        }
        let granted = least.max(most.min(free / 8));
        self.holds.insert(hold, (granted, until));
        granted
    }

    fn settle(&mut self, policy: &Policy, hold: Option<Uuid>, cost: i64) {
        if hold.is_none_or(|hold| self.holds.remove(&hold).is_some()) {
            let most = policy.capacity * MICRO_TOKENS_PER_TOKEN;
            self.bucket.micro_tokens = (self.bucket.micro_tokens - cost).min(most);
        }
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((word ^ (word >> 31)) >> 1).unwrap() % end
    }
}

async fn no_person_can_be_read_in_the_store(place: In) {
    let world = World::create().await;
    let replica = world.replica(place, Category::A).await;
    for payer in [PERSON, COMPANY] {
        replica.admit(bank(), &tax_id(payer), KeyType::Cpf).await.unwrap().settle(Some(Outcome::Found)).await;
    }
    let names: Vec<String> = match place {
        In::Redis => {
            let redis = world.redis().await;
            let keys: Vec<String> = redis.query(redis::cmd("KEYS").arg("*")).await.unwrap();
            for key in keys.iter().filter(|key| key.starts_with("dict:bucket:")) {
                let lives_ms: i64 = redis.query(redis::cmd("PTTL").arg(key)).await.unwrap();
                assert!(lives_ms > 3_600_000, "{key} goes by itself, but not while it counts: {lives_ms}");
            }
            keys
        }
        In::Postgres => {
            let client = world.database.connect(Role::AppRw).await;
            let rows = client.query("SELECT b::text FROM dict.buckets b", &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    };
    assert!(names.len() >= 3, "two users and a participant: {names:?}");
    assert!(names.iter().all(|name| ![PERSON, COMPANY, "12345678"].iter().any(|clear| name.contains(clear))));
}

#[tokio::test]
async fn full_buckets_are_forgotten_and_others_are_not() {
    let world = World::create().await;
    let buckets = world.buckets(In::Postgres).await;
    for (whose, age) in [(PERSON, TimeDelta::hours(25)), (COMPANY, TimeDelta::zero())] {
        let bucket = world.bucket_of(whose, PolicyName::EntriesReadUserAntiscan, Category::A);
        let at = Moment { now: world.clock.now() - age, known_since: None };
        buckets.settle(&bucket, None, 90 * MICRO_TOKENS_PER_TOKEN, &at).await.unwrap();
    }
    assert_eq!(world.store.forget_buckets(world.clock.now()).await.unwrap(), 1);
    assert_eq!(world.store.forget_buckets(world.clock.now()).await.unwrap(), 0);
}
