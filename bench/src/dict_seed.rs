//! Keys of the sample put into the store past the use cases: a million through them would take minutes.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Utc};
use dict::directory::wire;
use dict::domain::cid::Cid;
use dict::domain::entry::Entry;
use dict::sample;
use dict::store::seal_entry;
use dict::vault::{MasterKey, Vault};
use platform::clock::{Clock, SystemClock};
use platform::postgres::pool::{self, PoolOptions};
use platform::postgres::settings::PoolSize;
use platform::postgres::target::Target;
use platform::random::OsEntropy;
use tokio_postgres::Client;
use uuid::Uuid;

/// Rows of one statement.
const ROWS: u64 = 5000;

/// Puts the keys of those numbers, and so many claims that wait for an answer, into a running server's store.
pub async fn seed(data_dir: &Path, socket: &str, participant: &str, numbers: Range<u64>, claims: u64) -> Result<()> {
    let mut config = tokio_postgres::Config::new();
    config.host_path(socket).user("bgc_admin").dbname("bgc");
    let target = Target::plain(config);
    let options = PoolOptions::new(PoolSize { min_connections: 0, max_connections: 1 }, "bench");
    let pool = pool::build(&target, &options)?;
    let now = SystemClock.now();
    let vault = Vault::load(&pool, &master_key(data_dir)?, &OsEntropy, now).await?;
    let client = target.connect().await?;
    let mut from = numbers.start;
    while from < numbers.end {
        let to = (from + ROWS).min(numbers.end);
        insert(&client, &vault, participant, from..to, now).await?;
        from = to;
    }
    let opened = "INSERT INTO dict.claims (key_hash, claim_id, claim_type, key_type, status, donor_participant, claimer_participant, \
                  data_key_id, sealed, opened_at, resolution_period_end, last_modified) \
                  SELECT key_hash, gen_random_uuid(), 'PORTABILITY', key_type, 'WAITING_RESOLUTION', participant, '12345678', \
                  data_key_id, sealed, now(), now() + interval '7 days', now() FROM dict.entries LIMIT $1";
    client.execute(opened, &[&i64::try_from(claims)?]).await?;
    // Each by itself: neither may be part of a transaction.
    client.batch_execute("VACUUM (ANALYZE) dict.entries").await?;
    client.batch_execute("CHECKPOINT").await?;
    Ok(())
}

fn master_key(data_dir: &Path) -> Result<MasterKey> {
    let text = std::fs::read_to_string(data_dir.join("dict-master.key"))?;
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().enumerate() {
        let pair = text.get(place * 2..place * 2 + 2).context("the master key is too short")?;
        *byte = u8::from_str_radix(pair, 16)?;
    }
    Ok(MasterKey(key))
}

fn entry(participant: &str, number: u64, now: DateTime<Utc>) -> Result<Entry> {
    let wish = sample::create_key(participant, number);
    let wrong = |_| anyhow!("the sample's entry {number} cannot be read");
    Ok(Entry {
        key: wire::key_from_proto(wish.key.as_ref(), "key").map_err(wrong)?,
        account: wire::account_from_proto(wish.account.as_ref(), "account").map_err(wrong)?,
        owner: wire::owner_from_proto(wish.owner.as_ref(), "owner").map_err(wrong)?,
        created_at: now,
        key_owned_since: now,
        open_claim_created_at: None,
        request_id: Uuid::from_u128(u128::from(number)),
        blocked: false,
    })
}

async fn insert(
    client: &Client,
    vault: &Vault,
    participant: &str,
    numbers: Range<u64>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (mut keys, mut accounts, mut owners) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cids, mut sealed, mut requests) = (Vec::new(), Vec::new(), Vec::new());
    let data_key = vault.current_data_key();
    for number in numbers {
        let entry = entry(participant, number, now)?;
        let key_hash = vault.key_hash(&entry.key);
        sealed.push(seal_entry(vault, &OsEntropy, &key_hash, &entry)?.bytes);
        keys.push(key_hash.to_vec());
        accounts.push(vault.account_hash(&entry.account).to_vec());
        owners.push(vault.owner_hash(&entry.owner.tax_id).to_vec());
        cids.push(Cid::of(&entry).0.to_vec());
        requests.push(entry.request_id);
    }
    let statement = "INSERT INTO dict.entries (key_hash, key_type, participant, account_hash, owner_hash, status, cid, request_id, \
                     data_key_id, sealed, created_at, key_owned_since, updated_at) \
                     SELECT k, 'CPF', $7, a, o, 'ACTIVE', c, r, $8, s, $9, $9, $9 \
                     FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::uuid[], $6::bytea[]) AS t (k, a, o, c, r, s) \
                     ON CONFLICT DO NOTHING";
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 9] =
        [&keys, &accounts, &owners, &cids, &requests, &sealed, &participant, &data_key, &now];
    client.execute(statement, &values).await?;
    Ok(())
}
